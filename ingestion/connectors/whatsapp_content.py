"""What one WhatsApp message says: its text, and what it does to an earlier message.

message -> Content. Only words a person wrote or chose become text; media, coordinates and
contact cards are described in the metadata without their personal content.
"""

from dataclasses import dataclass, field
from typing import Any

import orjson

from ingestion.connectors.fields import (
    items,
    optional_mapping,
    optional_text,
    required_text,
)

MEDIA = ("image", "video", "audio", "voice", "document", "sticker")


@dataclass(slots=True)
class Content:
    """The action, its target, the text, and what else is known of a message."""

    action: str = "sent"
    original_id: str | None = None
    text: str | None = None
    reply_to: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


def content_of(item: dict[str, Any]) -> Content:
    """The content of a message, an edit or a revoke; raises RejectedInput for wrong types."""
    kind = required_text(item, "type")
    if kind == "revoke":
        target = required_text(optional_mapping(item, "revoke"), "original_message_id")
        return Content("deleted", target, metadata={"type": kind})
    if kind == "edit":
        edit = optional_mapping(item, "edit")
        target = required_text(edit, "original_message_id")
        content = _said(optional_mapping(edit, "message"))
        content.action, content.original_id = "edited", target
        return content
    return _said(item)


def _said(item: dict[str, Any]) -> Content:
    kind = required_text(item, "type")
    context = optional_mapping(item, "context")
    content = Content(reply_to=optional_text(context, "id"), metadata={"type": kind})
    for flag in ("forwarded", "frequently_forwarded"):
        if context.get(flag) is True:
            content.metadata[flag] = True
    codes = [error.get("code") for error in items(item, "errors") if isinstance(error, dict)]
    if codes:
        content.metadata["error_codes"] = [code for code in codes if isinstance(code, int)]
    source = optional_text(optional_mapping(item, "referral"), "source_type")
    if source:
        content.metadata["referral"] = source
    part = item.get(kind)
    if isinstance(part, dict) and kind != "unsupported":
        _READERS.get(kind, _unknown)(part, content)
    elif kind not in _READERS and kind != "contacts":
        content.metadata["unsupported"] = True
    return content


def _unknown(part: dict[str, Any], content: Content) -> None:
    content.metadata["unsupported"] = True


def _text(part: dict[str, Any], content: Content) -> None:
    content.text = optional_text(part, "body")


def _media(part: dict[str, Any], content: Content) -> None:
    content.text = optional_text(part, "caption")
    content.metadata["media"] = {
        key: part[key] for key in ("mime_type", "sha256") if isinstance(part.get(key), str)
    }


def _button(part: dict[str, Any], content: Content) -> None:
    content.text = optional_text(part, "text")


def _interactive(part: dict[str, Any], content: Content) -> None:
    kind = optional_text(part, "type") or ""
    reply = optional_mapping(part, kind)
    content.metadata["interactive"] = kind
    if kind in ("button_reply", "list_reply"):
        lines = (optional_text(reply, "title"), optional_text(reply, "description"))
        content.text = "\n".join(line for line in lines if line) or None
    elif kind == "nfm_reply":
        content.text = _form(reply)
    elif kind == "call_permission_reply":
        content.metadata["response"] = optional_text(reply, "response")


def _form(reply: dict[str, Any]) -> str | None:
    """The answers of a filled form, one `question: answer` per line."""
    lines = [optional_text(reply, "body")]
    try:
        answers = orjson.loads(optional_text(reply, "response_json") or "{}")
    except (ValueError, RecursionError):
        answers = None
    if isinstance(answers, dict):
        lines += [
            f"{question}: {answer}"
            for question, answer in answers.items()
            if question != "flow_token" and isinstance(answer, str) and answer.strip()
        ]
    return "\n".join(line for line in lines if line) or None


def _location(part: dict[str, Any], content: Content) -> None:
    words = (optional_text(part, "name"), optional_text(part, "address"))
    content.text = ", ".join(word for word in words if word) or None


def _reaction(part: dict[str, Any], content: Content) -> None:
    content.reply_to = optional_text(part, "message_id")
    content.text = optional_text(part, "emoji")
    if content.text is None:
        content.metadata["reaction"] = "removed"


def _order(part: dict[str, Any], content: Content) -> None:
    content.text = optional_text(part, "text")
    content.metadata["order_items"] = len(items(part, "product_items"))


def _system(part: dict[str, Any], content: Content) -> None:
    content.text = optional_text(part, "body")
    content.metadata["event"] = optional_text(part, "type")


_READERS = {
    "text": _text,
    **dict.fromkeys(MEDIA, _media),
    "button": _button,
    "interactive": _interactive,
    "location": _location,
    "reaction": _reaction,
    "order": _order,
    "system": _system,
}
