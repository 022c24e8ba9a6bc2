"""Promotions are appended, survive a torn line, and the last one counts."""

from pathlib import Path

import pytest

from warehouse.releases import history, promote, promoted

FILE = Path("_control", "releases.jsonl")


def test_before_the_first_promotion_there_is_none(tmp_path: Path) -> None:
    assert (history(tmp_path), promoted(tmp_path)) == ([], None)


def test_the_last_promotion_counts_and_all_are_remembered(tmp_path: Path) -> None:
    for release in ("a", "b", "a"):
        promote(tmp_path, release, {"driver": release})
    assert promoted(tmp_path) == "a"
    assert [line["release"] for line in history(tmp_path)] == ["a", "b", "a"]
    assert history(tmp_path)[1]["versions"] == {"driver": "b"}


@pytest.mark.parametrize("kept", range(1, 40, 6))
def test_a_torn_line_is_ignored_and_swallows_nothing(tmp_path: Path, kept: int) -> None:
    promote(tmp_path, "a", {})
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole + whole[:kept])
    assert promoted(tmp_path) == "a"
    promote(tmp_path, "b", {})
    assert [line["release"] for line in history(tmp_path)] == ["a", "b"]
