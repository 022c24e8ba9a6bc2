"""Payloads of one or more files become Arrow batches: what they hold, what is refused, and counts.

The same code reads in place and in a worker process, so that the number of workers changes
nothing. Opening files, comparing facts and writing tables do not belong here.
"""

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from ingestion.accounts import FileCount
from ingestion.connectors.base import Connector, Payload, RejectedInput
from ingestion.guard import Guard
from ingestion.identifiers import LinkOf
from ingestion.payload_rows import payload_values
from ingestion.record_rows import COLUMNS, DATA, UNSTORABLE, record_values, unstorable
from ingestion.rejects import FileContext, reject_row
from warehouse.contracts import PAYLOADS, RECORDS

Row = dict[str, Any]
_RECORD_COLUMNS = (*COLUMNS, "payload_id", "file_sha256", "batch")
_ROWS = 16_384
_BYTES = 16 * 1024 * 1024


@dataclass(frozen=True)
class Answer:
    """What some payloads gave, in the order of the payloads; `counts` is by file number."""

    payloads: pa.RecordBatch | None
    records: pa.RecordBatch | None
    rejects: list[Row]
    counts: dict[int, tuple[int, int]] = field(default_factory=dict)
    largest: int = 0


@dataclass
class Part:
    """Payloads for a worker, as plain values: (number of their file in `files`, payload fields).

    A row of the rejects table stands among them where the file gave no payload. `seconds` and
    `most` bound the reading of one payload.
    """

    seconds: float
    most: int
    files: dict[int, tuple[Connector, FileContext]] = field(default_factory=dict)
    items: list[tuple[int, tuple[Any, ...] | Row]] = field(default_factory=list)
    size: int = 0

    def add(self, number: int, connector: Connector, context: FileContext, item: Any) -> None:
        """Append a payload or a reject row of a file."""
        self.files.setdefault(number, (connector, context))
        if isinstance(item, Payload):
            self.size += len(item.raw) + len(item.context)
            item = (
                item.raw, item.position, item.byte_start, item.byte_end, item.context,
                item.whole_file,
            )  # fmt: skip
        self.items.append((number, item))


class PayloadReader:
    """Reads payloads into columns until `full`; `take` hands them over and begins anew."""

    def __init__(self, zone: ZoneInfo, link_of: LinkOf, guard: Guard) -> None:
        self._zone, self._link_of, self._guard = zone, link_of, guard
        self._begin()

    def _begin(self) -> None:
        self._payloads: list[tuple[Any, ...]] = []
        self._records: list[tuple[Any, ...]] = []
        self._rejects: list[Row] = []
        self._bytes = self._largest = 0

    @property
    def full(self) -> bool:
        """Whether what was read should leave memory."""
        return len(self._records) >= _ROWS or len(self._payloads) >= _ROWS or self._bytes >= _BYTES

    def refuse(self, count: FileCount, row: Row) -> None:
        """Count an item that was refused before it became a payload."""
        count.received += 1
        count.rejected += 1
        self._rejects.append(row)

    def read(self, connector: Connector, payload: Payload, count: FileCount) -> None:
        """Parse one payload; each item it gives is counted as received."""
        context = count.context
        stored = payload_values(payload, connector.name, context)
        self._payloads.append(stored)
        size = len(payload.raw) + len(payload.context)
        self._largest = max(self._largest, size)
        tail = (stored[0], context.file_sha256, context.batch)
        records, zone, link_of = self._records, self._zone, self._link_of
        for ordinal, item in enumerate(self._guard.all(lambda: connector.parse(payload))):
            rejected = item
            if not isinstance(item, RejectedInput):
                try:
                    values = record_values(item, zone, link_of)
                except UNSTORABLE as error:
                    rejected = unstorable(item, error)
                else:
                    count.received += 1
                    size += len(values[DATA])
                    records.append(values + tail)
                    continue
            reject = reject_row(
                context,
                rejected,
                stage="parse",
                ordinal=ordinal,
                position=payload.position,
                payload_id=stored[0],
                payload_sha256=stored[1],
            )
            self.refuse(count, reject)
        self._bytes += size

    def take(self) -> Answer:
        """All that was read since the last call; counts stay with the caller."""
        payloads = _batch(self._payloads, PAYLOADS.names, PAYLOADS)
        records = _batch(self._records, _RECORD_COLUMNS, RECORDS)
        answer = Answer(payloads, records, self._rejects, largest=self._largest)
        self._begin()
        return answer


def read_part(part: Part, zone: ZoneInfo, link_of: LinkOf) -> Answer:
    """Read the payloads of a part, as `Intake.read` would have done in place."""
    guard = Guard(part.seconds, part.most)
    reader = PayloadReader(zone, link_of, guard)
    counts = {number: FileCount(context) for number, (_, context) in part.files.items()}
    with guard.watching(), uncollected():
        for number, item in part.items:
            if isinstance(item, dict):
                reader.refuse(counts[number], item)
            else:
                reader.read(part.files[number][0], Payload(*item), counts[number])
    found = reader.take()
    told = {number: (count.received, count.rejected) for number, count in counts.items()}
    return Answer(found.payloads, found.records, found.rejects, told, found.largest)


@contextmanager
def uncollected() -> Iterator[None]:
    """Parsing hardly makes cycles of objects, but looking for them takes a sixth of its time."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def _batch(
    rows: Iterable[tuple[Any, ...]], names: Sequence[str], schema: pa.Schema
) -> pa.RecordBatch | None:
    """Rows turned into columns at once, in the order of the schema; None without rows."""
    columns = dict(zip(names, zip(*rows, strict=True), strict=False))
    if not columns:
        return None
    arrays = [pa.array(columns[field.name], field.type) for field in schema]
    return pa.RecordBatch.from_arrays(arrays, schema=schema)
