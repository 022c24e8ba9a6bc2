"""One Chatwoot message, as webhooks, conversation lists and message lists all hold it.

message -> turns and statuses. Webhooks name the kind in words, the API by number.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ingestion.connectors.base import Limits, Record, RejectedInput
from ingestion.connectors.chatwoot_people import CONTACT, native, required_native
from ingestion.connectors.conversation_records import Talk, without_nothing
from ingestion.connectors.fields import (
    clean_text,
    items,
    mapping,
    optional_mapping,
    optional_text,
)
from ingestion.connectors.moments import any_moment

KINDS = ("incoming", "outgoing", "activity", "template")
BOTS = ("agent_bot", "AgentBot", "captain_assistant", "Captain::Assistant")
STATUSES = ("delivered", "read", "failed")


def message_records(
    talk: Talk, item: dict[str, Any], channel: str, limits: Limits, at: str
) -> Iterator[Record]:
    """The turn of a message, what the customer answered to its form, and its delivery."""
    turn_id = f"message:{required_native(item, 'id')}"
    sent_at = any_moment(item.get("created_at"), "created_at")
    stamp = item.get("updated_at")
    changed_at = any_moment(stamp, "updated_at") if stamp else sent_at
    attributes = optional_mapping(item, "content_attributes")
    data = _turn(item, attributes, turn_id, sent_at, channel, limits)
    # A later state of the same message may carry no time of its own.
    data["order"] = int(item.get("event") == "message_updated")
    yield talk.record("turn", turn_id, changed_at if data["order"] else sent_at, data, at)
    if attributes.get("deleted") is True:
        yield talk.deletion(turn_id, changed_at, at)
        return
    answer = _answer(attributes)
    if answer is not None:
        yield talk.record(
            "turn",
            f"{turn_id}#answer",
            changed_at,
            {
                "action": "sent",
                "turn_id": f"{turn_id}#answer",
                "role": "customer",
                "text": clean_text(answer, limits.text_characters),
                "sent_at": changed_at,
                "order": 1,
                "reply_to": turn_id,
                "channel": channel,
                "metadata": {"type": "form_answer"},
            },
            at,
        )
    if item.get("status") in STATUSES and data["role"] in ("agent", "bot"):
        status = item["status"]
        told = {"turn_id": turn_id, "status": status}
        yield talk.record("status", f"{turn_id}#{status}", changed_at, told, at)


def rating_of(item: dict[str, Any]) -> dict[str, Any]:
    """Satisfaction (1 to 5) and comment that a survey message brought back; empty without."""
    attributes = optional_mapping(item, "content_attributes")
    values = attributes.get("submitted_values")
    answer = values.get("csat_survey_response") if isinstance(values, dict) else None
    if not isinstance(answer, dict):
        return {}
    rating = answer.get("rating")
    if isinstance(rating, bool) or not isinstance(rating, int) or not 1 <= rating <= 5:
        return {}
    comment = optional_text(answer, "feedback_message")
    return {"csat": float(rating), "metadata": without_nothing({"csat_comment": comment})}


def sender_of(item: dict[str, Any]) -> dict[str, Any]:
    """Who wrote a message; early versions named the customer in `contact`."""
    if item.get("message_type") in ("incoming", 0) and item.get("contact"):
        return optional_mapping(item, "contact")
    return optional_mapping(item, "sender")


def kind_of(item: dict[str, Any]) -> str:
    """incoming, outgoing, activity or template; raises RejectedInput for any other kind."""
    kind = item.get("message_type")
    if isinstance(kind, int) and not isinstance(kind, bool) and 0 <= kind < len(KINDS):
        return KINDS[kind]
    if kind in KINDS:
        return str(kind)
    raise RejectedInput("unsupported_event", "message_type is none of the four known kinds")


def _turn(
    item: dict[str, Any],
    attributes: dict[str, Any],
    turn_id: str,
    sent_at: datetime,
    channel: str,
    limits: Limits,
) -> dict[str, Any]:
    kind, sender = kind_of(item), sender_of(item)
    role = _role(kind, item, attributes, sender)
    words = optional_text(item, "content")
    event = {"activity": "activity"}.get(kind)
    if item.get("private") is True:
        # Notes are words among colleagues, no part of the talk with the customer.
        role, event, words = "system", "internal_note", None
    attached = [mapping(part, "attachment") for part in items(item, "attachments")]
    metadata = {
        "event": event,
        "activity": words if event == "activity" else None,
        "type": optional_text(item, "content_type"),
        "attachments": [optional_text(part, "file_type") or "file" for part in attached],
        "subject": optional_text(optional_mapping(attributes, "email"), "subject"),
    }
    spoken = words if event is None and attributes.get("deleted") is not True else None
    customer = native(sender, "id") if role == "customer" else None
    answered = native(attributes, "in_reply_to")
    return {
        "action": "sent",
        "turn_id": turn_id,
        "role": role,
        "sender_type": CONTACT if customer else None,
        "sender": customer,
        "agent_id": native(sender, "id") if role == "agent" else None,
        "text": clean_text(spoken, limits.text_characters) if spoken else None,
        "sent_at": sent_at,
        "reply_to": f"message:{answered}" if answered else None,
        "channel": channel,
        "metadata": without_nothing(metadata),
    }


def _role(
    kind: str, item: dict[str, Any], attributes: dict[str, Any], sender: dict[str, Any]
) -> str:
    if kind in ("incoming", "activity"):
        return "customer" if kind == "incoming" else "system"
    automatic = native(attributes, "automation_rule_id") is not None
    by_bot = sender.get("type") in BOTS or item.get("sender_type") in BOTS
    return "bot" if kind == "template" or automatic or by_bot else "agent"


def _answer(attributes: dict[str, Any]) -> str | None:
    """What the customer chose or filled in, one answer a line."""
    values = attributes.get("submitted_values")
    if not isinstance(values, list):
        return optional_text(attributes, "submitted_email")
    lines = []
    for value in values:
        value = mapping(value, "submitted_values")
        title = optional_text(value, "title")
        name, told = optional_text(value, "name"), optional_text(value, "value")
        lines.append(title or (f"{name}: {told}" if name and told else told))
    return "\n".join(line for line in lines if line) or None
