"""One turn from all that was ever said about it: sent, edited, deleted, who wrote it.

The newest edit wins, a deletion wins over everything and takes the text away; bronze keeps
every revision. The result depends on the set of records, not on their order.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ingestion.conform.clock import Clock
from ingestion.conform.delivery import Marks
from ingestion.conform.facts import Fact
from ingestion.conform.roles import Roles

# How long after a conversation began its first message may be dated.
_BEGINNING = timedelta(minutes=1)


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
    batch: int
    """The last batch that stated anything of it."""

    @property
    def data(self) -> dict[str, Any]:
        """The connector's fields of the first message."""
        return self.fact.data


def turns_of(conversation: Iterable[Fact], clock: Clock) -> list[Turn]:
    """All turns of one conversation in the order in which they were said."""
    revisions: defaultdict[str, list[Fact]] = defaultdict(list)
    statuses: defaultdict[str, dict[str, Any]] = defaultdict(dict)
    facts = list(conversation)
    roles = Roles.of(facts)
    marks = Marks(fact for fact in facts if fact.kind == "status")
    for fact in facts:
        if fact.kind == "turn":
            revisions[fact.data["turn_id"]].append(fact)
        elif fact.kind == "status" and fact.data.get("turn_id"):
            known = {name: value for name, value in fact.data.items() if value is not None}
            statuses[fact.data["turn_id"]].update(known)
    turns = []
    for native_id, told in _settled(revisions).items():
        turn = _latest(native_id, told, statuses[native_id], clock, roles)
        if turn is not None:
            before = turn.status.get("status")
            delivery = marks.status(before, turn.role, turn.sent_at)
            if delivery != before:
                turn.status = turn.status | {"status": delivery}
            turns.append(turn)
    turns.sort(key=lambda turn: (turn.at, turn.order, turn.native_id))
    return _without_stand_ins(turns)


def _without_stand_ins(turns: Sequence[Turn]) -> list[Turn]:
    """A ticket repeats its first message; the repetition counts only until the message came."""
    if not any(turn.fact.data.get("stands_in") for turn in turns):
        return list(turns)
    return [turn for turn in turns if not (turn.data.get("stands_in") and _began(turn, turns))]


def _began(stand_in: Turn, turns: Sequence[Turn]) -> bool:
    spoken = (t for t in turns if not t.data.get("stands_in") and t.role != "system")
    return any(turn.at <= stand_in.at + _BEGINNING or turn.text == stand_in.text for turn in spoken)


def _settled(revisions: dict[str, list[Fact]]) -> dict[str, list[Fact]]:
    """Provisional words give way as soon as less provisional ones of the conversation are known."""
    if not any(fact.data.get("provisional") for facts in revisions.values() for fact in facts):
        return revisions
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
    native_id: str,
    facts: list[Fact],
    status: dict[str, Any],
    clock: Clock,
    roles: Roles,
) -> Turn | None:
    """Reduce the revisions of one turn; None when only its deletion is known."""
    written = [fact for fact in facts if fact.data["action"] != "deleted"]
    if not written:
        return None
    first = last = written[0]
    deletions: list[Fact] = []
    if len(facts) > 1:
        sent = [fact for fact in written if fact.data["action"] == "sent"]
        # Of a sentence that came with and without its date, the dated one tells more.
        first = min(sent or written, key=lambda fact: (fact.event_at is None, *_revision(fact)))
        last = max(written, key=_revision)
        deletions = [fact for fact in facts if fact.data["action"] == "deleted"]
    state, changed_at = "sent", None
    if deletions:
        state, changed_at = "deleted", min(deletions, key=_revision).event_at
    elif last.data["action"] == "edited":
        state, changed_at = "edited", last.event_at
    sent_at = _sent(first, clock)
    return Turn(
        native_id=native_id,
        fact=first,
        role=status.get("role") or roles.of_turn(first.data),
        sender_type=first.data.get("sender_type"),
        sender=first.data.get("sender"),
        text=None if deletions else last.data.get("text"),
        state=state,
        changed_at=changed_at,
        at=sent_at or clock.began or first.event_at or clock.anywhere or first.place,
        sent_at=sent_at,
        order=first.data.get("order") or 0,
        status=status,
        batch=max(fact.batch for fact in facts) if len(facts) > 1 else first.batch,
    )


def _sent(first: Fact, clock: Clock) -> datetime | None:
    """When it was sent: as stated, or by its offset where the source has no date at all."""
    if first.event_at is None and not first.data.get("sent_at"):
        return clock.after(first.data.get("start_seconds"))
    return first.time("sent_at")


def _revision(fact: Fact) -> tuple[datetime, int, str]:
    return (fact.place, fact.data.get("order") or 0, fact.record_id)
