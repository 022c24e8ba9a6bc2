"""When a conversation was, and when words were said that only know how far into it they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ingestion.conform.facts import Fact


@dataclass(frozen=True, slots=True)
class Clock:
    """`began` is the start that a source states, `start` the one from which offsets count, which is
    that of the recording if known, and `seen` the earliest date of any fact.
    """

    began: datetime | None
    start: datetime | None
    seen: datetime | None

    @classmethod
    def of(cls, stated: Mapping[str, Any], facts: Sequence[Fact]) -> "Clock":
        """The clock of what is stated together and of all facts in their order."""
        seen = next((fact.event_at for fact in facts if fact.event_at is not None), None)
        began = _time(stated, "started_at")
        exact = began
        if stated["metadata"].get("start_precision") == "day":
            # Somebody knows the day only; words are not counted from its midnight.
            starts = (fact.time("started_at") for fact in reversed(facts) if _is_exact(fact))
            exact = next((at for at in starts if at is not None), None)
        return cls(began, _time(stated, "media_started_at") or exact, seen)

    @property
    def runs(self) -> bool:
        """Whether anything dates the conversation."""
        return self.anywhere is not None

    @property
    def anywhere(self) -> datetime | None:
        """The best that is known of the conversation's beginning."""
        return self.began or self.start or self.seen

    def after(self, seconds: float | None) -> datetime | None:
        """The moment that far into it; None when that or the start is unknown."""
        if self.start is None or seconds is None:
            return None
        return self.start + timedelta(seconds=seconds)


def _is_exact(fact: Fact) -> bool:
    return (fact.data.get("metadata") or {}).get("start_precision") != "day"


def _time(stated: Mapping[str, Any], name: str) -> datetime | None:
    value = stated.get(name)
    return datetime.fromisoformat(value) if value else None
