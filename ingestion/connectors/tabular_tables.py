"""The tables that CRM, survey and judgement files may hold: columns, their types, and how to tell them apart.

header -> recognise_table -> TableFormat -> typed_row -> row with our column names. A new column
of a known table is one line here; columns not listed are ignored, they stay in bronze.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.tabular_cells import (
    Cell,
    bad_cell,
    read_criterion,
    read_day,
    read_judgement,
    read_moment,
    read_number,
    read_reference,
    read_survey_type,
    read_text,
    read_truth,
    read_whole,
)


@dataclass(frozen=True, slots=True)
class TableFormat:
    """One kind of file. `required` are the columns that make a header ours."""

    table: str
    key: str
    time: str
    columns: Mapping[str, Cell]
    required: frozenset[str]
    filled: tuple[str, ...]


def _format(
    table: str, key: str, time: str, columns: dict[str, Cell], required: str, filled: str = ""
) -> TableFormat:
    always = (key, time, *filled.split())
    return TableFormat(table, key, time, columns, frozenset(required.split()) | {key, time}, always)


FORMATS: tuple[TableFormat, ...] = (
    _format(
        "judgements",
        "interaction",
        "judged_at",
        {
            "interaction": read_reference,
            "criterion": read_criterion,
            "judgement": read_judgement,
            "judged_by": read_text,
            "judged_at": read_moment,
            "reason": read_text,
        },
        "criterion judgement judged_by reason",
        "criterion judgement judged_by reason",
    ),
    _format(
        "surveys",
        "response_id",
        "answered_at",
        {
            "response_id": read_text,
            "crm_id": read_text,
            "interaction_ref": read_reference,
            "survey_type": read_survey_type,
            "score": read_number,
            "comment": read_text,
            "answered_at": read_moment,
        },
        "survey_type score",
        "survey_type score",
    ),
    _format(
        "subscriptions",
        "subscription_id",
        "updated_at",
        {
            "subscription_id": read_text,
            "crm_id": read_text,
            "product": read_text,
            "plan": read_text,
            "monthly_fee": read_number,
            "currency": read_text,
            "status": read_text,
            "started_on": read_day,
            "ended_on": read_day,
            "updated_at": read_moment,
        },
        "crm_id",
        "crm_id",
    ),
    _format(
        "orders",
        "order_id",
        "ordered_at",
        {
            "order_id": read_text,
            "crm_id": read_text,
            "product": read_text,
            "amount": read_number,
            "currency": read_text,
            "status": read_text,
            "ordered_at": read_moment,
        },
        "crm_id",
        "crm_id",
    ),
    _format(
        "churn_outcomes",
        "crm_id",
        "updated_at",
        {
            "crm_id": read_text,
            "churned_on": read_day,
            "reason": read_text,
            "updated_at": read_moment,
        },
        "churned_on",
    ),
    _format(
        "customers",
        "crm_id",
        "updated_at",
        {
            "crm_id": read_text,
            "phone": read_text,
            "email": read_text,
            "name": read_text,
            "x_username": read_text,
            "segment": read_text,
            "city": read_text,
            "preferred_language": read_text,
            "birth_year": read_whole,
            "signed_up_on": read_day,
            "marketing_consent": read_truth,
            "consent_channels": read_text,
            "lifetime_value": read_number,
            "updated_at": read_moment,
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
            raise bad_cell(column, read) from error
    for column in form.filled:
        if row[column] is None:
            raise RejectedInput("missing_field", f"column {column} is empty; fill it in the export")
    _check_score(row)
    return row


def _check_score(row: dict[str, Any]) -> None:
    # NPS is defined as 0 to 10; satisfaction and effort scales differ from company to company.
    if row.get("survey_type") is None:
        return
    score = row["score"]
    highest = 10 if row["survey_type"] == "nps" else 100
    if not 0 <= score <= highest or (row["survey_type"] == "nps" and not score.is_integer()):
        raise RejectedInput("bad_cell", f"column score must lie between 0 and {highest}")
