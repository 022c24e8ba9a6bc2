"""How far messages came: by a status of their own, or by a mark "all until then".

Some platforms name no message but a time up to which the other side received or read everything.
"""

from collections.abc import Iterable
from datetime import datetime

from ingestion.conform.facts import Fact

_RANKS = {None: 0, "sent": 1, "delivered": 2, "read": 3}


class Marks:
    """The latest mark of each status in one conversation."""

    def __init__(self, statuses: Iterable[Fact]) -> None:
        self._until: dict[str, datetime] = {}
        for fact in statuses:
            until, status = fact.time("until"), fact.data["status"]
            if until is not None and until >= self._until.get(status, until):
                self._until[status] = until

    def status(self, known: str | None, role: str, sent_at: datetime | None) -> str | None:
        """The status of a message, never a step back; only what the company wrote is marked."""
        if role not in ("agent", "bot") or sent_at is None or known not in _RANKS:
            return known
        reached = [status for status, until in self._until.items() if sent_at <= until]
        return max([known, *reached], key=lambda status: _RANKS.get(status, 0))
