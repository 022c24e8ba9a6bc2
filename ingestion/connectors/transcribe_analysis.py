"""The plain output of Amazon Transcribe Call Analytics.

analysis -> interaction and turns. The call is named by its job or session. A redacted output
follows the raw one of the same job and takes its place.
"""

from datetime import UTC, datetime, timedelta
from pathlib import PurePosixPath
from typing import Any

from ingestion.connectors.amazon_measures import measures, milliseconds
from ingestion.connectors.base import Limits, Parsed, RejectedInput
from ingestion.connectors.call_names import NamedTime, time_in_name
from ingestion.connectors.call_records import Call, Said, after, known
from ingestion.connectors.fields import (
    items,
    mapping,
    optional_mapping,
    optional_text,
    required_text,
)

SYSTEM = "transcribe"
ROLES = {"AGENT": "agent", "CUSTOMER": "customer"}
REPLACES_RAW = timedelta(milliseconds=1)


def analysed_call(
    document: dict[str, Any], name: str, pointer: str, limits: Limits
) -> list[Parsed]:
    """The records of one analysis; raises RejectedInput without a job name or a date."""
    status = optional_text(document, "JobStatus")
    if status not in (None, "COMPLETED"):
        raise RejectedInput("no_transcript", "the job failed or is not complete; nothing to do")
    key = _key(document, name)
    made = _made(document, key, name)
    redacted = optional_text(optional_mapping(document, "ContentMetadata"), "Output")
    # A parsed call is made from this and says more about it; what was redacted comes before raw.
    rank = 1 if redacted == "Redacted" else 2
    exact = made.moment if made.precision != "day" else None
    said = [
        _said(mapping(item, "Transcript"), index, exact, rank)
        for index, item in enumerate(items(document, "Transcript"))
    ]
    traits = optional_mapping(document, "ConversationCharacteristics")
    metadata = measures(traits) | known(
        {
            "analysis": "call analytics",
            "output": (redacted or "").lower() or None,
            "language_code": optional_text(document, "LanguageCode"),
            "categories": _categories(document),
            "start_from": "name",
            "start_precision": made.precision,
        }
    )
    length = milliseconds(traits, "TotalConversationDurationMillis")
    spoke = any(item.role == "agent" for item in said)
    facts = {
        "channel": "voice",
        "started_at": made.moment,
        "ended_at": after(exact, length),
        "disconnect_reason": "answered" if spoke else None,
        "metadata": metadata,
    }
    at = made.moment + REPLACES_RAW if redacted == "Redacted" else made.moment
    call = Call(SYSTEM, key, at, pointer=pointer)
    return [call.interaction(facts, "analysis"), *call.turns(said, "voice", limits)]


def _key(document: dict[str, Any], name: str) -> str:
    told = optional_text(document, "JobName") or optional_text(document, "SessionId")
    told = told or PurePosixPath(name).stem or None
    if told is None:
        raise RejectedInput("missing_field", "JobName and SessionId are missing; deliver one")
    return told.removeprefix("redacted-")


def _made(document: dict[str, Any], key: str, name: str) -> NamedTime:
    for place in (key, name):
        found = time_in_name(place, UTC if "Z" in place else None)
        if found is not None:
            return found
    raise RejectedInput(
        "missing_date",
        "the analysis has no date, and neither the job nor the file name tells one with its"
        " offset; name the job or the file like order-77_2026-03-02T09:00:00+07:00.json",
    )


def _said(entry: dict[str, Any], index: int, start: datetime | None, rank: int) -> Said:
    role = ROLES.get(required_text(entry, "ParticipantRole"))
    if role is None:
        raise RejectedInput(
            "unknown_role", "ParticipantRole is neither AGENT nor CUSTOMER", f"/Transcript/{index}"
        )
    begin = milliseconds(entry, "BeginOffsetMillis")
    return Said(
        key=optional_text(entry, "Id") or str(index),
        role=role,
        text=optional_text(entry, "Content") or "",
        start=begin,
        end=milliseconds(entry, "EndOffsetMillis"),
        at=after(start, begin),
        provisional=rank,
        pointer=f"/Transcript/{index}",
    )


def _categories(document: dict[str, Any]) -> list[str]:
    matched = items(optional_mapping(document, "Categories"), "MatchedCategories")
    return [word for word in matched if isinstance(word, str)]
