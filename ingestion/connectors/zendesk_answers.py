"""What one JSON document of Zendesk holds, object by object.

answer | export line | webhook event -> (kind, object, place). Which list or object stands where is
the same for single answers, pages, search results and incremental exports.
"""

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import items, mapping
from ingestion.connectors.json_head import Outline

LISTS = {
    "tickets": "ticket", "comments": "comment", "audits": "audit", "ticket_events": "audit",
    "users": "user", "chats": "chat", "satisfaction_ratings": "rating",
    "ticket_metrics": "metrics", "ticket_metric_sets": "metrics", "results": "result",
}  # fmt: skip
SINGLES = {
    "ticket": "ticket", "comment": "comment", "audit": "audit", "user": "user",
    "satisfaction_rating": "rating", "ticket_metric": "metrics",
}  # fmt: skip
EVENT_PREFIX = "zen:event-type:"
# Lists that come beside others as a help to read them.
_BESIDE = ("users",)
_DEPTHS = range(1, 7)


def objects(body: dict[str, Any], pointer: str) -> Iterator[tuple[str, Any, str]]:
    """(kind, object, JSON pointer) of everything in an answer; raises RejectedInput for none."""
    if str(body.get("type") or "").startswith(EVENT_PREFIX):
        yield "event", body, pointer
        return
    whole = kind_of(body)
    if whole is not None:
        yield whole, body, pointer
        return
    documents = body.get("docs")
    if isinstance(documents, dict):  # chats asked for by their ids
        yield from (("chat", item, f"{pointer}/docs/{key}") for key, item in documents.items())
        return
    found = [name for name in LISTS if isinstance(body.get(name), list)]
    singles = [name for name in SINGLES if isinstance(body.get(name), dict)]
    if not found and not singles:
        raise RejectedInput(
            "not_a_conversation", "neither tickets, comments, audits, chats nor users"
        )
    if not singles and not any(body[name] for name in found):
        raise RejectedInput("no_records", "the answer lists nothing")
    for name in sorted(found, key=lambda name: name in _BESIDE):
        for index, item in enumerate(items(body, name)):
            kind = LISTS[name]
            if kind == "result":
                kind = _result_kind(mapping(item, "result"))
            yield kind, item, f"{pointer}/{name}/{index}"
    for name in singles:
        yield SINGLES[name], body[name], f"{pointer}/{name}"


def kind_of(item: dict[str, Any]) -> str | None:
    """What an object is that stands alone, such as one line of an export."""
    keys = item.keys()
    if "requester_id" in keys and {"submitter_id", "subject"} & keys and "status" in keys:
        return "ticket"
    if "ticket_id" in keys and ("events" in keys or "child_events" in keys):
        return "audit"
    if {"author_id", "public"} <= keys:
        return "comment"
    if "visitor" in keys and ("history" in keys or item.get("type") == "offline_msg"):
        return "chat"
    if {"role", "email"} <= keys and {"ticket_restriction", "restricted_agent"} & keys:
        return "user"
    return None


def page_of_ticket(body: dict[str, Any]) -> str | None:
    """The ticket of a list of comments, which names it only in the address of a page."""
    links = body.get("links")
    told = [body.get(key) for key in ("next_page", "previous_page", "url")]
    told += list(links.values()) if isinstance(links, dict) else []
    for address in told:
        parts = address.split("/") if isinstance(address, str) else []
        for name, number in pairwise(parts):
            if name in ("tickets", "requests") and number.isascii() and number.isdigit():
                return number
    return None


def is_zendesk(outline: Outline) -> bool:
    """Whether a JSON text has the keys of tickets, comments, audits, chats, users or events."""
    keys = set().union(*(outline.keys(depth) for depth in _DEPTHS))
    return any(wanted <= keys for wanted in _SIGNS) or ({"zendesk_event_version", "detail"} <= keys)


def _result_kind(item: dict[str, Any]) -> str:
    kind = item.get("result_type")
    return kind if kind in ("ticket", "user") else "other"


_SIGNS = (
    {"requester_id", "submitter_id", "status", "via"},
    {"author_id", "public", "html_body"},
    {"author_id", "public", "plain_body"},
    {"author_id", "public", "audit_id"},
    {"comments", "author_id", "public", "created_at"},
    {"audits", "author_id", "events"},
    {"ticket_id", "author_id", "events", "via"},
    {"ticket_events", "child_events", "ticket_id"},
    {"role", "ticket_restriction", "restricted_agent"},
    {"visitor", "session", "history", "started_by"},
    {"visitor", "session", "zendesk_ticket_id"},
    {"satisfaction_ratings", "ticket_id", "score"},
    {"ticket_id", "group_stations", "assignee_stations"},
)
