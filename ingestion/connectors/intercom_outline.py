"""The types and keys by which files of the Intercom API are recognised."""

from ingestion.connectors.json_head import Outline

_DEPTHS = range(1, 7)


def is_intercom(outline: Outline) -> bool:
    """Whether a JSON text holds conversations, tickets, contacts or notification events."""
    keys = set().union(*(outline.keys(depth) for depth in _DEPTHS))
    if "type" not in keys:
        return False
    return _is_conversation(outline, keys) or _is_other(outline, keys)


def _is_conversation(outline: Outline, keys: set[str]) -> bool:
    if outline.has_value("type", "conversation"):
        own = {"admin_assignee_id", "conversation_parts", "waiting_since", "snoozed_until"}
        if "created_at" in keys and "source" in keys and own & keys:
            return True
    return outline.has_value("type", "conversation.list") and "conversations" in keys


def _is_other(outline: Outline, keys: set[str]) -> bool:
    if outline.has_value("type", "contact") and {"workspace_id", "external_id", "role"} <= keys:
        return True
    if outline.has_value("type", "ticket") and {"ticket_parts", "ticket_attributes"} <= keys:
        return True
    if outline.has_value("type", "user_message"):
        return {"conversation_id", "message_type", "body"} <= keys
    return outline.has_value("type", "notification_event") and {"topic", "app_id"} <= keys
