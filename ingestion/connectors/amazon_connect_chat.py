"""Contact Lens after a chat: messages, events, and who joined when.

analysis -> one interaction, its turns. Every message has its time; events of joining give the
wait and the answer.
"""

from datetime import datetime
from typing import Any

import orjson

from ingestion.connectors.amazon_connect_analysis import (
    call_of,
    contact_of,
    described,
    display_name,
    give_way,
    make_unique,
    role_in,
    roles_in,
)
from ingestion.connectors.base import Limits, Parsed, RejectedInput
from ingestion.connectors.call_records import Said, known
from ingestion.connectors.fields import aware_time, items, mapping, optional_text

_EVENT = "application/vnd.amazonaws.connect.event."
_INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive"


def chat_analysis(document: dict[str, Any], name: str, limits: Limits) -> list[Parsed]:
    """The records of one analysed chat; raises RejectedInput when it has no contact or message."""
    key = contact_of(document, name)
    roles = roles_in(document)
    said: list[Said] = []
    rejections: list[Parsed] = []
    moments: list[tuple[datetime, str, str]] = []
    for index, item in enumerate(items(document, "Transcript")):
        try:
            entry = mapping(item, "Transcript")
            at = aware_time(entry.get("AbsoluteTime"), "AbsoluteTime")
            event = optional_text(entry, "Type") == "EVENT"
            # The end of a chat is nobody's deed.
            anonymous = event and entry.get("ParticipantId") is None
            role = "system" if anonymous else role_in(entry, roles)
            moments.append((at, role, (optional_text(entry, "ContentType") or "").lower()))
            if not event:
                said.append(_written(entry, index, role, at))
        except RejectedInput as rejected:
            place = f"/Transcript/{index}"
            rejections.append(RejectedInput(rejected.reason, str(rejected), place))
    if not moments:
        return rejections or [
            RejectedInput("no_records", "the chat has no messages; nothing to do")
        ]
    make_unique(said)
    give_way(document, said)
    facts = _chat_facts(document, moments)
    call = call_of(document, key, facts["started_at"])
    return [call.interaction(facts, "analysis"), *call.turns(said, "chat", limits), *rejections]


def _chat_facts(
    document: dict[str, Any], moments: list[tuple[datetime, str, str]]
) -> dict[str, Any]:
    joins = [at for at, role, kind in moments if role == "agent" and kind.endswith(".joined")]
    spoken = [at for at, role, kind in moments if role == "agent" and not kind.startswith(_EVENT)]
    started = min(at for at, _, _ in moments)
    answered = min(joins or spoken, default=None)
    agents = [
        display_name(person)
        for person in items(document, "Participants")
        if isinstance(person, dict) and person.get("ParticipantRole") == "AGENT"
    ]
    return {
        "channel": "chat",
        "direction": "inbound" if moments[0][1] == "customer" else None,
        "agent_id": next((agent for agent in agents if agent), None),
        "started_at": started,
        "answered_at": answered,
        "ended_at": max(at for at, _, _ in moments),
        "wait_seconds": (answered - started).total_seconds() if answered else None,
        "disconnect_reason": "answered" if answered else None,
        "transfers": sum(kind.endswith("transfer.succeeded") for _, _, kind in moments),
        "metadata": described(document),
    }


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
