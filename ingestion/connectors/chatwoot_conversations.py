"""What Chatwoot says of a conversation as a whole, and how its state changed."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ingestion.connectors.base import Record
from ingestion.connectors.chatwoot_people import SYSTEM, handles_of, native, required_native
from ingestion.connectors.conversation_records import Talk, names_of, without_nothing
from ingestion.connectors.fields import items, optional_mapping, optional_text
from ingestion.connectors.moments import any_moment, optional_moment

CHANNELS = {
    "Channel::Email": "email", "Channel::TwitterProfile": "social", "Channel::Voice": "voice",
}  # fmt: skip
"""By the kind of inbox; every other one (website, WhatsApp, Facebook, API) is a chat."""

_TIMES = ("updated_at", "last_activity_at", "timestamp", "created_at")
_HOLDERS = ("assignee_id", "team_id")


def key_of(item: dict[str, Any], id_key: str) -> str:
    """Inbox and number of a conversation: the number alone is of one account only."""
    inbox = native(item, "inbox_id") or native(optional_mapping(item, "inbox"), "id")
    if inbox is None:
        inbox = required_native(item, "inbox_id")
    return f"{inbox}:{required_native(item, id_key)}"


def people_of(conversation: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The contact and the assigned agent; either may be empty."""
    meta = optional_mapping(conversation, "meta")
    return optional_mapping(meta, "sender"), optional_mapping(meta, "assignee")


def talk_of(conversation: dict[str, Any]) -> Talk:
    """The conversation with the names that may be spoken in it."""
    contact, agent = people_of(conversation)
    names = names_of(optional_text(contact, "name"), optional_text(agent, "name"))
    return Talk(SYSTEM, key_of(conversation, "id"), names=names)


def channel_of(conversation: dict[str, Any]) -> str:
    """The channel of the inbox."""
    meta = optional_mapping(conversation, "meta")
    kind = optional_text(conversation, "channel") or optional_text(meta, "channel") or ""
    return CHANNELS.get(kind, "chat")


def conversation_records(
    talk: Talk, conversation: dict[str, Any], pointer: str
) -> Iterator[Record]:
    """The interaction, the handles of its contact and the changes that the event names."""
    contact, agent = people_of(conversation)
    created = optional_moment(conversation, "created_at")
    stamp = next((conversation[key] for key in _TIMES if conversation.get(key)), None)
    event_at = any_moment(stamp, "updated_at")
    team = optional_mapping(optional_mapping(conversation, "meta"), "team")
    mail = optional_mapping(conversation, "additional_attributes")
    metadata = {
        "inbox_id": native(conversation, "inbox_id"),
        "kind": optional_text(conversation, "channel"),
        "labels": [label for label in items(conversation, "labels") if isinstance(label, str)],
        "priority": conversation.get("priority"),
        "subject": optional_text(mail, "mail_subject"),
    }
    facts = {
        "channel": channel_of(conversation),
        "queue": optional_text(team, "name"),
        "agent_id": native(agent, "id"),
        "started_at": created,
        "answered_at": optional_moment(conversation, "first_reply_created_at"),
        "disposition": optional_text(conversation, "status"),
        "metadata": without_nothing(metadata),
    }
    yield talk.record("interaction", talk.key, event_at, facts, pointer)
    yield from handle_records(talk, contact, created or event_at, pointer)
    yield from _changes(talk, conversation, event_at, pointer)


def handle_records(
    talk: Talk, contact: dict[str, Any], event_at: datetime, pointer: str
) -> Iterator[Record]:
    """One record for each handle of the contact."""
    name = optional_text(contact, "name")
    for handle in handles_of(contact):
        yield talk.handle(handle, event_at, pointer, name)


def _changes(
    talk: Talk, conversation: dict[str, Any], event_at: datetime, pointer: str
) -> Iterator[Record]:
    """A system turn for each change of state or hands; other attributes stay in bronze."""
    told = conversation.get("changed_attributes")
    listed = told if isinstance(told, list) else [told]
    for change in listed:
        for name, values in change.items() if isinstance(change, dict) else ():
            if name not in ("status", *_HOLDERS) or not isinstance(values, dict):
                continue
            before, after = values.get("previous_value"), values.get("current_value")
            native_id = f"{talk.key}#{name}:{after}:{int(event_at.timestamp())}"
            data = {
                "action": "sent",
                "turn_id": native_id,
                "role": "system",
                "sent_at": event_at,
                "channel": channel_of(conversation),
                "transfer": _changed_hands(name, before, after) or None,
                "metadata": {"event": _event(name, before, after)},
            }
            yield talk.record("turn", native_id, event_at, data, f"{pointer}/changed_attributes")


def _changed_hands(name: str, before: object, after: object) -> bool:
    """To another agent or team, or from the bot, which holds what is pending, to people."""
    if name == "status":
        return (before, after) == ("pending", "open")
    return None not in (before, after)


def _event(name: str, before: object, after: object) -> str:
    if name != "status":
        return f"{name.removesuffix('_id')}_changed"
    if after == "open" and before in ("resolved", "snoozed"):
        return "reopened"
    return f"status_{after}" if isinstance(after, str) else "status_changed"
