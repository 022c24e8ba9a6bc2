"""Rows that changed enter a silver table: added, or day by day anew, in lots of days."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest

from ingestion.buckets import store
from orchestration.steps import silver_changes
from orchestration.steps.silver_changes import MOST_FILES, Change, by_days, day_groups, write
from warehouse.contracts import RECORDINGS, WAITING
from warehouse.delta import Lake
from warehouse.writers import app_of

TABLE = "silver.recordings"
START = date(2026, 3, 1)
Row = tuple[str, int, str]


def table(rows: list[Row]) -> pa.Table:
    """Rows given as id, days after START, and one value."""
    told: list[dict[str, Any]] = [
        {"recording_id": key, "event_date": START + timedelta(days=day), "format": value}
        for key, day, value in rows
    ]
    return pa.Table.from_pylist(told, schema=RECORDINGS)


class Writer:
    """A lake and a folder in which the files of changes lie."""

    def __init__(self, folder: Path) -> None:
        self.lake = Lake(folder / "lake")
        self._folder = folder
        self._sequence = 0

    def put(self, added: list[Row], removed: list[Row] = (), *, everything: bool = False) -> int:
        """Write a change as the rules "r" do; how many commits that took."""
        self._sequence += 1
        files: dict[int, list[Path]] = {}
        rows = table(added)
        groups = day_groups(rows["event_date"])
        for group in pc.unique(groups).to_pylist():
            path = self._folder / f"{self._sequence}-{group}"
            files[group] = [store(path, rows.filter(pc.equal(groups, group)))]
        gone = [store(self._folder / f"{self._sequence}-gone", table(list(removed)))]
        change = Change(TABLE, files, gone if removed else [], everything)
        before = self.lake.version(TABLE) or 0
        write(self.lake, change, app_of(self.lake, TABLE, "conform", "r"), self._sequence)
        return (self.lake.version(TABLE) or 0) - before

    def rows(self) -> list[Row]:
        found = self.lake.read(TABLE).to_pylist()
        return sorted(
            (row["recording_id"], (row["event_date"] - START).days, row["format"]) for row in found
        )

    def files(self) -> int:
        return len(self.lake.files(TABLE))


@pytest.fixture
def at(tmp_path: Path) -> Writer:
    writer = Writer(tmp_path)
    writer.put([("a", 0, "wav"), ("b", 0, "wav"), ("c", 1, "wav")], everything=True)
    return writer


def test_what_is_only_new_is_added_beside_the_files_that_stand(at: Writer) -> None:
    before = set(at.lake.files(TABLE))
    at.put([("d", 0, "mp3"), ("e", 5, "mp3")])
    assert before < set(at.lake.files(TABLE))
    assert [row[0] for row in at.rows()] == ["a", "b", "c", "d", "e"]


def test_a_changed_row_writes_its_day_and_no_other(at: Writer) -> None:
    before = {file for file in at.lake.files(TABLE) if file.values["event_date"] != START}
    at.put([("a", 0, "mp3")], [("a", 0, "wav")])
    assert at.rows() == [("a", 0, "mp3"), ("b", 0, "wav"), ("c", 1, "wav")]
    assert before < set(at.lake.files(TABLE))


def test_a_row_may_move_to_another_day_or_vanish(at: Writer) -> None:
    at.put([("a", 7, "wav")], [("a", 0, "wav"), ("c", 1, "wav")])
    assert at.rows() == [("a", 7, "wav"), ("b", 0, "wav")]


def test_nothing_new_still_moves_the_cursor(at: Writer) -> None:
    rows = at.rows()
    assert at.put([]) == 1
    assert at.rows() == rows
    assert at.lake.cursor(TABLE, app_of(at.lake, TABLE, "conform", "r")) == 2


def test_many_additions_to_a_day_do_not_leave_many_files(at: Writer) -> None:
    for number in range(silver_changes.MOST_FILES + 2):
        at.put([(f"n{number:02}", 0, "wav")])
    assert len(at.rows()) == 3 + silver_changes.MOST_FILES + 2
    assert at.files() <= silver_changes.MOST_FILES + 1


def test_everything_replaces_days_that_have_no_row_any_more(at: Writer) -> None:
    far = [("x", 0, "wav"), ("y", 100, "wav"), ("z", 4000, "wav"), ("old", -30_000, "wav")]
    at.put(far, everything=True)
    assert at.rows() == sorted(far)


def test_many_days_are_written_in_lots_and_a_death_between_leaves_no_cursor(
    at: Writer, monkeypatch: pytest.MonkeyPatch
) -> None:
    many = [(f"m{day:03}", day, "wav") for day in range(3 * silver_changes.DAYS_AT_ONCE)]
    original, left = Lake.append, [2]

    def dying(*args: Any, **kwargs: Any) -> Any:
        left[0] -= 1
        if left[0] == 0:
            raise KeyboardInterrupt
        return original(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(Lake, "append", dying)
        with pytest.raises(KeyboardInterrupt):
            at.put(many)
    # What stands there now is nobody's: the table is to be made again as a whole.
    assert at.lake.cursor(TABLE, app_of(at.lake, TABLE, "conform", "r")) is None
    assert at.put(many, everything=True) > 1
    assert at.rows() == sorted(many)


def undivided(counts: dict[int, int]) -> pa.Table:
    """Rows of a table that has no days."""
    told = [{"conversation_hash": key, "records": count} for key, count in counts.items()]
    return pa.Table.from_pylist(told, schema=WAITING)


def test_a_table_without_days_is_added_to_or_written_whole(tmp_path: Path) -> None:
    name, lake, gone = "silver.waiting", Lake(tmp_path / "lake"), tmp_path / "gone"
    changes = [
        (undivided({1: 1, 2: 1}), {}, False, {1: 1, 2: 1}),
        (undivided({3: 1}), {}, False, {1: 1, 2: 1, 3: 1}),
        (undivided({2: 5}), {2: 1, 1: 1}, False, {2: 5, 3: 1}),
        (undivided({}), {}, False, {2: 5, 3: 1}),
        (undivided({7: 7}), {}, True, {7: 7}),
        *((undivided({number: 1}), {}, False, None) for number in range(20, 20 + MOST_FILES)),
    ]
    for sequence, (added, removed, everything, expected) in enumerate(changes, start=1):
        files = by_days(name, added, tmp_path)
        parts = {group: [path] for group, path in files.items()}
        lost = [store(gone, undivided(removed))] if removed else []
        app = app_of(lake, name, "conform", "r")
        for _ in range(2):  # a sequence is taken once
            write(lake, Change(name, parts, lost, everything), app, sequence)
        if expected is not None:
            rows = lake.read(name).to_pylist()
            assert {row["conversation_hash"]: row["records"] for row in rows} == expected
    assert lake.read(name).num_rows == 1 + MOST_FILES
    assert len(lake.files(name)) < MOST_FILES
