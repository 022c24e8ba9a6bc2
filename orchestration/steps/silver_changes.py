"""How changed rows enter a silver table: added where nothing else changed, else day by day anew.

The rows lie in files (ingestion.buckets) and are streamed. Which rows changed is not decided here.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.buckets import stream
from warehouse.catalog import table as definition
from warehouse.delta import Lake

TABLES = ("silver.interactions", "silver.turns", "silver.participants", "silver.recordings")
DAYS_AT_ONCE = 32
"""Days in one group. The table library holds an open file for each day of a write."""
MOST_FILES = 8
"""Files of one day, after which an addition writes the day anew as one file."""
_DRAFT = "~"  # in the place of the rules' version: a table half written is nobody's


@dataclass(frozen=True)
class Change:
    """Rows `added` by group of days, and rows `removed`, in files; `everything`: all rows."""

    name: str
    added: Mapping[int, Sequence[Path]]
    removed: Sequence[Path]
    everything: bool

    def days_added(self) -> dict[int, set[date]]:
        """By group, the days on which rows are added."""
        return {
            group: {day for batch in stream(paths) for day in _days(batch)}
            for group, paths in self.added.items()
        }

    def rows(self, group: int) -> Iterator[pa.RecordBatch]:
        """The rows added on the days of a group."""
        return stream(self.added.get(group, ()))


def day_groups(days: pa.ChunkedArray) -> pa.ChunkedArray:
    """The number of the group of each day."""
    return pc.divide(days.cast(pa.int32()), DAYS_AT_ONCE)


def _days(batch: pa.RecordBatch) -> list[date]:
    found: list[date] = pc.unique(batch["event_date"]).to_pylist()
    return found


def write(lake: Lake, change: Change, app: str, sequence: int) -> set[date]:
    """Bring one table up to the change; the days written. `app` takes each `sequence` once."""
    added = change.days_added()
    removed = {day for batch in stream(change.removed) for day in _days(batch)}
    days = set(chain(removed, *added.values()))
    present = _files_of_days(lake, change.name)
    if change.everything:
        days |= present.keys()
    elif not removed and all(present.get(day, 0) < MOST_FILES for day in days):
        rows = chain.from_iterable(map(change.rows, sorted(change.added)))
        lake.append(change.name, rows, app=app, sequence=sequence)
        return days
    known = lake.cursor(change.name, app)
    if known is None or known < sequence:
        _rewrite(lake, change, days, app, sequence)
    return days


def _files_of_days(lake: Lake, name: str) -> dict[date, int]:
    counts: dict[date, int] = {}
    for file in lake.files(name):
        day = file.values["event_date"]
        counts[day] = counts.get(day, 0) + 1
    return counts


def _rewrite(lake: Lake, change: Change, days: set[date], app: str, sequence: int) -> None:
    """Write whole days. One commit for each group of days, and only the last one counts for `app`,
    so that after a crash in between the table is made again."""
    by_group: dict[int, list[date]] = {}
    for day in sorted(days):
        by_group.setdefault((day - date(1970, 1, 1)).days // DAYS_AT_ONCE, []).append(day)
    whole = change.everything and len(by_group) < 2
    *first, last = sorted(by_group) or [0]
    for group in (*first, last):
        own = (app, sequence) if group == last else _draft(lake, change.name)
        kept = _kept(lake, change, by_group.get(group, []))
        lake.overwrite_partitions(
            change.name,
            chain(kept, change.rows(group)),
            partitions=None if whole else [{"event_date": d} for d in by_group.get(group, [])],
            app=own[0],
            sequence=own[1],
        )


def _draft(lake: Lake, name: str) -> tuple[str, int]:
    version = lake.version(name) or 0
    return f"conform:{_DRAFT}:{version}", version


def _kept(lake: Lake, change: Change, days: Sequence[date]) -> Iterator[pa.RecordBatch]:
    """Rows of these days that stay as they are."""
    if change.everything or not days:
        return iter(())
    table = definition(change.name)
    match = " AND ".join(
        f"rows.{column} IS NOT DISTINCT FROM removed.{column}" for column in table.key
    )
    removed: dict[str, Any] = {
        column: pa.chunked_array(
            [batch[column] for batch in stream(change.removed)], table.schema.field(column).type
        )
        for column in table.key
    }
    return iter(
        lake.ask(
            change.name,
            f"SELECT * FROM rows WHERE NOT EXISTS (SELECT 1 FROM removed WHERE {match})",
            table.schema,
            version=lake.version(change.name),
            partitions=[{"event_date": day} for day in days],
            given={"removed": pa.table(removed)},
        )
    )
