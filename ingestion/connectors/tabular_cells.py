"""Cells of CRM, survey and judgement tables: exact types from CSV text or Parquet values.

cell -> reader -> value; a reader raises ValueError or RejectedInput, nothing is guessed.
"""

import math
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import aware_time, bad_time
from warehouse.vocabulary import JUDGEMENTS, SURVEY_TYPES

Cell = Callable[[Any], Any]
_LONGEST_ID = 64


def read_text(value: Any) -> str:
    """Any text."""
    if not isinstance(value, str):
        raise ValueError("text")
    return value.replace("\x00", "")


def read_reference(value: Any) -> str:
    """The native id of a conversation; mail ids are known here without their brackets."""
    return read_text(value).strip("<>")


def read_number(value: Any) -> float:
    """A finite number with a decimal point."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("a number")
    # float() would accept 1_000, which no export means as a number.
    number = float(value) if "_" not in str(value) else math.nan
    if not math.isfinite(number):
        raise ValueError("a number with a decimal point")
    return number


def read_whole(value: Any) -> int:
    """A whole number."""
    number = read_number(value)
    if not number.is_integer() or abs(number) > 2**31:
        raise ValueError("a whole number")
    return int(number)


def read_truth(value: Any) -> bool:
    """true or false, also as 1 or 0."""
    if isinstance(value, bool):
        return value
    known = {"true": True, "1": True, "false": False, "0": False}
    if not isinstance(value, str) or value.lower() not in known:
        raise ValueError("true or false")
    return known[value.lower()]


def read_day(value: Any) -> str:
    """A date, kept as ISO text."""
    if not isinstance(value, str) or len(value) != len("2024-01-31"):
        raise ValueError("a date such as 2024-01-31")
    return date.fromisoformat(value).isoformat()


def read_moment(value: Any) -> datetime:
    """A time with its offset."""
    return aware_time(value, "the cell")


def read_survey_type(value: Any) -> str:
    """One of the known surveys."""
    text = read_text(value).lower()
    if text not in SURVEY_TYPES:
        raise ValueError("one of " + ", ".join(SURVEY_TYPES))
    return text


def read_criterion(value: Any) -> str:
    """The id of a criterion; free words are refused, as they might name a person."""
    text = read_text(value)
    if len(text) > _LONGEST_ID or not text.isascii() or not text.replace("_", "").isalnum():
        raise ValueError("a criterion's id")
    return text


def read_judgement(value: Any) -> str:
    """What a person says of a criterion."""
    text = read_text(value).lower()
    if text not in JUDGEMENTS:
        raise ValueError("one of " + ", ".join(JUDGEMENTS))
    return text


def bad_cell(column: str, read: Cell) -> RejectedInput:
    """The rejection of a cell that its reader refused; names the column, not the content."""
    if read is read_day:
        return RejectedInput("bad_time", f"column {column} must be a date such as 2024-01-31")
    if read is read_moment:
        return bad_time(f"column {column}")
    words: dict[Cell, str] = {
        read_number: "a number with a decimal point",
        read_whole: "a whole number",
        read_truth: "true or false",
        read_survey_type: "one of " + ", ".join(SURVEY_TYPES),
        read_criterion: "a criterion's id as the quality form spells it: letters, digits and _",
        read_judgement: "one of " + ", ".join(JUDGEMENTS),
    }
    return RejectedInput("bad_cell", f"column {column} must be {words.get(read, 'text')}")
