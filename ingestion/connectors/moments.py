"""Times as chat platforms write them: Unix seconds or milliseconds, or ISO 8601 with its zone.

Only the spelling is read here; a time without a zone is refused unless the caller's vendor fixes it.
"""

from datetime import UTC, datetime
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import aware_time, bad_time, in_range, iso_time

# Seconds reach this number in the year 5138, milliseconds passed it in 1973.
_LEAST_MILLISECONDS = 10**11
_ZONES = {" UTC": "+00:00", " Z": "+00:00"}


def epoch_moment(value: object, what: str) -> datetime:
    """Unix seconds or milliseconds, as a number or as digits in a string; aware UTC.

    Platforms write both in one field. Raises RejectedInput("bad_time").
    """
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 16:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RejectedInput("bad_time", f"{what} must be Unix time in seconds or milliseconds")
    try:
        if abs(value) >= _LEAST_MILLISECONDS:
            return in_range(datetime.fromtimestamp(value / 1000, UTC), what)
        return in_range(datetime.fromtimestamp(value, UTC), what)
    except (OverflowError, ValueError, OSError) as error:
        raise bad_time(what) from error


def any_moment(value: object, what: str) -> datetime:
    """A Unix time, or ISO 8601 with an offset or the word UTC; aware UTC."""
    if not isinstance(value, str) or (value.isascii() and value.isdigit()):
        return epoch_moment(value, what)
    return aware_time(_offset(value), what)


def utc_moment(value: object, what: str) -> datetime:
    """As `any_moment`; a time without an offset is UTC, for vendors whose documents say so."""
    if not isinstance(value, str) or (value.isascii() and value.isdigit()):
        return epoch_moment(value, what)
    moment = iso_time(_offset(value), what)
    return in_range(moment if moment.tzinfo else moment.replace(tzinfo=UTC), what)


def optional_moment(parent: dict[str, Any], key: str) -> datetime | None:
    """The time under `key`; None when absent, null, blank or 0, which platforms use for never."""
    value = parent.get(key)
    if value is None or value == "" or value == 0:
        return None
    return any_moment(value, key)


def _offset(text: str) -> str:
    for zone, offset in _ZONES.items():
        if text.endswith(zone):
            return text.removesuffix(zone) + offset
    return text
