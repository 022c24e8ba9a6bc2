"""Webhook events of Zendesk tickets and of messaging.

event -> ticket snapshot, and the comment, message or change that the event is about.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ingestion.connectors.base import Limits, Record
from ingestion.connectors.conversation_records import Talk, names_of
from ingestion.connectors.fields import (
    clean_text,
    mapping,
    optional_mapping,
    optional_text,
    required_text,
)
from ingestion.connectors.moments import any_moment
from ingestion.connectors.zendesk_answers import EVENT_PREFIX
from ingestion.connectors.zendesk_comments import change_record, comment_record
from ingestion.connectors.zendesk_people import (
    SYSTEM,
    USER,
    Users,
    native,
    required_native,
    user_record,
)
from ingestion.connectors.zendesk_tickets import ticket_records

CHANGES = {
    "status_changed": "status",
    "group_assignment_changed": "group_id",
    "agent_assignment_changed": "assignee_id",
}
_ACTORS = {"end_user": "customer", "agent": "agent", "trigger": "bot", "system": "bot"}
_NOBODY = Users({})


def event_records(body: dict[str, Any], limits: Limits, at: str) -> Iterator[Record]:
    """The records of one webhook event."""
    kind = required_text(body, "type").removeprefix(EVENT_PREFIX)
    detail = mapping(body.get("detail"), "detail")
    happened = any_moment(body.get("time"), "time")
    event = optional_mapping(body, "event")
    if kind.startswith("user."):
        yield user_record(_plain(detail), f"{at}/detail")
        return
    ticket_id = required_native(detail, "id")
    talk = Talk(SYSTEM, f"ticket:{ticket_id}")
    if kind == "messaging_ticket.message_added":
        yield _message(talk, event, happened, limits, f"{at}/event")
        return
    yield from ticket_records(_plain(detail), _NOBODY, limits, f"{at}/detail")
    name = kind.removeprefix("ticket.")
    if isinstance(event.get("comment"), dict):
        yield _comment(talk, event["comment"], happened, limits, f"{at}/event/comment")
    elif name in CHANGES:
        values = event.get("previous"), event.get("current")
        told = tuple(value if isinstance(value, str) else None for value in values)
        lowered = (told[0] and told[0].lower(), told[1] and told[1].lower())
        native_id = f"event:{required_text(body, 'id')}"
        yield change_record(talk, CHANGES[name], lowered, happened, native_id, f"{at}/event")


def _plain(detail: dict[str, Any]) -> dict[str, Any]:
    """Events write states in capitals, the API in small letters."""
    told = dict(detail)
    for key in ("status", "priority", "type", "role"):
        if isinstance(told.get(key), str):
            told[key] = told[key].lower()
    return told


def _comment(
    talk: Talk, comment: dict[str, Any], happened: datetime, limits: Limits, at: str
) -> Record:
    author = optional_mapping(comment, "author")
    staff = author.get("is_staff")
    role = {True: "agent", False: "end-user"}.get(staff) if isinstance(staff, bool) else None
    author_id = native(author, "id")
    known = {author_id: {"role": role}} if author_id and role else {}
    told = {
        **comment,
        "author_id": author_id,
        "public": comment.get("is_public"),
        "created_at": comment.get("created_at") or happened.isoformat(),
    }
    named = Talk(talk.source_system, talk.key, (), names_of(optional_text(author, "name")))
    return comment_record(named, told, Users(known), limits, at)


def _message(
    talk: Talk, event: dict[str, Any], happened: datetime, limits: Limits, at: str
) -> Record:
    """A message of a messaging conversation."""
    actor = optional_mapping(event, "actor")
    message = optional_mapping(event, "message")
    turn_id = f"message:{required_text(message, 'id')}"
    role = _ACTORS.get(str(actor.get("type")), "system")
    actor_id = native(actor, "id")
    words = optional_text(message, "body")
    data = {
        "action": "sent",
        "turn_id": turn_id,
        "role": role,
        "sender_type": USER if actor_id and role == "customer" else None,
        "sender": actor_id if role == "customer" else None,
        "agent_id": actor_id if role == "agent" else None,
        "text": clean_text(words, limits.text_characters) if words else None,
        "sent_at": happened,
        "channel": "chat",
    }
    named = Talk(talk.source_system, talk.key, (), names_of(optional_text(actor, "name")))
    return named.record("turn", turn_id, happened, data, at)
