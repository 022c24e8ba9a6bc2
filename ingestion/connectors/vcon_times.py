"""When things happened in a vCon, and what to do about times without an offset.

Every version of the format specifies RFC 3339 times, so a time without an offset is an error of
the writer. Early unversioned vCons wrote UTC that way throughout and are read as UTC, which is
noted. In versioned vCons such a time may be local: then an aware `created_at` stands in for it,
and without one the vCon is rejected.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import aware_time, in_range, iso_time, optional_text


@dataclass(slots=True)
class Clock:
    """Reads the times of one vCon under one rule."""

    versioned: bool
    created_at: datetime | None = None
    revised_at: datetime | None = None
    metadata: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, value: dict[str, Any]) -> "Clock":
        """The clock of a vCon; raises RejectedInput when its own times are unusable."""
        clock = cls(versioned=optional_text(value, "vcon") is not None)
        clock.created_at = clock._own(value, "created_at")
        clock.revised_at = clock._own(value, "updated_at")
        return clock

    def _own(self, value: dict[str, Any], key: str) -> datetime | None:
        written = value.get(key)
        return None if written is None or written == "" else self._read(written, key)

    def _read(self, written: object, what: str) -> datetime:
        moment = iso_time(written, what)
        if moment.tzinfo is None and not self.versioned:
            self.metadata["naive_time_assumed"] = "UTC"
            return in_range(moment.replace(tzinfo=UTC), what)
        return aware_time(written, what)

    def dialog_start(self, written: object) -> datetime | None:
        """The start of a dialog; None when it has none."""
        if written is None or written == "":
            return None
        try:
            return self._read(written, "dialog.start")
        except RejectedInput as rejected:
            if rejected.reason != "naive_time" or self.created_at is None:
                raise
            self.metadata["start_from"] = "created_at"
            return self.created_at

    def moment(self, written: object, what: str) -> datetime | None:
        """Any other time; None when it is absent or not usable."""
        try:
            return None if written is None else self._read(written, what)
        except RejectedInput:
            return None
