"""Conversations of which only the changed ones are fetched again: what was seen, and from when.

Times of change are whole seconds of the vendor's clock, and lists are read while they change. So
each pull looks back a little and leaves out what it saw in the same state before.
"""

from collections.abc import Collection
from typing import Any

from ingestion.pull.base import Cursor

LOOK_BACK_SECONDS = 300


class Changed:
    """The newest time of change, and the conversations seen within the time that is looked back."""

    def __init__(self, cursor: Cursor, start: int) -> None:
        self._newest: int = cursor.get("newest", start)
        self._known: dict[str, int] = dict(cursor.get("seen", {}))
        self._seen: dict[str, int] = {}
        self.start = max(self._newest - LOOK_BACK_SECONDS, 0)
        """Unix seconds from which changes are asked for."""

    @property
    def newest(self) -> int:
        """Unix seconds up to which everything was seen."""
        return self._newest

    def is_new(self, native_id: str, changed_at: int) -> bool:
        """Whether this state of a conversation was not delivered yet."""
        if changed_at < self.start:
            return False
        return changed_at not in (self._known.get(native_id), self._seen.get(native_id))

    def add(self, native_id: str, changed_at: int) -> None:
        """Remember a state whose answers are about to be delivered."""
        self._seen[native_id] = changed_at

    def move(self, newest: int) -> None:
        """Everything up to this time was seen."""
        self._newest = max(self._newest, newest)
        self.trim(self._newest)

    def trim(self, newest: int, keep: Collection[str] = ()) -> None:
        """Forget what lies too far before `newest` to be listed again, except `keep`."""
        oldest = newest - LOOK_BACK_SECONDS
        seen = self._seen.items()
        self._seen = {key: at for key, at in seen if at >= oldest or key in keep}

    def cursor(self) -> dict[str, Any]:
        """As plain values."""
        oldest = self._newest - LOOK_BACK_SECONDS
        known = {key: at for key, at in self._known.items() if at >= oldest}
        return {"newest": self._newest, "seen": known | self._seen}


def gone_notice(count: int) -> str:
    """What to say of conversations that were deleted between their listing and their fetching."""
    return f"{count} conversations were deleted before they could be fetched" if count else ""
