"""A record of a connector as a row of bronze: its stable id, keyed links, canonical content."""

from datetime import UTC, date, datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from ingestion.audio.names import RECORDING_SYSTEM, tie_keys
from ingestion.connectors.base import Record, RejectedInput
from ingestion.identifiers import ID_LETTERS, SEPARATOR, LinkOf

Row = dict[str, Any]
Values = tuple[Any, ...]
COLUMNS = (
    "record_id", "record_kind", "source_system", "conversation_key", "link_hashes", "native_id",
    "event_at", "event_date", "data", "pointer",
)  # fmt: skip
"""Columns of contracts.RECORDS that the record itself decides, in the order of its values."""
DATA = COLUMNS.index("data")
_CANONICAL = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z


UNSTORABLE = (AttributeError, TypeError, ValueError, OverflowError, RecursionError)
"""What `record_values` raises: a table cannot hold this record, which must not spoil the batch."""


def unstorable(record: Record, error: Exception) -> RejectedInput:
    """The rejection of a record that no table can hold."""
    rejected = RejectedInput(
        "unstorable_record",
        "a value cannot be stored: broken letters, a number of more than 64 bits or a"
        " time that is impossible or without zone",
        record.pointer.encode("utf-8", "backslashreplace").decode(),
    )
    rejected.__cause__ = error
    return rejected


def record_row(record: Record, zone: ZoneInfo, link_of: LinkOf) -> Row:
    """The values of the record by the names of their columns; raises as `record_values`."""
    return dict(zip(COLUMNS, record_values(record, zone, link_of), strict=True))


def record_values(record: Record, zone: ZoneInfo, link_of: LinkOf) -> Values:
    """The values of COLUMNS; raises one of UNSTORABLE for what cannot be stored."""
    at, written, day = _moment(record.event_at, zone)
    content = orjson.dumps(
        {"data": record.data, "names": sorted(record.names)}, option=_CANONICAL
    ).decode()
    kind, system, key = record.kind, record.source_system, record.conversation_key
    native_id, pointer, links = record.native_id, record.pointer, record.links
    told = [system, kind, native_id, written, content, key]
    hashes = [link_of(system, key)]
    if links:
        # The same words with another link join other conversations: dropped as a repeat,
        # they would make the result depend on which came first.
        told += sorted(set(links))
        # The first one is always the conversation's own.
        hashes += [link_of(system, link) for link in dict.fromkeys(links) if link != key]
    if kind == "interaction":
        # The last ones are the same for every source that names a recording; conforming tells
        # them apart (ingestion.conform.ties).
        hashes += [link_of(RECORDING_SYSTEM, name) for name in _recordings(record)]
    # Letters that are no Unicode would fail only when the whole batch is written.
    record_id = sha256(SEPARATOR.join(told).encode()).hexdigest()[:ID_LETTERS]
    pointer.encode()
    return record_id, kind, system, key, hashes, native_id, at, day, content, pointer


# Several records of one payload tell of the same moment.
@lru_cache(maxsize=1024)
def _moment(event_at: datetime | None, zone: ZoneInfo) -> tuple[datetime | None, str, date | None]:
    """The moment in UTC, how ids spell it, and its day in `zone`; nothing for an undated fact."""
    if event_at is None:
        return None, "", None
    if event_at.utcoffset() is None:
        raise ValueError("event_at has no zone")
    at = event_at.astimezone(UTC)
    return at, at.isoformat(), at.astimezone(zone).date()


def _recordings(record: Record) -> list[str]:
    """Keys of the recordings that an interaction names, in an order that never changes."""
    named = record.data.get("recordings")
    return sorted(tie_keys(named or ()))
