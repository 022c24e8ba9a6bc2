"""Ids of posts, deletions of posts, and the outer keys by which X files are recognised.

event -> (post id, when it was deleted); every other event is refused by name.
"""

from datetime import UTC, datetime
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import aware_time, epoch_time, optional_mapping, optional_text
from ingestion.connectors.json_head import Outline

POST_HINTS = {"author_id", "conversation_id", "edit_history_tweet_ids"}
FIRST_SNOWFLAKE = 29_700_859_247
SNOWFLAKE_EPOCH = datetime(2010, 11, 4, 1, 42, 54, 657000, tzinfo=UTC)
DELETIONS = ("delete",)


def is_x(outline: Outline) -> bool:
    """Whether a JSON text has the outer keys of a page, a post, an event or an error."""
    top, second = outline.keys(1), outline.keys(2)
    if "data" in top and (
        ("text" in second and POST_HINTS & second)
        or ({"text", "id"} <= second and ("includes" in top or "meta" in top))
        or ("delete" in second and {"tweet", "event_at"} <= outline.keys(3))
    ):
        return True
    if {"id", "text"} <= top and POST_HINTS & top:
        return True
    if {"id", "action", "created_at"} <= top:
        return outline.has_value("action", "delete")
    if top == {"errors"}:
        return {"title", "detail"} <= second
    return "delete" in top and {"tweet", "event_at"} <= second


def post_id(value: object, what: str) -> str:
    """A post id: digits in a string that fit 63 bits."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 19:
        # Ids are 63 bits wide; more does not fit an order column either.
        if int(value) >= 2**63:
            raise RejectedInput("bad_id", f"{what} is larger than any post id")
        return value
    raise RejectedInput("bad_id", f"{what} must be a post id: digits in a string")


def deleted(event: dict[str, Any]) -> tuple[str, datetime]:
    """Post id and time of a deletion; raises RejectedInput for every other event."""
    if isinstance(event.get("delete"), dict):
        return _stream_deletion(event["delete"])
    if optional_text(event, "action") not in DELETIONS:
        raise RejectedInput(
            "unsupported_event", "neither a post nor the deletion of one; nothing to do"
        )
    native_id = post_id(event.get("id"), "id")
    moment = aware_time(event.get("redacted_at") or event.get("created_at"), "created_at")
    if int(native_id) <= FIRST_SNOWFLAKE and moment > SNOWFLAKE_EPOCH:
        # Compliance files of accounts look the same; posts of that time have longer ids.
        raise RejectedInput("unsupported_event", "the deletion of an account, not of a post")
    return native_id, moment


def _stream_deletion(event: dict[str, Any]) -> tuple[str, datetime]:
    if isinstance(event.get("tweet"), dict):
        native_id = post_id(event["tweet"].get("id"), "id")
        return native_id, aware_time(event.get("event_at"), "event_at")
    status = optional_mapping(event, "status")
    native_id = post_id(status.get("id_str"), "id_str")
    stamp = event.get("timestamp_ms")
    if isinstance(stamp, str) and stamp.isascii() and stamp.isdigit():
        stamp = stamp[:-3]
    return native_id, epoch_time(stamp, "timestamp_ms")
