"""WhatsApp Cloud API webhooks: one body, an array, JSONL, or an object of named bodies.

webhook body -> entry -> change -> message | echo | status -> turn, handle, status records

Mapped: messages, business echoes, edits, revokes, statuses (with the company's own callback
data), captions, replies, reactions, group messages, senders with or without a phone number, calls.
Not mapped: account, template and preference events (rejected as not_a_conversation);
media are never downloaded, coordinates and shared contact cards stay in bronze.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.fields import (
    clean_text,
    epoch_time,
    items,
    mapping,
    optional_mapping,
    required_text,
)
from ingestion.connectors.json_head import outlines
from ingestion.connectors.reading import decode_json, json_payloads
from ingestion.connectors.whatsapp_bodies import OBJECT, PRODUCT, callback_facts, webhook_bodies
from ingestion.connectors.whatsapp_calls import (
    call_event,
    call_records,
    call_status,
    is_call_status,
)
from ingestion.connectors.whatsapp_content import Content, content_of
from ingestion.connectors.whatsapp_people import Change, Chat, echo_chat, message_chat, status_chat

STATUSES = {"sent": "sent", "delivered": "delivered", "read": "read", "failed": "failed"}
# Voice messages are reported as played instead of read.
STATUSES["played"] = "read"

FIELDS = ("messages", "smb_message_echoes", "message_echoes", "calls")


@dataclass(frozen=True)
class WhatsAppConnector(Connector):
    """Reads webhooks of the WhatsApp Cloud API."""

    name: ClassVar[str] = "whatsapp"
    version: ClassVar[str] = "2"
    source_system: ClassVar[str] = "whatsapp"
    session_gap: ClassVar[timedelta | None] = timedelta(hours=24)

    def recognises(self, name: str, head: bytes) -> bool:
        """A JSON text in which an object says that it is a WhatsApp business account.

        Some senders write `object` last; then the product named in the changes decides.
        """
        if OBJECT.encode() not in head and PRODUCT.encode() not in head:
            return False
        return any(
            outline.has_value("object", OBJECT)
            or ("entry" in outline.keys(1) and outline.has_value("messaging_product", PRODUCT))
            for outline in outlines(head)
        )

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line, or the whole document."""
        return json_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """Turns, handles and statuses of one payload; other events are rejected by name."""
        try:
            value = decode_json(payload.raw, self.limits)
            bodies = list(webhook_bodies(value, "", 0))
            if not bodies:
                raise RejectedInput("no_records", "the payload holds no WhatsApp webhook body")
        except RejectedInput as rejected:
            yield rejected
            return
        seen: set[str] = set()
        for body, pointer in bodies:
            for parsed in self._body(body, pointer):
                # The same person is named by every message of a payload; once is enough.
                if isinstance(parsed, Record) and parsed.kind == "handle":
                    if parsed.native_id in seen:
                        continue
                    seen.add(parsed.native_id)
                yield parsed

    def _body(self, body: dict[str, Any], pointer: str) -> Iterator[Parsed]:
        found = False
        try:
            entries = items(body, "entry")
        except RejectedInput as rejected:
            yield rejected
            return
        for index, entry in enumerate(entries):
            place = f"{pointer}/entry/{index}"
            try:
                changes = items(mapping(entry, "entry"), "changes")
            except RejectedInput as rejected:
                found = True
                yield _at(rejected, place)
                continue
            for number, change in enumerate(changes):
                found = True
                yield from self._change(change, f"{place}/changes/{number}")
        if not found:
            yield RejectedInput("no_records", "the webhook has no changes", pointer or "/")

    def _change(self, change: Any, pointer: str) -> Iterator[Parsed]:
        try:
            change = mapping(change, "change")
            field = required_text(change, "field")
            value = optional_mapping(change, "value")
            indexed = Change.of(value)
            listed = [(kind, item) for kind in _READERS for item in _listed(value, kind)]
            if field == "calls" and value.get("calls"):
                # Their errors tell why the call ended, so they are no items of their own.
                listed = [(kind, item) for kind, item in listed if kind != "errors"]
            if field not in FIELDS:
                raise RejectedInput(
                    "not_a_conversation", "this webhook field carries no messages; nothing to do"
                )
            if not listed:
                raise RejectedInput("no_records", "the change holds neither messages nor statuses")
        except RejectedInput as rejected:
            yield _at(rejected, pointer)
            return
        for kind, (number, item) in listed:
            place = f"{pointer}/value/{kind}/{number}"
            try:
                yield from _READERS[kind](self, mapping(item, kind), indexed, place)
            except RejectedInput as rejected:
                yield _at(rejected, place)

    def _message(self, item: dict[str, Any], change: Change, at: str) -> list[Parsed]:
        role = "system" if item.get("type") == "system" else "customer"
        return self._said(item, message_chat(item, change), role, at)

    def _echo(self, item: dict[str, Any], change: Change, at: str) -> list[Parsed]:
        return self._said(item, echo_chat(item, change), "agent", at)

    def _said(self, item: dict[str, Any], chat: Chat, role: str, at: str) -> list[Parsed]:
        return [self._turn(item, chat, role, at), *self._handles(item, chat, at)]

    def _turn(self, item: dict[str, Any], chat: Chat, role: str, at: str) -> Record:
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
                "text": self._text(content),
                "sent_at": sent_at,
                "reply_to": content.reply_to,
                "direction": _direction(role),
                "metadata": content.metadata | chat.metadata,
            }
        talk = chat.talk(self.source_system)
        return talk.record("turn", native_id, sent_at, data, at)

    def _text(self, content: Content) -> str | None:
        if content.text is None:
            return None
        return clean_text(content.text, self.limits.text_characters)

    def _handles(self, item: dict[str, Any], chat: Chat, at: str) -> list[Parsed]:
        sent_at = epoch_time(item.get("timestamp"), "timestamp")
        talk = chat.talk(self.source_system)
        return [talk.handle(handle, sent_at, at, chat.name) for handle in chat.handles]

    def _call(self, item: dict[str, Any], change: Change, at: str) -> list[Parsed]:
        return call_records(call_event(item, change), self.source_system, at)

    def _status(self, item: dict[str, Any], change: Change, at: str) -> list[Parsed]:
        if is_call_status(item):
            return call_records(call_status(item, change), self.source_system, at)
        status = required_text(item, "status")
        if status not in STATUSES:
            raise RejectedInput(
                "unsupported_status", "a status other than sent, delivered, read, played or failed"
            )
        turn_id = required_text(item, "id")
        data = {"turn_id": turn_id, "status": STATUSES[status], **callback_facts(item)}
        event_at = epoch_time(item.get("timestamp"), "timestamp")
        native_id = f"{turn_id}#{status}"
        talk = status_chat(item, change).talk(self.source_system)
        return [talk.record("status", native_id, event_at, data, at)]

    def _error(self, item: dict[str, Any], change: Change, at: str) -> list[Parsed]:
        raise RejectedInput("source_error", "the platform reports an error instead of a message")


_READERS = {
    "messages": WhatsAppConnector._message,
    "message_echoes": WhatsAppConnector._echo,
    "statuses": WhatsAppConnector._status,
    "calls": WhatsAppConnector._call,
    "errors": WhatsAppConnector._error,
}


def _direction(role: str) -> str | None:
    return {"agent": "outbound", "customer": "inbound"}.get(role)


def _listed(value: dict[str, Any], kind: str) -> list[tuple[int, Any]]:
    return list(enumerate(items(value, kind)))


def _at(rejected: RejectedInput, pointer: str) -> RejectedInput:
    return RejectedInput(rejected.reason, str(rejected), pointer)
