"""Posts of X (API v2): pages, single objects, arrays, JSONL streams, compliance deletions.

page | stream line | post -> turn (sent, edited, deleted) + handles of the author

Mapped: posts with edit history, replies, quotes, withheld countries; authors from `includes`;
reposts as turns without words; deletions of posts, from compliance jobs and streams. Every post
is linked as `tweet:<id>` under each id of its edit history, because a deletion knows no
conversation.
Not mapped: referenced posts inside `includes` (context, not delivered items), metrics, media,
places; user-level compliance events are rejected as unsupported_event.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.fields import (
    aware_time,
    clean_text,
    items,
    mapping,
    missing,
    optional_mapping,
    optional_text,
    required_text,
)
from ingestion.connectors.json_head import outlines
from ingestion.connectors.reading import decode_json, each_item, json_payloads
from ingestion.connectors.settings import SAMPLE_X_USER_ID
from ingestion.connectors.x_content import metadata_of, references_of, words_of
from ingestion.connectors.x_events import (
    FIRST_SNOWFLAKE,
    SNOWFLAKE_EPOCH,
    deleted,
    is_x,
    post_id,
)


@dataclass(frozen=True)
class XConnector(Connector):
    """Reads posts and deletions of X; `company_user_ids` are the company's own accounts."""

    name: ClassVar[str] = "x"
    version: ClassVar[str] = "2"
    source_system: ClassVar[str] = "x"
    company_user_ids: tuple[str, ...] = (SAMPLE_X_USER_ID,)

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON whose outer objects have the keys of pages, posts or compliance events."""
        return any(is_x(outline) for outline in outlines(head))

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line, or the whole document."""
        return json_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The posts and deletions of one page, post or event."""
        try:
            listed = each_item(decode_json(payload.raw, self.limits))
        except RejectedInput as rejected:
            yield rejected
            return
        for item, pointer in listed:
            yield from self._item(item, pointer)

    def _item(self, item: Any, pointer: str) -> Iterator[Parsed]:
        try:
            item = mapping(item, "item")
            parts = list(_parts(item))
            users = _users(item)
        except RejectedInput as rejected:
            yield RejectedInput(rejected.reason, str(rejected), pointer)
            return
        for place, part in parts:
            try:
                yield from self._part(mapping(part, "post"), users, pointer + place)
            except RejectedInput as rejected:
                yield RejectedInput(rejected.reason, str(rejected), pointer + place)

    def _part(self, part: dict[str, Any], users: dict[str, Any], at: str) -> list[Parsed]:
        if "text" in part or "note_tweet" in part:
            return self._post(part, users, at)
        return [self._deletion(part, at)]

    def _post(self, post: dict[str, Any], users: dict[str, Any], at: str) -> list[Parsed]:
        native_id = post_id(required_text(post, "id"), "id")
        event_at, metadata = _posted_at(post, native_id)
        history = [post_id(item, "edit_history_tweet_ids") for item in _history(post)]
        first = min([*history, native_id], key=int)
        conversation = optional_text(post, "conversation_id") or first
        author = optional_text(post, "author_id")
        user = users.get(author, {}) if author else {}
        references = references_of(post)
        data = {
            "action": "sent" if native_id == first else "edited",
            "turn_id": first,
            "role": "agent" if author in self.company_user_ids else "customer",
            "sender_type": "x_user_id" if author else None,
            "sender": author,
            "text": clean_text(words_of(post, references), self.limits.text_characters) or None,
            "sent_at": event_at,
            "order": int(native_id),
            "reply_to": references.get("replied_to"),
            "channel": "social",
            "direction": self._direction(author, references),
            "metadata": metadata | metadata_of(post, references, author),
        }
        ids = dict.fromkeys([*history, native_id, conversation])
        links = tuple(f"tweet:{item}" for item in ids)
        name = optional_text(user, "name")
        turn = self._record("turn", conversation, native_id, event_at, data, at, links, name)
        return [turn, *self._handles(turn, author, user)]

    def _direction(self, author: str | None, references: dict[str, str]) -> str | None:
        """Outbound when the company posts on its own; its answers open nothing."""
        if author not in self.company_user_ids:
            return "inbound"
        return None if "replied_to" in references else "outbound"

    def _handles(self, turn: Record, author: str | None, user: dict[str, Any]) -> list[Parsed]:
        username = optional_text(user, "username")
        name = optional_text(user, "name")
        found = (("x_user_id", author), ("x_username", username))
        return [
            self._record(
                "handle",
                turn.conversation_key,
                f"{turn.conversation_key}#{kind}:{handle}",
                turn.event_at,
                {"role": turn.data["role"], "handle_type": kind, "handle": handle, "name": name},
                turn.pointer,
                turn.links,
                name,
            )
            for kind, handle in found
            if handle
        ]

    def _deletion(self, event: dict[str, Any], at: str) -> Record:
        native_id, event_at = deleted(event)
        data = {"action": "deleted", "turn_id": native_id, "role": None, "channel": "social"}
        links = (f"tweet:{native_id}",)
        deletion_id = f"{native_id}#delete"
        return self._record("turn", native_id, deletion_id, event_at, data, at, links, None)

    def _record(
        self,
        kind: Any,
        conversation: str,
        native_id: str,
        event_at: datetime | None,
        data: dict[str, Any],
        at: str,
        links: tuple[str, ...],
        name: str | None,
    ) -> Record:
        names = (name,) if name else ()
        return Record(
            kind, self.source_system, conversation, native_id, event_at, data, links, names, at
        )


def _parts(item: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The posts and events of one object with their pointers."""
    data = item.get("data")
    if isinstance(data, list) and data:
        yield from ((f"/data/{index}", part) for index, part in enumerate(data))
    elif isinstance(data, dict):
        yield "/data", data
    elif data is not None and data != []:
        raise RejectedInput("wrong_type", "data must be an object or an array")
    elif "errors" in item:
        raise RejectedInput("source_error", "the platform reports an error instead of posts")
    elif "data" in item or "meta" in item:
        raise RejectedInput("no_records", "the page holds no posts")
    else:
        yield "", item


def _users(item: dict[str, Any]) -> dict[str, Any]:
    found = items(optional_mapping(item, "includes"), "users")
    return {
        user["id"]: user
        for user in found
        if isinstance(user, dict) and isinstance(user.get("id"), str)
    }


def _history(post: dict[str, Any]) -> list[Any]:
    return items(post, "edit_history_tweet_ids")


def _posted_at(post: dict[str, Any], native_id: str) -> tuple[datetime, dict[str, Any]]:
    if post.get("created_at") is not None:
        return aware_time(post["created_at"], "created_at"), {}
    # The ids of posts since November 2010 hold their creation time in milliseconds.
    if int(native_id) <= FIRST_SNOWFLAKE:
        raise missing("created_at")
    moment = SNOWFLAKE_EPOCH + timedelta(milliseconds=int(native_id) >> 22)
    return moment, {"sent_at_from": "id"}
