"""Calls over WhatsApp: what their events say about one voice interaction.

call event or call status -> facts of the interaction. A call is a conversation of its own, apart
from the chat with the same person. Its start is the earliest event that came: the connect event
or, for an answered call, the start that its terminate event tells.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingestion.connectors.base import Parsed, RejectedInput
from ingestion.connectors.conversation_records import Talk, names_of
from ingestion.connectors.fields import (
    epoch_time,
    items,
    optional_text,
    required_text,
    seconds,
)
from ingestion.connectors.whatsapp_bodies import callback_facts
from ingestion.connectors.whatsapp_people import Change, Chat, call_chat, status_chat

DIRECTIONS = {"USER_INITIATED": "inbound", "BUSINESS_INITIATED": "outbound"}
EVENTS = ("connect", "terminate")
# Ringing adds only that the call exists; the other two say how it went on.
STATUSES = ("RINGING", "ACCEPTED", "REJECTED")


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One event of a call: `began_at` is the earliest time that the event tells."""

    call_id: str
    native_id: str
    event_at: datetime
    began_at: datetime
    chat: Chat
    facts: dict[str, Any]


def call_event(item: dict[str, Any], change: Change) -> CallEvent:
    """A connect or terminate event; raises RejectedInput for any other."""
    event = required_text(item, "event")
    if event not in EVENTS:
        raise RejectedInput("unsupported_event", "a call event other than connect and terminate")
    call_id = required_text(item, "id")
    event_at = epoch_time(item.get("timestamp"), "timestamp")
    direction = DIRECTIONS.get(optional_text(item, "direction") or "")
    chat = call_chat(item, change, outbound=direction == "outbound")
    facts = {"channel": "voice", "direction": direction, "metadata": {"kind": "whatsapp_call"}}
    facts |= _sent_along(item)
    began_at = event_at
    if event == "terminate":
        ended = _ended(item, change, event_at)
        facts |= ended | {"metadata": facts["metadata"] | ended["metadata"]}
        began_at = ended["answered_at"] or event_at
    return CallEvent(call_id, f"{call_id}#{event}", event_at, began_at, chat, facts)


def call_status(item: dict[str, Any], change: Change) -> CallEvent:
    """How a call of the business goes on; only such calls have statuses."""
    status = required_text(item, "status").upper()
    if status not in STATUSES:
        raise RejectedInput(
            "unsupported_status", "a call status other than ringing, accepted and rejected"
        )
    call_id = required_text(item, "id")
    event_at = epoch_time(item.get("timestamp"), "timestamp")
    facts: dict[str, Any] = {"channel": "voice", "direction": "outbound", **_sent_along(item)}
    if status == "ACCEPTED":
        facts |= {"answered_at": event_at}
    elif status == "REJECTED":
        facts |= {"ended_at": event_at, "disconnect_reason": "missed"}
    chat = status_chat(item, change)
    return CallEvent(call_id, f"{call_id}#{status}", event_at, event_at, chat, facts)


def call_records(event: CallEvent, source_system: str, at: str) -> list[Parsed]:
    """The interaction and the handles of the person at the other end."""
    talk = Talk(source_system, event.call_id, names=names_of(event.chat.name))
    metadata = event.chat.metadata | event.facts.get("metadata", {})
    facts = event.facts | {"metadata": metadata}
    stated = talk.record("interaction", event.native_id, event.event_at, facts, at)
    people = [
        talk.handle(handle, event.began_at, at, event.chat.name) for handle in event.chat.handles
    ]
    return [stated, *people]


def _ended(item: dict[str, Any], change: Change, event_at: datetime) -> dict[str, Any]:
    """Times are told only of calls that were picked up; all others were missed."""
    duration = seconds(item, "duration")
    answered = bool(duration)
    started = item.get("start_time")
    ended = item.get("end_time")
    codes = [error.get("code") for error in items(change.value, "errors") if _is_error(error)]
    metadata = {"status": item.get("status") if isinstance(item.get("status"), str) else None}
    return {
        "answered_at": epoch_time(started, "start_time") if answered and started else None,
        "ended_at": epoch_time(ended, "end_time") if answered and ended else event_at,
        "talk_seconds": duration,
        "disconnect_reason": "answered" if answered else "missed",
        "metadata": {key: value for key, value in metadata.items() if value}
        | ({"error_codes": codes} if codes else {}),
    }


def _is_error(error: object) -> bool:
    return isinstance(error, dict) and isinstance(error.get("code"), int)


def _sent_along(item: dict[str, Any]) -> dict[str, Any]:
    told = callback_facts(item)
    return {key: told[key] for key in ("agent_id", "queue", "campaign")}


def is_call_status(item: dict[str, Any]) -> bool:
    """Whether a status is about a call and not about a message."""
    return item.get("type") == "call"
