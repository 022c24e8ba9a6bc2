"""Rows that fit any contract. All values are invented."""

from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa

from warehouse import catalog

DAY = date(2026, 3, 1)
NEXT_DAY = date(2026, 3, 2)
NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def make_rows(name: str, count: int, /, **given: Any) -> pa.Table:
    """`count` rows of a table: given columns (a value or a list), the rest null."""
    schema = catalog.table(name).schema
    columns = {}
    for column in schema:
        value = given.pop(column.name, None)
        columns[column.name] = value if isinstance(value, list) else [value] * count
    assert not given, f"no such columns: {given}"
    return pa.table(columns, schema=schema)


def records(batch: int, count: int, day: date | None = DAY) -> pa.Table:
    """Rows of bronze.records whose ids say in which batch they belong."""
    ids = [f"{batch}-{row}" for row in range(count)]
    return make_rows(
        "bronze.records", count, record_id=ids, batch=batch, event_date=day, event_at=NOON
    )
