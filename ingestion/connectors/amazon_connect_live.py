"""Contact Lens during the call: segments as the stream of an instance delivers them.

event -> turns that are provisional: the analysis after the call takes their place. The stream
has no date. Delivery to files may put one into their names (UTC), which is used for the day; words
keep their offsets only. Under any other name the segments wait for the contact record, whose start
their offsets count from. Partial words are part of the transcripts and are left out.
"""

from datetime import UTC
from typing import Any

from ingestion.connectors.amazon_connect_analysis import LIVE, ROLES
from ingestion.connectors.amazon_connect_record import SYSTEM, contact_id
from ingestion.connectors.amazon_measures import milliseconds
from ingestion.connectors.base import Limits, Parsed, RejectedInput
from ingestion.connectors.call_names import time_in_name
from ingestion.connectors.call_records import Call, Said, known
from ingestion.connectors.fields import (
    items,
    mapping,
    optional_mapping,
    optional_text,
    required_text,
)


def live_segments(document: dict[str, Any], name: str, limits: Limits) -> list[Parsed]:
    """The records of one event; raises RejectedInput for events without words."""
    segments = [mapping(item, "Segments") for item in items(document, "Segments")]
    said = [
        _said(optional_mapping(item, "Transcript"), index)
        for index, item in enumerate(segments)
        if item.get("Transcript") is not None
    ]
    if not said:
        raise RejectedInput(
            "not_a_conversation",
            "a stream event without transcribed words (started, completed, failed, partial);"
            " nothing to do",
        )
    key = contact_id(required_text(document, "ContactId"))
    delivered = time_in_name(name, UTC)
    call = Call(SYSTEM, key, delivered.moment if delivered else None)
    metadata = known(
        {
            "analysis": "contact lens live",
            "language_code": optional_text(document, "LanguageCode"),
            "start_from": "file name" if delivered else None,
        }
    )
    facts = {"channel": "voice", "metadata": metadata}
    found: list[Parsed] = [call.interaction(facts, "live")]
    for item in said:
        # Events of one call may come in any order; the offset is where their words belong.
        order = int((item.start or 0.0) * 1000)
        found.append(call.turn(item, order, "voice", limits))
    return found


def _said(transcript: dict[str, Any], index: int) -> Said:
    role = ROLES.get(
        optional_text(transcript, "ParticipantRole")
        or optional_text(transcript, "ParticipantId")
        or ""
    )
    if role is None:
        raise RejectedInput(
            "unknown_role", "a segment does not say who speaks", f"/Segments/{index}"
        )
    start = milliseconds(transcript, "BeginOffsetMillis")
    # The same offset may be heard from both sides.
    fallback = f"{role}@{int((start or 0.0) * 1000)}"
    return Said(
        key="live:" + (optional_text(transcript, "Id") or fallback),
        role=role,
        text=required_text(transcript, "Content"),
        start=start,
        end=milliseconds(transcript, "EndOffsetMillis"),
        provisional=LIVE,
        pointer=f"/Segments/{index}/Transcript",
    )
