"""Typed access to fields of foreign payloads.

Every reader either returns exactly the type it promises or raises `RejectedInput` that names
the field and the remedy, never the content. Nothing is coerced: a number in quotes is not a
number.
"""

import math
from datetime import UTC, datetime
from typing import Any

from ingestion.connectors.base import RejectedInput

EARLIEST_YEAR, LATEST_YEAR = 1970, 2200


def wrong_type(what: str, expected: str) -> RejectedInput:
    """The rejection of a field that holds another JSON type than its format says."""
    return RejectedInput(
        "wrong_type", f"{what} must be {expected}; correct the export or drop the field"
    )


def missing(what: str) -> RejectedInput:
    """The rejection of a payload without a field that identifies or dates it."""
    return RejectedInput("missing_field", f"{what} is missing; export the source with this field")


def mapping(value: object, what: str) -> dict[str, Any]:
    """`value` as a JSON object."""
    if not isinstance(value, dict):
        raise wrong_type(what, "an object")
    return value


def optional_mapping(parent: dict[str, Any], key: str) -> dict[str, Any]:
    """The object under `key`; an absent or null field is an empty object."""
    value = parent.get(key)
    return {} if value is None else mapping(value, key)


def items(parent: dict[str, Any], key: str) -> list[Any]:
    """The array under `key`; an absent or null field is an empty array."""
    value = parent.get(key)
    if value is None:
        return []
    if not isinstance(value, list):
        raise wrong_type(key, "an array")
    return value


def optional_text(parent: dict[str, Any], key: str) -> str | None:
    """The string under `key`; None when absent, null or blank."""
    value = parent.get(key)
    if value is None:
        return None
    if not isinstance(value, str):
        raise wrong_type(key, "a string")
    return value if value.strip() else None


def required_text(parent: dict[str, Any], key: str) -> str:
    """The string under `key`, not blank."""
    value = optional_text(parent, key)
    if value is None:
        raise missing(key)
    return value


def optional_number(parent: dict[str, Any], key: str) -> float | None:
    """The finite number under `key`, without unit conversion."""
    value = parent.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise wrong_type(key, "a finite number")
    return float(value)


def seconds(parent: dict[str, Any], key: str) -> float | None:
    """A duration in seconds: a number that is not negative."""
    value = optional_number(parent, key)
    if value is not None and value < 0:
        raise RejectedInput("negative_duration", f"{key} is negative; a duration starts at 0")
    return value


def aware_time(value: object, what: str) -> datetime:
    """An ISO 8601 time with its offset, as aware UTC; a time without offset is rejected."""
    moment = iso_time(value, what)
    if moment.tzinfo is None:
        raise RejectedInput(
            "naive_time", f"{what} has no UTC offset; export times with an offset such as +07:00"
        )
    return in_range(moment, what)


def iso_time(value: object, what: str) -> datetime:
    """An ISO 8601 time as written, possibly naive."""
    if not isinstance(value, str):
        raise wrong_type(what, "an ISO 8601 string")
    if len(value) < len("2024-01-01T00:00") or len(value) > 64:
        raise bad_time(what)
    try:
        return datetime.fromisoformat(value.strip())
    except ValueError as error:
        raise bad_time(what) from error


def bad_time(what: str) -> RejectedInput:
    """The rejection of something that is no time, or a time outside any archive."""
    return RejectedInput("bad_time", f"{what} is not a usable time; use ISO 8601 with an offset")


def in_range(moment: datetime, what: str) -> datetime:
    """`moment` in UTC, refused outside the years that an archive of conversations can hold."""
    try:
        moment = moment.astimezone(UTC)
    except (OverflowError, ValueError) as error:
        raise bad_time(what) from error
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise bad_time(what)
    return moment


def epoch_time(value: object, what: str) -> datetime:
    """Unix seconds, as digits in a string or as an integer (both occur in webhooks)."""
    if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 12:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        raise RejectedInput("bad_time", f"{what} must be Unix time in whole seconds")
    try:
        return in_range(datetime.fromtimestamp(value, UTC), what)
    except (OverflowError, ValueError, OSError) as error:
        raise bad_time(what) from error


def clean_text(value: str, limit: int) -> str:
    """Text without NUL characters, which no text column can hold; refused beyond `limit`."""
    if len(value) > limit:
        raise RejectedInput(
            "text_too_long", f"one text has more than {limit} characters; split or trim it"
        )
    return value.replace("\x00", "")
