"""Ids are functions of their parts, and nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.identifiers import hash64, stable_id

TEXTS = st.lists(st.text(st.characters(exclude_characters="\x1f")), min_size=1, max_size=4)


def test_ids_stay_the_same_for_ever() -> None:
    # Published ids and links in exports depend on these values.
    assert stable_id("vcon", "call-1") == "326e4ebd3c5a60e2195ed1061256f623"
    assert hash64("vcon", "call-1") == 3633928524002910434


@pytest.mark.parametrize(
    ("left", "right"),
    [(("ab", "c"), ("a", "bc")), (("a",), ("a", "")), (("a", "b"), ("b", "a")), (("A",), ("a",))],
)
def test_other_parts_give_other_ids(left: tuple[str, ...], right: tuple[str, ...]) -> None:
    assert stable_id(*left) != stable_id(*right)
    assert hash64(*left) != hash64(*right)


@given(TEXTS)
def test_every_text_has_an_id_of_fixed_shape(parts: list[str]) -> None:
    assert len(bytes.fromhex(stable_id(*parts))) == 16
    assert -(2**63) <= hash64(*parts) < 2**63
    assert stable_id(*parts) == stable_id(*parts)


def test_broken_letters_still_have_an_id() -> None:
    assert stable_id("\ud800") != stable_id("\ud801")
