"""Promotions are appended, survive a torn line, and the last one counts."""

from pathlib import Path

import pytest

from warehouse.releases import (
    UnknownRelease,
    find,
    history,
    known,
    promote,
    promoted,
    register,
    rulebooks_in_force,
)

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


def _rulebook(folder: Path, text: str = "rules") -> Path:
    path = folder / "ours.yml"
    path.write_text(text)
    return path


def test_a_release_keeps_its_own_copy_of_its_rulebooks(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    book = _rulebook(tmp_path)
    made = register(lake, "b5f6", {"driver": "1"}, [book])
    book.write_text("changed since")
    assert made.versions == {"driver": "1"}
    assert [path.read_text() for path in made.rulebooks] == ["rules"]
    assert register(lake, "b5f6", {"driver": "other"}, [book]) == made


def test_copies_of_one_name_and_two_contents_are_two_files(tmp_path: Path) -> None:
    first = register(tmp_path, "a", {}, [_rulebook(tmp_path, "one")])
    second = register(tmp_path, "b", {}, [_rulebook(tmp_path, "two")])
    assert first.rulebooks != second.rulebooks
    assert [release.name for release in known(tmp_path)] == ["a", "b"]


def test_rulebooks_of_the_promoted_release_are_in_force(tmp_path: Path) -> None:
    assert rulebooks_in_force(tmp_path) == ()
    promote(tmp_path, "from an older version of the software", {})
    assert rulebooks_in_force(tmp_path) == ()
    own = register(tmp_path, "own", {}, [_rulebook(tmp_path)])
    register(tmp_path, "bundled", {})
    promote(tmp_path, "own", {})
    assert rulebooks_in_force(tmp_path) == own.rulebooks
    promote(tmp_path, "bundled", {})
    assert rulebooks_in_force(tmp_path) == ()


@pytest.mark.parametrize(
    ("name", "found"), [("abc1", "abc1"), ("abd", "abd2"), ("promoted", "abd2")]
)
def test_releases_are_found_by_their_beginning(tmp_path: Path, name: str, found: str) -> None:
    register(tmp_path, "abc1", {})
    register(tmp_path, "abd2", {})
    promote(tmp_path, "abd2", {})
    assert find(tmp_path, name).name == found


@pytest.mark.parametrize(
    ("name", "words"),
    [("ab", "several releases begin"), ("x", "no release"), ("", "no release"), ("promoted", "no")],
)
def test_unknown_releases_are_refused_with_those_there_are(
    tmp_path: Path, name: str, words: str
) -> None:
    register(tmp_path, "abc1", {})
    register(tmp_path, "abd2", {})
    with pytest.raises(UnknownRelease, match=words) as refused:
        find(tmp_path, name)
    assert "abc1, abd2" in str(refused.value)
