"""What one messaging event of Messenger or Instagram says: words, edits, reactions, events.

event -> Said. Only words a person wrote or chose (or the company's own template words) become
text; attachments are described by type and title, without addresses, coordinates or files.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.conversation_records import without_nothing
from ingestion.connectors.fields import (
    items,
    mapping,
    optional_mapping,
    optional_text,
    required_text,
)

# The three sizes of the thumb that the send button of Messenger shows.
THUMBS = frozenset((369239263222822, 369239343222814, 369239383222810))
THREAD_CONTROL = ("pass_thread_control", "take_thread_control", "request_thread_control")
# A request alone changes nobody; the app that holds the thread may refuse it.
HANDOVERS = ("pass_thread_control", "take_thread_control")


@dataclass(slots=True)
class Said:
    """One turn: `turn_id` is None where the platform gives none; `event` marks system events."""

    action: str = "sent"
    turn_id: str | None = None
    native_suffix: str = ""
    text: str | None = None
    reply_to: str | None = None
    order: int = 0
    event: str | None = None
    campaign: str | None = None
    transfer: bool = False
    metadata: dict[str, Any] = field(default_factory=dict)


def said(event: dict[str, Any], sender: str) -> Said:
    """The turn in an event that is neither a read nor a delivery; raises RejectedInput."""
    for kind, read in _READERS.items():
        if event.get(kind) is not None:
            return read(mapping(event[kind], kind), sender)
    for kind in THREAD_CONTROL:
        if event.get(kind) is not None:
            return _control(kind, mapping(event[kind], kind))
    raise RejectedInput(
        "unsupported_event",
        "neither a message nor another event of a conversation; nothing to do",
    )


def _message(part: dict[str, Any], sender: str) -> Said:
    mid = required_text(part, "mid")
    if part.get("is_deleted") is True:
        return Said("deleted", mid, "#deleted")
    attachments = [mapping(item, "attachment") for item in items(part, "attachments")]
    answered = optional_mapping(part, "reply_to")
    story = optional_mapping(answered, "story")
    referral = optional_mapping(part, "referral")
    words = [optional_text(part, "text"), *(_words(item) for item in attachments)]
    quick = optional_mapping(part, "quick_reply")
    metadata = {
        "type": "message",
        "attachments": [_described(item) for item in attachments],
        "quick_reply": optional_text(quick, "payload"),
        "reply_to_story": optional_text(story, "id"),
        "unsupported": part.get("is_unsupported") is True or None,
        "referral": _referral(referral),
    }
    return Said(
        turn_id=mid,
        text="\n".join(word for word in words if word) or None,
        reply_to=optional_text(answered, "mid"),
        campaign=_campaign(referral),
        metadata=without_nothing(metadata),
    )


def _edit(part: dict[str, Any], sender: str) -> Said:
    mid = required_text(part, "mid")
    number = part.get("num_edit")
    if isinstance(number, str) and number.isascii() and number.isdigit() and len(number) < 4:
        number = int(number)  # the documents show both spellings
    order = number if isinstance(number, int) and 0 <= number < 2**31 else 0
    text, suffix = optional_text(part, "text"), f"#edit{order}"
    return Said("edited", mid, suffix, text, order=order, metadata={"type": "message"})


def _postback(part: dict[str, Any], sender: str) -> Said:
    referral = optional_mapping(part, "referral")
    metadata = {
        "type": "postback",
        "payload": optional_text(part, "payload"),
        "referral": _referral(referral),
    }
    return Said(
        turn_id=optional_text(part, "mid"),
        text=optional_text(part, "title"),
        campaign=_campaign(referral),
        metadata=without_nothing(metadata),
    )


def _reaction(part: dict[str, Any], sender: str) -> Said:
    """One turn for each person and message: a new reaction replaces the one before."""
    mid = required_text(part, "mid")
    removed = part.get("action") == "unreact"
    words = optional_text(part, "emoji") or optional_text(part, "reaction")
    return Said(
        "edited" if removed else "sent",
        f"{mid}#reaction:{sender}",
        text=None if removed else words,
        reply_to=mid,
        metadata={"type": "reaction"},
    )


def _optin(part: dict[str, Any], sender: str) -> Said:
    metadata = {key: optional_text(part, key) for key in ("type", "ref", "title", "payload")}
    metadata["kind"] = metadata.pop("type")
    # Says that the person stopped the messages or wants them again.
    metadata["status"] = optional_text(part, "notification_messages_status")
    return Said(
        event="optin",
        campaign=metadata["ref"],
        metadata=without_nothing(metadata | {"type": "optin"}),
    )


def _referred(part: dict[str, Any], sender: str) -> Said:
    metadata = {"type": "referral", "referral": _referral(part)}
    return Said(event="referral", campaign=_campaign(part), metadata=metadata)


def _control(kind: str, part: dict[str, Any]) -> Said:
    """The hand-over protocol: an app, such as a bot, gives the conversation to another one."""
    named = ("new_owner_app_id", "previous_owner_app_id", "requested_owner_app_id")
    apps = {key: str(part[key]) for key in named if isinstance(part.get(key), str | int)}
    return Said(event=kind, transfer=kind in HANDOVERS, metadata={"type": kind, **apps})


def _referral(part: dict[str, Any]) -> dict[str, Any]:
    """Where the person came from: a link, an advertisement, a code."""
    return without_nothing({key: optional_text(part, key) for key in _REFERRAL_KEYS})


def _campaign(referral: dict[str, Any]) -> str | None:
    return optional_text(referral, "ref") or optional_text(referral, "ad_id")


def _described(attachment: dict[str, Any]) -> dict[str, Any]:
    payload = optional_mapping(attachment, "payload")
    title = attachment.get("title") or payload.get("title")
    kind = payload.get("template_type")
    return without_nothing(
        {
            "type": attachment.get("type") if isinstance(attachment.get("type"), str) else None,
            "title": title if isinstance(title, str) else None,
            "template": kind if isinstance(kind, str) else None,
        }
    )


def _words(attachment: dict[str, Any]) -> str | None:
    """A thumb or heart is an answer; templates hold the words that the company sent."""
    payload = optional_mapping(attachment, "payload")
    if payload.get("sticker_id") in THUMBS:
        return "\N{THUMBS UP SIGN}"
    if attachment.get("type") == "like_heart":
        return "\N{HEAVY BLACK HEART}"
    if attachment.get("type") != "template":
        return None
    lines = [optional_text(payload, "text")]
    for element in items(payload, "elements"):
        element = mapping(element, "element")
        lines += [optional_text(element, "title"), optional_text(element, "subtitle")]
    return "\n".join(line for line in lines if line) or None


_REFERRAL_KEYS = ("source", "type", "ref", "ad_id")
_READERS: dict[str, Callable[[dict[str, Any], str], Said]] = {
    "message": _message,
    "message_edit": _edit,
    "postback": _postback,
    "reaction": _reaction,
    "optin": _optin,
    "referral": _referred,
}
