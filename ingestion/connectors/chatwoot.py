"""Chatwoot webhooks and API answers: messages, conversations, contacts.

webhook or answer -> message | conversation | contact -> turns, interactions, handles, cards

Mapped: message_created and message_updated, conversation events with their changes, conversation
lists, message lists, contact events and lists; messages of customers, agents, bots and templates;
deletions; deliveries; answers to forms; satisfaction answers; hand-overs and reopenings.
Not mapped: the words of private notes (their system turn has none), typing and widget events,
attachments themselves.
Times are Unix seconds, or ISO 8601 with an offset or the word UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, RejectedInput
from ingestion.connectors.chatwoot_conversations import (
    channel_of,
    conversation_records,
    handle_records,
    key_of,
    talk_of,
)
from ingestion.connectors.chatwoot_messages import (
    kind_of,
    message_records,
    rating_of,
    sender_of,
)
from ingestion.connectors.chatwoot_outline import MESSAGE_EVENTS, is_chatwoot
from ingestion.connectors.chatwoot_people import SYSTEM, card
from ingestion.connectors.conversation_records import Talk, names_of
from ingestion.connectors.fields import items, mapping, optional_mapping, optional_text
from ingestion.connectors.json_bodies import json_bodies
from ingestion.connectors.json_head import outlines
from ingestion.connectors.moments import any_moment
from ingestion.connectors.reading import decode_json, json_payloads

_ENVELOPES = ("payload", "data", "conversations", "messages", "contacts")


@dataclass(frozen=True)
class ChatwootConnector(Connector):
    """Reads what Chatwoot sends and answers."""

    name: ClassVar[str] = "chatwoot"
    version: ClassVar[str] = "1"
    source_system: ClassVar[str] = SYSTEM

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON with the event names or the keys of Chatwoot."""
        return any(is_chatwoot(outline) for outline in outlines(head))

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line, or the whole document."""
        return json_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The records of each event or object; other events are rejected by name."""
        try:
            value = decode_json(payload.raw, self.limits)
        except RejectedInput as rejected:
            yield rejected
            return
        found = False
        for body, pointer in json_bodies(value, _is_body):
            for item, place in _objects(body, pointer, 0):
                found = True
                try:
                    yield from self._object(mapping(item, "object"), place)
                except RejectedInput as rejected:
                    yield RejectedInput(rejected.reason, str(rejected), rejected.position or place)
        if not found:
            yield RejectedInput("no_records", "the answer lists nothing")

    def _object(self, item: dict[str, Any], pointer: str) -> Iterator[Parsed]:
        event = (optional_text(item, "event") or "").removeprefix("automation_event.")
        if event in MESSAGE_EVENTS or (not event and _is_message(item)):
            yield from self._message(item, pointer)
        elif _is_conversation(item) and "typing" not in event:
            yield from self._conversation(item, pointer)
        elif event.startswith("contact_") or (not event and _is_contact(item)):
            yield card(item, pointer)
        else:
            raise RejectedInput(
                "not_a_conversation", "no message, conversation or contact; nothing to do"
            )

    def _message(self, item: dict[str, Any], pointer: str) -> Iterator[Parsed]:
        """A message on its own: webhooks add the conversation, lists only its number."""
        conversation = optional_mapping(item, "conversation")
        inbox = {"inbox": item.get("inbox"), "inbox_id": item.get("inbox_id")}
        number = conversation.get("id") or conversation.get("display_id")
        if number is None:
            talk = Talk(SYSTEM, key_of(item, "conversation_id"))
        else:
            known = {key: value for key, value in inbox.items() if value is not None}
            conversation = known | conversation | {"id": number}
            talk = talk_of(conversation)
            if _is_conversation(conversation) and "created_at" in conversation:
                yield from conversation_records(talk, conversation, f"{pointer}/conversation")
        yield from self._said(talk, item, channel_of(conversation), pointer)

    def _conversation(self, item: dict[str, Any], pointer: str) -> Iterator[Parsed]:
        talk = talk_of(item)
        yield from conversation_records(talk, item, pointer)
        for index, message in enumerate(items(item, "messages")):
            place = f"{pointer}/messages/{index}"
            try:
                yield from self._said(talk, mapping(message, "message"), channel_of(item), place)
            except RejectedInput as rejected:
                yield RejectedInput(rejected.reason, str(rejected), place)

    def _said(
        self, talk: Talk, item: dict[str, Any], channel: str, pointer: str
    ) -> Iterator[Parsed]:
        sender = sender_of(item)
        names = names_of(*talk.names, optional_text(sender, "name"))
        talk = Talk(talk.source_system, talk.key, talk.links, names)
        yield from message_records(talk, item, channel, self.limits, pointer)
        sent_at = any_moment(item.get("created_at"), "created_at")
        if kind_of(item) == "incoming":
            yield from handle_records(talk, sender, sent_at, pointer)
        rating = rating_of(item)
        if rating:
            stamp = any_moment(item.get("updated_at") or item["created_at"], "updated_at")
            facts = {"channel": channel, **rating}
            yield talk.record("interaction", f"{talk.key}#csat", stamp, facts, pointer)


def _is_body(value: dict[str, Any]) -> bool:
    return bool({"event", "payload", "id"} & value.keys()) or isinstance(value.get("data"), dict)


def _is_message(item: dict[str, Any]) -> bool:
    return "message_type" in item and "content" in item


def _is_conversation(item: dict[str, Any]) -> bool:
    return "inbox_id" in item and "status" in item and "message_type" not in item


def _is_contact(item: dict[str, Any]) -> bool:
    return "phone_number" in item and ("identifier" in item or "contact_inboxes" in item)


def _objects(body: Any, pointer: str, depth: int) -> Iterator[tuple[Any, str]]:
    """The objects inside the envelopes of the API, or the body itself."""
    if not isinstance(body, dict) or "id" in body or "event" in body or depth > 3:
        yield body, pointer
        return
    inside = [(name, body[name]) for name in _ENVELOPES if isinstance(body.get(name), list | dict)]
    if not inside:
        yield body, pointer
    for name, held in inside:
        place = f"{pointer}/{name}"
        if isinstance(held, dict):
            yield from _objects(held, place, depth + 1)
        else:
            yield from ((item, f"{place}/{index}") for index, item in enumerate(held))
