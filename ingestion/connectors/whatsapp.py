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
    items,
    mapping,
    optional_mapping,
    required_text,
)
from ingestion.connectors.json_head import outlines
from ingestion.connectors.meta_accounts import SYSTEMS
from ingestion.connectors.reading import decode_json, json_payloads
from ingestion.connectors.whatsapp_bodies import OBJECT, PRODUCT, webhook_bodies
from ingestion.connectors.whatsapp_people import Change
from ingestion.connectors.whatsapp_records import READERS, SYSTEM

FIELDS = ("messages", "smb_message_echoes", "message_echoes", "calls")


@dataclass(frozen=True)
class WhatsAppConnector(Connector):
    """Reads webhooks of the WhatsApp Cloud API.

    Messenger and Instagram may deliver to the same address: their payloads are handed to the
    connectors `beside` this one.
    """

    name: ClassVar[str] = "whatsapp"
    version: ClassVar[str] = "2"
    source_system: ClassVar[str] = SYSTEM
    session_gap: ClassVar[timedelta | None] = timedelta(hours=24)
    beside: tuple[Connector, ...] = ()

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
            if not bodies and isinstance(value, dict) and value.get("object") in tuple(SYSTEMS):
                others = [item for connector in self.beside for item in connector.parse(payload)]
                if others:
                    yield from others
                    return
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
            listed = [
                (kind, number, item)
                for kind in READERS
                if kind in value
                for number, item in enumerate(items(value, kind))
            ]
            if field == "calls" and value.get("calls"):
                # Their errors tell why the call ended, so they are no items of their own.
                listed = [told for told in listed if told[0] != "errors"]
            if field not in FIELDS:
                raise RejectedInput(
                    "not_a_conversation", "this webhook field carries no messages; nothing to do"
                )
            if not listed:
                raise RejectedInput("no_records", "the change holds neither messages nor statuses")
        except RejectedInput as rejected:
            yield _at(rejected, pointer)
            return
        for kind, number, item in listed:
            place = f"{pointer}/value/{kind}/{number}"
            try:
                yield from READERS[kind](mapping(item, kind), indexed, self.limits, place)
            except RejectedInput as rejected:
                yield _at(rejected, place)


def _at(rejected: RejectedInput, pointer: str) -> RejectedInput:
    return RejectedInput(rejected.reason, str(rejected), pointer)
