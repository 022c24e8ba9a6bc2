"""Facts about a whole vCon conversation: channel, direction, queue, timing, outcome.

tags + dialogs + party history -> the data of one interaction record. What the source does not
say stays None; nothing is estimated.
"""

from datetime import datetime, timedelta
from typing import Any

import orjson

from ingestion.connectors.fields import items, optional_text
from ingestion.connectors.vcon_dialog import Dialog
from ingestion.connectors.vcon_parties import Parties
from warehouse.vocabulary import CHANNELS, DIRECTIONS, DISCONNECT_REASONS

DIRECTION_WORDS = {
    "in": "inbound",
    "out": "outbound",
    "incoming": "inbound",
    "outgoing": "outbound",
}
OUTCOMES = {
    "hung-up": "abandoned",
    "abandoned": "abandoned",
    "no-answer": "missed",
    "noanswer": "missed",
    "not-answered": "missed",
    "voicemail": "missed",
    "vm-left": "missed",
    "left-voicemail": "missed",
    "busy": "missed",
    "voicemail-no-message": "missed",
    "failed": "dropped",
    "congestion": "dropped",
    "answered": "answered",
}
WRITTEN = ("chat", "sms", "whatsapp", "messag", "im")


def read_tags(value: dict[str, Any]) -> dict[str, str]:
    """The tags attachment as a mapping; tags that are not `key:value` are left out."""
    tags: dict[str, str] = {}
    for attachment in items(value, "attachments"):
        if not isinstance(attachment, dict):
            continue
        if "tags" in (attachment.get("type"), attachment.get("purpose")):
            for key, text in _pairs(attachment.get("body")):
                tags.setdefault(key.strip().lower(), text.strip())
    return {key: text for key, text in tags.items() if text}


def _pairs(body: Any) -> list[tuple[str, str]]:
    if isinstance(body, str):
        try:
            body = orjson.loads(body)
        except (ValueError, RecursionError):
            body = body.split(",")
    if isinstance(body, dict):
        pairs = list(body.items())
    elif isinstance(body, list):
        parts = [tag.partition(":") for tag in body if isinstance(tag, str)]
        pairs = [(key, text) for key, _, text in parts]
    else:
        pairs = []
    return [(key, text) for key, text in pairs if isinstance(text, str)]


def channel_of(dialogs: list[Dialog], parties: Parties, tags: dict[str, str]) -> str:
    """Voice, unless tags, media types or applications say that people wrote to each other."""
    if tags.get("channel") in CHANNELS:
        return tags["channel"]
    texts = [dialog for dialog in dialogs if dialog.kind == "text"]
    if not texts or len(texts) < len(dialogs):
        return "voice"
    if any(_is_mail(dialog) for dialog in texts):
        return "email"
    applications = [(dialog.application or "").lower() for dialog in texts]
    if any(word in application for application in applications for word in WRITTEN):
        return "chat"
    return "voice"


def _is_mail(dialog: Dialog) -> bool:
    media = dialog.media.lower()
    return dialog.message_id is not None or media.startswith(("message/rfc822", "multipart/"))


def direction_of(value: dict[str, Any], dialogs: list[Dialog], tags: dict[str, str]) -> str | None:
    """What the tags, the dialogs or the vCon's meta say about who opened the contact."""
    meta = value.get("meta") if isinstance(value.get("meta"), dict) else {}
    stated = [tags.get("direction"), *(dialog.direction for dialog in dialogs)]
    stated.append(optional_text(meta, "direction") if isinstance(meta, dict) else None)
    for word in stated:
        direction = DIRECTION_WORDS.get((word or "").lower(), (word or "").lower())
        if direction in DIRECTIONS:
            return direction
    return None


