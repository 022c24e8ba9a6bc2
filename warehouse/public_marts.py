"""Public marts as Delta tables under `gold`, for readers without DuckDB.

A mart whose content has not changed is not written again. The DuckDB snapshot that analysts
query is `warehouse.publish`.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

from warehouse import reading, sql
from warehouse.build_file import build_attached
from warehouse.delta import Lake
from warehouse.snapshot import Snapshot
from warehouse.tables.gold import public_mart

if TYPE_CHECKING:
    import duckdb

APP: Final = "public-marts"
SCHEMA: Final = "marts"
BATCH_ROWS: Final = 65_536
# Types that Delta lacks, and what they become without loss for the values marts hold.
_REPLACEMENTS: Final = {
    "HUGEINT": "BIGINT",
    "UHUGEINT": "BIGINT",
    "UBIGINT": "BIGINT",
    "UINTEGER": "BIGINT",
    "USMALLINT": "INTEGER",
    "UTINYINT": "SMALLINT",
    "JSON": "VARCHAR",
    "UUID": "VARCHAR",
    "TIME": "VARCHAR",
    "INTERVAL": "VARCHAR",
}


def export_public(
    build_file: Path, lake: Lake, tables: Sequence[str], snapshot: Snapshot
) -> list[str]:
    """Write `tables` (names in schema marts) of the build file to gold; return what changed.

    Each commit notes the number of `snapshot`. Naive timestamps are taken as UTC. Raises
    duckdb.Error when a table does not exist.
    """
    with build_attached(build_file, None) as connection:
        return [table for table in tables if _export(connection, lake, table, snapshot)]


def _export(
    connection: "duckdb.DuckDBPyConnection", lake: Lake, table: str, snapshot: Snapshot
) -> bool:
    query = _portable(connection, f"build.{SCHEMA}.{sql.name(table)}")
    name = f"gold.{table}"
    shape = connection.sql(f"{query} LIMIT 0").to_arrow_table().schema
    lake.declare(public_mart(name, shape))
    if lake.exists(name) and _same(connection, lake, name, query):
        return False
    # The number only counts exports: one snapshot may be built again with other models.
    sequence = (lake.cursor(name, APP) or 0) + 1
    rows = connection.sql(query).to_arrow_reader(BATCH_ROWS)
    note = {"snapshot": str(snapshot.number)}
    lake.overwrite_partitions(name, rows, partitions=None, app=APP, sequence=sequence, note=note)
    return True


def _portable(connection: "duckdb.DuckDBPyConnection", source: str) -> str:
    columns = connection.execute(f"DESCRIBE {source}").fetchall()
    return f"SELECT {', '.join(_cast(column, kind) for column, kind, *_ in columns)} FROM {source}"


def _cast(column: str, kind: str) -> str:
    quoted = sql.name(column)
    if kind.startswith("TIMESTAMP") and kind != "TIMESTAMP WITH TIME ZONE":
        return f"timezone('UTC', CAST({quoted} AS TIMESTAMP)) AS {quoted}"
    if kind.startswith("ENUM"):
        return f"CAST({quoted} AS VARCHAR) AS {quoted}"
    if kind in _REPLACEMENTS:
        return f"CAST({quoted} AS {_REPLACEMENTS[kind]}) AS {quoted}"
    return quoted


def _same(connection: "duckdb.DuckDBPyConnection", lake: Lake, name: str, query: str) -> bool:
    """Whether gold holds the same rows and columns, whatever their order of rows."""
    stored = lake.stored_schema(name)
    if stored != lake.definition(name).schema:
        return False
    written = reading.source(lake.definition(name), lake.files(name))
    return _fingerprint(connection, query) == _fingerprint(connection, written)


def _fingerprint(connection: "duckdb.DuckDBPyConnection", query: str) -> tuple[object, ...]:
    rows = f"SELECT hash(t) AS h FROM ({query}) t"
    ((*found,),) = connection.execute(
        f"SELECT count(*), bit_xor(h), sum(h::HUGEINT), sum((h % 1000003)::HUGEINT * (h >> 32)) "
        f"FROM ({rows})"
    ).fetchall()
    return tuple(found)
