"""Participants, sessions and segments of a Genesys conversation, checked one by one.

participants -> Session with its Segments; a segment with an unusable time keeps what it says
besides (queue, wrap-up code, how it ended) and is reported by its place.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import aware_time, items, mapping, optional_text, seconds

SIDES = {
    "customer": "customer",
    "external": "customer",
    "agent": "agent",
    "user": "agent",
    "acd": "queue",
    "ivr": "bot",
    "botflow": "bot",
    "workflow": "bot",
    "voicemail": "voicemail",
}
MOST_SESSIONS = 2_000


@dataclass(slots=True)
class Segment:
    """One stretch of a session; times are None when the source gives unusable ones."""

    kind: str
    start: datetime | None
    end: datetime | None
    queue: str | None
    ending: str | None
    wrap_up: str | None


@dataclass(slots=True)
class Session:
    """One session of one participant; `metrics` are seconds or counts by the vendor's names."""

    side: str
    user: str | None
    name: str | None
    media: str | None
    direction: str | None
    provider: str | None
    routing: str | None
    campaign: str | None
    pointer: str
    caller: tuple[str, ...]
    called: tuple[str, ...]
    segments: list[Segment] = field(default_factory=list)
    metrics: dict[str, float] = field(default_factory=dict)

    @property
    def is_person(self) -> bool:
        """Whether the participant's name is that of a person and not of a queue or flow."""
        return self.side in ("customer", "agent")

    @property
    def ending(self) -> str | None:
        """How the session ended, in the vendor's words."""
        return next((part.ending for part in reversed(self.segments) if part.ending), None)

    def addresses(self, outbound: bool) -> tuple[str, ...]:
        """The addresses of the customer: who called, or on outbound contacts who was called."""
        return self.called if outbound else self.caller


def read_sessions(detail: dict[str, Any]) -> tuple[list[Session], list[RejectedInput]]:
    """All sessions in their order, and a rejection for each segment with an unusable time."""
    sessions: list[Session] = []
    rejections: list[RejectedInput] = []
    for number, person in enumerate(items(detail, "participants")):
        person = mapping(person, "participants")
        for index, item in enumerate(items(person, "sessions")):
            place = f"/participants/{number}/sessions/{index}"
            session = _session(person, mapping(item, "sessions"), place)
            for part, segment in enumerate(items(item, "segments")):
                where = f"{place}/segments/{part}"
                found, problem = _segment(mapping(segment, "segments"), where)
                session.segments.append(found)
                rejections += [problem] if problem else []
            sessions.append(session)
            if len(sessions) > MOST_SESSIONS:
                raise RejectedInput("too_many_sessions", f"more than {MOST_SESSIONS} sessions")
    return sessions, rejections


def _session(person: dict[str, Any], item: dict[str, Any], pointer: str) -> Session:
    return Session(
        side=SIDES.get((optional_text(person, "purpose") or "").lower(), "other"),
        user=optional_text(person, "userId"),
        name=optional_text(person, "participantName"),
        media=(optional_text(item, "mediaType") or "").lower() or None,
        direction=optional_text(item, "direction"),
        provider=optional_text(item, "provider"),
        routing=optional_text(item, "usedRouting"),
        campaign=optional_text(item, "outboundCampaignId"),
        pointer=pointer,
        caller=_present(item, "ani", "addressFrom"),
        called=_present(item, "dnis", "addressTo"),
        metrics=_metrics(item),
    )


def _present(item: dict[str, Any], *keys: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(text for key in keys if (text := optional_text(item, key))))


def _metrics(item: dict[str, Any]) -> dict[str, float]:
    """Sums by name: a session may report one measure in parts. `t...` are durations."""
    sums: dict[str, float] = {}
    for metric in items(item, "metrics"):
        metric = mapping(metric, "metrics")
        name = optional_text(metric, "name")
        value = seconds(metric, "value")
        if name is not None and value is not None:
            sums[name] = sums.get(name, 0.0) + (value / 1000 if name.startswith("t") else value)
    return sums


def _segment(item: dict[str, Any], pointer: str) -> tuple[Segment, RejectedInput | None]:
    problem = None
    times: list[datetime | None] = []
    for key in ("segmentStart", "segmentEnd"):
        try:
            times.append(None if item.get(key) is None else aware_time(item[key], key))
        except RejectedInput as rejected:
            times.append(None)
            problem = problem or RejectedInput(rejected.reason, str(rejected), f"{pointer}/{key}")
    segment = Segment(
        kind=(optional_text(item, "segmentType") or "").lower(),
        start=times[0],
        end=times[1],
        queue=optional_text(item, "queueName") or optional_text(item, "queueId"),
        ending=optional_text(item, "disconnectType"),
        wrap_up=optional_text(item, "wrapUpCode"),
    )
    return segment, problem
