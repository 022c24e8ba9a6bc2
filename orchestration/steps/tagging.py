"""Tagging some interactions or all, piece by piece, and putting the tags beside those that stay.

Which interactions have changed is not decided here. A piece holds whole interactions and a bounded
number of turns, whatever a day holds.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from enrichment.annotate import annotate
from orchestration.steps.deployment import Deployment
from orchestration.steps.silver_changes import DAYS_AT_ONCE, MOST_FILES
from orchestration.steps.workers import map_in_order
from warehouse.contracts import ANNOTATIONS
from warehouse.conversations import TURNS, TurnReader

TABLE = "silver.annotations"
_TURNS_AT_ONCE = 8_000
_WORTH_WORKERS = 2_000  # turns; below this a pool costs more than it saves

Piece = tuple[Sequence[date], tuple[int, int]]
"""Days, and the k-th of n shares of their interactions."""


@dataclass
class Tagging:
    """One pass under one release; `turns` and `annotations` count what was tagged and found.

    `changed` has `interaction_id` and `event_date` of what is to be tagged; None stands for all.
    """

    deployment: Deployment
    release: str
    run_id: str
    rulebooks: tuple[Path, ...]
    changed: pa.Table | None
    turns: int = 0
    annotations: int = 0

    def write(self, app: str, sequence: int, marks: Mapping[str, int]) -> None:
        """Bring the table up to date for `app`; a pass that dies is made again as a whole."""
        dates = self._dates()
        lots = [dates[at : at + DAYS_AT_ONCE] for at in range(0, len(dates), DAYS_AT_ONCE)] or [[]]
        for number, lot in enumerate(lots):
            own, at, moved = app, sequence, marks
            if number < len(lots) - 1:
                at, moved = self.deployment.lake.version(TABLE) or 0, {}
                own = f"annotate-part:{self.release}:{at}"
            self._write_days(lot, own, at, moved)

    def _dates(self) -> list[date]:
        lake = self.deployment.lake
        if self.changed is not None:
            found: list[date] = pc.unique(self.changed["event_date"]).to_pylist()
            return sorted(found)
        present = {file.values["event_date"] for file in lake.files(TURNS)}
        mine = (f for f in lake.files(TABLE) if f.values["release"] == self.release)
        return sorted(present | {file.values["event_date"] for file in mine})

    def _write_days(
        self, days: Sequence[date], app: str, sequence: int, marks: Mapping[str, int]
    ) -> None:
        """Tag what is to be tagged on these days, in one commit."""
        lake = self.deployment.lake
        partitions = [{"release": self.release, "event_date": day} for day in days]
        # Pinned now: the table library cannot be entered again while it takes the batches.
        batches = self._batches(TurnReader.pinned(lake), days)
        if self._only_adds(days):
            lake.append(TABLE, batches, app=app, sequence=sequence, marks=marks)
            return
        lake.overwrite_partitions(
            TABLE,
            chain(self._kept(days), batches),
            partitions=partitions,
            app=app,
            sequence=sequence,
            marks=marks,
        )

    def _only_adds(self, days: Sequence[date]) -> bool:
        """Whether nothing that stands on these days goes, and no day has too many files by now."""
        lake = self.deployment.lake
        counts: dict[date, int] = {}
        for file in lake.files(TABLE):
            if file.values["release"] == self.release:
                counts[file.values["event_date"]] = counts.get(file.values["event_date"], 0) + 1
        present = [day for day in days if counts.get(day, 0)]
        if self.changed is None or any(counts[day] >= MOST_FILES for day in present):
            return not present
        schema = pa.schema([ANNOTATIONS.field("interaction_id")])
        statement = f"SELECT interaction_id FROM rows WHERE {_CHANGED} LIMIT 1"
        return self._ask(present, statement, schema).read_all().num_rows == 0

    def _kept(self, days: Sequence[date]) -> Iterator[pa.RecordBatch]:
        """Tags that stand on these days and stay."""
        if self.changed is None:
            return iter(())
        return iter(self._ask(days, f"SELECT * FROM rows WHERE NOT ({_CHANGED})", ANNOTATIONS))

    def _ask(self, days: Sequence[date], statement: str, schema: pa.Schema) -> pa.RecordBatchReader:
        lake = self.deployment.lake
        return lake.ask(
            TABLE,
            statement,
            schema,
            version=lake.version(TABLE),
            partitions=[{"release": self.release, "event_date": day} for day in days],
            given={} if self.changed is None else {"changed": self.changed},
        )

    def _batches(self, reader: TurnReader, days: Sequence[date]) -> Iterator[pa.RecordBatch]:
        work = partial(_tagged, self.rulebooks)
        pieces, amount = self._pieces(reader, days)
        read = (self._read(reader, piece) for piece in pieces)
        done = map(work, read) if amount < _WORTH_WORKERS else map_in_order(work, read)
        for (lot, _), (batch, date_of, turns) in zip(pieces, done, strict=True):
            self.turns += turns
            self.annotations += batch.num_rows
            self.deployment.say(f"tagged {self.turns:,} turns (up to {lot[-1]})")
            yield _stamped(batch, date_of, self.release, self.run_id)

    def _pieces(self, reader: TurnReader, days: Sequence[date]) -> tuple[list[Piece], int]:
        """About equal pieces, and how many turns (or changed interactions) they hold together."""
        pieces: list[Piece] = []
        lot: list[date] = []
        size = total = 0
        for day, rows in self._sizes(reader, days).items():
            total += rows
            if lot and size + rows > _TURNS_AT_ONCE:
                pieces.append((lot, (0, 1)))
                lot, size = [], 0
            shares = -(-rows // _TURNS_AT_ONCE)
            if shares > 1:
                pieces += [([day], (share, shares)) for share in range(shares)]
            else:
                lot, size = [*lot, day], size + rows
        return pieces + ([(lot, (0, 1))] if lot else []), total

    def _sizes(self, reader: TurnReader, days: Sequence[date]) -> dict[date, int]:
        if self.changed is None:
            return {day: reader.rows(day) for day in days}
        found = pc.value_counts(self.changed["event_date"]).to_pylist()
        counts = {entry["values"]: entry["counts"] for entry in found}
        # At most all of the day's turns; a changed interaction has some turns beside the changed.
        return {day: min(reader.rows(day), 4 * counts[day]) for day in days}

    def _read(self, reader: TurnReader, piece: Piece) -> tuple[pa.Table, Mapping[str, date]]:
        days, share = piece
        only = None
        if self.changed is not None:
            listed = pa.array(days, pa.date32())
            mine = self.changed.filter(pc.is_in(self.changed["event_date"], value_set=listed))
            only = mine["interaction_id"].combine_chunks()
        return reader.read(days, only, share)


_CHANGED = "interaction_id IN (SELECT interaction_id FROM changed)"


def _tagged(
    rulebooks: tuple[Path, ...], piece: tuple[pa.Table, Mapping[str, Any]]
) -> tuple[pa.RecordBatch, Mapping[str, Any], int]:
    """Annotations of some turns, with the date of each interaction and the number of turns."""
    turns, date_of = piece
    return annotate(turns, rulebooks), date_of, turns.num_rows


def _stamped(
    batch: pa.RecordBatch, date_of: Mapping[str, Any], current: str, run_id: str
) -> pa.RecordBatch:
    ids = batch["interaction_id"].to_pylist()
    return pa.RecordBatch.from_arrays(
        [
            *batch.columns,
            pa.array([current] * batch.num_rows, pa.string()),
            pa.array([run_id] * batch.num_rows, pa.string()),
            pa.array([date_of[interaction_id] for interaction_id in ids], pa.date32()),
        ],
        schema=ANNOTATIONS,
    )
