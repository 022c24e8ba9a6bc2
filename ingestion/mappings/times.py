"""Times and days as a mapping states them: a format, and a zone for times that carry none.

text -> Clock -> aware UTC. A time without offset is read only because the mapping names the zone.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import in_range, wrong_type

NAMED_FORMATS: Final = ("iso", "unix", "unix_ms")
_LONGEST = 64
_SECONDS_OF_YEAR_2200 = 7_258_118_400
_MONTHS: Final = {
    "jan": 1, "januari": 1, "january": 1, "feb": 2, "peb": 2, "februari": 2, "pebruari": 2,
    "february": 2, "mar": 3, "maret": 3, "march": 3, "apr": 4, "april": 4, "mei": 5, "may": 5,
    "jun": 6, "juni": 6, "june": 6, "jul": 7, "juli": 7, "july": 7, "agu": 8, "ags": 8, "agt": 8,
    "agustus": 8, "aug": 8, "august": 8, "sep": 9, "sept": 9, "september": 9, "okt": 10, "oct": 10,
    "oktober": 10, "october": 10, "nov": 11, "nop": 11, "november": 11, "nopember": 11, "des": 12,
    "dec": 12, "desember": 12, "december": 12,
}  # fmt: skip
_ENGLISH: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_WORD = re.compile(r"[A-Za-z]+")
_EXAMPLE = datetime(2026, 11, 23, 16, 5, 6, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """How this export writes times and days; `zone` is for times without an offset."""

    formats: tuple[str, ...] = ("iso",)
    day_format: str = "%Y-%m-%d"
    zone: ZoneInfo | None = None

    @property
    def coarse(self) -> bool:
        """Whether times have no seconds, so that they do not tell the order within a minute."""
        return not any(form in NAMED_FORMATS or "%S" in form for form in self.formats)

    def moment(self, value: Any, what: str) -> datetime:
        """The time in UTC; raises RejectedInput that names the column, never its content."""
        if isinstance(value, datetime):
            return self._aware(value, what)
        for form in self.formats:
            found = _unix(value, form) if form.startswith("unix") else _read(value, form)
            if found is not None:
                return self._aware(found, what)
        words = " or ".join(self.formats)
        raise RejectedInput(
            "bad_time", f"{what} is no time of the form {words}; correct time.format of the mapping"
        )

    def day(self, value: Any, what: str) -> str:
        """The day as ISO text."""
        if not isinstance(value, str):
            raise wrong_type(what, "a day")
        found = _read(value, self.day_format)
        if found is None:
            raise RejectedInput(
                "bad_time",
                f"{what} is no day of the form {self.day_format}; correct time.day of the mapping",
            )
        return found.date().isoformat()

    def _aware(self, moment: datetime, what: str) -> datetime:
        if moment.tzinfo is None:
            if self.zone is None:
                raise RejectedInput(
                    "naive_time",
                    f"{what} has no UTC offset; name the zone of these times as time.zone",
                )
            moment = moment.replace(tzinfo=self.zone)
        return in_range(moment, what)


def check_format(form: str) -> None:
    """Raise ValueError for a format that cannot give a whole day."""
    if form in NAMED_FORMATS:
        return
    try:
        found = datetime.strptime(_EXAMPLE.strftime(form), form)  # noqa: DTZ007
    except (ValueError, re.error) as error:
        raise ValueError(f"{form!r} cannot be read back; write it as %d/%m/%Y %H:%M") from error
    if found.date() != _EXAMPLE.date():
        raise ValueError(f"{form!r} names no whole day; it needs year, month and day")


def _unix(value: Any, form: str) -> datetime | None:
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 16:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    ticks = timedelta(milliseconds=1) if form == "unix_ms" else timedelta(seconds=1)
    if not 0 <= value * ticks.total_seconds() <= _SECONDS_OF_YEAR_2200:
        return None
    return datetime(1970, 1, 1, tzinfo=UTC) + value * ticks


def _read(value: Any, form: str) -> datetime | None:
    if not isinstance(value, str) or len(value) > _LONGEST:
        return None
    try:
        if form == "iso":
            return _iso(value.strip())
        names = "%b" in form or "%B" in form
        text = _with_english_months(value, short="%b" in form) if names else value
        return datetime.strptime(text.strip(), form)  # noqa: DTZ007
    except (ValueError, OverflowError):
        return None


def _iso(value: str) -> datetime | None:
    """A day alone is no time, although the standard library reads it as midnight."""
    moment = datetime.fromisoformat(value)
    return moment if len(value) > len(date.min.isoformat()) else None


def _with_english_months(value: str, *, short: bool) -> str:
    """Indonesian and English month names in the spelling that a format expects."""

    def named(match: re.Match[str]) -> str:
        month = _MONTHS.get(match[0].lower())
        if month is None:
            return match[0]
        return _ENGLISH[month - 1][:3] if short else _ENGLISH[month - 1]

    return _WORD.sub(named, value)
