"""The records of each kind of item in a WhatsApp webhook: message, echo, status, call, error."""

from collections.abc import Callable
from typing import Any

from ingestion.connectors.base import Limits, Parsed, Record, RejectedInput
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
# Voice messages are reported as played instead of read.
STATUSES["played"] = "read"


def _message(item: dict[str, Any], change: Change, limits: Limits, at: str) -> list[Parsed]:
    role = "system" if item.get("type") == "system" else "customer"
    return _said(item, message_chat(item, change), role, limits, at)


def _echo(item: dict[str, Any], change: Change, limits: Limits, at: str) -> list[Parsed]:
    return _said(item, echo_chat(item, change), "agent", limits, at)


def _said(item: dict[str, Any], chat: Chat, role: str, limits: Limits, at: str) -> list[Parsed]:
    return [_turn(item, chat, role, limits, at), *_handles(item, chat, at)]


def _turn(item: dict[str, Any], chat: Chat, role: str, limits: Limits, at: str) -> Record:
    sent_at = epoch_time(item.get("timestamp"), "timestamp")
    native_id = required_text(item, "id")
    content = content_of(item)
    customer = role == "customer"
    data: dict[str, Any] = {
        "action": content.action,
        "turn_id": content.original_id or native_id,
        "role": role,
        "channel": "chat",
    }
    if content.action != "deleted":
        data |= {
            "sender_type": chat.handle_type if customer else None,
            "sender": chat.handle if customer else None,
            "text": _text(content, limits),
            "sent_at": sent_at,
            "reply_to": content.reply_to,
            "direction": _direction(role),
            "metadata": content.metadata | chat.metadata,
        }
    talk = chat.talk(SYSTEM)
    return talk.record("turn", native_id, sent_at, data, at)


def _text(content: Content, limits: Limits) -> str | None:
    if content.text is None:
        return None
    return clean_text(content.text, limits.text_characters)


def _handles(item: dict[str, Any], chat: Chat, at: str) -> list[Parsed]:
    sent_at = epoch_time(item.get("timestamp"), "timestamp")
    talk = chat.talk(SYSTEM)
    return [talk.handle(handle, sent_at, at, chat.name) for handle in chat.handles]


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


def _direction(role: str) -> str | None:
    return {"agent": "outbound", "customer": "inbound"}.get(role)


READERS: dict[str, Callable[[dict[str, Any], Change, Limits, str], list[Parsed]]] = {
    "messages": _message,
    "message_echoes": _echo,
    "statuses": _status,
    "calls": _call,
    "errors": _error,
}
"""By the name of the list; each raises RejectedInput for an item that is none of its kind."""
