"""When a conversation was, and when words were said that only know how far into it they stand."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ingestion.conform.facts import Fact


@dataclass(frozen=True, slots=True)
class Clock:
    """`began` is the start that a source states, `media` that of the recording, `seen` the
    earliest date of any fact. Words of undated transcripts are dated by the first two only.
    """

    began: datetime | None
    media: datetime | None
    seen: datetime | None

    @classmethod
    def of(cls, stated: Mapping[str, Any], facts: Sequence[Fact]) -> "Clock":
        """The clock of what is stated together and of all facts in their order."""
        seen = next((fact.event_at for fact in facts if fact.event_at is not None), None)
        return cls(_time(stated, "started_at"), _time(stated, "media_started_at"), seen)

    @property
    def runs(self) -> bool:
        """Whether anything dates the conversation."""
        return self.anywhere is not None

    @property
    def anywhere(self) -> datetime | None:
        """The best that is known of the conversation's beginning."""
        return self.began or self.media or self.seen

    def after(self, seconds: float | None) -> datetime | None:
        """The moment that far into it; None when that or the start is unknown."""
        start = self.media or self.began
        if start is None or seconds is None:
            return None
        return start + timedelta(seconds=seconds)


def _time(stated: Mapping[str, Any], name: str) -> datetime | None:
    value = stated.get(name)
    return datetime.fromisoformat(value) if value else None
