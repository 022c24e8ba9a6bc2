"""A record of a connector as a row of bronze: its stable id, keyed links, canonical content."""

from datetime import UTC
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from ingestion.audio.names import RECORDING_SYSTEM, tie_keys
from ingestion.connectors.base import Record, RejectedInput
from ingestion.identifiers import LinkOf, stable_id

Row = dict[str, Any]


def row_or_reject(record: Record, zone: ZoneInfo, link_of: LinkOf) -> Row | RejectedInput:
    """Whatever a table cannot hold is refused here, before it spoils the whole batch."""
    try:
        return record_row(record, zone, link_of)
    except (AttributeError, TypeError, ValueError, OverflowError, RecursionError) as error:
        rejected = RejectedInput(
            "unstorable_record",
            "a value cannot be stored: broken letters, a number of more than 64 bits or a"
            " time that is impossible or without zone",
            record.pointer.encode("utf-8", "backslashreplace").decode(),
        )
        rejected.__cause__ = error
        return rejected


def record_row(record: Record, zone: ZoneInfo, link_of: LinkOf) -> Row:
    """The columns of contracts.RECORDS that the record itself decides.

    Raises AttributeError, TypeError, ValueError or OverflowError for what cannot be stored.
    """
    if record.event_at.utcoffset() is None:
        raise ValueError("event_at has no zone")
    at = record.event_at.astimezone(UTC)
    content = orjson.dumps(
        {"data": record.data, "names": sorted(record.names)},
        option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z,
    ).decode()
    links = dict.fromkeys((record.conversation_key, *record.links))
    # Letters that are no Unicode would fail only when the whole batch is written.
    "".join((record.native_id, record.pointer, *links)).encode("utf-8")
    return {
        "record_id": stable_id(
            record.source_system,
            record.kind,
            record.native_id,
            at.isoformat(),
            content,
            # The same words with another link join other conversations: dropped as a repeat,
            # they would make the result depend on which came first.
            record.conversation_key,
            *sorted(set(record.links)),
        ),
        "record_kind": record.kind,
        "source_system": record.source_system,
        "conversation_key": record.conversation_key,
        # The first one is always the conversation's own. The last ones are the same for every
        # source that names a recording; conforming tells them apart (ingestion.conform.ties).
        "link_hashes": [
            *(link_of(record.source_system, link) for link in links),
            *(link_of(RECORDING_SYSTEM, key) for key in _recordings(record)),
        ],
        "native_id": record.native_id,
        "event_at": at,
        "event_date": at.astimezone(zone).date(),
        "data": content,
        "pointer": record.pointer,
    }


def _recordings(record: Record) -> list[str]:
    """Keys of the recordings that an interaction names, in an order that never changes."""
    named = record.data.get("recordings") if record.kind == "interaction" else None
    return sorted(tie_keys(named or ()))
