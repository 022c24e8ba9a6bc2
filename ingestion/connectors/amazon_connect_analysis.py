"""Contact Lens after the contact: the analysed call or chat with its transcript.

analysis -> one interaction, its turns. A call's analysis has no date of its own: the name of its
file tells when the agent joined (UTC, by the vendor's documentation), else the name of the
recording that it analyses does. Chats date every message. A redacted analysis takes the place of
the raw one, so what the vendor hid stays hidden.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson

from ingestion.connectors.amazon_connect_record import SYSTEM, contact_id
from ingestion.connectors.amazon_measures import measures, milliseconds
from ingestion.connectors.base import Limits, Parsed, RejectedInput
from ingestion.connectors.call_names import NamedTime, time_in_name
from ingestion.connectors.call_records import Call, Said, after, known
from ingestion.connectors.fields import (
    aware_time,
    items,
    mapping,
    optional_mapping,
    optional_text,
    required_text,
)

ROLES = {
    "CUSTOMER": "customer",
    "AGENT": "agent",
    "SUPERVISOR": "agent",
    "SYSTEM": "system",
    "CUSTOM_BOT": "bot",
    "BOT": "bot",
}
REPLACES_RAW = timedelta(milliseconds=1)
_ID_IN_NAME = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})[_.]", re.IGNORECASE)
_EVENT = "application/vnd.amazonaws.connect.event."
_INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive"


def voice_analysis(document: dict[str, Any], name: str, limits: Limits) -> list[Parsed]:
    """The records of one analysed call; raises RejectedInput when it has no contact or date."""
    key = _contact(document, name)
    joined = _joined(document, name)
    roles = _roles(document)
    exact = joined.moment if joined.precision != "day" else None
    said = [
        _spoken(mapping(item, "Transcript"), index, roles, exact)
        for index, item in enumerate(items(document, "Transcript"))
    ]
    _unique(said)
    traits = optional_mapping(document, "ConversationCharacteristics")
    length = milliseconds(traits, "TotalConversationDurationMillis")
    spoke = any(item.role == "agent" for item in said)
    facts = {
        "channel": "voice",
        "started_at": joined.moment,
        "answered_at": exact if spoke else None,
        "ended_at": after(exact, length),
        "disconnect_reason": "answered" if spoke else None,
        "metadata": _described(document)
        | {"start_from": "file name", "start_precision": joined.precision},
    }
    call = _call(document, key, joined.moment)
    return [call.interaction(facts, "analysis"), *call.turns(said, "voice", limits)]


def chat_analysis(document: dict[str, Any], name: str, limits: Limits) -> list[Parsed]:
    """The records of one analysed chat; raises RejectedInput when it has no contact or message."""
    key = _contact(document, name)
    roles = _roles(document)
    said: list[Said] = []
    rejections: list[Parsed] = []
    moments: list[tuple[datetime, str, str]] = []
    for index, item in enumerate(items(document, "Transcript")):
        try:
            entry = mapping(item, "Transcript")
            at = aware_time(entry.get("AbsoluteTime"), "AbsoluteTime")
            role = _role(entry, roles)
            moments.append((at, role, (optional_text(entry, "ContentType") or "").lower()))
            if optional_text(entry, "Type") != "EVENT":
                said.append(_written(entry, index, role, at))
        except RejectedInput as rejected:
            place = f"/Transcript/{index}"
            rejections.append(RejectedInput(rejected.reason, str(rejected), place))
    if not moments:
        return rejections or [
            RejectedInput("no_records", "the chat has no messages; nothing to do")
        ]
    _unique(said)
    facts = _chat_facts(document, moments)
    call = _call(document, key, facts["started_at"])
    return [call.interaction(facts, "analysis"), *call.turns(said, "chat", limits), *rejections]


def _chat_facts(
    document: dict[str, Any], moments: list[tuple[datetime, str, str]]
) -> dict[str, Any]:
    joins = [at for at, role, kind in moments if role == "agent" and kind.endswith(".joined")]
    spoken = [at for at, role, kind in moments if role == "agent" and not kind.startswith(_EVENT)]
    started = min(at for at, _, _ in moments)
    answered = min(joins or spoken, default=None)
    agents = [
        optional_text(person, "DisplayName")
        for person in items(document, "Participants")
        if isinstance(person, dict) and person.get("ParticipantRole") == "AGENT"
    ]
    return {
        "channel": "chat",
        "agent_id": next((agent for agent in agents if agent), None),
        "started_at": started,
        "answered_at": answered,
        "ended_at": max(at for at, _, _ in moments),
        "wait_seconds": (answered - started).total_seconds() if answered else None,
        "disconnect_reason": "answered" if answered else None,
        "transfers": sum(kind.endswith("transfer.succeeded") for _, _, kind in moments),
        "metadata": _described(document),
    }


def _contact(document: dict[str, Any], name: str) -> str:
    told = optional_text(optional_mapping(document, "CustomerMetadata"), "ContactId")
    if told is None:
        named = _ID_IN_NAME.search(name)
        told = named.group(1).lower() if named else None
    if told is None:
        raise RejectedInput(
            "missing_field",
            "CustomerMetadata.ContactId is missing and the file name does not tell the contact"
            " either; deliver the analysis under the name that Amazon Connect gave it"
            " (<contact id>_analysis_<time>Z.json)",
        )
    return contact_id(told)


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


def _call(document: dict[str, Any], key: str, at: datetime) -> Call:
    redacted = _output(document) == "Redacted"
    people = (item for item in items(document, "Participants") if isinstance(item, dict))
    names = {
        shown
        for person in people
        if (shown := optional_text(person, "DisplayName"))
        and ROLES.get(str(person.get("ParticipantRole"))) in ("customer", "agent")
    }
    # Both outputs of one contact carry the same turns; the later statement is the one that counts.
    return Call(SYSTEM, key, at + REPLACES_RAW if redacted else at, names=tuple(sorted(names)))


def _output(document: dict[str, Any]) -> str | None:
    return optional_text(optional_mapping(document, "ContentMetadata"), "Output")


def _roles(document: dict[str, Any]) -> dict[str, str]:
    """Participants by id; some are listed without a role, but say it with their words."""
    people = (mapping(item, "Participants") for item in items(document, "Participants"))
    told = (
        (optional_text(person, "ParticipantId"), optional_text(person, "ParticipantRole"))
        for person in people
    )
    return {who: role for who, role in told if who and role}


def _role(entry: dict[str, Any], roles: dict[str, str]) -> str:
    word = optional_text(entry, "ParticipantRole")
    if word is None:
        spoken_by = optional_text(entry, "ParticipantId") or ""
        word = roles.get(spoken_by, spoken_by)
    role = ROLES.get(word)
    if role is None:
        raise RejectedInput(
            "unknown_role", "a ParticipantRole is none of " + ", ".join(sorted(ROLES))
        )
    return role


def _spoken(
    entry: dict[str, Any], index: int, roles: dict[str, str], start: datetime | None
) -> Said:
    begin = milliseconds(entry, "BeginOffsetMillis")
    return Said(
        key=optional_text(entry, "Id") or str(index),
        role=_role(entry, roles),
        text=optional_text(entry, "Content") or "",
        start=begin,
        end=milliseconds(entry, "EndOffsetMillis"),
        at=after(start, begin),
        pointer=f"/Transcript/{index}",
        metadata={"redacted": True} if entry.get("Redaction") else {},
    )


def _written(entry: dict[str, Any], index: int, role: str, at: datetime) -> Said:
    media = optional_text(entry, "ContentType") or ""
    text = optional_text(entry, "Content") or ""
    attached = [
        optional_text(item, "ContentType")
        for item in items(entry, "Attachments")
        if isinstance(item, dict)
    ]
    if media.startswith(_INTERACTIVE):
        text = _title(text)
    return Said(
        key=optional_text(entry, "Id") or str(index),
        role=role,
        text=text,
        at=at,
        pointer=f"/Transcript/{index}",
        metadata=known(
            {
                "redacted": True if entry.get("Redaction") else None,
                "attachments": [kind for kind in attached if kind],
                "content_type": media if media and not media.startswith("text/") else None,
            }
        ),
    )


def _title(text: str) -> str:
    """The words that a list or time picker shows; its layout is not said by anybody."""
    try:
        content = orjson.loads(text)["data"]["content"]
        return str(content["title"])
    except (ValueError, KeyError, TypeError):
        return ""


def _unique(said: list[Said]) -> None:
    """Manuals print one placeholder as the id of all turns; the place is unique then."""
    if len({item.key for item in said}) < len(said):
        for index, item in enumerate(said):
            item.key = str(index)


def _described(document: dict[str, Any]) -> dict[str, Any]:
    """What Contact Lens measured, in the words that all call analyses share."""
    matched = items(optional_mapping(document, "Categories"), "MatchedCategories")
    return measures(optional_mapping(document, "ConversationCharacteristics")) | known(
        {
            "analysis": "contact lens",
            "output": (_output(document) or "").lower() or None,
            "language_code": optional_text(document, "LanguageCode"),
            "categories": [word for word in matched if isinstance(word, str)],
        }
    )
