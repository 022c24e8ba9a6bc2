"""How every figure of the marts differs between two build files.

A figure is a mart's number of rows, the mean and sum of a number, the count of true values, or the
count of a word in a column of few words. Both files are only read.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import duckdb

from warehouse import sql

_FEW_WORDS: Final = 40
_NUMBERS: Final = ("DOUBLE", "FLOAT", "DECIMAL", "BIGINT", "INTEGER", "HUGEINT", "SMALLINT")
# Which row it is or where it comes from, not how much of something there is.
_PLACES: Final = ("_id", "_start", "_end", "turn_no", "_hash", "_version", "release")


@dataclass(frozen=True)
class Figure:
    """One published figure under both releases; None where it does not exist."""

    mart: str
    column: str
    measure: str
    before: float | None
    after: float | None


def mart_diff(before: Path, after: Path) -> list[Figure]:
    """Figures that differ between two build files, by mart, column and measure."""
    with duckdb.connect() as connection:
        for alias, path in (("before", before), ("after", after)):
            connection.execute(f"ATTACH {sql.literal(str(path))} AS {alias} (READ_ONLY)")
        found = [
            figure
            for mart in _marts(connection)
            for figure in _of_mart(connection, mart)
            if figure.before != figure.after
        ]
    return sorted(found, key=lambda figure: (figure.mart, figure.column, figure.measure))


def _marts(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute(
        "SELECT DISTINCT table_name FROM duckdb_tables()"
        " WHERE database_name IN ('before', 'after') AND schema_name = 'marts' ORDER BY 1"
    ).fetchall()
    return [name for (name,) in rows]


def _of_mart(connection: duckdb.DuckDBPyConnection, mart: str) -> Iterator[Figure]:
    sides = {alias: _figures(connection, alias, mart) for alias in ("before", "after")}
    for column, measure in sorted(sides["before"].keys() | sides["after"].keys()):
        values = [sides[alias].get((column, measure)) for alias in ("before", "after")]
        yield Figure(mart, column, measure, *values)


def _figures(
    connection: duckdb.DuckDBPyConnection, alias: str, mart: str
) -> dict[tuple[str, str], float]:
    """{(column, measure): value} of one mart in one file."""
    columns = connection.execute(
        "SELECT column_name, data_type FROM duckdb_columns() WHERE database_name = ?"
        " AND schema_name = 'marts' AND table_name = ?",
        [alias, mart],
    ).fetchall()
    if not columns:
        return {}
    table = f"{alias}.marts.{sql.name(mart)}"
    found: dict[tuple[str, str], float] = {("", "rows"): _one(connection, table, "count(*)")[0]}
    for column, kind in columns:
        if not column.endswith(_PLACES):
            found |= {
                (column, measure): value
                for measure, value in _of_column(connection, table, column, kind)
                if value is not None
            }
    return found


def _of_column(
    connection: duckdb.DuckDBPyConnection, table: str, column: str, kind: str
) -> Iterator[tuple[str, float | None]]:
    quoted = sql.name(column)
    if kind == "BOOLEAN":
        yield "true", _one(connection, table, f"count(*) FILTER (WHERE {quoted})")[0]
    elif kind.startswith(_NUMBERS) and not kind.endswith("]"):  # lists are no figures
        # Rounded, because the order of rows decides the last digits of a sum.
        mean, total = _one(connection, table, f"round(avg({quoted}), 6), round(sum({quoted}), 4)")
        yield "mean", mean
        yield "sum", total
    elif kind == "VARCHAR":
        yield from _words(connection, table, quoted)


def _words(
    connection: duckdb.DuckDBPyConnection, table: str, quoted: str
) -> Iterator[tuple[str, float]]:
    rows: Sequence[Any] = connection.execute(
        f"SELECT {quoted}, count(*) FROM {table} WHERE {quoted} IS NOT NULL"
        f" GROUP BY ALL LIMIT {_FEW_WORDS + 1}"
    ).fetchall()
    if len(rows) <= _FEW_WORDS and all(len(word) <= _FEW_WORDS for word, _ in rows):
        yield from ((f"is {word}", count) for word, count in rows)


def _one(connection: duckdb.DuckDBPyConnection, table: str, what: str) -> tuple[Any, ...]:
    rows = connection.execute(f"SELECT {what} FROM {table}").fetchall()
    return tuple(float(value) if value is not None else None for value in rows[0])
