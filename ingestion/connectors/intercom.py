"""Intercom API answers and webhook events: conversations, tickets, messages, contacts.

answer -> conversation -> first message and parts -> interaction, turn and handle records
contact -> contact card

Mapped: single conversations, lists, search answers, tickets, notification events; replies of
customers, admins, bots; closing, reopening, snoozing and assignment as system turns; ratings,
tags, teams, redacted parts as deletions; contacts with e-mail, phone and external id.
Not mapped: the words of internal notes (their system turn has none), attribute changes and other
parts without words, companies, tags, segments, subscriptions, articles, deleted contacts.
Times are Unix seconds. HTML bodies become text.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, RejectedInput
from ingestion.connectors.conversation_records import Talk, names_of
from ingestion.connectors.fields import (
    items,
    mapping,
    optional_mapping,
)
from ingestion.connectors.intercom_facts import channel_of, facts_of
from ingestion.connectors.intercom_outline import is_intercom
from ingestion.connectors.intercom_people import (
    SYSTEM,
    card,
    handles_of,
    required_native,
)
from ingestion.connectors.intercom_turns import first_turn, message_turn, part_turn
from ingestion.connectors.json_bodies import json_bodies
from ingestion.connectors.json_head import outlines
from ingestion.connectors.moments import epoch_moment
from ingestion.connectors.reading import decode_json, json_payloads


@dataclass(frozen=True)
class IntercomConnector(Connector):
    """Reads what the Intercom API and its webhooks send."""

    name: ClassVar[str] = "intercom"
    version: ClassVar[str] = "1"
    source_system: ClassVar[str] = SYSTEM

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON with the types and keys of conversations, contacts or notification events."""
        return any(is_intercom(outline) for outline in outlines(head))

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line, or the whole document."""
        return json_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The records of each object in the answer; other objects are rejected by name."""
        try:
            value = decode_json(payload.raw, self.limits)
        except RejectedInput as rejected:
            yield rejected
            return
        found = False
        for body, pointer in json_bodies(value, lambda item: isinstance(item.get("type"), str)):
            found = True
            for item, place in _objects(body, pointer):
                try:
                    yield from self._object(mapping(item, "object"), place)
                except RejectedInput as rejected:
                    yield RejectedInput(rejected.reason, str(rejected), rejected.position or place)
        if not found:
            yield RejectedInput("no_records", "the payload is empty")

    def _object(self, item: dict[str, Any], pointer: str) -> Iterator[Parsed]:
        kind = item.get("type")
        if kind in ("conversation", "ticket"):
            yield from self._conversation(item, pointer)
        elif kind in ("user_message", "admin_message") and item.get("conversation_id"):
            yield message_turn(item, self.limits, pointer)
        elif kind in ("contact", "user", "lead") and ("created_at" in item):
            yield card(item, pointer)
        elif kind in ("list", "conversation.list", "contact.list"):
            raise RejectedInput("no_records", "the list is empty")
        else:
            raise RejectedInput(
                "not_a_conversation", "neither a conversation nor a contact; nothing to do"
            )

    def _conversation(self, item: dict[str, Any], pointer: str) -> Iterator[Parsed]:
        key = required_native(item, "id")
        created_at = epoch_moment(item.get("created_at"), "created_at")
        updated_at = epoch_moment(item.get("updated_at") or item["created_at"], "updated_at")
        parts, unread = _parts(item, pointer)
        read = [part for part, _ in parts]
        source = optional_mapping(item, "source")
        people = list(handles_of(item, [source, *read]))
        talk = Talk(SYSTEM, key, names=names_of(*(name for _, _, name in people)))
        facts = facts_of(item, read) | {"started_at": created_at}
        yield talk.record("interaction", key, updated_at, facts, pointer)
        for kind, handle, name in people:
            yield talk.handle((kind, handle), created_at, pointer, name)
        yield from first_turn(talk, item, source, (created_at, updated_at), self.limits, pointer)
        yield from unread
        for number, (part, place) in enumerate(parts, start=1):
            try:
                yield from part_turn(talk, part, number, channel_of(item), self.limits, place)
            except RejectedInput as rejected:
                yield RejectedInput(rejected.reason, str(rejected), place)


def _objects(body: Any, pointer: str) -> Iterator[tuple[Any, str]]:
    """The objects of a list or event, or the body itself."""
    if isinstance(body, dict):
        for name in ("conversations", "data", "contacts", "tickets"):
            listed = body.get(name)
            if body.get("type") != "conversation" and isinstance(listed, list) and listed:
                for index, item in enumerate(listed):
                    yield item, f"{pointer}/{name}/{index}"
                return
        event = body.get("data")
        if body.get("type") == "notification_event" and isinstance(event, dict):
            yield event.get("item"), f"{pointer}/data/item"
            return
    yield body, pointer


def _parts(
    item: dict[str, Any], pointer: str
) -> tuple[list[tuple[dict[str, Any], str]], list[RejectedInput]]:
    """The parts with their places, in order; those that are no objects are rejected."""
    name = "ticket_parts" if item.get("type") == "ticket" else "conversation_parts"
    listed = optional_mapping(item, name)
    found: list[tuple[dict[str, Any], str]] = []
    unread: list[RejectedInput] = []
    for index, part in enumerate(items(listed, name)):
        place = f"{pointer}/{name}/{name}/{index}"
        try:
            part = mapping(part, "part")
            optional_mapping(part, "author")
            optional_mapping(part, "assigned_to")
            found.append((part, place))
        except RejectedInput as rejected:
            unread.append(RejectedInput(rejected.reason, str(rejected), place))
    return found, unread
