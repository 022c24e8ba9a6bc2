"""Reading a fixed list of data files through DuckDB, as Arrow, in the exact contract schema.

DuckDB reads the files of a pinned version directly: no extension, and no crash at exit as with
the table library's own datasets. Which files belong to a version is `warehouse.delta`'s answer.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from warehouse import sql
from warehouse.tables.definition import Table

if TYPE_CHECKING:
    import duckdb

MEMORY_LIMIT = "1GB"
BATCH_ROWS = 65_536
WIDE_BATCH_ROWS = 64


@dataclass(frozen=True)
class DataFile:
    """One data file of a version. `path` is absolute; `rows` as the commit states."""

    path: Path
    partition: tuple[tuple[str, str | date | int | None], ...]
    size: int
    rows: int

    @property
    def values(self) -> dict[str, Any]:
        """Partition column to value."""
        return dict(self.partition)


@dataclass(frozen=True)
class Selection:
    """What to read: `columns` None means all; `where` and `order_by` are SQL of this program.

    `among` keeps the rows whose value in the column (first) is one of the values (second), of
    which there may be millions.
    """

    columns: Sequence[str] | None = None
    where: str | None = None
    order_by: Sequence[str] = ()
    among: tuple[str, pa.Array] | None = None


def duckdb_type(kind: pa.DataType) -> str:
    """The DuckDB name of a contract type; TypeError for a type no contract uses."""
    if pa.types.is_list(kind):
        return duckdb_type(kind.value_type) + "[]"
    if pa.types.is_struct(kind):
        inner = ", ".join(f"{sql.name(part.name)} {duckdb_type(part.type)}" for part in kind)
        return f"STRUCT({inner})"
    if pa.types.is_timestamp(kind):
        return "TIMESTAMPTZ" if kind.tz else "TIMESTAMP"
    if pa.types.is_decimal(kind):
        return f"DECIMAL({kind.precision}, {kind.scale})"
    try:
        return _SIMPLE_TYPES[kind]
    except KeyError:
        raise TypeError(f"no DuckDB type for {kind}") from None


_SIMPLE_TYPES = {
    pa.string(): "VARCHAR",
    pa.binary(): "BLOB",
    pa.bool_(): "BOOLEAN",
    pa.int8(): "TINYINT",
    pa.int16(): "SMALLINT",
    pa.int32(): "INTEGER",
    pa.int64(): "BIGINT",
    pa.float32(): "FLOAT",
    pa.float64(): "DOUBLE",
    pa.date32(): "DATE",
}


def source(table: Table, files: Sequence[DataFile], columns: Sequence[str] | None = None) -> str:
    """A SELECT over `files` with the contract's columns and types; without files an empty one."""
    chosen = list(columns) if columns is not None else list(table.schema.names)
    for column in chosen:
        table.schema.field(column)
    if not files:
        parts = [
            f"CAST(NULL AS {duckdb_type(table.schema.field(column).type)}) AS {sql.name(column)}"
            for column in chosen
        ]
        return f"SELECT {', '.join(parts)} WHERE false"
    kinds = ", ".join(
        f"{sql.name(column)}: {duckdb_type(table.schema.field(column).type)}"
        for column in table.partition_by
    )
    hive = f"hive_partitioning = true, hive_types = {{{kinds}}}, hive_types_autocast = false"
    options = hive if table.partition_by else "hive_partitioning = false"
    listed = ", ".join(sql.name(column) for column in chosen)
    paths = sql.file_list(file.path for file in files)
    return f"SELECT {listed} FROM read_parquet({paths}, {options})"


def connect(spill: Path) -> "duckdb.DuckDBPyConnection":
    """A private in-memory connection in UTC that spills to folder `spill`."""
    import duckdb

    connection = duckdb.connect(
        config={
            "memory_limit": MEMORY_LIMIT,
            "threads": 2,
            "temp_directory": str(spill),
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
        }
    )
    connection.execute("SET TimeZone = 'UTC'")
    return connection


def batches(
    table: Table, files: Sequence[DataFile], selection: Selection, spill: Path
) -> Iterator[pa.RecordBatch]:
    """Stream the selected rows as batches of exactly the contract's types."""
    chosen = list(selection.columns) if selection.columns is not None else table.schema.names
    schema = pa.schema([table.schema.field(column) for column in chosen])
    if not files:
        return
    listed = ", ".join(sql.name(column) for column in chosen)
    query = f"SELECT {listed} FROM ({source(table, files)})"
    wanted = [f"({selection.where})"] if selection.where else []
    if selection.among:
        wanted.append(f"{sql.name(selection.among[0])} IN (SELECT wanted FROM among)")
    if wanted:
        query += f" WHERE {' AND '.join(wanted)}"
    if selection.order_by:
        query += f" ORDER BY {', '.join(sql.name(column) for column in selection.order_by)}"
    with connect(spill) as connection:
        if selection.among:
            connection.register("among", pa.table({"wanted": selection.among[1]}))
        rows = WIDE_BATCH_ROWS if table.wide else BATCH_ROWS
        for batch in connection.sql(query).to_arrow_reader(rows):
            yield batch.cast(schema)


@contextmanager
def opened(
    table: Table, files: Sequence[DataFile], given: Mapping[str, pa.Table], spill: Path
) -> Iterator["duckdb.DuckDBPyConnection"]:
    """A connection with the view `rows` over these files and the `given` tables by their names."""
    with connect(spill) as connection:
        connection.execute(f"CREATE TEMP VIEW rows AS {source(table, files)}")
        for name, rows in given.items():
            connection.register(name, rows)
        yield connection


def answers(
    connection: "duckdb.DuckDBPyConnection", statement: str, schema: pa.Schema
) -> Iterator[pa.RecordBatch]:
    """Stream the rows of a statement of this program as batches of exactly these types."""
    for batch in connection.sql(statement).to_arrow_reader(BATCH_ROWS):
        yield batch.cast(schema)
