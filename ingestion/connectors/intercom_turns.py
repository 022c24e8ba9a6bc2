"""Turns of an Intercom conversation: its first message, its parts, messages sent over the API.

part -> turn with words, system turn for what became of the conversation, or nothing. Notes are
words among colleagues: their turn is of the system and has no words.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ingestion.connectors.base import Limits, Record
from ingestion.connectors.conversation_records import Talk, without_nothing
from ingestion.connectors.email_html import html_to_text
from ingestion.connectors.fields import (
    clean_text,
    items,
    mapping,
    optional_mapping,
    optional_text,
)
from ingestion.connectors.intercom_facts import channel_of
from ingestion.connectors.intercom_people import (
    CONTACT,
    SYSTEM,
    author_of,
    contacts_of,
    native,
    required_native,
)
from ingestion.connectors.moments import epoch_moment

NOTES = ("note", "note_and_reopen")
# Parts that say what became of the conversation; all others without words are left out.
EVENTS = ("open", "close", "snoozed", "unsnoozed", "timer_unsnooze", "participant_added")


def first_turn(
    talk: Talk,
    item: dict[str, Any],
    source: dict[str, Any],
    times: tuple[datetime, datetime],
    limits: Limits,
    at: str,
) -> Iterator[Record]:
    """The message that opened the conversation, or the description of a ticket.

    `times` are when the conversation was created and last updated.
    """
    created_at, updated_at = times
    attributes = optional_mapping(item, "ticket_attributes")
    description = optional_text(attributes, "_default_description_")
    if native(source, "id") and "body" in source:
        turn_id = f"message:{native(source, 'id')}"
        data = _data(source, turn_id, created_at, channel_of(item), limits)
        yield talk.record("turn", turn_id, created_at, data, f"{at}/source")
        if source.get("redacted") is True:
            yield talk.deletion(turn_id, updated_at, f"{at}/source")
    elif description:
        turn_id = f"ticket:{talk.key}"
        writer = next(iter(contacts_of(item)), {}) | {"type": "contact"}
        part = {"body": description, "author": writer}
        data = _data(part, turn_id, created_at, "chat", limits) | {"stands_in": True}
        yield talk.record("turn", turn_id, created_at, data, f"{at}/ticket_attributes")


def part_turn(
    talk: Talk, part: dict[str, Any], number: int, channel: str, limits: Limits, at: str
) -> Iterator[Record]:
    """The turn of the part at place `number`, and its deletion where it was redacted."""
    turn_id = f"part:{required_native(part, 'id')}"
    created_at = epoch_moment(part.get("created_at"), "created_at")
    changed_at = epoch_moment(part.get("updated_at") or part["created_at"], "updated_at")
    kind = optional_text(part, "part_type") or "comment"
    data = _data(part, turn_id, created_at, channel, limits) | {"order": number}
    blanked = part.get("redacted") is True
    wordless = data["text"] is None and not part.get("attachments") and not blanked
    if kind in NOTES or wordless:
        if kind not in (*NOTES, *EVENTS) and "assign" not in kind:
            return
        data |= {"role": "system", "sender_type": None, "sender": None, "text": None}
        data["metadata"] = {"event": "internal_note" if kind in NOTES else kind}
    yield talk.record("turn", turn_id, created_at, data, at)
    if blanked:
        yield talk.deletion(turn_id, changed_at, at)


def message_turn(item: dict[str, Any], limits: Limits, at: str) -> Record:
    """The answer to a message that the API itself sent: it opened the conversation."""
    turn_id = f"message:{required_native(item, 'id')}"
    talk = Talk(SYSTEM, required_native(item, "conversation_id"))
    created_at = epoch_moment(item.get("created_at"), "created_at")
    author = {"type": str(item["type"]).removesuffix("_message")}
    data = _data(item | {"author": author}, turn_id, created_at, "chat", limits)
    return talk.record("turn", turn_id, created_at, data, at)


def _data(
    part: dict[str, Any], turn_id: str, sent_at: datetime, channel: str, limits: Limits
) -> dict[str, Any]:
    author, role = author_of(part)
    sender = native(author, "id") if role == "customer" else None
    attached = [mapping(item, "attachment") for item in items(part, "attachments")]
    kinds = [optional_text(item, "content_type") or "file" for item in attached]
    metadata = {"type": optional_text(part, "part_type"), "attachments": kinds}
    return {
        "action": "sent",
        "turn_id": turn_id,
        "role": role,
        "sender_type": CONTACT if sender else None,
        "sender": sender,
        "agent_id": native(author, "id") if role == "agent" else None,
        # What was blanked holds a notice of the platform, nobody's words.
        "text": None if part.get("redacted") else _text(optional_text(part, "body"), limits),
        "sent_at": sent_at,
        "channel": channel,
        "metadata": without_nothing(metadata),
    }


def _text(body: str | None, limits: Limits) -> str | None:
    if body is None:
        return None
    body = clean_text(body, limits.text_characters)
    return (html_to_text(body) if "<" in body and ">" in body else body).strip() or None
