"""The tables that CRM and survey files may hold: columns, their types, and how to tell them apart.

header -> recognise_table -> TableFormat -> typed_row -> row with our column names. A new column
of a known table is one line here; columns not listed are ignored, they stay in bronze.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import aware_time, bad_time
from warehouse.vocabulary import SURVEY_TYPES

Cell = Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class TableFormat:
    """One kind of file. `required` are the columns that make a header ours."""

    table: str
    key: str
    time: str
    columns: Mapping[str, Cell]
    required: frozenset[str]
    filled: tuple[str, ...]


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError("text")
    return value.replace("\x00", "")


def _reference(value: Any) -> str:
    """The native id of a conversation; mail ids are known here without their brackets."""
    return _text(value).strip("<>")


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise ValueError("a number")
    # float() would accept 1_000, which no export means as a number.
    number = float(value) if "_" not in str(value) else math.nan
    if not math.isfinite(number):
        raise ValueError("a number with a decimal point")
    return number


def _whole(value: Any) -> int:
    number = _number(value)
    if not number.is_integer() or abs(number) > 2**31:
        raise ValueError("a whole number")
    return int(number)


def _truth(value: Any) -> bool:
    if isinstance(value, bool):
        return value
    known = {"true": True, "1": True, "false": False, "0": False}
    if not isinstance(value, str) or value.lower() not in known:
        raise ValueError("true or false")
    return known[value.lower()]


def _day(value: Any) -> str:
    if not isinstance(value, str) or len(value) != len("2024-01-31"):
        raise ValueError("a date such as 2024-01-31")
    return date.fromisoformat(value).isoformat()


def _moment(value: Any) -> datetime:
    return aware_time(value, "the cell")


def _survey_type(value: Any) -> str:
    text = _text(value).lower()
    if text not in SURVEY_TYPES:
        raise ValueError("one of " + ", ".join(SURVEY_TYPES))
    return text


def _format(
    table: str, key: str, time: str, columns: dict[str, Cell], required: str, filled: str = ""
) -> TableFormat:
    always = (key, time, *filled.split())
    return TableFormat(table, key, time, columns, frozenset(required.split()) | {key, time}, always)


FORMATS: tuple[TableFormat, ...] = (
    _format(
        "surveys",
        "response_id",
        "answered_at",
        {
            "response_id": _text,
            "crm_id": _text,
            "interaction_ref": _reference,
            "survey_type": _survey_type,
            "score": _number,
            "comment": _text,
            "answered_at": _moment,
        },
        "survey_type score",
        "survey_type score",
    ),
    _format(
        "subscriptions",
        "subscription_id",
        "updated_at",
        {
            "subscription_id": _text,
            "crm_id": _text,
            "product": _text,
            "plan": _text,
            "monthly_fee": _number,
            "currency": _text,
            "status": _text,
            "started_on": _day,
            "ended_on": _day,
            "updated_at": _moment,
        },
        "crm_id",
        "crm_id",
    ),
    _format(
        "orders",
        "order_id",
        "ordered_at",
        {
            "order_id": _text,
            "crm_id": _text,
            "product": _text,
            "amount": _number,
            "currency": _text,
            "status": _text,
            "ordered_at": _moment,
        },
        "crm_id",
        "crm_id",
    ),
    _format(
        "churn_outcomes",
        "crm_id",
        "updated_at",
        {"crm_id": _text, "churned_on": _day, "reason": _text, "updated_at": _moment},
        "churned_on",
    ),
    _format(
        "customers",
        "crm_id",
        "updated_at",
        {
            "crm_id": _text,
            "phone": _text,
            "email": _text,
            "name": _text,
            "x_username": _text,
            "segment": _text,
            "city": _text,
            "preferred_language": _text,
            "birth_year": _whole,
            "signed_up_on": _day,
            "marketing_consent": _truth,
            "consent_channels": _text,
            "lifetime_value": _number,
            "updated_at": _moment,
        },
        "",
    ),
)
BY_NAME = {form.table: form for form in FORMATS}


def recognise_table(columns: Sequence[str]) -> TableFormat | None:
    """The first format whose required columns are all in the header."""
    present = set(columns)
    return next((form for form in FORMATS if _fits(form, present)), None)


def _fits(form: TableFormat, present: set[str]) -> bool:
    # Three known columns: a key and a time alone are in many tables.
    return form.required <= present and len(present & form.columns.keys()) >= 3


def typed_row(form: TableFormat, cells: Mapping[str, Any]) -> dict[str, Any]:
    """The row with our columns and exact types; empty cells are None.

    Raises RejectedInput that names the first bad column, never its content.
    """
    row: dict[str, Any] = {}
    for column, read in form.columns.items():
        value = cells.get(column)
        if value is None or (isinstance(value, str) and not value.strip()):
            row[column] = None
            continue
        try:
            row[column] = read(value.strip() if isinstance(value, str) else value)
        except RejectedInput as rejected:
            raise RejectedInput(rejected.reason, f"column {column}: {rejected}") from rejected
        except (ValueError, OverflowError) as error:
            raise _bad_cell(column, read) from error
    for column in form.filled:
        if row[column] is None:
            raise RejectedInput("missing_field", f"column {column} is empty; fill it in the export")
    _check_score(row)
    return row


def _bad_cell(column: str, read: Cell) -> RejectedInput:
    if read is _day:
        return RejectedInput("bad_time", f"column {column} must be a date such as 2024-01-31")
    if read is _moment:
        return bad_time(f"column {column}")
    words: dict[Cell, str] = {
        _number: "a number with a decimal point",
        _whole: "a whole number",
        _truth: "true or false",
        _survey_type: "one of " + ", ".join(SURVEY_TYPES),
    }
    return RejectedInput("bad_cell", f"column {column} must be {words.get(read, 'text')}")


def _check_score(row: dict[str, Any]) -> None:
    # NPS is defined as 0 to 10; satisfaction and effort scales differ from company to company.
    if row.get("survey_type") is None:
        return
    score = row["score"]
    highest = 10 if row["survey_type"] == "nps" else 100
    if not 0 <= score <= highest or (row["survey_type"] == "nps" and not score.is_integer()):
        raise RejectedInput("bad_cell", f"column score must lie between 0 and {highest}")
