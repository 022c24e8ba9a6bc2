"""Comments and changes of Zendesk tickets as turns, from comment lists, audits and events.

A comment has one id everywhere, so the same comment from two places is one turn. Internal notes
are words among colleagues: their turn is of the system and has no words.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ingestion.connectors.base import Limits, Record, RejectedInput
from ingestion.connectors.conversation_records import Talk, without_nothing
from ingestion.connectors.email_html import html_to_text
from ingestion.connectors.fields import (
    clean_text,
    items,
    mapping,
    optional_mapping,
    optional_text,
)
from ingestion.connectors.moments import utc_moment
from ingestion.connectors.zendesk_people import USER, Users, native, required_native
from ingestion.connectors.zendesk_tickets import channel_of, rating_of

CHANGES = ("status", "group_id", "assignee_id")
DONE = ("solved", "closed")
COMMENTS = ("Comment", "VoiceComment")


def comment_record(
    talk: Talk, comment: dict[str, Any], users: Users, limits: Limits, at: str
) -> Record:
    """One comment; raises RejectedInput without id or time."""
    turn_id = f"comment:{required_native(comment, 'id')}"
    stamp = comment.get("created_at") or comment.get("created")
    sent_at = utc_moment(stamp, "created_at")
    author = native(comment, "author_id") or native(comment, "user_id")
    via = optional_mapping(comment, "via")
    role = "bot" if via.get("channel") in ("rule", "answer_bot") else users.role(author)
    attached = [mapping(item, "attachment") for item in items(comment, "attachments")]
    metadata = {
        "via": optional_text(via, "channel"),
        "attachments": [optional_text(item, "content_type") or "file" for item in attached],
    }
    data: dict[str, Any] = {
        "action": "sent",
        "turn_id": turn_id,
        "role": role,
        "sender_type": USER if author else None,
        "sender": author,
        "agent_id": author,
        "text": _text(comment, limits),
        "sent_at": sent_at,
        # Counts only while the ticket, which tells the channel, has not come.
        "channel": channel_of(via),
        "metadata": without_nothing(metadata),
    }
    if comment.get("public") is False:
        data |= {"role": "system", "text": None, "metadata": {"event": "internal_note"}}
    elif comment.get("type") == "VoiceComment":
        data |= _call(optional_mapping(comment, "data"), limits)
    talk = Talk(talk.source_system, talk.key, (*talk.links, turn_id), talk.names)
    return talk.record("turn", turn_id, sent_at, data, at)


def audit_records(
    talk: Talk, audit: dict[str, Any], users: Users, limits: Limits, at: str
) -> Iterator[Record]:
    """Comments, changes of state and hands, and ratings in one audit or ticket event."""
    stamp = audit.get("created_at") or audit.get("timestamp")
    event_at = utc_moment(stamp, "created_at")
    name = "child_events" if "child_events" in audit else "events"
    for number, event in enumerate(items(audit, name)):
        event = mapping(event, "event")
        place = f"{at}/{name}/{number}"
        kind = event.get("event_type") or event.get("type")
        if kind in COMMENTS:
            author = native(audit, "author_id") or native(audit, "updater_id")
            known = {"created_at": stamp, "author_id": author, "via": audit.get("via")}
            told = {key: value for key, value in event.items() if value is not None}
            yield comment_record(talk, known | told | {"type": kind}, users, limits, place)
        elif kind in ("Change", "Create"):
            yield from _changes(talk, event, kind, event_at, place)
        elif kind == "SatisfactionRating":
            facts = rating_of({"score": event.get("score"), "comment": event.get("body")})
            yield talk.record("interaction", f"{talk.key}#csat", event_at, facts, place)
        elif kind == "CommentPrivacyChange" and event.get("public") is False:
            yield talk.deletion(f"comment:{required_native(event, 'comment_id')}", event_at, place)


def change_record(
    talk: Talk, name: str, values: tuple[Any, Any], event_at: datetime, native_id: str, at: str
) -> Record:
    """A system turn for a change of status, group or assignee from the first value to the second.

    Only from group to group it is a transfer: agents of one group hand tickets over as they like.
    """
    before, after = values
    event = f"{name.removesuffix('_id')}_changed"
    if name == "status":
        reopened = before in DONE and after not in DONE
        event = "reopened" if reopened else f"status_{after}"
    data = {
        "action": "sent",
        "turn_id": native_id,
        "role": "system",
        "sent_at": event_at,
        "transfer": (name == "group_id" and bool(before) and bool(after)) or None,
        "metadata": {"event": event},
    }
    return talk.record("turn", native_id, event_at, data, at)


def field_record(talk: Talk, row: dict[str, Any], event_at: datetime, at: str) -> Record:
    """A row of the history of fields; the value before it is in another row."""
    name = str(row.get("field_name"))
    if name not in ("status", "group_id", "assignee_id"):
        raise RejectedInput("not_a_conversation", "a field other than status, group and assignee")
    native_id = f"{talk.key}#{name}:{int(event_at.timestamp() * 1000)}"
    return change_record(talk, name, (None, row.get("value")), event_at, native_id, at)


def _changes(
    talk: Talk, event: dict[str, Any], kind: str, event_at: datetime, at: str
) -> Iterator[Record]:
    """Audits name the field, the event stream uses it as a key."""
    field = event.get("field_name")
    named = [(field, event.get("value"))] if field is not None else list(event.items())
    for name, after in named:
        if name not in CHANGES or isinstance(after, dict | list):
            continue
        before = event.get("previous_value") if kind == "Change" else None
        if kind == "Create" and name != "status":
            continue  # the first group and agent are facts of the ticket, no change
        native_id = f"event:{required_native(event, 'id')}:{name}"
        yield change_record(talk, str(name), (before, after), event_at, native_id, at)


def _text(comment: dict[str, Any], limits: Limits) -> str | None:
    text = optional_text(comment, "body") or optional_text(comment, "plain_body")
    if text is None:
        html = optional_text(comment, "html_body")
        text = html_to_text(clean_text(html, limits.text_characters)) if html else None
    return clean_text(text, limits.text_characters) if text else None


def _call(call: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """A call filed as a comment: its body lists numbers, its words are in the transcript."""
    words = optional_text(call, "transcription_text")
    told = {"event": "call", "call_seconds": call.get("call_duration")}
    return {
        "text": clean_text(words, limits.text_characters) if words else None,
        "channel": "voice",
        "metadata": without_nothing(told),
    }
