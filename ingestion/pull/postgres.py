"""A CRM in PostgreSQL: a query per table, read incrementally by its time of change, as Parquet.

query -> rows after the cursor, in order of (time of change, key) -> Parquet files of our columns

Everything is read in one read-only transaction that sees one state of the database. A change is
stamped when its transaction begins but seen when it commits, so each pull looks back a little:
rows that come again are recognised.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

import psycopg
from psycopg import sql

from ingestion.pull.base import Answer, Batch, Cursor, Finding, PullProblem, Source
from ingestion.pull.postgres_connection import PostgresAccount, in_words
from ingestion.pull.postgres_rows import parquet
from ingestion.pull.postgres_tables import TableQuery, examine, without_time
from ingestion.pull.sections import Section

_FETCHED_AT_ONCE = 1000


class PostgresSource(Source):
    """One database."""

    kind: ClassVar[str] = "postgres"

    def __init__(self, section: Section) -> None:
        self.name = section.name
        self._account = PostgresAccount.of(section)
        self._batch_rows = section.whole("batch_rows", 5000, 1, 1_000_000)
        self._look_back = section.whole("look_back_minutes", 10, 0, 7 * 24 * 60)
        self._tables = [TableQuery.of(part) for part in section.sections("tables", "table")]
        if len({item.table for item in self._tables}) != len(self._tables):
            raise section.problem(
                "a table is given twice; join the queries with UNION ALL", "tables"
            )

    @property
    def identity(self) -> dict[str, Any]:
        """The database; a table whose query changes starts over by itself."""
        account = self._account
        return {
            "kind": self.kind, "host": account.host, "port": account.port,
            "database": account.database,
        }  # fmt: skip

    def batches(self, cursor: Cursor, since: datetime | None) -> Iterator[Batch]:
        """Changed rows, table after table."""
        places: Cursor = dict(cursor.get("tables", {}))
        with self._account.opened() as connection:
            for table in self._tables:
                place = places.get(table.table, {})
                if place.get("query") != _text(table):
                    place = {}
                for answers, reached, notice in self._rows(connection, table, place, since):
                    places = places | {table.table: reached | {"query": _text(table)}}
                    yield Batch(answers, {"tables": places}, notice)

    def check(self) -> Iterator[Finding]:
        """Login, then columns, types and a few rows of every query."""
        # A connection for each query: an error ends the transaction it happens in.
        try:
            with self._account.opened():
                yield Finding(f"{self.name} login", True, f"{self._account.place} accepts the user")
        except PullProblem as problem:
            yield Finding(f"{self.name} login", False, "no", str(problem))
            return
        for table in self._tables:
            name = f"{self.name} {table.table}"
            try:
                with self._account.opened() as connection:
                    yield from examine(connection, table, name)
            except PullProblem as problem:
                yield Finding(name, False, "no", str(problem))
            except psycopg.Error as error:
                words = str(in_words(error, self._account, table.table))
                yield Finding(name, False, "the query fails", words)

    def _rows(
        self,
        connection: psycopg.Connection[Any],
        table: TableQuery,
        place: Cursor,
        since: datetime | None,
    ) -> Iterator[tuple[tuple[Answer, ...], Cursor, str]]:
        try:
            notice = _left_out(connection, table)
            statement, values, again_from = self._statement(table, place, since)
            with connection.cursor(name=f"pull_{table.table}") as rows:
                rows.itersize = _FETCHED_AT_ONCE
                rows.execute(statement, values)
                while batch := rows.fetchmany(self._batch_rows):
                    assert rows.description is not None
                    names = [column.name for column in rows.description]
                    last = dict(zip(names, batch[-1], strict=True))
                    place = {"updated_at": str(last[table.updated_at]), "key": str(last[table.key])}
                    answer = Answer(table.table, "parquet", parquet(rows, batch), len(batch))
                    yield (answer,), place | {"going": True, "again_from": again_from}, notice
                    notice = ""
        except (psycopg.Error, KeyError) as error:
            raise in_words(error, self._account, table.table) from None
        yield (), _finished(place, again_from), notice

    def _statement(
        self, table: TableQuery, place: Cursor, since: datetime | None
    ) -> tuple[sql.Composed, list[Any], str | None]:
        """The query from the cursor on, and where the next pull begins if not at the end."""
        at, key = sql.Identifier(table.updated_at), sql.Identifier(table.key)
        query = table.select_with_parameters
        start, values = sql.SQL("{} IS NOT NULL").format(at), []
        again_from: str | None = None
        if place.get("going"):
            # Between the pull that was stopped and this one, earlier rows may have been committed:
            # the pull after this one looks back from here.
            again_from = place.get("again_from") or place["updated_at"]
            start = sql.SQL("({}, {}) > (%s, %s)").format(at, key)
            values = [place["updated_at"], place["key"]]
        elif "updated_at" in place:
            start = sql.SQL("{} >= (%s - %s * interval '1 minute')").format(at)
            values = [datetime.fromisoformat(place["updated_at"]), self._look_back]
        elif since:
            start, values = sql.SQL("{} >= %s").format(at), [since]
        statement = sql.SQL("SELECT * FROM ({}\n) AS pulled WHERE {} ORDER BY {}, {}")
        return statement.format(query, start, at, key), values, again_from


def _finished(place: Cursor, again_from: str | None) -> Cursor:
    """The cursor when a table was read to its end."""
    if again_from:
        return {"updated_at": again_from}
    return {"updated_at": place["updated_at"]} if "updated_at" in place else {}


def _text(table: TableQuery) -> list[str]:
    return [table.query, table.updated_at, table.key]


def _left_out(connection: psycopg.Connection[Any], table: TableQuery) -> str:
    """What to say of rows without a time of change."""
    count = without_time(connection, table)
    if not count:
        return ""
    return f"{table.table}: {count:,} rows without {table.updated_at} are left out; fill it"
