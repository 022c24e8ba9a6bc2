"""One turn from all that was ever said about it: sent, edited, deleted, who wrote it.

The newest edit wins, a deletion wins over everything and takes the text away; bronze keeps
every revision. The result depends on the set of records, not on their order.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingestion.conform.facts import Fact


@dataclass(slots=True)
class Turn:
    """The present state of one utterance, still with its clear text."""

    native_id: str
    fact: Fact
    role: str
    sender_type: str | None
    sender: str | None
    text: str | None
    state: str
    changed_at: datetime | None
    at: datetime
    sent_at: datetime | None
    order: int
    status: dict[str, Any]

    @property
    def data(self) -> dict[str, Any]:
        """The connector's fields of the first message."""
        return self.fact.data


def turns_of(conversation: Iterable[Fact], started_at: datetime | None) -> list[Turn]:
    """All turns of one conversation in the order in which they were said."""
    revisions: defaultdict[str, list[Fact]] = defaultdict(list)
    statuses: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    for fact in conversation:
        if fact.kind == "turn":
            revisions[fact.data["turn_id"]].append(fact)
        elif fact.kind == "status":
            known = {name: value for name, value in fact.data.items() if value is not None}
            statuses[fact.data["turn_id"]].update(known)
    turns = []
    for native_id, facts in _settled(revisions).items():
        turn = _latest(native_id, facts, statuses[native_id], started_at)
        if turn is not None:
            turns.append(turn)
    turns.sort(key=lambda turn: (turn.at, turn.order, turn.native_id))
    return turns


def _settled(revisions: dict[str, list[Fact]]) -> dict[str, list[Fact]]:
    """Provisional words give way as soon as less provisional ones of the conversation are known."""
    ranks = {
        native_id: min(fact.data.get("provisional") or 0 for fact in facts)
        for native_id, facts in revisions.items()
    }
    spoken = (
        ranks[native_id]
        for native_id, facts in revisions.items()
        if any(fact.data.get("text") for fact in facts)
    )
    best = min(spoken, default=None)
    if best is None:
        return revisions
    return {native_id: facts for native_id, facts in revisions.items() if ranks[native_id] <= best}


def _latest(
    native_id: str, facts: list[Fact], status: dict[str, Any], started_at: datetime | None
) -> Turn | None:
    """Reduce the revisions of one turn; None when only its deletion is known."""
    written = [fact for fact in facts if fact.data["action"] != "deleted"]
    if not written:
        return None
    sent = [fact for fact in written if fact.data["action"] == "sent"]
    first = min(sent or written, key=_revision)
    last = max(written, key=_revision)
    deletions = [fact.event_at for fact in facts if fact.data["action"] == "deleted"]
    state, changed_at = "sent", None
    if deletions:
        state, changed_at = "deleted", min(deletions)
    elif last.data["action"] == "edited":
        state, changed_at = "edited", last.event_at
    sent_at = first.time("sent_at")
    return Turn(
        native_id=native_id,
        fact=first,
        role=status.get("role") or first.data.get("role") or "system",
        sender_type=first.data.get("sender_type"),
        sender=first.data.get("sender"),
        text=None if deletions else last.data.get("text"),
        state=state,
        changed_at=changed_at,
        at=sent_at or started_at or first.event_at,
        sent_at=sent_at,
        order=first.data.get("order") or 0,
        status=status,
    )


def _revision(fact: Fact) -> tuple[datetime, int, str]:
    return (fact.event_at, fact.data.get("order") or 0, fact.record_id)
