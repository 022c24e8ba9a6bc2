"""What an Intercom conversation or ticket says of itself as a whole.

conversation -> facts of the interaction. Its parts tell hand-overs and reopenings where the
statistics are absent, as they are until the reporting of Intercom has caught up.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from ingestion.connectors.conversation_records import without_nothing
from ingestion.connectors.fields import items, optional_mapping, optional_number, optional_text
from ingestion.connectors.intercom_people import author_of, native
from ingestion.connectors.moments import optional_moment

CHANNELS = {
    "email": "email", "phone_call": "voice", "phone_switch": "voice", "twitter": "social",
}  # fmt: skip
"""By the type of the first message; every other type (messenger, WhatsApp, SMS) is a chat."""

DIRECTIONS = {
    "customer_initiated": "inbound", "admin_initiated": "outbound",
    "campaigns_initiated": "outbound", "operator_initiated": "outbound", "automated": "outbound",
}  # fmt: skip
REOPENINGS = ("open", "assign_and_reopen", "note_and_reopen", "timer_unsnooze_and_reopen")


def channel_of(conversation: dict[str, Any]) -> str:
    """The channel of the first message."""
    kind = optional_text(optional_mapping(conversation, "source"), "type") or ""
    return CHANNELS.get(kind, "chat")


def facts_of(conversation: dict[str, Any], parts: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Facts for an interaction record; raises RejectedInput for wrong types."""
    source = optional_mapping(conversation, "source")
    rating = optional_mapping(conversation, "conversation_rating")
    statistics = optional_mapping(conversation, "statistics")
    state = optional_text(conversation, "state") or _ticket_state(conversation)
    told = bool(parts) or "conversation_parts" in conversation or "ticket_parts" in conversation
    return {
        "channel": channel_of(conversation),
        "direction": DIRECTIONS.get(optional_text(source, "delivered_as") or ""),
        "queue": native(conversation, "team_assignee_id"),
        "agent_id": native(conversation, "admin_assignee_id"),
        "answered_at": optional_moment(statistics, "first_admin_reply_at"),
        "ended_at": _ended(state, statistics),
        "transfers": handovers(parts) if told else None,
        "disposition": state,
        "csat": _csat(rating),
        "metadata": _metadata(conversation, source, rating, statistics)
        | without_nothing({"reopens": _reopens(statistics, parts, told)}),
    }


def handovers(parts: Sequence[dict[str, Any]]) -> int:
    """How often the conversation went from one holder (bot, team, admin) to another."""
    holder: tuple[str | None, str | None] | None = None
    count = 0
    for part in parts:
        target = optional_mapping(part, "assigned_to")
        chosen = (optional_text(target, "type"), native(target, "id"))
        if None not in chosen:
            count += holder is not None and holder != chosen
            holder = chosen
        elif holder is None and author_of(part)[1] == "bot" and optional_text(part, "body"):
            holder = ("bot", None)
    return count


def _ticket_state(ticket: dict[str, Any]) -> str | None:
    """A word in older versions of the API, an object with a category in newer ones."""
    if isinstance(ticket.get("ticket_state"), dict):
        return optional_text(ticket["ticket_state"], "category")
    return optional_text(ticket, "ticket_state")


def _reopens(statistics: dict[str, Any], parts: Sequence[dict[str, Any]], told: bool) -> int | None:
    stated = optional_number(statistics, "count_reopens")
    if stated is not None:
        return int(stated)
    closed, count = False, 0
    for part in parts:
        kind = part.get("part_type")
        if kind == "close":
            closed = True
        elif kind in REOPENINGS and closed:
            closed = False
            count += 1
    return count if told else None


def _ended(state: str | None, statistics: dict[str, Any]) -> datetime | None:
    return optional_moment(statistics, "last_close_at") if state == "closed" else None


def _csat(rating: dict[str, Any]) -> float | None:
    """Ratings are whole numbers from 1 to 5, the scale of our column."""
    value = optional_number(rating, "rating")
    return value if value is not None and 1 <= value <= 5 else None


def _metadata(
    conversation: dict[str, Any],
    source: dict[str, Any],
    rating: dict[str, Any],
    statistics: dict[str, Any],
) -> dict[str, Any]:
    tags = items(optional_mapping(conversation, "tags"), "tags")
    attributes = optional_mapping(conversation, "ticket_attributes")
    ai_agent = conversation.get("ai_agent_participated")
    return without_nothing(
        {
            "source": optional_text(source, "type"),
            "delivered_as": optional_text(source, "delivered_as"),
            "subject": optional_text(source, "subject")
            or optional_text(conversation, "title")
            or optional_text(attributes, "_default_title_"),
            "priority": optional_text(conversation, "priority"),
            "tags": [tag["name"] for tag in tags if _is_named(tag)],
            "csat_comment": optional_text(rating, "remark"),
            "first_response_seconds": optional_number(statistics, "time_to_admin_reply"),
            "ai_agent_participated": ai_agent if ai_agent is True else None,
            "ticket_id": native(conversation, "ticket_id"),
        }
    )


def _is_named(tag: object) -> bool:
    return isinstance(tag, dict) and isinstance(tag.get("name"), str)