def interaction_facts(
    value: dict[str, Any],
    dialogs: list[Dialog],
    parties: Parties,
    tags: dict[str, str],
    spoken: bool,
) -> dict[str, Any]:
    """The data of the interaction record."""
    started, ended = _span(dialogs)
    answered, hold = _from_history(dialogs, parties)
    talk = _talk(dialogs, answered, ended, hold)
    agent = parties.at(parties.first("agent"))
    agent_id = tags.get("agent") or tags.get("agent_id")
    if agent_id is None and agent is not None:
        agent_id = next((handle for kind, handle in agent.handles if kind == "agent_id"), None)
    outcome = _outcome(dialogs, tags, spoken)
    stated = {"vcon": optional_text(value, "vcon"), "subject": optional_text(value, "subject")}
    return {
        "channel": channel_of(dialogs, parties, tags),
        "direction": direction_of(value, dialogs, tags),
        "campaign": tags.get("campaign"),
        "queue": tags.get("queue"),
        "agent_id": agent_id,
        "started_at": started,
        "answered_at": answered,
        "ended_at": ended,
        "wait_seconds": _wait(dialogs, started, answered, outcome),
        "hold_seconds": hold,
        "talk_seconds": talk,
        "after_work_seconds": _positive(tags.get("after_work_seconds")),
        "disconnect_reason": outcome,
        "transfers": sum(dialog.kind == "transfer" for dialog in dialogs),
        "disposition": _disposition(dialogs, tags),
        "metadata": {key: text for key, text in stated.items() if text},
    }


def _span(dialogs: list[Dialog]) -> tuple[datetime | None, datetime | None]:
    """First start and last known end; a message ends when it is sent."""
    starts = [dialog.start for dialog in dialogs if dialog.start]
    ends = [
        dialog.start + timedelta(seconds=min(dialog.duration or 0.0, 10**7))
        for dialog in dialogs
        if dialog.start and (dialog.duration is not None or dialog.body)
    ]
    ends += [event.at for dialog in dialogs for event in dialog.history if event.kind == "drop"]
    return (min(starts) if starts else None, max(ends) if ends else None)


def _from_history(dialogs: list[Dialog], parties: Parties) -> tuple[datetime | None, float | None]:
    """When an agent first joined, and for how long anybody was on hold."""
    events = sorted((e for dialog in dialogs for e in dialog.history), key=lambda event: event.at)
    if not events:
        return None, None
    answered = None
    held_since: dict[int, datetime] = {}
    hold = 0.0
    for event in events:
        party = parties.at(event.party)
        if event.kind == "join" and answered is None and party and party.role == "agent":
            answered = event.at
        elif event.kind == "hold":
            held_since.setdefault(event.party, event.at)
        elif event.kind in ("unhold", "drop") and event.party in held_since:
            hold += (event.at - held_since.pop(event.party)).total_seconds()
    return answered, hold


def _wait(
    dialogs: list[Dialog],
    started: datetime | None,
    answered: datetime | None,
    outcome: str | None,
) -> float | None:
    """Until an agent joined, or until the caller gave up; a missed call has no wait."""
    if answered is not None and started is not None:
        return (answered - started).total_seconds()
    waited = [dialog.duration for dialog in dialogs if dialog.kind == "incomplete"]
    return waited[0] if outcome == "abandoned" and waited else None


def _talk(
    dialogs: list[Dialog], answered: datetime | None, ended: datetime | None, hold: float | None
) -> float | None:
    if answered is not None and ended is not None:
        return max((ended - answered).total_seconds() - (hold or 0.0), 0.0)
    recorded = [dialog.duration for dialog in dialogs if dialog.kind == "recording"]
    known = [duration for duration in recorded if duration is not None]
    return sum(known) if known else None


def _outcome(dialogs: list[Dialog], tags: dict[str, str], spoken: bool) -> str | None:
    if tags.get("disconnect") in DISCONNECT_REASONS:
        return tags["disconnect"]
    if spoken or any(dialog.kind == "recording" and dialog.duration for dialog in dialogs):
        return "answered"
    # An agent knows better than the exchange, for which a voicemail has answered.
    written = [dialog.chosen for dialog in dialogs] + [dialog.disposition for dialog in dialogs]
    words = ((word or "").strip().lower().replace(" ", "-").replace("_", "-") for word in written)
    return next((OUTCOMES[word] for word in words if word in OUTCOMES), None)


def _disposition(dialogs: list[Dialog], tags: dict[str, str]) -> str | None:
    chosen = [dialog.chosen for dialog in dialogs] + [dialog.disposition for dialog in dialogs]
    return tags.get("disposition") or next((word for word in chosen if word), None)


def _positive(text: str | None) -> float | None:
    """Seconds written as digits, possibly with a decimal point."""
    plain = (text or "").replace(".", "", 1)
    return float(text or 0) if plain.isascii() and plain.isdigit() and len(plain) < 10 else None
