"""Chats of Zendesk: whole chats of the Chat API, and single events of chats and messaging.

A chat that names its ticket is one conversation with it. Who speaks is told by the prefix of the
actor (`agent:`, `__trigger`, `__system`), by the kind of sender, or by the author of the original
message, which for bots is the answer bot.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import orjson

from ingestion.connectors.base import Limits, Record, RejectedInput
from ingestion.connectors.conversation_records import Talk, names_of, without_nothing
from ingestion.connectors.fields import (
    clean_text,
    items,
    mapping,
    optional_mapping,
    optional_number,
    optional_text,
)
from ingestion.connectors.moments import optional_moment, utc_moment
from ingestion.connectors.zendesk_people import SYSTEM, USER, native, required_native
from ingestion.connectors.zendesk_tickets import rating_of

BOT = "zd:answerBot"
MESSAGES = ("chat.msg", "ChatMessage")
TRANSFERS = ("chat.transfer", "ChatTransfer", "ChatDepartmentTransfer", "chat.departmentTransfer")
# What happens at the side of a chat; the ratings are facts of the chat itself.
IGNORED = ("chat.queue_position", "chat.request.rating", "chat.rating", "chat.comment")
STARTERS = {"visitor": "inbound", "agent": "outbound", "trigger": "outbound"}


def chat_talk(chat_id: str, ticket_id: str | None, *names: str | None) -> Talk:
    """The conversation of a chat, joined with its ticket."""
    links = (f"ticket:{ticket_id}",) if ticket_id else ()
    return Talk(SYSTEM, f"chat:{chat_id}", links, names_of(*names))


def chat_records(chat: dict[str, Any], limits: Limits, at: str) -> Iterator[Record]:
    """A chat or offline message of the Chat API."""
    visitor = optional_mapping(chat, "visitor")
    name = optional_text(visitor, "name")
    talk = chat_talk(required_native(chat, "id"), native(chat, "zendesk_ticket_id"), name)
    started_at = utc_moment(chat.get("timestamp"), "timestamp")
    ended_at = optional_moment(chat, "end_timestamp")
    facts = _facts(chat) | {"started_at": started_at, "ended_at": ended_at}
    yield talk.record("interaction", talk.key, ended_at or started_at, facts, at)
    for kind in ("email", "phone"):
        value = optional_text(visitor, kind)
        if value:
            yield talk.handle((kind, value), started_at, at, name)
    if chat.get("type") == "offline_msg":
        told = {"type": MESSAGES[0], "msg": chat.get("message"), "sender_type": "Visitor"}
        yield _entry(talk, told | {"timestamp": chat["timestamp"]}, 0, limits, f"{at}/message")
    for number, entry in enumerate(items(chat, "history")):
        entry = mapping(entry, "history")
        if entry.get("type") not in IGNORED:
            yield _entry(talk, entry, number, limits, f"{at}/history/{number}")


def event_record(talk: Talk, event: dict[str, Any], limits: Limits, at: str) -> Record:
    """One event of a chat as tables and audits hold it; messages have no id of their own."""
    stamp = event.get("created_at") or event.get("timestamp")
    sent_at = utc_moment(stamp, "created_at")
    index = native(event, "chat_index") or "0"
    turn_id = f"{talk.key}:{int(sent_at.timestamp() * 1000)}:{index}"
    kind = optional_text(event, "type") or MESSAGES[1]
    original = _original(event.get("original_message"))
    role, sender = _actor(event, original)
    words = optional_text(event, "message") or _original_words(original)
    order = int(index) if index.isascii() and index.isdigit() and len(index) < 9 else 0
    data = _data(kind, role, words, sent_at, limits) | {
        "turn_id": turn_id,
        "order": order,
        "sender_type": USER if sender and role == "customer" else None,
        "sender": sender if role == "customer" else None,
        "agent_id": sender if role == "agent" else None,
    }
    return talk.record("turn", turn_id, sent_at, data, at)


def chat_owner(row: dict[str, Any], at: str) -> Record:
    """Which ticket and which user a chat belongs to; when it was, its events tell."""
    talk = chat_talk(required_native(row, "chat_id"), native(row, "ticket_id"))
    stamp = row.get("created_at") or row.get("_fivetran_synced")
    return talk.handle((USER, required_native(row, "user_id")), utc_moment(stamp, "synced"), at)


def _entry(talk: Talk, entry: dict[str, Any], number: int, limits: Limits, at: str) -> Record:
    sent_at = utc_moment(entry.get("timestamp"), "timestamp")
    nick = optional_text(entry, "nick") or ""
    sender = str(entry.get("sender_type") or "").lower()
    roles = {"visitor": "customer", "agent": "agent", "trigger": "bot", "system": "system"}
    role = roles.get(sender) or _nick_role(nick)
    kind = optional_text(entry, "type") or MESSAGES[0]
    agent = native(entry, "agent_id") or nick.removeprefix("agent:")
    turn_id = f"{talk.key}#{number}"
    data = _data(kind, role, optional_text(entry, "msg"), sent_at, limits) | {
        "turn_id": turn_id,
        "order": number,
        "agent_id": agent or None if role == "agent" else None,
    }
    return talk.record("turn", turn_id, sent_at, data, at)


def _data(
    kind: str, role: str, words: str | None, sent_at: datetime, limits: Limits
) -> dict[str, Any]:
    spoken = kind in MESSAGES
    return {
        "action": "sent",
        "role": role if spoken else "system",
        "text": clean_text(words, limits.text_characters) if words and spoken else None,
        "sent_at": sent_at,
        "channel": "chat",
        "transfer": kind in TRANSFERS or None,
        "metadata": {} if spoken else {"event": kind},
    }


def _actor(event: dict[str, Any], original: dict[str, Any]) -> tuple[str, str | None]:
    """Role and user id of an actor."""
    actor = native(event, "actor_id") or ""
    source = original.get("source")
    if isinstance(source, dict) and source.get("type") == BOT:
        return "bot", None
    if actor.startswith("__"):
        return ("bot" if actor == "__trigger" else "system"), None
    if actor.startswith("agent:"):
        return "agent", actor.removeprefix("agent:") or None
    return ("customer", actor) if actor else ("system", None)


def _original(original: object) -> dict[str, Any]:
    """The message as its own platform wrote it: JSON, in tables inside a cell."""
    try:
        told = orjson.loads(original) if isinstance(original, str) and original else original
    except (ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _original_words(original: dict[str, Any]) -> str | None:
    content = original.get("content")
    said = content.get("text") if isinstance(content, dict) else None
    words = said.get("text") if isinstance(said, dict) else said
    return words if isinstance(words, str) and words.strip() else None


def _nick_role(nick: str) -> str:
    if nick.startswith("agent:"):
        return "bot" if nick == "agent:trigger" else "agent"
    return "customer" if nick.startswith("visitor") else "system"


def _facts(chat: dict[str, Any]) -> dict[str, Any]:
    response = optional_mapping(chat, "response_time")
    rating = rating_of({"score": chat.get("rating"), "comment": chat.get("comment")})
    agents = items(chat, "agent_ids")
    if chat.get("type") not in ("chat", "offline_msg", None):
        raise RejectedInput("unsupported_event", "neither a chat nor an offline message")
    missed, dropped = chat.get("missed") is True, chat.get("dropped") is True
    metadata = {
        "via": "zendesk_chat",
        "first_response_seconds": optional_number(response, "first"),
        "tags": [tag for tag in items(chat, "tags") if isinstance(tag, str)],
    }
    return {
        "channel": "chat",
        "direction": STARTERS.get(str(chat.get("started_by"))),
        "queue": optional_text(chat, "department_name"),
        "agent_id": str(agents[0]) if len(agents) == 1 else None,
        "disconnect_reason": "missed" if missed else ("dropped" if dropped else None),
        "csat": rating["csat"],
        "metadata": without_nothing(metadata) | rating["metadata"],
    }
