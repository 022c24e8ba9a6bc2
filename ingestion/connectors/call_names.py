"""When a call was, as the name of its file or folder tells: the content often has no date.

relative name -> NamedTime. Understood are year-first dates, with or without a time, in the file
name or else in the folders: 2026-03-02T09:00:00Z, 20260302T0900_UTC, 20260302-090000,
2026-03-02, 2026/03/02/. An offset in the name counts; without one the caller names the zone.
"""

import json
import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from pathlib import PurePosixPath
from typing import Literal

from ingestion.connectors.base import Payload, RejectedInput
from ingestion.connectors.fields import in_range

_STAMP = re.compile(
    r"(?<!\d)(?P<year>20\d\d)(?P<between>[-_./]?)(?P<month>\d\d)(?P=between)(?P<day>\d\d)"
    r"(?:(?P<gap>[T_ .-]{0,2})(?P<hour>\d\d)(?P<colon>[:_.-]?)(?P<minute>\d\d)"
    r"(?:(?P=colon)(?P<second>\d\d)(?:\.\d{1,9})?)?(?!\d))?(?!\d)"
    r"(?P<zone>Z(?![A-Za-z])|[_ ]?UTC|[+]\d\d[:_]?\d\d(?!\d)|-\d\d:\d\d(?!\d))?",
    re.IGNORECASE,
)
_CONTEXT_NAME = "name"
LONGEST_NAME = 4096
Precision = Literal["second", "minute", "day"]


@dataclass(frozen=True, slots=True)
class NamedTime:
    """A time found in a name: aware UTC, how exact it is, whether the zone was supplied."""

    moment: datetime
    precision: Precision
    zone_assumed: bool


def time_in_name(name: str, zone: tzinfo | None) -> NamedTime | None:
    """The time that a relative name tells, file name before folders; None when there is none.

    A time without offset counts only when `zone` is given.
    """
    path = PurePosixPath(name[-LONGEST_NAME:])
    places = (path.name, f"{path.parent.as_posix()}/")
    for place in places:
        found = [known for stamp in _STAMP.finditer(place) if (known := _read(stamp, zone))]
        if found:
            # A name may carry the day of the export too; the one with a time tells more.
            return next((item for item in found if item.precision != "day"), found[0])
    return None


def _read(stamp: re.Match[str], zone: tzinfo | None) -> NamedTime | None:
    part = stamp.groupdict()
    written = _offset(part["zone"]) if part["hour"] else None
    if written is None and zone is None:
        return None
    year, month, day = int(part["year"]), int(part["month"]), int(part["day"])
    hour, minute, second = (int(part[key] or 0) for key in ("hour", "minute", "second"))
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=written or zone)
        moment = in_range(local, "the time in the file name")
    except (ValueError, RejectedInput):
        return None
    precision: Precision = "second" if part["second"] else "minute" if part["hour"] else "day"
    return NamedTime(moment, precision, written is None)


def _offset(text: str | None) -> tzinfo | None:
    if not text:
        return None
    if text[0] not in "+-":
        return UTC
    digits = re.sub(r"\D", "", text)
    span = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    if span > timedelta(hours=14):
        return None
    return timezone(-span if text[0] == "-" else span)


def with_name(payload: Payload | RejectedInput, name: str) -> Payload | RejectedInput:
    """The payload together with the relative name of its file, which then stays with it."""
    if isinstance(payload, RejectedInput):
        return payload
    return replace(payload, context=json.dumps({_CONTEXT_NAME: name}))


def name_of(payload: Payload) -> str:
    """The relative name that came with a payload; empty when none did."""
    try:
        context = json.loads(payload.context or "{}")
    except ValueError:
        return ""
    name = context.get(_CONTEXT_NAME) if isinstance(context, dict) else None
    return name if isinstance(name, str) else ""
