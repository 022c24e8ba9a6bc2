"""Posts of Mastodon and servers of the same API: entities, pages, threads, streaming events.

post | edit history | delete event -> turn (sent, edited, deleted) + handle of the author

Mapped: posts with their HTML as text, content warnings, edits, replies (a thread is what its
replies name), visibility, direct messages, quotes; posts within conversations, notifications,
contexts, searches and boosts; deletions. JSON with comments is read too. A delete event tells no
time: the time in the post's own id stands in, so that the deletion never precedes its post.
Not mapped: polls, media, custom emoji, favourites, and accounts without a post. An edit history
of the API does not name its post: deliver {"id": ..., "history": [...]}.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.fields import (
    aware_time,
    items,
    mapping,
)
from ingestion.connectors.json_comments import without_comments
from ingestion.connectors.json_head import outlines
from ingestion.connectors.mastodon_content import metadata_of, words_of
from ingestion.connectors.mastodon_events import (
    Part,
    is_mastodon,
    order_of,
    parts_of,
    post_id,
    time_of_id,
)
from ingestion.connectors.mastodon_people import Author, author_of
from ingestion.connectors.reading import decode_json, each_item, json_payloads


@dataclass(frozen=True)
class MastodonConnector(Connector):
    """Reads posts; `company_accounts` are the company's own, as name@server or as local name."""

    name: ClassVar[str] = "mastodon"
    version: ClassVar[str] = "1"
    source_system: ClassVar[str] = "mastodon"
    company_accounts: tuple[str, ...] = ()

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON whose outer objects have the keys of posts or of what wraps them."""
        return any(is_mastodon(outline) for outline in outlines(head))

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line, or the whole document."""
        return json_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The posts and deletions of one answer or event."""
        try:
            listed = each_item(self._decoded(payload.raw))
        except RejectedInput as rejected:
            yield rejected
            return
        for item, pointer in listed:
            yield from self._item(item, pointer)

    def _decoded(self, raw: bytes) -> Any:
        try:
            return decode_json(raw, self.limits)
        except RejectedInput as rejected:
            if rejected.reason != "bad_json":
                raise
        return decode_json(without_comments(raw), self.limits)

    def _item(self, item: Any, pointer: str) -> Iterator[Parsed]:
        try:
            parts = list(parts_of(item, pointer, self.limits))
        except RejectedInput as rejected:
            yield RejectedInput(rejected.reason, str(rejected), rejected.position or pointer)
            return
        for part in parts:
            try:
                yield from self._part(part)
            except RejectedInput as rejected:
                yield RejectedInput(rejected.reason, str(rejected), part.pointer)

    def _part(self, part: Part) -> list[Parsed]:
        if part.kind == "deletion":
            return [_deletion(post_id(part.value, "payload"), part.pointer)]
        if part.kind == "post":
            return self._post(mapping(part.value, "post"), part.pointer)
        return self._history(part)

    def _history(self, part: Part) -> list[Parsed]:
        """All versions of one post; the first entry is the post as it was sent."""
        native_id = post_id(part.value["id"], "id")
        entries = [mapping(entry, "edit") for entry in items(part.value, "history")]
        if not entries:
            raise RejectedInput("no_records", "the history is empty")
        found: list[Parsed] = []
        for index, entry in enumerate(entries):
            version = {**entry, "id": native_id, "edited_at": None}
            if index:
                version |= {
                    "created_at": entries[0].get("created_at"),
                    "edited_at": entry.get("created_at"),
                }
            found += self._post(version, f"{part.pointer}/history/{index}")
        return found

    def _post(self, post: dict[str, Any], at: str) -> list[Parsed]:
        if "id" not in post:
            raise RejectedInput(
                "missing_field",
                'an edit without the id of its post; deliver {"id": ..., "history": [...]}, or the'
                " post itself, which tells its newest words",
            )
        native_id = post_id(post["id"], "id")
        sent_at = aware_time(post.get("created_at"), "created_at")
        edited = post.get("edited_at")
        edited_at = None if edited is None else aware_time(edited, "edited_at")
        parent = post.get("in_reply_to_id")
        parent = None if parent is None else post_id(parent, "in_reply_to_id")
        author = author_of(post, self.company_accounts)
        data = {
            "action": "edited" if edited_at else "sent",
            "turn_id": native_id,
            "role": author.role,
            "sender_type": "mastodon_account",
            "sender": author.handle,
            "text": words_of(post, self.limits.text_characters),
            "sent_at": sent_at,
            "order": order_of(native_id),
            "reply_to": parent,
            "channel": "social",
            "direction": _direction(author, parent),
            "metadata": metadata_of(post),
        }
        key = parent or native_id
        links = tuple(f"status:{item}" for item in dict.fromkeys((native_id, key)))
        turn = _record("turn", key, native_id, edited_at or sent_at, data, at, links, author.name)
        handle = {
            "role": author.role,
            "handle_type": "mastodon_account",
            "handle": author.handle,
            "name": author.name,
        }
        own = f"{key}#mastodon_account:{author.handle}"
        return [turn, _record("handle", key, own, sent_at, handle, at, links, author.name)]


def _direction(author: Author, parent: str | None) -> str | None:
    """Outbound when the company posts on its own; its answers open nothing."""
    if author.role == "customer":
        return "inbound"
    return None if parent else "outbound"


def _deletion(native_id: str, at: str) -> Record:
    data = {"action": "deleted", "turn_id": native_id, "role": None, "channel": "social"}
    links = (f"status:{native_id}",)
    moment = time_of_id(native_id)
    return _record("turn", native_id, f"{native_id}#delete", moment, data, at, links, None)


def _record(
    kind: Any,
    conversation: str,
    native_id: str,
    event_at: datetime,
    data: dict[str, Any],
    at: str,
    links: tuple[str, ...],
    name: str | None,
) -> Record:
    names = (name,) if name else ()
    return Record(kind, "mastodon", conversation, native_id, event_at, data, links, names, at)
