"""Posts and comments of a Facebook page: `feed` webhooks, and answers of the Graph API.

webhook | page of posts | post | page of comments -> turn (sent, edited, deleted) + handle

Mapped: posts and comments with replies, edits and removals; comments nested in Graph answers.
Whoever writes as the page is the agent: the page's id is in the webhook and in every post id.
Not mapped: reactions, hiding and unhiding, ratings, media; Messenger (`messaging`), which is a
chat and no page. A comment without its post (a Graph page of comments) is joined by the number
that begins its id.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.facebook_events import Post, is_facebook, of_change, of_graph, told_at
from ingestion.connectors.fields import clean_text, items, mapping, missing, required_text
from ingestion.connectors.json_head import outlines
from ingestion.connectors.reading import decode_json, json_payloads
from ingestion.connectors.whatsapp_bodies import OBJECT as WHATSAPP


@dataclass(frozen=True)
class FacebookConnector(Connector):
    """Reads posts and comments of pages; `company_page_ids` are needed for comments alone.

    Meta delivers chats and comments of a page to one address. Bodies with `messaging` among the
    lines of a file are handed to the connectors `beside` this one, or rejected by name.
    """

    name: ClassVar[str] = "facebook"
    version: ClassVar[str] = "1"
    source_system: ClassVar[str] = "facebook"
    company_page_ids: tuple[str, ...] = ()
    beside: tuple[Connector, ...] = ()

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON whose first body has the outer keys of page changes or of Graph posts.

        Files with bodies of WhatsApp among theirs are read by its connector.
        """
        if WHATSAPP.encode() in head:
            return False
        return any(is_facebook(outline) for outline in outlines(head)[:1])

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line, or the whole document."""
        return json_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The posts and comments of one webhook body or answer."""
        try:
            value = decode_json(payload.raw, self.limits)
        except RejectedInput as rejected:
            yield rejected
            return
        if self.beside and _is_chat(value):
            for connector in self.beside:
                yield from connector.parse(payload)
            return
        listed = value if isinstance(value, list) else [value]
        if not listed:
            yield RejectedInput("no_records", "the array is empty")
        for index, item in enumerate(listed):
            at = f"/{index}" if isinstance(value, list) else ""
            try:
                found = list(_posts(mapping(item, "item"), at, self.company_page_ids))
            except RejectedInput as rejected:
                yield RejectedInput(rejected.reason, str(rejected), at)
                continue
            for post in found:
                yield from [post] if isinstance(post, RejectedInput) else self._records(post)

    def _records(self, post: Post) -> list[Parsed]:
        try:
            return [self._turn(post), *self._handle(post)]
        except RejectedInput as rejected:
            return [RejectedInput(rejected.reason, str(rejected), post.pointer)]

    def _role(self, post: Post) -> str:
        own = {*self.company_page_ids, post.page}
        return "agent" if post.author in own and post.author else "customer"

    def _turn(self, post: Post) -> Record:
        if post.action == "deleted":
            gone = {"action": "deleted", "turn_id": post.native_id, "role": None}
            own = f"{post.native_id}#delete"
            return _record("turn", post, own, post.changed_at, gone | {"channel": "social"})
        role, opens = self._role(post), post.kind != "comment"
        if opens and post.author is None:
            # Who wrote a comment may be withheld; a post without author may be the page's own.
            raise missing("from, by which a post of the page is told from a visitor's,")
        data = {
            "action": post.action,
            "turn_id": post.native_id,
            "role": role,
            "sender_type": "facebook_user_id" if post.author else None,
            "sender": post.author,
            "text": clean_text(post.text, self.limits.text_characters) if post.text else None,
            "sent_at": post.sent_at,
            "reply_to": post.parent,
            "channel": "social",
            "direction": _direction(role, opens=opens),
            "metadata": {"item": post.kind},
        }
        return _record("turn", post, post.native_id, post.changed_at, data)

    def _handle(self, post: Post) -> list[Parsed]:
        if not post.author or post.action == "deleted":
            return []
        data = {
            "role": self._role(post),
            "handle_type": "facebook_user_id",
            "handle": post.author,
            "name": post.name,
        }
        own = f"{_story(post)}#facebook_user_id:{post.author}"
        return [_record("handle", post, own, post.changed_at, data)]


def _posts(item: dict[str, Any], at: str, pages: Collection[str]) -> Iterator[Post | RejectedInput]:
    if "entry" in item:
        yield from _of_webhook(item, at)
    elif isinstance(item.get("data"), list):
        posts = item["data"]
        if not posts:
            raise RejectedInput("no_records", "the answer holds no posts")
        for index, post in enumerate(posts):
            yield from of_graph(post, f"{at}/data/{index}", pages)
    elif "error" in item:
        raise RejectedInput("source_error", "the platform reports an error instead of posts")
    else:
        yield from of_graph(item, at, pages)


def _of_webhook(body: dict[str, Any], at: str) -> Iterator[Post | RejectedInput]:
    changes = 0
    for number, entry in enumerate(items(body, "entry")):
        entry = mapping(entry, "entry")
        page, moment = required_text(entry, "id"), told_at(entry)
        for index, change in enumerate(items(entry, "changes")):
            changes += 1
            pointer = f"{at}/entry/{number}/changes/{index}/value"
            try:
                yield of_change(change, page, moment, pointer)
            except RejectedInput as rejected:
                yield RejectedInput(rejected.reason, str(rejected), pointer)
    if not changes:
        raise RejectedInput(
            "no_records",
            "the webhook holds no changes of a page; deliver chats in files of their own",
        )


def _is_chat(value: Any) -> bool:
    """Whether this is a webhook body about chats, of a page or of another product."""
    if isinstance(value, dict) and value.get("object") in (WHATSAPP, "instagram"):
        return True
    entries = value.get("entry") if isinstance(value, dict) else None
    return isinstance(entries, list) and any(
        isinstance(entry, dict) and "messaging" in entry for entry in entries
    )


def _direction(role: str, *, opens: bool) -> str | None:
    """Outbound when the page posts on its own; its answers open nothing."""
    if role == "customer":
        return "inbound"
    return "outbound" if opens else None


def _story(post: Post) -> str:
    """The number of the post: `<page>_<post>` and `<post>_<comment>` tell the same one."""
    first, mark, last = post.story.partition("_")
    if not mark:
        return first
    return first if post.page is None else last


def _record(
    kind: Any, post: Post, native_id: str, moment: datetime, data: dict[str, Any]
) -> Record:
    names = (post.name,) if post.name else ()
    story = _story(post)
    links = (f"post:{story}", f"post:{post.native_id}")
    return Record(kind, "facebook", story, native_id, moment, data, links, names, post.pointer)
