"""A bronze record as the conforming steps read it, and the functions they are given.

Only the reading of stored records belongs here; what is made of them does not.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import orjson
import pyarrow as pa
import pyarrow.compute as pc

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_BEFORE_ALL = datetime.min.replace(tzinfo=UTC)


class HandleKey(NamedTuple):
    """The keyed form of a handle and its normalised clear value (for the vault only)."""

    key: str
    handle: str


KeyOf = Callable[[str, str], HandleKey | None]
"""(handle type, clear handle) -> keyed handle, or None when it is not a usable handle."""


class Hidden(NamedTuple):
    """A redacted text and where its placeholders stand (see contracts.REDACTION)."""

    text: str
    redactions: list[dict[str, Any]]


Redact = Callable[[str, Sequence[str]], Hidden]
"""(clear text, names known to the source) -> the text without personal data."""


@dataclass(slots=True)
class Fact:
    """One bronze record, with its JSON opened."""

    record_id: str
    kind: str
    source_system: str
    conversation_key: str
    link_hashes: list[int]
    native_id: str
    event_at: datetime | None
    data: dict[str, Any]
    names: list[str]
    payload_id: str
    batch: int = 0

    @property
    def place(self) -> datetime:
        """Where it stands among others: statements without a date are the weakest, so first.

        For comparisons only; it is no time.
        """
        return self.event_at or _BEFORE_ALL

    def time(self, name: str) -> datetime | None:
        """A time field of the data; records store times as ISO text with offset."""
        value = self.data.get(name)
        return datetime.fromisoformat(value) if value else None


def read_facts(records: pa.Table) -> Iterator[Fact]:
    """Open the stored records (schema contracts.RECORDS)."""
    columns = [
        "record_id",
        "record_kind",
        "source_system",
        "conversation_key",
        "link_hashes",
        "native_id",
        "event_at",
        "data",
        "payload_id",
        "batch",
    ]
    for batch in records.select(columns).to_batches():
        arrays = [_values(batch[name]) for name in columns]
        for record, kind, system, key, links, native, at, data, payload, number in zip(
            *arrays, strict=True
        ):
            told = orjson.loads(data)
            yield Fact(
                record, kind, system, key, links, native, at,
                told["data"], told["names"], payload, number,
            )  # fmt: skip


def _values(column: pa.Array) -> list[Any]:
    """As `to_pylist`, which takes six times as long."""
    kind = column.type
    if pa.types.is_timestamp(kind):
        moments = _values(column.cast(pa.int64()).fill_null(0))
        times = [_EPOCH + timedelta(microseconds=at) for at in moments]
        if not column.null_count:
            return times
        dated = _values(column.is_valid())
        return [at if known else None for at, known in zip(times, dated, strict=True)]
    if pa.types.is_list(kind):
        ends = pc.cumulative_sum(pc.list_value_length(column)).to_numpy().tolist()
        inner = _values(column.flatten())
        return [inner[start:end] for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    values: list[Any] = column.to_numpy(zero_copy_only=False).tolist()
    return values
