"""What differs between the rows a conversation had and those it has now, compared in Arrow."""

from typing import NamedTuple

import pyarrow as pa


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
