"""Genesys Cloud conversation details: who took part, in which queues, and for how long.

detail | page of details -> one interaction and the customer's handles each

Mapped: participants, sessions, segments and metrics (waiting, holding, talking, after-call work,
transfers), queue, agent, wrap-up code, how it ended, promoter score. Metrics are milliseconds by
the vendor's definition. A segment or end with an unusable time is rejected by its place; what
does not need that time is kept.
Not mapped: words (details have none), participant attributes, wrap-up notes, flows, call quality.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, RejectedInput
from ingestion.connectors.call_records import Call, known
from ingestion.connectors.fields import aware_time, items, mapping, optional_text, required_text
from ingestion.connectors.genesys_facts import agents_of, outcome, timing, transfers
from ingestion.connectors.genesys_sessions import Session, read_sessions
from ingestion.connectors.json_head import Outline, outlines
from ingestion.connectors.reading import decode_json, json_payloads

CHANNELS = {
    "voice": "voice",
    "callback": "voice",
    "chat": "chat",
    "webchat": "chat",
    "message": "chat",
    "email": "email",
}
DIRECTIONS = ("inbound", "outbound")
MAIL_SCHEME, PHONE_SCHEME = "mailto:", "tel:"


@dataclass(frozen=True)
class GenesysConnector(Connector):
    """Reads conversation details of the analytics interface."""

    name: ClassVar[str] = "genesys"
    version: ClassVar[str] = "1"
    source_system: ClassVar[str] = "genesys"

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON whose outer or next objects have the keys of a conversation detail."""
        return any(_is_detail(outline) for outline in outlines(head))

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line, or the whole document."""
        return json_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The records of one conversation, or of each one on a page."""
        try:
            value = decode_json(payload.raw, self.limits)
            listed = list(_listed(value))
        except RejectedInput as rejected:
            yield rejected
            return
        if not listed:
            yield RejectedInput("no_records", "the page holds no conversations")
        for pointer, item in listed:
            try:
                yield from self._conversation(mapping(item, "conversation"), pointer)
            except RejectedInput as rejected:
                place = pointer + rejected.position
                yield RejectedInput(rejected.reason, str(rejected), place)

    def _conversation(self, detail: dict[str, Any], pointer: str) -> list[Parsed]:
        key = required_text(detail, "conversationId")
        try:
            started = aware_time(detail.get("conversationStart"), "conversationStart")
        except RejectedInput as rejected:
            raise RejectedInput(rejected.reason, str(rejected), "/conversationStart") from rejected
        sessions, rejections = read_sessions(detail)
        ended = None
        if detail.get("conversationEnd") is not None:
            try:
                ended = aware_time(detail["conversationEnd"], "conversationEnd")
            except RejectedInput as rejected:
                rejections.append(RejectedInput(rejected.reason, str(rejected), "/conversationEnd"))
        stamps = [part.end for session in sessions for part in session.segments if part.end]
        # Details are delivered again as they grow; what knows more was stated later.
        stated_at = max([started, *stamps, *([ended] if ended else [])])
        names = {session.name for session in sessions if session.name and session.is_person}
        call = Call(self.source_system, key, stated_at, names=tuple(sorted(names)), pointer=pointer)
        facts = _facts(detail, sessions) | {"started_at": started, "ended_at": ended}
        placed = [
            RejectedInput(item.reason, str(item), pointer + item.position) for item in rejections
        ]
        return [call.interaction(facts), *_handles(call, sessions, facts["direction"]), *placed]


def _listed(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and "conversations" in value:
        for index, item in enumerate(items(value, "conversations")):
            yield f"/conversations/{index}", item
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield f"/{index}", item
    else:
        yield "", value


def _is_detail(outline: Outline) -> bool:
    for depth in (1, 2):
        if {"conversationId", "conversationStart", "participants"} <= outline.keys(depth):
            return "sessions" in outline.keys(depth + 1)
    return False


def _facts(detail: dict[str, Any], sessions: list[Session]) -> dict[str, Any]:
    customer = [session for session in sessions if session.side == "customer"]
    agents = agents_of(sessions)
    direction = optional_text(detail, "originatingDirection")
    if direction not in DIRECTIONS:
        direction = next((s.direction for s in customer if s.direction in DIRECTIONS), None)
    media = next((session.media for session in [*customer, *sessions] if session.media), None)
    channel = CHANNELS.get(media or "")
    if channel is None:
        raise RejectedInput(
            "unsupported_channel", "no session is a call, callback, chat, message or mail"
        )
    queues = [part.queue for s in sessions for part in s.segments if part.queue]
    codes = [part.wrap_up for s in sessions for part in s.segments if part.wrap_up]
    metadata = {
        "agents": agents if len(agents) > 1 else None,
        "queues": list(dict.fromkeys(queues)) if len(set(queues)) > 1 else None,
        "vendor_disconnect": next((s.ending for s in reversed(customer) if s.ending), None),
        "media": media,
        "provider": next((s.provider for s in customer if s.provider), None),
        "used_routing": next((s.routing for s in sessions if s.routing), None),
    }
    return {
        "channel": channel,
        "direction": direction,
        "campaign": next((s.campaign for s in sessions if s.campaign), None),
        "queue": queues[0] if queues else None,
        "agent_id": agents[0] if agents else None,
        **timing(sessions),
        "disconnect_reason": outcome(sessions, direction),
        "transfers": transfers(sessions),
        "disposition": codes[-1] if codes else None,
        "nps": _promoter_score(detail),
        "metadata": known(metadata),
    }


def _promoter_score(detail: dict[str, Any]) -> float | None:
    """The last answered survey's promoter score, 0 to 10."""
    found = [
        item.get("surveyPromoterScore")
        for item in items(detail, "surveys")
        if isinstance(item, dict)
    ]
    scores = [item for item in found if isinstance(item, int | float) and 0 <= item <= 10]
    return float(scores[-1]) if scores else None


def _handles(call: Call, sessions: list[Session], direction: str | None) -> list[Parsed]:
    found: dict[tuple[str, str], Parsed] = {}
    for session in sessions:
        if session.side != "customer":
            continue
        for written in session.addresses(outbound=direction == "outbound"):
            kind, handle = _handle(written)
            record = call.handle("customer", kind, handle, session.name, session.pointer)
            found.setdefault((kind, handle), record)
    return list(found.values())


def _handle(written: str) -> tuple[str, str]:
    plain = written.removeprefix(PHONE_SCHEME).removeprefix(MAIL_SCHEME)
    if plain.startswith("sip:"):
        user = plain.removeprefix("sip:").partition("@")[0]
        return ("phone", user) if user.lstrip("+").isdigit() else ("other", plain)
    if "@" in plain:
        return "email", plain.lower()
    return ("phone", plain) if plain.lstrip("+").isdigit() else ("other", plain)
