"""Which rows differ: between two tables in memory, and between two versions of a lake table."""

from collections.abc import Sequence
from typing import NamedTuple

import pyarrow as pa

from warehouse import reading
from warehouse.delta import Lake


class Difference(NamedTuple):
    """Rows that are new as they stand, and rows that stand no more."""

    added: pa.Table
    removed: pa.Table


def difference(before: pa.Table, now: pa.Table) -> Difference:
    """Compare two tables of one schema as sets of rows; a changed row is removed and added."""
    if not before.num_rows or not now.num_rows:
        return Difference(now, before)
    # DuckDB compares nested columns and nulls too, which Arrow's joins do not.
    import duckdb

    with duckdb.connect(config={"threads": 1, "memory_limit": "1GB"}) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.register("before", before)
        connection.register("now", now)
        sides = [
            connection.sql(statement).to_arrow_table().cast(now.schema)
            for statement in ("FROM now EXCEPT ALL FROM before", "FROM before EXCEPT ALL FROM now")
        ]
    return Difference(*sides)


def changed(
    lake: Lake,
    name: str,
    key: Sequence[str],
    columns: Sequence[str],
    since: int | None,
    until: int,
) -> pa.Table:
    """Each `key` of rows that differ in it or in `columns` between two versions, once.

    Only files that one version has and the other has not are read. `since` None gives all.
    """
    table, read = lake.definition(name), (*key, *columns)
    before = set() if since is None else set(lake.files(name, since))
    now = set(lake.files(name, until))
    sources = {
        side: reading.source(table, sorted(files, key=lambda file: file.path), read)
        for side, files in (("gone", before - now), ("new", now - before))
    }
    schema = pa.schema([table.schema.field(column) for column in key])
    statement = f"SELECT DISTINCT {', '.join(key)} FROM ({_DIFFERENT})"
    with reading.connect(lake.root / "_tmp") as connection:
        for side, query in sources.items():
            connection.execute(f"CREATE TEMP VIEW {side} AS {query}")
        return pa.Table.from_batches(reading.answers(connection, statement, schema), schema=schema)


_DIFFERENT = """
(FROM new EXCEPT ALL FROM gone) UNION ALL (FROM gone EXCEPT ALL FROM new)
"""
