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
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.conversation_records import Talk, names_of, without_nothing
from ingestion.connectors.email_html import html_to_text
from ingestion.connectors.fields import (
    clean_text,
    items,
    mapping,
    optional_mapping,
    optional_text,
)
from ingestion.connectors.intercom_facts import channel_of, facts_of
from ingestion.connectors.intercom_outline import is_intercom
from ingestion.connectors.intercom_people import (
    CONTACT,
    SYSTEM,
    author_of,
    card,
    contacts_of,
    handles_of,
    native,
    required_native,
)
from ingestion.connectors.json_bodies import json_bodies
from ingestion.connectors.json_head import outlines
from ingestion.connectors.moments import epoch_moment
from ingestion.connectors.reading import decode_json, json_payloads

NOTES = ("note", "note_and_reopen")
# Parts that say what became of the conversation; all others without words are left out.
EVENTS = ("open", "close", "snoozed", "unsnoozed", "timer_unsnooze", "participant_added")


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
            yield self._message(item, pointer)
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
        yield from self._first(talk, item, source, (created_at, updated_at), pointer)
        yield from unread
        for number, (part, place) in enumerate(parts, start=1):
            try:
                yield from self._part(talk, part, number, channel_of(item), place)
            except RejectedInput as rejected:
                yield RejectedInput(rejected.reason, str(rejected), place)

    def _first(
        self,
        talk: Talk,
        item: dict[str, Any],
        source: dict[str, Any],
        times: tuple[datetime, datetime],
        pointer: str,
    ) -> Iterator[Record]:
        """The message that opened the conversation, or the description of a ticket."""
        created_at, updated_at = times
        attributes = optional_mapping(item, "ticket_attributes")
        description = optional_text(attributes, "_default_description_")
        if native(source, "id") and "body" in source:
            turn_id = f"message:{native(source, 'id')}"
            data = self._data(source, turn_id, created_at, channel_of(item))
            yield talk.record("turn", turn_id, created_at, data, f"{pointer}/source")
            if source.get("redacted") is True:
                yield talk.deletion(turn_id, updated_at, f"{pointer}/source")
        elif description:
            turn_id = f"ticket:{talk.key}"
            writer = next(iter(contacts_of(item)), {}) | {"type": "contact"}
            part = {"body": description, "author": writer}
            data = self._data(part, turn_id, created_at, "chat") | {"stands_in": True}
            yield talk.record("turn", turn_id, created_at, data, f"{pointer}/ticket_attributes")

    def _part(
        self, talk: Talk, part: dict[str, Any], number: int, channel: str, at: str
    ) -> Iterator[Record]:
        turn_id = f"part:{required_native(part, 'id')}"
        created_at = epoch_moment(part.get("created_at"), "created_at")
        stamp = part.get("updated_at") or part.get("created_at")
        changed_at = epoch_moment(stamp, "updated_at")
        kind = optional_text(part, "part_type") or "comment"
        data = self._data(part, turn_id, created_at, channel)
        data["order"] = number
        blanked = part.get("redacted") is True
        wordless = data["text"] is None and not part.get("attachments") and not blanked
        silent = kind in NOTES or wordless
        if silent:
            if kind not in (*NOTES, *EVENTS) and "assign" not in kind:
                return
            data |= {"role": "system", "sender_type": None, "sender": None, "text": None}
            data["metadata"] = {"event": "internal_note" if kind in NOTES else kind}
        yield talk.record("turn", turn_id, created_at, data, at)
        if blanked:
            yield talk.deletion(turn_id, changed_at, at)

    def _message(self, item: dict[str, Any], pointer: str) -> Record:
        """The answer to a message that the API itself sent: it opened the conversation."""
        turn_id = f"message:{required_native(item, 'id')}"
        talk = Talk(SYSTEM, required_native(item, "conversation_id"))
        created_at = epoch_moment(item.get("created_at"), "created_at")
        author = {"type": str(item["type"]).removesuffix("_message")}
        data = self._data(item | {"author": author}, turn_id, created_at, "chat")
        return talk.record("turn", turn_id, created_at, data, pointer)

    def _data(
        self, part: dict[str, Any], turn_id: str, sent_at: datetime, channel: str
    ) -> dict[str, Any]:
        author, role = author_of(part)
        sender = native(author, "id") if role == "customer" else None
        attached = [mapping(item, "attachment") for item in items(part, "attachments")]
        kinds = [optional_text(item, "content_type") or "file" for item in attached]
        return {
            "action": "sent",
            "turn_id": turn_id,
            "role": role,
            "sender_type": CONTACT if sender else None,
            "sender": sender,
            "agent_id": native(author, "id") if role == "agent" else None,
            # What was blanked holds a notice of the platform, nobody's words.
            "text": None if part.get("redacted") else self._text(optional_text(part, "body")),
            "sent_at": sent_at,
            "channel": channel,
            "metadata": without_nothing(
                {"type": optional_text(part, "part_type"), "attachments": kinds}
            ),
        }

    def _text(self, body: str | None) -> str | None:
        if body is None:
            return None
        body = clean_text(body, self.limits.text_characters)
        return (html_to_text(body) if "<" in body and ">" in body else body).strip() or None


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
