"""The two ways in which posts and comments of a Facebook page arrive, made alike.

webhook change | Graph API object -> Post. Other changes and fields are refused by name. Also the
outer keys by which such files are recognised; Messenger's `messaging` is another connector's.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import (
    aware_time,
    epoch_time,
    items,
    mapping,
    missing,
    optional_mapping,
    optional_text,
    required_text,
)
from ingestion.connectors.json_head import Outline

Action = Literal["sent", "edited", "deleted"]

WRITTEN: Final = ("post", "status", "photo", "video", "share", "link", "album", "comment", "reel")
VERBS: Final[dict[str, Action]] = {
    "add": "sent",
    "edit": "edited",
    "edited": "edited",
    "update": "edited",
    "remove": "deleted",
    "delete": "deleted",
}
MOST_DEPTH: Final = 8


@dataclass(frozen=True, slots=True)
class Post:
    """A post or comment, or what happened to one. `story` is the post under which it stands."""

    action: Action
    native_id: str
    story: str
    parent: str | None
    page: str | None
    author: str | None
    name: str | None
    text: str | None
    sent_at: datetime
    changed_at: datetime
    pointer: str
    kind: str


def is_facebook(outline: Outline) -> bool:
    """Whether a JSON text holds changes of a page, or posts with Graph's own keys."""
    top, second, third = outline.keys(1), outline.keys(2), outline.keys(3)
    if {"object", "entry"} <= top and outline.has_value("object", "page"):
        return "changes" in second and "messaging" not in second and {"field", "value"} <= third
    if "data" in top:
        return _is_graph(second)
    return _is_graph(top)


def _is_graph(keys: set[str]) -> bool:
    """Only Graph writes `created_time`; messages of Messenger have receivers."""
    if not {"id", "created_time"} <= keys or {"to", "participants"} & keys:
        return False
    return bool({"message", "story", "comments"} & keys) and bool(
        {"from", "comments", "permalink_url", "parent", "comment_count", "is_hidden"} & keys
    )


def of_change(change: Any, page: str, told_at: datetime | None, pointer: str) -> Post:
    """One change of a webhook; raises RejectedInput for what brings no words."""
    change = mapping(change, "change")
    if optional_text(change, "field") != "feed":
        raise RejectedInput("unsupported_event", "only the field feed holds posts and comments")
    value = mapping(change.get("value"), "value")
    item, verb = required_text(value, "item"), required_text(value, "verb")
    if item not in WRITTEN or verb not in VERBS:
        raise RejectedInput(
            "unsupported_event",
            "a reaction, a change of visibility or another event without words; nothing is to do",
        )
    action = VERBS[verb]
    story = required_text(value, "post_id")
    comment = required_text(value, "comment_id") if item == "comment" else None
    made_at = epoch_time(value["created_time"], "created_time") if "created_time" in value else None
    sent_at = made_at or told_at
    if sent_at is None:
        raise missing("created_time")
    author = optional_mapping(value, "from")
    parent = optional_text(value, "parent_id") if comment else None
    return Post(
        action,
        comment or story,
        story,
        parent,
        page,
        optional_text(author, "id"),
        optional_text(author, "name"),
        optional_text(value, "message"),
        sent_at,
        sent_at if action == "sent" else max(sent_at, told_at or sent_at),
        pointer,
        item,
    )


def told_at(entry: dict[str, Any]) -> datetime | None:
    """When the webhook was sent: seconds, or milliseconds in some versions."""
    value = entry.get("time")
    if isinstance(value, int) and not isinstance(value, bool) and value > 10**11:
        value //= 1000
    return None if value is None else epoch_time(value, "time")


def of_graph(
    item: Any, pointer: str, pages: Collection[str], above: Post | None = None, depth: int = 0
) -> Iterator[Post | RejectedInput]:
    """A post or comment of the Graph API and all that stands under it.

    `pages` are the company's: where they are known, an object of no page must be a comment.
    """
    if depth > MOST_DEPTH:
        yield RejectedInput("too_deep", "comments are nested deeper than on any page", pointer)
        return
    try:
        post = _of_graph(mapping(item, "post"), pointer, pages, above)
        comments = items(optional_mapping(item, "comments"), "data")
    except RejectedInput as rejected:
        yield RejectedInput(rejected.reason, str(rejected), pointer)
        return
    yield post
    for index, comment in enumerate(comments):
        at = f"{pointer}/comments/data/{index}"
        yield from of_graph(comment, at, pages, post, depth + 1)


def _of_graph(
    item: dict[str, Any], pointer: str, pages: Collection[str], above: Post | None
) -> Post:
    native_id = required_text(item, "id")
    sent_at = aware_time(item.get("created_time"), "created_time")
    author = optional_mapping(item, "from")
    told = optional_text(optional_mapping(item, "parent"), "id")
    page = _page_of(native_id)
    is_comment = bool(above or told or "comment_count" in item or (pages and page not in pages))
    if is_comment:
        page = above.page if above else None
    text = optional_text(item, "message")
    return Post(
        "sent",
        native_id,
        above.story if above else native_id,
        above.native_id if above else told,
        page,
        optional_text(author, "id"),
        optional_text(author, "name"),
        text if text or is_comment else optional_text(item, "story"),
        sent_at,
        sent_at,
        pointer,
        "comment" if is_comment else "post",
    )


def _page_of(story: str) -> str | None:
    """`<page>_<post>`: the id of a post begins with its page."""
    page, mark, _ = story.partition("_")
    return page if mark else None
