"""Guesses about a file nobody has mapped: which column is which field, how times are written.

names and values -> fields, kind, formats. A guess is only ever drafted, for a person to check.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

from ingestion.connectors.base import RejectedInput
from ingestion.mappings.sampled import Sampled
from ingestion.mappings.targets import CONVERSATION, MESSAGE
from ingestion.mappings.times import Clock
from ingestion.mappings.words import CLOCKS, CONVERSATIONS, TABLES

TIME_FORMATS: Final = (
    "iso", "unix", "unix_ms", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y %H.%M",
    "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%m/%d/%Y %I:%M %p", "%d-%m-%Y %H:%M:%S",
    "%d-%m-%Y %H:%M", "%d-%m-%Y %H.%M", "%Y-%m-%d %H.%M", "%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y%m%d%H%M%S", "%d/%m/%y %H:%M",
    "%d %B %Y %H:%M:%S", "%d %B %Y %H:%M", "%d %B %Y %H.%M", "%d %b %Y %H:%M:%S",
    "%d %b %Y %H:%M", "%d %B %Y, %H:%M", "%d %b %Y, %H:%M", "%d/%m/%Y, %H:%M", "%d/%m/%Y",
    "%d-%m-%Y", "%Y-%m-%d", "%d %B %Y", "%d %b %Y",
)  # fmt: skip
DAY_FORMATS: Final = (
    "%Y-%m-%d", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%Y/%m/%d", "%d.%m.%Y", "%d %B %Y", "%d %b %Y",
    "%d/%m/%y", "%Y%m%d",
)  # fmt: skip
_MOST_UNREAD = 0.2
_ANY_ZONE = ZoneInfo("UTC")
_PARTS = re.compile(r"[\W_]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[AaPp][Mm])?", re.ASCII)
_COMMA_NUMBER = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+(?:,\d+)?|\d+,\d+)", re.ASCII)


def kind_of(found: Sampled) -> str:
    """The kind of file that these columns look like."""
    names = list(found.values)
    spoken = assigned(CONVERSATIONS, names)
    if message_list(found) or {"text", "role"} <= spoken.keys():
        return "conversations"
    tables = {kind: assigned(words, names).keys() for kind, words in TABLES.items()}
    signs = {
        "churn_outcomes": {"churned_on"},
        "orders": {"order_id"},
        "subscriptions": {"subscription_id"},
        "surveys": {"score"},
        "judgements": {"criterion", "judgement"},
    }
    for kind, sign in signs.items():
        if sign <= tables[kind]:
            return kind
    if {"conversation", "text"} <= spoken.keys() or "started_at" in spoken:
        return "conversations"
    return "customers" if "crm_id" in tables["customers"] else "conversations"


def assigned(words: Mapping[str, Sequence[str]], names: Collection[str]) -> dict[str, str]:
    """{our field: their column}, each column once, by the best known name."""
    spoken = {name: _spellings(name) for name in names}
    found: dict[str, str] = {}
    for field, known in words.items():
        plain = [_plain(word) for word in known]
        candidates = [
            (plain.index(spelling), rank, position, name)
            for position, (name, spellings) in enumerate(spoken.items())
            if name not in found.values()
            for rank, spelling in enumerate(spellings)
            if spelling in plain
        ]
        if candidates:
            found[field] = min(candidates)[-1]
    return found


def clock_beside(found: Sampled, columns: Mapping[str, str]) -> str | None:
    """The column with the time of day, where the one taken for the time holds days alone."""
    field = next((name for name in ("sent_at", "started_at") if name in columns), None)
    if field is None or day_format(found.values[columns[field]]) is None:
        return None
    free = [name for name in found.values if name not in columns.values()]
    for name in free:
        values = found.values[name]
        if _plain(name) in CLOCKS and values and all(_CLOCK.fullmatch(str(v)) for v in values):
            return name
    return None


def message_list(found: Sampled) -> str | None:
    """The column that holds a list of messages, if one does."""
    for path, inner in found.lists.items():
        if "text" in assigned(CONVERSATIONS, inner):
            return path
    return None


def columns_of(found: Sampled, kind: str) -> dict[str, str]:
    """{our field: their column} of a row."""
    if kind != "conversations":
        return assigned(TABLES[kind], found.values)
    outer = {
        name: words
        for name, words in CONVERSATIONS.items()
        if name in CONVERSATION or not message_list(found)
    }
    columns = assigned(outer, found.values)
    if message_list(found):
        if "conversation" not in columns and "id" in found.values:
            columns["conversation"] = "id"
        return columns
    if "text" not in columns:
        # Without words there are no messages; what was taken for their time is the start.
        if "started_at" not in columns and "sent_at" in columns:
            columns["started_at"] = columns["sent_at"]
        if "conversation" not in columns and "message" in columns:
            columns["conversation"] = columns["message"]
        columns = {name: path for name, path in columns.items() if name in CONVERSATION}
    return columns


def message_columns(inner: Mapping[str, Any]) -> dict[str, str]:
    """{our field: their column} of a message within a list."""
    return assigned({name: CONVERSATIONS[name] for name in MESSAGE if name in CONVERSATIONS}, inner)


def meaning(words: Mapping[str, Sequence[str]], value: str) -> str | None:
    """Which of our words a value such as `Pelanggan` or `CS` means, None when it is unknown."""
    plain = _plain(value)
    return next((ours for ours, theirs in words.items() if plain in theirs), None)


def time_format(values: Iterable[Any]) -> tuple[str, bool, int] | None:
    """(format, whether a zone is needed, how many it cannot read), if it reads most of them."""
    known = list(values)
    best: tuple[str, bool, int] | None = None
    for form in TIME_FORMATS if known else ():
        unread = _unread(Clock((form,), zone=_ANY_ZONE), known)
        if best is None or unread < best[2]:
            best = form, _unread(Clock((form,)), known) > unread, unread
    return best if best and best[2] <= len(known) * _MOST_UNREAD else None


def day_format(values: Iterable[Any]) -> str | None:
    """The format that reads all of the days."""
    known = [value for value in values if isinstance(value, str)]
    for form in DAY_FORMATS if known else ():
        try:
            for value in known:
                Clock(day_format=form).day(value, "day")
        except RejectedInput:
            continue
        return form
    return None


def decimal_comma(values: Iterable[Any]) -> bool:
    """Whether numbers are written as 1.250.000,50."""
    return any(isinstance(value, str) and _COMMA_NUMBER.fullmatch(value) for value in values)


def _unread(clock: Clock, values: Sequence[Any]) -> int:
    found = 0
    for value in values:
        try:
            clock.moment(value, "time")
        except RejectedInput:
            found += 1
    return found


def _spellings(name: str) -> list[str]:
    """The whole path first, then its last part: `from.name` before `name`."""
    last = name.rpartition(".")[2]
    return list(dict.fromkeys((_plain(name), _plain(last))))


def _plain(name: str) -> str:
    return " ".join(_PARTS.split(_CAMEL.sub(" ", name))).strip().casefold()
