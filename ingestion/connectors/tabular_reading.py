"""Rows of CSV and Parquet files as payloads, streamed.

A CSV row keeps its raw bytes; quoted cells may span lines. A Parquet row becomes a JSON object,
because the file has no bytes of a single row.
"""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, BinaryIO

import orjson
import pyarrow as pa
import pyarrow.parquet as pq

from ingestion.connectors.base import Limits, Payload, RejectedInput
from ingestion.connectors.reading import BOM
from ingestion.connectors.tabular_tables import TableFormat, recognise_table

PARQUET_MAGIC = b"PAR1"
DELIMITERS = (",", ";", "\t")
ROW_BYTES = 1024 * 1024
BATCH_ROWS = 1024
HEADER_BYTES = 64 * 1024
# Larger than any honest row group: beyond it a small file would unpack to fill the memory.
GROUP_BYTES = 512 * 1024 * 1024


def csv_header(head: bytes) -> tuple[TableFormat, list[str], str] | None:
    """Table, columns and delimiter when the first line is the header of a known table."""
    line = head.removeprefix(BOM)[:HEADER_BYTES].split(b"\n", 1)[0].rstrip(b"\r")
    if not line or b"\x00" in line:
        return None
    try:
        text = decoded(line)
    except RejectedInput:
        return None
    for delimiter in DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
        except csv.Error:
            continue
        columns = [column.strip().lower() for column in rows[0]] if len(rows) == 1 else []
        form = recognise_table(columns)
        if form is not None and len(set(columns)) == len(columns):
            return form, columns, delimiter
    return None


def decoded(raw: bytes) -> str:
    """UTF-8, else the Windows code page that spreadsheet programs write."""
    for encoding in ("utf-8", "cp1252"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise RejectedInput("bad_encoding", "the text is neither UTF-8 nor Windows-1252; save as UTF-8")


def csv_payloads(path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    """One payload per CSV row; rows beyond the bound are rejected and skipped."""
    with path.open("rb") as stream:
        first = stream.readline(HEADER_BYTES)
        header = csv_header(first)
        if header is None:
            yield RejectedInput("unknown_columns", "the header is of no known table", "row 0")
            return
        yield from rows_of_csv(stream, len(first), limits, context_of(*header))


def rows_of_csv(
    stream: BinaryIO, start: int, limits: Limits, context: str
) -> Iterator[Payload | RejectedInput]:
    """The rows from byte `start` on, where `stream` stands; blank ones do not count."""
    bound = min(ROW_BYTES, limits.payload_bytes)
    number = 0
    for begin, end, raw in csv_records(stream, start, bound):
        if raw is not None and not raw.strip():
            continue
        number += 1
        position = f"row {number}"
        if raw is None:
            message = f"the row has more than {bound} bytes; look for an unclosed quote"
            yield RejectedInput("too_large", message, position)
        else:
            yield Payload(raw, position, begin, end, context)


def csv_records(
    stream: BinaryIO, start: int, bound: int
) -> Iterator[tuple[int, int, bytes | None]]:
    """(start, end, bytes) of every record; None instead of bytes beyond the bound."""
    parts: list[bytes] = []
    size, quotes, position = 0, 0, start
    while line := stream.readline(bound + 1):
        position += len(line)
        size += len(line)
        quotes += line.count(b'"')
        if size > bound:
            parts.clear()
            yield start, position, None
            if not line.endswith(b"\n"):
                position += _skip(stream, bound)
        else:
            parts.append(line)
            if quotes % 2:
                continue
            raw = b"".join(parts).rstrip(b"\r\n")
            yield start, start + len(raw), raw
        parts, size, quotes, start = [], 0, 0, position
    if parts:
        raw = b"".join(parts).rstrip(b"\r\n")
        yield start, start + len(raw), raw


def _skip(stream: BinaryIO, bound: int) -> int:
    skipped = 0
    while line := stream.readline(bound):
        skipped += len(line)
        if line.endswith(b"\n"):
            break
    return skipped


def parquet_payloads(path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    """One payload per row of a known table, as JSON. Raises OSError when the disk fails."""

    def known(names: list[str]) -> tuple[list[str], str]:
        columns = [name.strip().lower() for name in names]
        form = recognise_table(columns)
        if form is None or len(set(columns)) != len(columns):
            raise RejectedInput("unknown_columns", "the columns are of no known table")
        return columns, context_of(form, columns, None)

    return rows_of_parquet(path, limits, known)


def rows_of_parquet(
    path: Path, limits: Limits, known: Callable[[list[str]], tuple[list[str], str]]
) -> Iterator[Payload | RejectedInput]:
    """One payload per row, as JSON; `known` gives the names of the columns and the context.

    Raises OSError when the disk fails.
    """
    try:
        with pq.ParquetFile(path) as file:
            columns, context = known([str(name) for name in file.schema_arrow.names])
            groups = range(file.metadata.num_row_groups)
            if any(
                file.metadata.row_group(group).total_byte_size > GROUP_BYTES for group in groups
            ):
                yield RejectedInput("too_large", "a row group is too large; write smaller ones")
                return
            yield from _rows(file, columns, context, limits)
    except RejectedInput as rejected:
        yield rejected
    except (pa.ArrowException, OSError, ValueError, TypeError) as error:
        # Damaged pages are reported as an OSError too, but only the disk's has a number.
        if isinstance(error, OSError) and error.errno is not None:
            raise
        kind = type(error).__name__
        yield RejectedInput("bad_parquet", f"the file is damaged ({kind}); export it again")


def _rows(
    file: Any, columns: list[str], context: str, limits: Limits
) -> Iterator[Payload | RejectedInput]:
    number = 0
    for batch in file.iter_batches(batch_size=BATCH_ROWS):
        lists = [column.to_pylist() for column in batch.columns]
        for cells in zip(*lists, strict=True):
            number += 1
            position = f"row {number}"
            raw = orjson.dumps(dict(zip(columns, cells, strict=True)), default=_plain)
            if len(raw) > min(ROW_BYTES, limits.payload_bytes):
                yield RejectedInput("too_large", "the row is too large; trim its cells", position)
            else:
                yield Payload(raw, position, context=context)


def _plain(value: object) -> float | str:
    """What JSON has no type for: decimals are numbers, anything else is named, not shown."""
    if isinstance(value, datetime):
        return value.isoformat()  # a relative of datetime, as nanoseconds give
    return float(value) if isinstance(value, Decimal) else type(value).__name__


def context_of(form: TableFormat, columns: list[str], delimiter: str | None) -> str:
    """What is needed to read a row alone; without a delimiter the row is JSON."""
    value = {"table": form.table, "columns": columns, "delimiter": delimiter}
    return orjson.dumps(value).decode()
