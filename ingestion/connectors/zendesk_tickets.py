"""A Zendesk ticket as one interaction: its facts, its customer, its description.

The description repeats the first comment, so it stands in only until the comments came.
Times without an offset (exported tables) are UTC, as the export's documentation says.
"""

from collections.abc import Iterator
from typing import Any

from ingestion.connectors.base import Limits, Record
from ingestion.connectors.conversation_records import Talk, without_nothing
from ingestion.connectors.fields import (
    clean_text,
    items,
    optional_mapping,
    optional_number,
    optional_text,
)
from ingestion.connectors.moments import utc_moment
from ingestion.connectors.zendesk_people import SYSTEM, USER, Users, native, person, required_native

CHATS = (
    "chat", "native_messaging", "messaging", "whatsapp", "line", "sms", "telegram", "viber",
    "wechat", "instagram_dm", "twitter_dm", "kakaotalk", "apple_business_chat", "google_rcs",
    "facebook_messenger", "sunshine_conversations_api", "zopim", "answer_bot_for_web_widget",
)  # fmt: skip
SOCIAL = ("twitter", "facebook", "any_channel", "instagram", "youtube")
VOICE = ("voice", "phone", "api_voicemail", "api_phone_call_inbound", "api_phone_call_outbound")
SCORES = {"good": 5.0, "bad": 1.0, "good_with_comment": 5.0, "bad_with_comment": 1.0}
"""The two old answers on our scale from 1 to 5; new surveys give the number itself."""


def channel_of(via: dict[str, Any]) -> str:
    """Our channel of `via`; forms, widgets and programs go on by mail, so they count as e-mail."""
    name = str(via.get("channel") or "").lower()
    rel = str(person(via, "source").get("rel") or "")
    if name in CHATS or (name == "facebook" and rel == "message"):
        return "chat"
    if name in VOICE:
        return "voice"
    return "social" if name in SOCIAL else "email"


def talk_of(ticket_id: str, users: Users, *links: str) -> Talk:
    """The conversation of a ticket."""
    return Talk(SYSTEM, f"ticket:{ticket_id}", links, users.names())


def ticket_records(
    ticket: dict[str, Any], users: Users, limits: Limits, at: str
) -> Iterator[Record]:
    """Interaction, customer handles and description of a ticket in its present state."""
    talk = talk_of(required_native(ticket, "id"), users)
    created_at = utc_moment(ticket.get("created_at"), "created_at")
    updated_at = utc_moment(ticket.get("updated_at") or ticket["created_at"], "updated_at")
    via = optional_mapping(ticket, "via")
    facts = _facts(ticket, via) | {"started_at": created_at}
    yield talk.record("interaction", talk.key, updated_at, facts, at)
    requester = native(ticket, "requester_id") or native(person(ticket, "requester"), "id")
    handles = users.handles(requester) if requester else []
    for handle in dict.fromkeys([*handles, *_source_handles(via)]):
        name = users.known.get(requester or "", {}).get("name")
        told = name if isinstance(name, str) else None
        yield talk.handle(handle, created_at, at, told)
    assignee = native(ticket, "assignee_id")
    if assignee:
        yield talk.handle((USER, assignee), created_at, at, role="agent")
    description = optional_text(ticket, "description")
    turn_id = f"{talk.key}#description"
    if ticket.get("status") == "deleted":
        yield talk.deletion(turn_id, updated_at, at)
    elif description and ticket.get("is_public") is not False:
        author = native(ticket, "submitter_id") or requester
        data = {
            "action": "sent",
            "turn_id": turn_id,
            "role": users.role(author),
            "sender_type": USER if author else None,
            "sender": author,
            "text": clean_text(description, limits.text_characters),
            "sent_at": created_at,
            "channel": facts["channel"],
            "stands_in": True,
        }
        yield talk.record("turn", turn_id, created_at, data, at)


def metrics_of(metrics: dict[str, Any]) -> dict[str, Any]:
    """Facts from the metric set of a ticket."""
    stations = optional_number(metrics, "group_stations")
    reply = optional_mapping(metrics, "reply_time_in_minutes")
    minutes = optional_number(reply, "calendar")
    reopens = optional_number(metrics, "reopens")
    told = {
        "reopens": None if reopens is None else int(reopens),
        "first_response_seconds": None if minutes is None else minutes * 60,
    }
    return {
        "transfers": None if stations is None else max(int(stations) - 1, 0),
        "metadata": without_nothing(told),
    }


def rating_of(rating: dict[str, Any]) -> dict[str, Any]:
    """Satisfaction and comment; an offered survey without an answer says nothing."""
    score = rating.get("score")
    value = SCORES.get(score) if isinstance(score, str) else score
    if isinstance(score, str) and score in ("1", "2", "3", "4", "5"):
        value = float(score)
    told = isinstance(value, int | float) and not isinstance(value, bool) and 1 <= value <= 5
    comment = optional_text(rating, "comment")
    return {
        "csat": float(value) if told and value is not None else None,
        "metadata": without_nothing({"csat_comment": comment if told else None}),
    }


def _facts(ticket: dict[str, Any], via: dict[str, Any]) -> dict[str, Any]:
    metrics = metrics_of(optional_mapping(ticket, "metric_set"))
    rating = rating_of(optional_mapping(ticket, "satisfaction_rating"))
    rel = person(via, "source").get("rel")
    tags = items(ticket, "tags")
    metadata = {
        "via": optional_text(via, "channel"),
        "subject": optional_text(ticket, "subject"),
        "status": optional_text(ticket, "status"),
        "priority": optional_text(ticket, "priority"),
        "type": optional_text(ticket, "type"),
        "tags": [tag for tag in tags if isinstance(tag, str)],
        "follow_up_of": native(ticket, "via_followup_source_id"),
    }
    return {
        "channel": channel_of(via),
        "direction": rel if rel in ("inbound", "outbound") else None,
        "queue": native(ticket, "group_id"),
        "agent_id": native(ticket, "assignee_id"),
        "transfers": metrics["transfers"],
        "disposition": optional_text(ticket, "status"),
        "csat": rating["csat"],
        "metadata": without_nothing(metadata) | metrics["metadata"] | rating["metadata"],
    }


def _source_handles(via: dict[str, Any]) -> list[tuple[str, str]]:
    """The address or number from which a ticket came."""
    source = person(via, "source")
    if source.get("rel") == "outbound":
        return []
    sender = person(source, "from")
    told = (
        ("email", optional_text(sender, "address")),
        ("phone", optional_text(sender, "phone")),
    )
    return [(kind, value) for kind, value in told if value]
