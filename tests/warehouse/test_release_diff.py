"""Two releases on the same turns: what is gained, lost, changed and kept."""

from pathlib import Path

import pytest
from lake_rows import make_rows

from warehouse.delta import Lake
from warehouse.release_diff import ReleaseDiff, release_diff
from warehouse.snapshot import pin

# interaction, turn, family, tag, evidence, score
Row = tuple[str, int, str, str, str, float]
SHARED: list[Row] = [
    ("i1", 1, "driver", "other", "halo min", 0.9),
    ("i1", 2, "driver", "outage", "internet mati", 0.6),
    ("i2", 1, "driver", "other", "hello", 0.9),
]
BEFORE: list[Row] = [
    ("i1", 2, "churn", "implied", "mau pindah", 0.7),
    ("i1", 3, "compliance", "threat", "awas ya", 1.0),
    ("i1", 2, "sentiment", "neg", "mati", 0.8),
    ("i2", 1, "flag", "follow_up", "any news", 0.8),
]
AFTER: list[Row] = [
    ("i1", 2, "churn", "explicit", "mau pindah", 0.9),
    ("i1", 2, "sentiment", "neg", "mati", 0.6),
    ("i2", 1, "flag", "follow_up", "any news yet", 0.8),
    ("i2", 2, "compliance", "threat", "pay or else", 1.0),
    ("i2", 2, "compliance", "insult", "pay or else", 1.0),
]


def _lake(root: Path, releases: dict[str, list[Row]]) -> Lake:
    lake = Lake(root)
    interactions = make_rows(
        "silver.interactions", 2, interaction_id=["i1", "i2"], agent_id=["AG-1", None]
    )
    lake.overwrite_partitions(
        "silver.interactions", interactions, partitions=None, app="t", sequence=1
    )
    rows = [(release, *row) for release, found in releases.items() for row in found]
    names = ("release", "interaction_id", "turn_no", "family", "tag", "evidence", "score")
    columns = {name: [row[place] for row in rows] for place, name in enumerate(names)}
    table = make_rows("silver.annotations", len(rows), char_start=0, char_end=1, **columns)
    lake.overwrite_partitions("silver.annotations", table, partitions=None, app="t", sequence=1)
    return lake


def _diff(lake: Lake, a: str = "a", b: str = "b", quotes: int = 5) -> ReleaseDiff:
    return release_diff(lake, pin(lake), a, b, quotes=quotes)


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    return _lake(
        tmp_path_factory.mktemp("diff"), {"a": SHARED + BEFORE, "b": SHARED + AFTER, "c": SHARED}
    )


def _counts(rows) -> dict[str, tuple[int, ...]]:
    keys = [name for name in rows[0] if name not in ("gained", "lost", "changed", "kept")]
    return {
        " ".join(row[key] for key in keys): (row["gained"], row["lost"], row["changed"])
        for row in rows
    }


def test_every_tag_is_counted_where_it_stands(lake: Lake) -> None:
    assert _counts(_diff(lake).tags) == {
        "churn explicit": (0, 0, 1),
        "compliance insult": (1, 0, 0),
        "compliance threat": (1, 1, 0),
        "flag follow_up": (0, 0, 1),
    }


def test_drivers_and_agents_of_the_contacts_are_named(lake: Lake) -> None:
    found = _diff(lake)
    # `other` is the driver only of a contact that is about nothing else.
    assert _counts(found.drivers) == {"outage": (0, 1, 1), "other": (2, 0, 1)}
    assert _counts(found.agents) == {"AG-1": (0, 1, 1), "none": (2, 0, 1)}


def test_the_other_way_round_gains_are_losses(lake: Lake) -> None:
    there, back = _counts(_diff(lake).tags), _counts(_diff(lake, "b", "a").tags)
    assert there.keys() - back.keys() == {"churn explicit"}
    for tag in there.keys() & back.keys():
        gained, lost, changed = there[tag]
        assert back[tag] == (lost, gained, changed)


def test_quotes_show_the_words_of_both(lake: Lake) -> None:
    quotes = {
        (q["change"], q["tag_before"], q["tag_after"]): q["quote"] for q in _diff(lake).quotes
    }
    assert quotes == {
        ("changed", "implied", "explicit"): "mau pindah",
        ("changed", "follow_up", "follow_up"): "any news yet",
        ("lost", "threat", None): "awas ya",
        ("gained", None, "threat"): "pay or else",
        ("gained", None, "insult"): "pay or else",
    }
    assert _diff(lake, quotes=0).quotes == []


@pytest.mark.parametrize("release", ["a", "b", "c"])
def test_a_release_is_the_same_as_itself(lake: Lake, release: str) -> None:
    found = _diff(lake, release, release)
    assert found.same
    assert not any((found.drivers, found.agents, found.quotes))


def test_a_release_that_tagged_less_loses_the_rest(lake: Lake) -> None:
    assert sum(row["lost"] for row in _diff(lake, "a", "c").tags) == len(BEFORE)
    assert sum(row["gained"] for row in _diff(lake, "c", "b").tags) == len(AFTER)


def test_a_criterion_is_compared_by_interaction_wherever_its_words_stand(tmp_path: Path) -> None:
    forms: dict[str, list[Row]] = {
        "a": [("i1", 1, "quality", "greeting.met", "halo", 0.5)],
        "b": [
            ("i1", 2, "quality", "greeting.not_met", "Ya?", 0.5),
            ("i1", 2, "quality", "ticket.met", "tiket", 0.5),
        ],
    }
    found = _diff(_lake(tmp_path, forms))
    assert _counts(found.tags) == {
        "quality greeting.not_met": (0, 0, 1),
        "quality ticket.met": (1, 0, 0),
    }
    changed = next(row for row in found.quotes if row["change"] == "changed")
    assert (changed["turn_no"], changed["quote"], changed["tag_before"]) == (
        2, "Ya?", "greeting.met",
    )  # fmt: skip
