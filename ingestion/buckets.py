"""Rows on disk in buckets: a stream of any length is dealt out, then taken back bucket by bucket.

Only the batch in hand and one bucket are ever in memory. What decides the bucket of a row does not
belong here.
"""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa

_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4")


class Buckets:
    """Arrow files under a folder, one a bucket, each made when its first row comes."""

    def __init__(self, folder: Path, schema: pa.Schema) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._schema = schema
        self._writers: dict[int, pa.RecordBatchFileWriter] = {}
        self.rows = 0

    def deal(self, batch: pa.RecordBatch, buckets: pa.Array) -> None:
        """Add the rows of a batch, each to the bucket of the same place in `buckets`."""
        if not batch.num_rows:
            return
        numbers = buckets.to_numpy(zero_copy_only=False)
        order = np.argsort(numbers, kind="stable")
        found, starts = np.unique(numbers[order], return_index=True)
        sorted_rows = batch.take(pa.array(order)) if len(found) > 1 else batch
        ends = [*starts[1:], len(order)]
        for number, start, end in zip(found, starts, ends, strict=True):
            self._writer(int(number)).write_batch(sorted_rows.slice(start, end - start))
        self.rows += batch.num_rows

    def _writer(self, number: int) -> pa.RecordBatchFileWriter:
        if number not in self._writers:
            path = str(self._folder / f"{number}.arrow")
            self._writers[number] = pa.ipc.new_file(path, self._schema, options=_OPTIONS)
        return self._writers[number]

    def close(self) -> Mapping[int, Path]:
        """Finish; the file of each bucket that has rows, by number."""
        for writer in self._writers.values():
            writer.close()
        return {number: self._folder / f"{number}.arrow" for number in sorted(self._writers)}


def stored(path: Path | None, schema: pa.Schema) -> pa.Table:
    """All rows of a file; None stands for a bucket without rows."""
    if path is None:
        return schema.empty_table()
    return pa.Table.from_batches(stream([path]), schema=schema)


def stream(paths: Iterable[Path]) -> Iterator[pa.RecordBatch]:
    """The rows of some files, batch by batch."""
    for path in paths:
        with pa.memory_map(str(path)) as source:
            reader = pa.ipc.open_file(source)
            for index in range(reader.num_record_batches):
                yield reader.get_batch(index)


def store(path: Path, table: pa.Table) -> Path:
    """Write one file as `stored` reads it."""
    with pa.ipc.new_file(str(path), table.schema, options=_OPTIONS) as writer:
        writer.write_table(table)
    return path
