"""Weeks that changed are grouped again, others stay; the result is that of a full pass."""

from pathlib import Path

import pytest
from deliveries import contents, deployment, put, run, said, webhook

from enrichment import discovery
from orchestration.steps import annotate, discover
from orchestration.steps.deployment import Deployment
from warehouse.checks import unique_key
from warehouse.releases import promote, promoted

DAY = 24 * 60
FEE = "Biaya transfer ke bank lain berapa ya?"
BRANCH = "Gerai di Bandung buka sampai jam berapa hari Sabtu?"


def ask(at: Deployment, week: int, question: str, first: int = 0) -> None:
    """The same question in three contacts of one week: Monday, Wednesday, Friday."""
    messages = [
        said(100 * week + first + n, (4 + 7 * week + 2 * n) * DAY + first, question)
        for n in range(3)
    ]
    put(at, f"{week}-{first}.json", webhook(messages=messages))


def pass_over(at: Deployment, name: str) -> discover.DiscoverReport:
    run(at)
    annotate.annotate_changed(at, name)
    return discover.discover_changed(at)


def test_late_weeks_are_grouped_alone_and_equal_a_full_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = deployment(tmp_path)
    ask(at, 1, FEE)
    assert pass_over(at, "run-1") == discover.DiscoverReport(1, 1)
    assert discover.discover_changed(at) == discover.DiscoverReport(0, None)

    grouped: list[int] = []
    group = discovery.discover
    monkeypatch.setattr(
        discover.discovery, "discover", lambda talks: grouped.append(len(talks)) or group(talks)
    )
    # An earlier week comes late: its group gives the later one its name.
    ask(at, 0, FEE)
    assert pass_over(at, "run-2") == discover.DiscoverReport(1, 2)
    assert grouped == [3]
    assert unique_key(at.lake, discover.TABLE).passed
    rows = at.lake.read(discover.TABLE).to_pylist()
    assert len({row["cluster_id"] for row in rows}) == 1
    # Another method knows nothing of the earlier passes and makes all weeks anew.
    monkeypatch.setattr(discover.discovery, "version", lambda: "other")
    assert discover.discover_changed(at) == discover.DiscoverReport(2, 2)
    again = at.lake.read(discover.TABLE).to_pylist()
    assert [row | {"method": None} for row in again] == [row | {"method": None} for row in rows]
    assert {row["examples"][0] for row in rows} == {FEE}


def test_another_release_groups_everything_anew_and_so_does_going_back(tmp_path: Path) -> None:
    at = deployment(tmp_path)
    ask(at, 0, BRANCH)
    pass_over(at, "run-1")
    first = promoted(at.lake.root)
    before = contents(at, [discover.TABLE])
    promote(at.lake.root, "other", {})
    # The other release has tagged nothing yet, so there is nothing to group by.
    assert discover.discover_changed(at).groups is None
    promote(at.lake.root, str(first), {})
    discover.discover_changed(at)
    assert contents(at, [discover.TABLE]) == before


def test_an_empty_lake_has_no_groups(tmp_path: Path) -> None:
    at = deployment(tmp_path)
    annotate.annotate_changed(at, "run-1")
    assert discover.discover_changed(at) == discover.DiscoverReport(0, None)
    assert at.lake.version(discover.TABLE) is None
