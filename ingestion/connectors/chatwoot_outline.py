"""The event names and keys by which files of Chatwoot are recognised."""

from ingestion.connectors.json_head import Outline

MESSAGE_EVENTS = ("message_created", "message_updated", "message_incoming", "message_outgoing")
EVENTS = (
    *MESSAGE_EVENTS, "conversation_created", "conversation_updated",
    "conversation_status_changed", "conversation_resolved", "conversation_opened",
    "conversation_typing_on", "conversation_typing_off", "contact_created", "contact_updated",
    "webwidget_triggered",
)  # fmt: skip
_DEPTHS = range(1, 6)


def is_chatwoot(outline: Outline) -> bool:
    """Whether a JSON text is a webhook or an API answer of Chatwoot."""
    keys = set().union(*(outline.keys(depth) for depth in _DEPTHS))
    if any(
        outline.has_value("event", prefix + event)
        for event in EVENTS
        for prefix in ("", "automation_event.")
    ):
        return bool({"account", "inbox_id", "event_info", "account_id"} & keys)
    if {"message_type", "conversation_id", "inbox_id", "private", "content"} <= keys:
        return True
    if {"inbox_id", "can_reply", "meta", "status"} <= keys:
        return True
    return {"payload", "phone_number", "identifier", "thumbnail"} <= keys
