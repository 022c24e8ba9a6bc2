"""Zendesk: API answers, incremental and full JSON exports, webhook events, flat CSV tables.

answer | line | event | row -> ticket, comment, audit, chat, user, rating -> records

Mapped: one interaction for each ticket (channel from `via`), public comments as turns, changes of
status, group and agent as system turns, reopened tickets, transfers between groups, ratings,
chats joined with their tickets, users as contact cards. Roles come from users where they are
there, else from the ticket: its requester is the customer, everybody else speaks for the company.
Not mapped: the words of internal notes (their system turn has none), other field changes,
attachments themselves, audit logs and schedules (rejected as not_a_conversation).
Times carry an offset in the API. Exported tables have none; their documentation says UTC.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.conversation_records import Talk
from ingestion.connectors.fields import items, mapping
from ingestion.connectors.json_bodies import json_bodies
from ingestion.connectors.json_head import outlines
from ingestion.connectors.moments import utc_moment
from ingestion.connectors.reading import decode_json, json_payloads
from ingestion.connectors.zendesk_answers import (
    EVENT_PREFIX,
    LISTS,
    SINGLES,
    is_zendesk,
    kind_of,
    objects,
    page_of_ticket,
)
from ingestion.connectors.zendesk_chats import chat_owner, chat_records, chat_talk, event_record
from ingestion.connectors.zendesk_comments import audit_records, comment_record, field_record
from ingestion.connectors.zendesk_events import event_records
from ingestion.connectors.zendesk_people import (
    SYSTEM,
    Users,
    native,
    required_native,
    user_record,
)
from ingestion.connectors.zendesk_tables import header_of, row_object, table_payloads
from ingestion.connectors.zendesk_tickets import metrics_of, rating_of, talk_of, ticket_records


@dataclass(frozen=True)
class ZendeskConnector(Connector):
    """Reads what Zendesk answers, exports and sends."""

    name: ClassVar[str] = "zendesk"
    version: ClassVar[str] = "1"
    source_system: ClassVar[str] = SYSTEM

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON with the keys of Zendesk, or a known header of a table."""
        return any(is_zendesk(outline) for outline in outlines(head)) or header_of(head) is not None

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload for each row or line, or the whole document."""
        with path.open("rb") as stream:
            start = stream.read(64).lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
        if start in (b"{", b"[", b""):
            return json_payloads(path, self.limits)
        return table_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The records of one row, line or document."""
        if payload.context:
            yield from self._row(payload)
            return
        try:
            value = decode_json(payload.raw, self.limits)
        except RejectedInput as rejected:
            yield rejected
            return
        found = False
        for body, pointer in json_bodies(value, _is_body):
            found = True
            yield from self._body(body, pointer)
        if not found:
            yield RejectedInput("no_records", "the payload is empty")

    def _row(self, payload: Payload) -> Iterator[Parsed]:
        try:
            if len(payload.raw) > self.limits.payload_bytes:
                raise RejectedInput("too_large", "the row is too large; trim its longest cell")
            kind, row = row_object(payload)
            yield from self._object(kind, row, Users({}), None, "")
        except RejectedInput as rejected:
            yield rejected

    def _body(self, body: Any, pointer: str) -> Iterator[Parsed]:
        try:
            body = mapping(body, "body")
            users, page = Users.of(body), _page(body)
            listed = list(objects(body, pointer))
        except RejectedInput as rejected:
            yield RejectedInput(rejected.reason, str(rejected), rejected.position or pointer)
            return
        for kind, item, place in listed:
            try:
                yield from self._object(kind, mapping(item, kind), users, page, place)
            except RejectedInput as rejected:
                yield RejectedInput(rejected.reason, str(rejected), rejected.position or place)

    def _object(
        self, kind: str, item: dict[str, Any], users: Users, page: str | None, at: str
    ) -> Iterator[Parsed]:
        if kind == "ticket":
            yield from self._ticket(item, users, at)
        elif kind == "comment":
            yield self._comment(item, users, page, at)
        elif kind == "audit":
            talk = talk_of(required_native(item, "ticket_id"), users)
            found = list(audit_records(talk, item, users, self.limits, at))
            if not found:
                raise RejectedInput("not_a_conversation", "no comment and no change of state")
            yield from found
        elif kind == "chat":
            yield from chat_records(item, self.limits, at)
        elif kind == "event":
            yield from event_records(item, self.limits, at)
        else:
            yield self._single(kind, item, users, at)

    def _single(self, kind: str, item: dict[str, Any], users: Users, at: str) -> Record:
        """Objects that are one record each."""
        if kind == "user":
            return user_record(item, at)
        if kind == "chat_row":
            return chat_owner(item, at)
        if kind == "chat_event":
            talk = chat_talk(required_native(item, "chat_id"), None)
            return event_record(talk, item, self.limits, at)
        if kind not in ("rating", "metrics", "field"):
            raise RejectedInput("not_a_conversation", "neither a ticket nor a user")
        talk = talk_of(required_native(item, "ticket_id"), users)
        stamp = item.get("updated_at") or item.get("updated") or item.get("created_at")
        event_at = utc_moment(stamp, "updated_at")
        if kind == "field":
            return field_record(talk, item, event_at, at)
        facts = rating_of(item) if kind == "rating" else metrics_of(item)
        name = "csat" if kind == "rating" else kind
        return talk.record("interaction", f"{talk.key}#{name}", event_at, facts, at)

    def _ticket(self, item: dict[str, Any], users: Users, at: str) -> Iterator[Parsed]:
        """A ticket, with the comments that full exports put inside it."""
        inside = Users({**users.known, **Users.of(item).known})
        yield from ticket_records(item, inside, self.limits, at)
        ticket_id = native(item, "id")
        for index, comment in enumerate(items(item, "comments")):
            place = f"{at}/comments/{index}"
            try:
                yield self._comment(mapping(comment, "comment"), inside, ticket_id, place)
            except RejectedInput as rejected:
                yield RejectedInput(rejected.reason, str(rejected), place)

    def _comment(self, item: dict[str, Any], users: Users, page: str | None, at: str) -> Record:
        """A comment; one that names no ticket is tied by its own id once an audit names both."""
        ticket_id = native(item, "ticket_id") or native(item, "request_id")
        if ticket_id is None and page is None:
            raise RejectedInput("missing_field", "ticket_id is missing; add it to the comment")
        key = f"ticket:{ticket_id}" if ticket_id else str(page)
        key = f"ticket:{key}" if key.isdigit() else key
        talk = Talk(SYSTEM, key, (), users.names())
        if item.get("_fivetran_deleted") is True:
            gone_at = utc_moment(item.get("_fivetran_synced"), "_fivetran_synced")
            return talk.deletion(f"comment:{required_native(item, 'id')}", gone_at, at)
        return comment_record(talk, item, users, self.limits, at)


def _page(body: dict[str, Any]) -> str | None:
    """The conversation of a list of comments: all of them are of one ticket."""
    ticket_id = native(body, "ticket_id") or page_of_ticket(body)
    if ticket_id is not None or not isinstance(body.get("comments"), list):
        return ticket_id
    known = [item.get("id") for item in body["comments"] if isinstance(item, dict)]
    numbers = [number for number in known if isinstance(number, int)]
    return f"comments:{min(numbers)}" if numbers else None


def _is_body(value: dict[str, Any]) -> bool:
    if kind_of(value) is not None or str(value.get("type") or "").startswith(EVENT_PREFIX):
        return True
    return any(isinstance(value.get(name), list) for name in LISTS) or any(
        isinstance(value.get(name), dict) for name in (*SINGLES, "docs")
    )
