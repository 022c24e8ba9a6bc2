"""The records of each kind of item in a WhatsApp webhook: message, echo, status, call, error."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from ingestion.connectors.base import Limits, Parsed, RejectedInput
from ingestion.connectors.fields import clean_text, epoch_time, required_text
from ingestion.connectors.whatsapp_bodies import callback_facts
from ingestion.connectors.whatsapp_calls import (
    call_event,
    call_records,
    call_status,
    is_call_status,
)
from ingestion.connectors.whatsapp_content import Content, content_of
from ingestion.connectors.whatsapp_people import Change, Chat, echo_chat, message_chat, status_chat

SYSTEM = "whatsapp"
STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed"}
_DIRECTIONS = {"agent": "outbound", "customer": "inbound"}
# Voice messages are reported as played instead of read.
STATUSES["played"] = "read"


def _message(item: dict[str, Any], change: Change, limits: Limits, at: str) -> list[Parsed]:
    role = "system" if item.get("type") == "system" else "customer"
    return _said(item, message_chat(item, change), role, limits, at)


def _echo(item: dict[str, Any], change: Change, limits: Limits, at: str) -> list[Parsed]:
    return _said(item, echo_chat(item, change), "agent", limits, at)


def _said(item: dict[str, Any], chat: Chat, role: str, limits: Limits, at: str) -> list[Parsed]:
    sent_at = epoch_time(item.get("timestamp"), "timestamp")
    talk, handles = chat.talk(SYSTEM), chat.handles
    sender = handles[0] if handles and role == "customer" else (None, None)
    native_id, data = _turn(item, chat, role, sender, limits, sent_at)
    said = talk.record("turn", native_id, sent_at, data, at)
    return [said, *(talk.handle(handle, sent_at, at, chat.name) for handle in handles)]


def _turn(
    item: dict[str, Any],
    chat: Chat,
    role: str,
    sender: tuple[str | None, str | None],
    limits: Limits,
    sent_at: datetime,
) -> tuple[str, dict[str, Any]]:
    """The message's own id, and the data of its turn."""
    native_id = required_text(item, "id")
    content = content_of(item)
    data: dict[str, Any] = {
        "action": content.action,
        "turn_id": content.original_id or native_id,
        "role": role,
        "channel": "chat",
    }
    if content.action != "deleted":
        data |= {
            "sender_type": sender[0],
            "sender": sender[1],
            "text": _text(content, limits),
            "sent_at": sent_at,
            "reply_to": content.reply_to,
            "direction": _DIRECTIONS.get(role),
            "metadata": content.metadata | chat.metadata,
        }
    return native_id, data


def _text(content: Content, limits: Limits) -> str | None:
    if content.text is None:
        return None
    return clean_text(content.text, limits.text_characters)


def _call(item: dict[str, Any], change: Change, limits: Limits, at: str) -> list[Parsed]:
    return call_records(call_event(item, change), SYSTEM, at)


def _status(item: dict[str, Any], change: Change, limits: Limits, at: str) -> list[Parsed]:
    if is_call_status(item):
        return call_records(call_status(item, change), SYSTEM, at)
    status = required_text(item, "status")
    if status not in STATUSES:
        raise RejectedInput(
            "unsupported_status", "a status other than sent, delivered, read, played or failed"
        )
    turn_id = required_text(item, "id")
    data = {"turn_id": turn_id, "status": STATUSES[status], **callback_facts(item)}
    event_at = epoch_time(item.get("timestamp"), "timestamp")
    native_id = f"{turn_id}#{status}"
    talk = status_chat(item, change).talk(SYSTEM)
    return [talk.record("status", native_id, event_at, data, at)]


def _error(item: dict[str, Any], change: Change, limits: Limits, at: str) -> list[Parsed]:
    raise RejectedInput("source_error", "the platform reports an error instead of a message")


READERS: dict[str, Callable[[dict[str, Any], Change, Limits, str], list[Parsed]]] = {
    "messages": _message,
    "message_echoes": _echo,
    "statuses": _status,
    "calls": _call,
    "errors": _error,
}
"""By the name of the list; each raises RejectedInput for an item that is none of its kind."""
