"""Contact Lens after a call: the analysed transcript.

analysis -> one interaction, its turns. The analysis has no date of its own: the name of its file
tells when the agent joined (UTC, by the vendor's documentation), else the name of the recording
that it analyses does.
"""

from datetime import UTC, datetime
from typing import Any

from ingestion.connectors.amazon_connect_analysis import (
    call_of,
    contact_of,
    described,
    give_way,
    make_unique,
    role_in,
    roles_in,
)
from ingestion.connectors.amazon_measures import milliseconds
from ingestion.connectors.base import Limits, Parsed, RejectedInput
from ingestion.connectors.call_names import NamedTime, time_in_name
from ingestion.connectors.call_records import Said, after
from ingestion.connectors.fields import items, mapping, optional_mapping, optional_text


def voice_analysis(document: dict[str, Any], name: str, limits: Limits) -> list[Parsed]:
    """The records of one analysed call; raises RejectedInput when it has no contact or date."""
    key = contact_of(document, name)
    joined = _joined(document, name)
    roles = roles_in(document)
    exact = joined.moment if joined.precision != "day" else None
    said = [
        _spoken(mapping(item, "Transcript"), index, roles, exact)
        for index, item in enumerate(items(document, "Transcript"))
    ]
    make_unique(said)
    give_way(document, said)
    traits = optional_mapping(document, "ConversationCharacteristics")
    length = milliseconds(traits, "TotalConversationDurationMillis")
    recorded = optional_text(optional_mapping(document, "CustomerMetadata"), "InputS3Uri")
    spoke = any(item.role == "agent" for item in said)
    facts = {
        "channel": "voice",
        "started_at": joined.moment,
        "answered_at": exact if spoke else None,
        "ended_at": after(exact, length),
        "disconnect_reason": "answered" if spoke else None,
        "recordings": [recorded] if recorded else None,
        "metadata": described(document)
        | {"start_from": "file name", "start_precision": joined.precision},
    }
    call = call_of(document, key, joined.moment)
    return [call.interaction(facts, "analysis"), *call.turns(said, "voice", limits)]


def _joined(document: dict[str, Any], name: str) -> NamedTime:
    metadata = optional_mapping(document, "CustomerMetadata")
    for place in (name, optional_text(metadata, "InputS3Uri") or ""):
        found = time_in_name(place, UTC)
        if found is not None:
            return found
    raise RejectedInput(
        "missing_date",
        "the analysis of a call has no date and its file name tells none; deliver it under the"
        " name that Amazon Connect gave it (<contact id>_analysis_<time>Z.json)",
    )


def _spoken(
    entry: dict[str, Any], index: int, roles: dict[str, str], start: datetime | None
) -> Said:
    begin = milliseconds(entry, "BeginOffsetMillis")
    return Said(
        key=optional_text(entry, "Id") or str(index),
        role=role_in(entry, roles),
        text=optional_text(entry, "Content") or "",
        start=begin,
        end=milliseconds(entry, "EndOffsetMillis"),
        at=after(start, begin),
        pointer=f"/Transcript/{index}",
        metadata={"redacted": True} if entry.get("Redaction") else {},
    )
