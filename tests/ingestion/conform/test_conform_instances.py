"""Corrected and redacted instances take the place of the original, whatever came first."""

from collections.abc import Iterable, Sequence
from itertools import combinations, permutations
from typing import Any

import pytest
from facts_of import conformed, handle, rows, stated, turn

from ingestion.connectors.base import Record
from ingestion.identifiers import hash64, stable_id


def call(key: str, minutes: float, *older: str, number: str | None = "0811") -> list[Record]:
    """One instance with two turns and, if it tells, the customer's number."""
    about = stated(key, minutes, queue=key, supersedes=list(older), metadata={key: 1})
    about.links = older
    own: dict[str, Any] = {"system": "voice", "links": older, "sender": None}
    own["names"] = ("Sari",) if key == "A" else ()
    said = [turn(key, n, minutes, f"{key} {n} Sari", turn_id=f"{key}#{n}", **own) for n in (1, 2)]
    facts = [about, *said]
    if number:
        told = handle(key, "phone", number)
        told.source_system, told.links = "voice", older
        facts.append(told)
    return facts


def only(found: Any) -> dict[str, Any]:
    (row,) = found.interactions
    return row


CASES = [
    # instances by key, minute and what they supersede; who speaks; whose id it is
    ([("A", 0, ()), ("B", 9, ("A",))], "B", "A"),
    ([("A", 9, ()), ("B", 0, ("A",))], "B", "A"),
    ([("A", 0, ()), ("B", 5, ("A",)), ("C", 9, ("B",))], "C", "A"),
    ([("B", 5, ("A",)), ("C", 9, ("B",))], "C", "A"),
    ([("B", 5, ("A",))], "B", "A"),
    ([("A", 0, ()), ("B", 5, ("A",)), ("C", 9, ("A",))], "C", "A"),
    ([("A", 0, ()), ("B", 9, ("A",)), ("C", 5, ("A",))], "B", "A"),
    ([("A", 0, ()), ("B", 5, ("A",)), ("C", 5, ("A",))], "C", "A"),
    ([("A", 0, ("B",)), ("B", 9, ("A",))], "B", "A"),
    ([("A", 0, ("A",))], "A", "A"),
]


@pytest.mark.parametrize(("given", "speaker", "first"), CASES)
def test_the_last_instance_speaks_and_the_first_one_names(
    given: Sequence[tuple[str, float, Iterable[str]]], speaker: str, first: str
) -> None:
    instances = [call(key, minutes, *older) for key, minutes, older in given]
    answers = set()
    for order in permutations(instances):
        result = conformed(*(fact for instance in order for fact in instance))
        row = only(result)
        assert (row["queue"], row["source_metadata"]) == (speaker, f'{{"{speaker}":1}}')
        assert row["interaction_id"] == stable_id("voice", first)
        assert row["conversation_hash"] == hash64("voice", first)
        words = [said["redacted_text"][:3] for said in result.turns]
        assert words == [f"{speaker} 1", f"{speaker} 2"]
        answers.add(repr(rows(result)))
    assert len(answers) == 1


def test_facts_in_any_order_give_the_same_rows() -> None:
    facts = [fact for key, at, older in CASES[2][0] for fact in call(key, at, *older)]
    whole = rows(conformed(*facts))
    for left, right in combinations(range(len(facts)), 2):
        mixed = list(facts)
        mixed[left], mixed[right] = mixed[right], mixed[left]
        assert rows(conformed(*mixed)) == whole


def test_a_redacted_instance_keeps_who_it_was_and_hides_the_original_s_names() -> None:
    result = conformed(*call("A", 0), *call("B", 9, "A", number=None))
    assert [row["handle"] for row in result.handles.values()] == ["0811"]
    assert all("Sari" not in row["redacted_text"] for row in result.turns)


def test_a_corrected_handle_replaces_the_wrong_one() -> None:
    result = conformed(*call("A", 0), *call("B", 9, "A", number="0822"))
    assert [row["handle"] for row in result.handles.values()] == ["0822"]


def test_two_calls_in_one_group_both_speak() -> None:
    group = call("G", 9)
    for fact in group:
        fact.links = ("A", "X")
    result = conformed(*call("A", 0), *call("X", 1), *call("B", 5, "A"), *group)
    assert {row["redacted_text"][0] for row in result.turns} == {"B", "X", "G"}
