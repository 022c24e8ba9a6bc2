"""The contract at the door: every batch is compared with the table's schema before a write.

Types must be equal; nothing is coerced, because the writer below would silently cut 1.9 to 1
and read naive times as UTC. Messages name columns and types, never values.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import pyarrow as pa

from warehouse.tables.definition import Table

Batches: TypeAlias = "pa.Table | pa.RecordBatch | pa.RecordBatchReader | Iterable[pa.RecordBatch]"
BATCH_ROWS = 65_536


class ContractViolation(ValueError):
    """Rows do not fit the table: wrong columns or types, or outside the replaced partitions."""


class CheckedStream:
    """Batches of one write, each checked as it passes; memory holds one batch at a time.

    An error while streaming crosses foreign code and loses its kind, so it is kept in `error`
    for the caller to raise again. `rows` counts what has passed.
    """

    def __init__(
        self, data: Batches, table: Table, partitions: Sequence[Mapping[str, Any]] | None = None
    ) -> None:
        self.error: BaseException | None = None
        self.rows = 0
        self.table = table
        self._partitions = partitions
        self._source = _batches(data)
        if isinstance(data, pa.Table | pa.RecordBatch | pa.RecordBatchReader):
            check_schema(data.schema, table)

    def reader(self) -> pa.RecordBatchReader:
        """The stream for the writer; it can be read once."""
        return pa.RecordBatchReader.from_batches(self.table.schema, self._checked())

    def _checked(self) -> Iterator[pa.RecordBatch]:
        try:
            for batch in self._source:
                check_schema(batch.schema, self.table)
                if self._partitions is not None:
                    _check_partitions(batch, self.table, self._partitions)
                self.rows += batch.num_rows
                yield pa.RecordBatch.from_arrays(batch.columns, schema=self.table.schema)
        except BaseException as error:
            self.error = error
            raise


def check_schema(found: pa.Schema, table: Table) -> None:
    """Raise ContractViolation unless names, order and types equal the table's contract."""
    wanted = table.schema
    missing = [column for column in wanted.names if column not in found.names]
    surplus = [column for column in found.names if column not in wanted.names]
    if missing or surplus:
        raise ContractViolation(
            f"{table.name}: missing columns {missing}, unknown columns {surplus}"
        )
    if found.names != wanted.names:
        raise ContractViolation(f"{table.name}: columns must stand in this order: {wanted.names}")
    for column in wanted:
        kind = found.field(column.name).type
        if kind != column.type:
            raise ContractViolation(
                f"{table.name}: column {column.name!r} must be {column.type}, not {kind}"
            )


def _batches(data: Batches) -> Iterator[pa.RecordBatch]:
    if isinstance(data, pa.Table):
        return iter(data.to_batches(max_chunksize=BATCH_ROWS))
    if isinstance(data, pa.RecordBatch):
        return iter([data])
    return iter(data)


def _check_partitions(
    batch: pa.RecordBatch, table: Table, partitions: Sequence[Mapping[str, Any]]
) -> None:
    """Refuse rows that the overwrite would not replace on a second run."""
    columns = list(table.partition_by)
    present = pa.Table.from_batches([batch]).select(columns).group_by(columns).aggregate([])
    for found in present.to_pylist():
        if not any(matches(found, wanted) for wanted in partitions):
            raise ContractViolation(f"{table.name}: rows outside the replaced partitions")


def matches(found: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether the partition `found` lies in `wanted`, which may leave columns open."""
    return all(found[column] == value for column, value in wanted.items())
