"""Webhooks of Messenger (`object: page`) and Instagram (`object: instagram`) messaging.

webhook body -> entry -> messaging event -> turn, handle and status records

Mapped: messages, echoes (what the company wrote), edits, unsends, postbacks, quick replies,
reactions, stories answered or mentioned, opt-ins, referrals, hand-overs between apps, deliveries
and reads, by message or up to a time. `entry.id` is the company's own account.
Not mapped: `changes` (posts and comments, another source), account linking and policy events,
attachments themselves.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.conversation_records import Talk
from ingestion.connectors.fields import (
    clean_text,
    items,
    mapping,
    optional_mapping,
)
from ingestion.connectors.json_bodies import json_bodies
from ingestion.connectors.json_head import outlines
from ingestion.connectors.meta_accounts import LISTS, SYSTEMS, account_id, first_object, partner_of
from ingestion.connectors.meta_events import Said, said
from ingestion.connectors.meta_statuses import status_records
from ingestion.connectors.moments import epoch_moment
from ingestion.connectors.reading import decode_json, json_payloads
from ingestion.connectors.whatsapp_bodies import OBJECT as WHATSAPP

HANDLES = {"messenger": "messenger_user_id", "instagram": "instagram_user_id"}


@dataclass(frozen=True)
class MetaMessagingConnector(Connector):
    """Reads messaging webhooks; messages of the apps `bot_app_ids` were written by a bot.

    Both platforms deliver to one address, so each connector reads the bodies of both; the
    system of every record follows its body. WhatsApp may deliver there too: its payloads are
    handed to the connectors `beside` this one.
    """

    version: ClassVar[str] = "1"
    session_gap: ClassVar[timedelta | None] = timedelta(hours=24)
    object_name: ClassVar[str]
    bot_app_ids: tuple[str, ...] = ()
    beside: tuple[Connector, ...] = ()

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON in which an object of this platform has entries with messaging events."""
        if self.object_name.encode() not in head or WHATSAPP.encode() in head:
            return False
        return any(first_object(outline) == self.object_name for outline in outlines(head)[:1])

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line, or the whole document."""
        return json_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """Turns, handles and statuses of one payload; other events are rejected by name."""
        try:
            value = decode_json(payload.raw, self.limits)
        except RejectedInput as rejected:
            yield rejected
            return
        if (other := self._other(value)) is not None:
            yield from other.parse(payload)
            return
        seen: set[str] = set()
        found = False
        for body, pointer in json_bodies(value, _is_body):
            for parsed in self._body(body, pointer):
                found = True
                # The same person is named by every message of a payload; once is enough.
                if isinstance(parsed, Record) and parsed.kind == "handle":
                    if parsed.native_id in seen:
                        continue
                    seen.add(parsed.native_id)
                yield parsed
        if not found:
            yield RejectedInput("no_records", "the payload holds no webhook body")

    def _other(self, value: Any) -> Connector | None:
        """The connector beside this one that reads bodies of another product, if `value` is one."""
        if not isinstance(value, dict):
            return None
        wanted = "whatsapp" if value.get("object") == WHATSAPP else None
        if value.get("object") == "page" and _is_feed(value.get("entry")):
            wanted = "facebook"
        return next((item for item in self.beside if item.name == wanted), None)

    def _body(self, body: Any, pointer: str) -> Iterator[Parsed]:
        try:
            system = SYSTEMS.get(str(mapping(body, "body").get("object")))
            if system is None:
                raise RejectedInput("no_records", "no webhook body of Messenger or Instagram")
            entries = items(body, "entry")
            if not entries:
                raise RejectedInput("no_records", "the webhook has no entries")
        except RejectedInput as rejected:
            yield _at(rejected, pointer)
            return
        for index, entry in enumerate(entries):
            yield from self._entry(entry, system, f"{pointer}/entry/{index}")

    def _entry(self, entry: Any, system: str, pointer: str) -> Iterator[Parsed]:
        try:
            entry = mapping(entry, "entry")
            events = [(name, item) for name in LISTS for item in enumerate(items(entry, name))]
            if not events:
                raise _without_events(entry)
            own = account_id(entry.get("id"), "entry.id")
        except RejectedInput as rejected:
            yield _at(rejected, pointer)
            return
        for name, (number, event) in events:
            place = f"{pointer}/{name}/{number}"
            try:
                yield from self._event(mapping(event, "event"), own, system, place)
            except RejectedInput as rejected:
                yield _at(rejected, place)

    def _event(self, event: dict[str, Any], own: str, system: str, at: str) -> list[Parsed]:
        partner, ours = partner_of(event, own)
        event_at = epoch_moment(event.get("timestamp"), "timestamp")
        talk = Talk(system, f"{own}:{partner}")
        for kind, status in (("delivery", "delivered"), ("read", "read")):
            if event.get(kind) is not None:
                return status_records(talk, mapping(event[kind], kind), status, event_at, at)
        found = said(event, own if ours else partner)
        turn = self._turn(talk, found, event, ours, event_at, at)
        return [turn, talk.handle((HANDLES[system], partner), event_at, at)]

    def _turn(
        self, talk: Talk, found: Said, event: dict[str, Any], ours: bool, at: datetime, place: str
    ) -> Record:
        what = found.event or found.metadata.get("type", "")
        turn_id = found.turn_id or f"{talk.key}:{what}:{int(at.timestamp() * 1000)}"
        if found.action == "deleted":
            return talk.deletion(turn_id, at, place)
        role = "system" if found.event else self._role(event, ours)
        customer = role == "customer"
        data: dict[str, Any] = {
            "action": found.action,
            "turn_id": turn_id,
            "role": role,
            "sender_type": HANDLES[talk.source_system] if customer else None,
            "sender": talk.key.partition(":")[2] if customer else None,
            "text": self._text(found.text),
            "sent_at": at,
            "order": found.order,
            "reply_to": found.reply_to,
            "channel": "chat",
            "direction": {"customer": "inbound", "system": None}.get(role, "outbound"),
            "campaign": found.campaign,
            "transfer": found.transfer or None,
            "metadata": {"account_id": talk.key.partition(":")[0], **found.metadata},
        }
        return talk.record("turn", turn_id + found.native_suffix, at, data, place)

    def _role(self, event: dict[str, Any], ours: bool) -> str:
        if not ours:
            return "customer"
        app = optional_mapping(event, "message").get("app_id")
        return "bot" if app is not None and str(app) in self.bot_app_ids else "agent"

    def _text(self, text: str | None) -> str | None:
        return None if text is None else clean_text(text, self.limits.text_characters)


@dataclass(frozen=True)
class MessengerConnector(MetaMessagingConnector):
    """Reads files whose first body is of a Facebook page."""

    name: ClassVar[str] = "messenger"
    source_system: ClassVar[str] = "messenger"
    object_name: ClassVar[str] = "page"


@dataclass(frozen=True)
class InstagramConnector(MetaMessagingConnector):
    """Reads files whose bodies are of Instagram accounts."""

    name: ClassVar[str] = "instagram"
    source_system: ClassVar[str] = "instagram"
    object_name: ClassVar[str] = "instagram"


def _is_body(value: dict[str, Any]) -> bool:
    return "object" in value or "entry" in value


def _without_events(entry: dict[str, Any]) -> RejectedInput:
    if entry.get("changes"):
        return RejectedInput(
            "not_a_conversation", "posts and comments; deliver them in files of their own"
        )
    return RejectedInput("no_records", "the entry has no messaging events")


def _at(rejected: RejectedInput, pointer: str) -> RejectedInput:
    return RejectedInput(rejected.reason, str(rejected), pointer)


def _is_feed(entries: Any) -> bool:
    """Whether the entries are about posts and comments of a page, not about chats."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return False
    return any("changes" in entry for entry in entries) and not any(
        key in entry for entry in entries for key in ("messaging", "standby")
    )
