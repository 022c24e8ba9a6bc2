"""What the Mastodon API sends around a post: pages, threads, notifications, streaming events.

JSON -> parts: posts, deletions and edit histories, each with its pointer. Everything else is
refused by name. Also the outer keys by which such files are recognised.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

from ingestion.connectors.base import Limits, RejectedInput
from ingestion.connectors.fields import items, mapping, missing, required_text
from ingestion.connectors.json_head import Outline
from ingestion.connectors.reading import decode_json

HINTS: Final = {
    "visibility", "spoiler_text", "in_reply_to_id", "reblog", "reblogs_count", "favourites_count",
    "sensitive", "replies_count",
}  # fmt: skip
POST_EVENTS: Final = ("update", "status.update", "notification", "conversation")
OTHER_EVENTS: Final = (
    "filters_changed", "announcement", "announcement.reaction", "announcement.delete",
    "encrypted_message", "notifications_merged",
)  # fmt: skip
_FIRST_YEAR: Final = 2016


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to read: a post, the id of a deleted one, or the history of one."""

    kind: Literal["post", "deletion", "history"]
    pointer: str
    value: Any


def is_mastodon(outline: Outline) -> bool:
    """Whether a JSON text has the outer keys of posts, or of what the API wraps around them."""
    top, second = outline.keys(1), outline.keys(2)
    if "acct" in second and {"created_at", "account"} <= top:
        return ("content" in top and len(HINTS & top) >= 2) or "type" in top
    if "acct" in top:
        return bool({"avatar", "display_name", "note"} & top)
    if {"id", "history"} <= top:
        return "spoiler_text" in second and "acct" in outline.keys(3)
    if {"event", "payload"} <= top <= {"event", "payload", "stream"}:
        known = ("delete", *POST_EVENTS, *OTHER_EVENTS)
        return any(outline.has_value("event", event) for event in known)
    return any(
        keys <= top
        for keys in (
            {"accounts", "last_status", "unread"},
            {"ancestors", "descendants"},
            {"accounts", "statuses", "hashtags"},
            {"accounts", "statuses", "notification_groups"},
        )
    )


def parts_of(value: Any, pointer: str, limits: Limits) -> Iterator[Part]:
    """The parts of one object of the API; raises RejectedInput for what holds no post."""
    item = mapping(value, "item")
    if "event" in item and "payload" in item:
        yield from _of_event(item, pointer, limits)
    elif "last_status" in item:
        yield _inner(item, "last_status", pointer, "the conversation holds no post")
    elif "ancestors" in item or "statuses" in item:
        yield from _of_lists(item, pointer)
    elif "history" in item and "id" in item:
        yield Part("history", pointer, item)
    elif "content" in item or "spoiler_text" in item:
        yield _post(item, pointer)
    elif "type" in item and "account" in item:
        yield _inner(item, "status", pointer, "a notification without a post; nothing is to do")
    else:
        what = "an account" if "acct" in item else "something of this API"
        raise RejectedInput("not_a_conversation", f"{what} without a post; nothing is to do")


def _of_event(item: dict[str, Any], pointer: str, limits: Limits) -> Iterator[Part]:
    event, payload, at = item["event"], item["payload"], f"{pointer}/payload"
    if event == "delete":
        yield Part("deletion", at, required_text(item, "payload"))
        return
    if event not in POST_EVENTS:
        raise RejectedInput("unsupported_event", "this event brings no post; nothing is to do")
    # On a web socket the payload is JSON within JSON.
    inner = (
        decode_json(payload.encode("utf-8", "replace"), limits)
        if isinstance(payload, str)
        else payload
    )
    if isinstance(inner, dict) and "event" in inner:
        raise RejectedInput("wrong_type", "an event within an event; deliver each by itself")
    yield from parts_of(inner, at, limits)


def _of_lists(item: dict[str, Any], pointer: str) -> Iterator[Part]:
    found = [
        (f"{pointer}/{name}/{index}", post)
        for name in ("ancestors", "descendants", "statuses")
        for index, post in enumerate(items(item, name))
    ]
    if not found:
        raise RejectedInput("no_records", "the answer holds no posts", pointer)
    for at, post in found:
        yield _post(mapping(post, "post"), at)


def _inner(item: dict[str, Any], name: str, pointer: str, otherwise: str) -> Part:
    post = item.get(name)
    if post is None:
        raise RejectedInput("not_a_conversation", otherwise)
    return _post(mapping(post, name), f"{pointer}/{name}")


def _post(item: dict[str, Any], pointer: str) -> Part:
    """The post itself; a boost repeats another's words, so that one is taken."""
    boosted = item.get("reblog")
    if isinstance(boosted, dict):
        return Part("post", f"{pointer}/reblog", boosted)
    return Part("post", pointer, item)


def post_id(value: object, what: str) -> str:
    """The id of a post: digits on Mastodon, letters too on servers of the same API."""
    if not isinstance(value, str) or not value.isascii() or not value.isalnum() or len(value) > 64:
        raise RejectedInput("bad_id", f"{what} must be a post id: letters or digits in a string")
    return value


def order_of(native_id: str) -> int | None:
    """Ids of digits grow with time and fit an order column."""
    return int(native_id) if native_id.isdigit() and len(native_id) <= 18 else None


def time_of_id(native_id: str) -> datetime:
    """When a post was made, in UTC, as its id tells; raises RejectedInput when it does not."""
    number = order_of(native_id)
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=(number or 0) >> 16)
    if moment.year < _FIRST_YEAR:
        raise missing("a time, which the id of this post does not tell,")
    return moment
