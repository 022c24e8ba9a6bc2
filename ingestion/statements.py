"""The facts that one batch states: which are new, and which payload each of them points at.

A fact may be stated by many payloads. It is stored once, and of all payloads that state it the one
with the smallest id counts, so that the pointer is a function of what was received and not of
the order in which it was read. Parsing payloads does not belong here.
"""

from collections.abc import Iterator
from datetime import date
from types import TracebackType
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.spool import Spool
from warehouse.contracts import RECORDS, RESTATEMENTS

Row = dict[str, Any]


class Statements:
    """Collects the facts of one batch; use as a context manager, call `compare` before reading."""

    def __init__(self) -> None:
        self.event_dates: set[date] = set()
        self._rows = Spool(RECORDS)
        # The smallest payload id of each fact in this batch.
        self._smallest: dict[str, str] = {}
        self._restated: dict[str, Row] = {}
        self._known = pa.array([], pa.string())

    def __enter__(self) -> "Statements":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rows.__exit__(kind, error, trace)

    def add(self, row: Row) -> bool:
        """Take one row of contracts.RECORDS; False when this batch has stated the fact before."""
        record_id, payload_id = row["record_id"], row["payload_id"]
        smallest = self._smallest.get(record_id)
        if smallest is None:
            self._smallest[record_id] = payload_id
            self.event_dates.add(row["event_date"])
            self._rows.add(row, size=len(row["data"]))
            return True
        if payload_id < smallest:
            self._smallest[record_id] = payload_id
            self._restated[record_id] = {name: row[name] for name in RESTATEMENTS.names}
        return False

    def compare(self, known: pa.Table) -> dict[str, int]:
        """Leave out the facts of earlier batches; {file: how many of its rows those were}.

        `known` holds `record_id` and the smallest `payload_id` so far of facts on `event_dates`.
        """
        self._known = known["record_id"].combine_chunks()
        smallest = known["payload_id"].combine_chunks()
        duplicates: dict[str, int] = {}
        if not len(self._known):
            return duplicates
        for batch in self._rows.batches():
            place = pc.index_in(batch["record_id"], value_set=self._known)
            repeated = batch.filter(pc.is_valid(place))
            for entry in pc.value_counts(repeated["file_sha256"]).to_pylist():
                file = entry["values"]
                duplicates[file] = duplicates.get(file, 0) + entry["counts"]
            self._point(repeated, smallest.take(pc.drop_null(place)).to_pylist())
        return duplicates

    def _point(self, repeated: pa.RecordBatch, earlier: list[str]) -> None:
        """Keep the statements of known facts that have a smaller payload id than any before."""
        ids = repeated["record_id"].to_pylist()
        smaller = []
        for index, (record_id, before) in enumerate(zip(ids, earlier, strict=True)):
            if before <= self._smallest[record_id]:
                self._restated.pop(record_id, None)
            elif record_id not in self._restated:
                smaller.append(index)
        rows = repeated.select(RESTATEMENTS.names).take(pa.array(smaller, pa.int64()))
        self._restated |= {row["record_id"]: row for row in rows.to_pylist()}

    def records(self) -> Iterator[pa.RecordBatch]:
        """Facts that no earlier batch stated."""
        for batch in self._rows.batches():
            fresh = batch
            if len(self._known):
                fresh = batch.filter(pc.invert(pc.is_in(batch["record_id"], value_set=self._known)))
            if fresh.num_rows:
                yield fresh

    def restatements(self) -> pa.Table:
        """Rows of contracts.RESTATEMENTS: facts to which a payload with a smaller id points now."""
        rows = [self._restated[record_id] for record_id in sorted(self._restated)]
        return pa.Table.from_pylist(rows, schema=RESTATEMENTS)
