"""Rows of one table on their way to it: Arrow batches that leave memory when they grow.

Batches are kept in a temporary Arrow file once there are several, so that one huge source file
needs little memory. What is in a row does not matter here.
"""

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

_ROWS = 16_384
_BYTES = 32 * 1024 * 1024


class Spool:
    """Append rows or batches of one schema, then read them back, as often as needed."""

    def __init__(self, schema: pa.Schema) -> None:
        self.schema = schema
        self.rows = 0
        self._pending: list[dict[str, Any]] = []
        self._pending_bytes = 0
        self._held: list[pa.RecordBatch] = []
        self._held_bytes = 0
        self._folder = tempfile.TemporaryDirectory(prefix="lakehouse-spool-")
        self._file: pa.OSFile | None = None
        self._writer: pa.RecordBatchFileWriter | None = None

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._close_writer()
        self._folder.cleanup()

    @property
    def _path(self) -> Path:
        return Path(self._folder.name, "rows.arrow")

    def add(self, row: dict[str, Any], size: int = 0) -> None:
        """Append one row; `size` is a hint in bytes for rows that carry large values."""
        self._pending.append(row)
        self._pending_bytes += size
        self.rows += 1
        if len(self._pending) >= _ROWS or self._pending_bytes >= _BYTES:
            self._write([self._rows_added()])

    def extend(self, batch: pa.RecordBatch) -> None:
        """Append the rows of a batch of this schema, after all rows added so far."""
        if self._pending:
            self._hold(self._rows_added())
        self.rows += batch.num_rows
        self._hold(batch)

    def _hold(self, batch: pa.RecordBatch) -> None:
        self._held.append(batch)
        self._held_bytes += batch.nbytes
        if self._held_bytes >= _BYTES:
            self._write([])

    def _rows_added(self) -> pa.RecordBatch:
        batch = pa.RecordBatch.from_pylist(self._pending, schema=self.schema)
        self._pending, self._pending_bytes = [], 0
        return batch

    def _write(self, batches: list[pa.RecordBatch]) -> None:
        if self._writer is None:
            self._file = pa.OSFile(str(self._path), "wb")
            self._writer = pa.ipc.new_file(self._file, self.schema)
        for batch in (*self._held, *batches):
            self._writer.write_batch(batch)
        self._held, self._held_bytes = [], 0

    def _close_writer(self) -> None:
        if self._writer is not None and self._file is not None:
            self._writer.close()
            self._file.close()
            self._writer = self._file = None

    def batches(self, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """All rows, in the order added; no rows may be added afterwards.

        `columns` (None: all of them, else in the order of the schema) are all that is read.
        """
        self._close_writer()
        names = columns or self.schema.names
        if self._path.exists():
            wanted = [self.schema.get_field_index(name) for name in names]
            options = pa.ipc.IpcReadOptions(included_fields=wanted)
            # Not mapped into memory, where each page would count until another one is in need.
            with pa.OSFile(str(self._path)) as source:
                reader = pa.ipc.open_file(source, options=options)
                for index in range(reader.num_record_batches):
                    yield reader.get_batch(index)
        for batch in self._held:
            yield batch.select(names)
        if self._pending:
            yield pa.RecordBatch.from_pylist(self._pending, schema=self.schema).select(names)
