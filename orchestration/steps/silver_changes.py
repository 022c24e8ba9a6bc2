"""How changed rows enter a silver table: added where nothing else changed, else day by day anew.

A table without days holds little and is written anew as a whole.

The rows lie in files (ingestion.buckets) and are streamed. Which rows changed is not decided here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.buckets import store, stream
from warehouse.catalog import table as definition
from warehouse.delta import Lake, Partitions

TABLES = (
    "silver.interactions",
    "silver.turns",
    "silver.participants",
    "silver.recordings",
    "silver.waiting",
)
DAYS_AT_ONCE = 64
"""Days in one group. The table library holds an open file for each day of a write."""
MOST_FILES = 8
"""Files of one day, after which an addition writes the day anew as one file."""
_FIRST = date(1970, 1, 1)
Lot = dict[int, list[date]]
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


def by_days(name: str, rows: pa.Table, folder: Path) -> Mapping[int, Path]:
    """The rows of one table in files by group of days; a table without days is one group."""
    if not rows.num_rows:
        return {}
    if "event_date" not in rows.column_names:
        return {0: store(folder / f"{name}.all", rows)}
    groups = day_groups(rows["event_date"])
    return {
        group: store(folder / f"{name}.{group}", rows.filter(pc.equal(groups, group)))
        for group in sorted(pc.unique(groups).to_pylist())
    }


def day_groups(days: pa.ChunkedArray) -> pa.ChunkedArray:
    """The number of the group of each day."""
    return pc.floor(pc.divide(days.cast(pa.int32()).cast(pa.float64()), DAYS_AT_ONCE)).cast(
        pa.int64()
    )


def _days(batch: pa.RecordBatch) -> list[date]:
    found: list[date] = pc.unique(batch["event_date"]).to_pylist()
    return found


def write(lake: Lake, change: Change, app: str, sequence: int) -> set[date]:
    """Bring one table up to the change; the days written. `app` takes each `sequence` once.

    One commit for each lot of days, of which only the last one counts for `app`: after a crash in
    between the table is made again.
    """
    if not definition(change.name).partition_by:
        _write_undivided(lake, change, app, sequence)
        return set()
    days = set(chain.from_iterable(change.days_added().values()))
    removed = {day for batch in stream(change.removed) for day in _days(batch)}
    files = Counter(file.values["event_date"] for file in lake.files(change.name))
    days |= removed | (files.keys() if change.everything else set())
    known = lake.cursor(change.name, app)
    if known is not None and known >= sequence:
        return set()
    full = {day for day, count in files.items() if change.everything or count >= MOST_FILES}
    *first, last = _lots(days) or [{}]
    for lot in first:
        _write_lot(lake, change, lot, removed | full, _draft(lake, change.name))
    if change.everything and not first:
        rows = chain.from_iterable(map(change.rows, last))
        lake.overwrite_partitions(change.name, rows, partitions=None, app=app, sequence=sequence)
    else:
        _write_lot(lake, change, last, removed | full, (app, sequence))
    return days


def _write_undivided(lake: Lake, change: Change, app: str, sequence: int) -> None:
    """Add rows to a table without days, or write it whole when rows go or its files are many."""
    rows = chain.from_iterable(map(change.rows, change.added))
    anew = change.everything or change.removed or len(lake.files(change.name)) >= MOST_FILES
    if not anew:
        lake.append(change.name, rows, app=app, sequence=sequence)
        return
    every = chain(_kept(lake, change, None), rows)
    lake.overwrite_partitions(change.name, every, partitions=None, app=app, sequence=sequence)


def _write_lot(lake: Lake, change: Change, lot: Lot, anew: set[date], own: tuple[str, int]) -> None:
    """Add rows, or write the days of the lot whole when any of them is to be written `anew`."""
    days = sorted(chain.from_iterable(lot.values()))
    rows = chain.from_iterable(map(change.rows, lot))
    app, sequence = own
    if anew.isdisjoint(days):
        lake.append(change.name, rows, app=app, sequence=sequence)
        return
    lake.overwrite_partitions(
        change.name,
        chain(_kept(lake, change, [{"event_date": day} for day in days]), rows),
        partitions=[{"event_date": day} for day in days],
        app=app,
        sequence=sequence,
    )


def _lots(days: set[date]) -> list[Lot]:
    """The days by group, in lots of groups that together have few enough days for one write."""
    by_group: Lot = {}
    for day in sorted(days):
        by_group.setdefault((day - _FIRST).days // DAYS_AT_ONCE, []).append(day)
    lots: list[Lot] = []
    for group, mine in by_group.items():
        if not lots or sum(map(len, lots[-1].values())) + len(mine) > DAYS_AT_ONCE:
            lots.append({})
        lots[-1][group] = mine
    return lots


def _draft(lake: Lake, name: str) -> tuple[str, int]:
    version = lake.version(name) or 0
    return f"conform:{_DRAFT}:{version}", version


def _kept(lake: Lake, change: Change, partitions: Partitions | None) -> Iterator[pa.RecordBatch]:
    """Rows of these partitions (None: all) that stay as they are."""
    if change.everything or partitions == []:
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
            partitions=partitions,
            given={"removed": pa.table(removed)},
        )
    )
