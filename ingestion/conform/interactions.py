"""Facts of one interaction: merged from what the source says, derived where turns show it.

The newest statement of a source about a fact wins. What no source says stays null.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from ingestion.conform.clock import Clock
from ingestion.conform.facts import Fact, KeyOf
from ingestion.conform.turns import Turn

_PLAIN_AGENT = re.compile(r"(?!.*\d{9})[A-Za-z0-9][A-Za-z0-9_.-]{0,31}")

STATED = (
    "campaign",
    "queue",
    "wait_seconds",
    "hold_seconds",
    "talk_seconds",
    "after_work_seconds",
    "disconnect_reason",
    "transfers",
    "disposition",
    "csat",
    "ces",
    "nps",
    "language",
)
_MEASURES = (
    "wait_seconds",
    "hold_seconds",
    "talk_seconds",
    "after_work_seconds",
    "csat",
    "ces",
    "nps",
)


def merged(facts: Iterable[Fact]) -> dict[str, Any]:
    """All statements about the interaction, the newest one per field."""
    merged: dict[str, Any] = {"metadata": {}}
    for fact in facts:
        if fact.kind != "interaction":
            continue
        for name, value in fact.data.items():
            if name == "metadata":
                merged["metadata"].update(value or {})
            elif value is not None:
                merged[name] = value
    return merged


def stated_row(stated: dict[str, Any]) -> dict[str, Any]:
    """What the sources state about all sessions of a conversation alike."""
    row: dict[str, Any] = {name: stated.get(name) for name in STATED}
    for name in _MEASURES:
        row[name] = None if row[name] is None else float(row[name])
    return row


def interaction_row(
    same: dict[str, Any],
    stated: dict[str, Any],
    turns: Sequence[Turn],
    clock: Clock,
    names: Collection[str],
    key_of: KeyOf,
) -> dict[str, Any]:
    """The columns of contracts.INTERACTIONS that do not name ids or dates of partitions.

    `same` is the `stated_row`, `clock` tells when the conversation was, `names` are the
    persons known to take part.
    """
    row = same.copy()
    row["channel"] = stated.get("channel") or _first(turns, "channel") or "chat"
    row["campaign"] = row["campaign"] or _status(turns, "campaign") or _first(turns, "campaign")
    row["queue"] = row["queue"] or _status(turns, "queue") or _first(turns, "queue")
    row["agent_id"] = _agent(stated, turns, names, key_of)
    row["direction"] = stated.get("direction") or _direction(row["channel"], turns)
    times = [turn.sent_at for turn in turns if turn.sent_at]
    began, ended = (min(times), max(times)) if times else (None, None)
    row["started_at"] = clock.began or clock.start or began or clock.seen
    row["ended_at"] = _time(stated, "ended_at") or ended
    row["answered_at"] = _time(stated, "answered_at") or _answer(row, turns)
    if row["transfers"] is None:
        row["transfers"] = len([turn for turn in turns if turn.fact.data.get("transfer")]) or None
    row["bot_turns"] = len([turn for turn in turns if turn.role == "bot"])
    row["metadata"] = _reopened(turns) | stated["metadata"]
    return row


def _reopened(turns: Sequence[Turn]) -> dict[str, int]:
    """How often the events among the turns reopened it; a count of the source's own wins."""
    count = 0
    for turn in turns:
        told = turn.fact.data.get("metadata")
        if told and told.get("event") == "reopened":
            count += 1
    return {"reopens": count} if count else {}


def _time(stated: dict[str, Any], name: str) -> datetime | None:
    return datetime.fromisoformat(stated[name]) if stated.get(name) else None


# Plain loops: these are asked for each of the sessions, most of which are one or two turns.


def _first(turns: Sequence[Turn], name: str) -> Any:
    for turn in turns:
        if value := turn.fact.data.get(name):
            return value
    return None


def _status(turns: Sequence[Turn], name: str) -> Any:
    for turn in turns:
        if value := turn.status.get(name):
            return value
    return None


def _direction(channel: str, turns: Sequence[Turn]) -> str | None:
    """Who wrote first; on the phone the agent always greets first, so that says nothing."""
    stated = _first(turns, "direction")
    if stated or channel == "voice":
        return str(stated) if stated else None
    for turn in turns:
        if turn.role != "system":
            return "inbound" if turn.role == "customer" else "outbound"
    return None


def _answer(row: dict[str, Any], turns: Sequence[Turn]) -> datetime | None:
    """In writing, an interaction is answered when a human first replies to the customer."""
    if row["channel"] == "voice":
        return None
    asked = False
    for turn in turns:
        asked = asked or turn.role == "customer"
        if asked and turn.role == "agent":
            return turn.sent_at
    return None


def _agent(
    stated: dict[str, Any], turns: Sequence[Turn], names: Collection[str], key_of: KeyOf
) -> str | None:
    """The agent who wrote most; an id that is an address, number or name is kept as a key only."""
    agent = stated.get("agent_id")
    if agent is None:
        # Where roles are known only in the end, customers' turns carry their user's id too.
        staff = [turn for turn in turns if turn.role in ("agent", "bot")]
        named = [turn.status.get("agent_id") or turn.data.get("agent_id") for turn in staff]
        counts = Counter(name for name in named if name)
        agent = min(counts, key=lambda name: (-counts[name], name)) if counts else None
    if agent is None:
        return None
    agent = str(agent)
    spoken = re.sub(r"[_.-]", " ", agent).casefold()
    if _PLAIN_AGENT.fullmatch(agent) and spoken not in {name.casefold() for name in names}:
        return agent
    keyed = key_of("agent_id", agent)
    return None if keyed is None else f"agent:{keyed.key[:16]}"
