"""One of our tables, the query that gives its rows, and whether it gives what we need.

Only names of columns and counts are reported, never a value.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from ingestion.connectors.base import Limits, RejectedInput
from ingestion.connectors.tabular import TabularConnector
from ingestion.connectors.tabular_reading import parquet_payloads
from ingestion.connectors.tabular_tables import BY_NAME, recognise_table
from ingestion.pull.base import Finding
from ingestion.pull.postgres_rows import parquet
from ingestion.pull.sections import Section

_TRIED_ROWS = 200


@dataclass(frozen=True, slots=True)
class TableQuery:
    """A query and the columns of its result that order it: time of change, then key."""

    table: str
    query: str
    updated_at: str
    key: str

    @classmethod
    def of(cls, section: Section) -> "TableQuery":
        """From the settings; raises SettingsProblem."""
        table = section.choice("table", sorted(BY_NAME))
        query = section.text("query").rstrip().rstrip(";")
        if ";" in query:
            raise section.problem("query must be one SELECT statement", "query")
        form = BY_NAME[table]
        updated_at = section.text("updated_at", form.time)
        found = cls(table, query, updated_at, section.text("key", form.key))
        section.done()
        return found

    @property
    def select(self) -> sql.SQL:
        """The query as a part of a statement that has no parameters."""
        return sql.SQL(self.query)

    @property
    def select_with_parameters(self) -> sql.SQL:
        """The query as a part of a statement that has parameters."""
        return sql.SQL(self.query.replace("%", "%%"))


def without_time(connection: psycopg.Connection[Any], table: TableQuery) -> int:
    """How many rows no time of change orders: they cannot be pulled."""
    statement = sql.SQL("SELECT count(*) FROM ({}\n) AS pulled WHERE {} IS NULL")
    composed = statement.format(table.select, sql.Identifier(table.updated_at))
    found = connection.execute(composed).fetchone()
    return int(found[0]) if found else 0


def examine(connection: psycopg.Connection[Any], table: TableQuery, name: str) -> Iterator[Finding]:
    """Columns, types and some rows of one query. Raises psycopg.Error."""
    statement = sql.SQL("SELECT * FROM ({}\n) AS pulled LIMIT {}")
    rows = connection.execute(statement.format(table.select, sql.Literal(_TRIED_ROWS)))
    columns = [column.name for column in rows.description or ()]
    form = BY_NAME[table.table]
    wanted = sorted({*form.required, table.updated_at, table.key} - set(columns))
    if wanted:
        remedy = "add to the query, with AS: " + ", ".join(wanted)
        yield Finding(f"{name} columns", False, "columns are missing", remedy)
        return
    recognised = recognise_table(columns)
    if recognised is not form:
        taken = recognised.table if recognised else "no table"
        known = ", ".join(sorted(form.columns))
        remedy = f"give columns of this table only: {known}"
        yield Finding(f"{name} columns", False, f"the columns look like {taken}", remedy)
        return
    unread = sorted(set(columns) - set(form.columns))
    ignored = f", not used: {', '.join(unread)}" if unread else ""
    yield Finding(f"{name} columns", True, f"{len(columns)} columns{ignored}")
    yield _read(rows, name)
    missing = without_time(connection, table)
    remedy = f"fill {table.updated_at}, for example with coalesce" if missing else ""
    yield Finding(f"{name} times", not missing, f"{missing:,} rows without a time", remedy)


def _read(rows: psycopg.Cursor[Any], name: str) -> Finding:
    """Some rows go the whole way: to Parquet, and through the connector."""
    tried = rows.fetchall()
    reasons: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "rows.parquet")
        path.write_bytes(parquet(rows, tried))
        for payload in parquet_payloads(path, Limits()):
            parsed = [payload] if isinstance(payload, RejectedInput) else _parsed(payload)
            reasons.update(str(item) for item in parsed if isinstance(item, RejectedInput))
    remedy = "; ".join(f"{count} rows: {words}" for words, count in reasons.most_common(5))
    found = f"{len(tried) - reasons.total():,} of {len(tried):,} rows read"
    return Finding(f"{name} rows", not reasons, found, remedy)


def _parsed(payload: Any) -> list[Any]:
    return list(TabularConnector().parse(payload))
