"""`lakehouse query`: one statement on the published snapshot."""

import csv
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.commands.output import json_value, print_rows
from orchestration.commands.settings import lake_is_missing, settings_from

if TYPE_CHECKING:
    import pyarrow as pa

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_TABLE_ROWS = 1_000


def run_query(sql: str | None, *, file: Path | None, output: str, lake: Path | None) -> int:
    """Print the answer as table, csv or json; exit code 1 with a reason when refused."""
    from warehouse.query import QueryFailed, QueryRefused, stream

    try:
        sql = _statement(sql, file)
    except ValueError as wrong:
        sys.stderr.write(f"{wrong}\n")
        return 2
    if output not in _WRITERS:
        sys.stderr.write(f"--format {output} is not known; use {', '.join(_WRITERS)}\n")
        return 2
    settings = settings_from(lake)
    if lake_is_missing(settings):
        return 1
    try:
        with stream(settings.lake / "published", sql, timezone=settings.timezone) as reader:
            _write(reader, output)
    except (QueryRefused, QueryFailed) as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    return 0


def _statement(sql: str | None, file: Path | None) -> str:
    """The statement given or that of the file; raises ValueError with what to do."""
    if (sql is None) == (file is None):
        raise ValueError('give one statement, as in: lakehouse query "select 1", or --file FILE')
    if sql is not None and sql.startswith("--") and "\n" not in sql:
        raise ValueError(
            f"{sql.split()[0]} is no option of query, and a comment alone asks nothing"
        )
    if file is None:
        return sql or ""
    try:
        return file.read_text("utf-8-sig")
    except FileNotFoundError as error:
        raise ValueError(f"{file}: no such file") from error
    except (OSError, UnicodeDecodeError) as error:
        why = "not UTF-8 text" if isinstance(error, UnicodeDecodeError) else error.strerror
        raise ValueError(f"{file}: cannot be read ({why})") from error


def _write(reader: "pa.RecordBatchReader", output: str) -> None:
    try:
        _WRITERS[output](reader)
        sys.stdout.flush()
    except BrokenPipeError:
        # `| head` has seen enough; what is left in the buffer must not fail again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _rows(reader: "pa.RecordBatchReader") -> Iterator[dict[str, Any]]:
    for batch in reader:
        yield from batch.to_pylist()


def _json(reader: "pa.RecordBatchReader") -> None:
    """One object per line; what is not a number is null, as JSON has no word for it."""
    for row in _rows(reader):
        known = {name: None if value != value else value for name, value in row.items()}
        sys.stdout.write(json.dumps(known, default=json_value, ensure_ascii=False) + "\n")


def _csv(reader: "pa.RecordBatchReader") -> None:
    writer = csv.writer(_Lines())
    writer.writerow(map(_cell, reader.schema.names))
    for row in _rows(reader):
        writer.writerow(map(_cell, row.values()))


class _Lines:
    """Standard output with line ends that shells like.

    The writer itself must know of carriage returns, or it would not quote them in cells.
    """

    def write(self, line: str) -> None:
        sys.stdout.write(line.removesuffix("\r\n") + "\n")


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is quoted with an apostrophe."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def _table(reader: "pa.RecordBatchReader") -> None:
    import pyarrow.types as types

    rows = []
    for row in _rows(reader):
        if len(rows) == _TABLE_ROWS:
            sys.stderr.write(f"only the first {_TABLE_ROWS:,} rows; --format csv gives all\n")
            break
        rows.append(row)
    numbers = (types.is_integer, types.is_floating, types.is_decimal)
    numeric = (field.name for field in reader.schema if any(is_(field.type) for is_ in numbers))
    print_rows(reader.schema.names, rows, numeric=frozenset(numeric))


_WRITERS = {"table": _table, "csv": _csv, "json": _json}
