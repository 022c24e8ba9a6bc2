"""Rows of a mapped file: fetched as payloads, opened as mappings of their column names.

file -> payloads -> (pointer, row). CSV and Parquet give a row a payload, a JSON line is one,
and a JSON document holds many rows. What a row means is not known here.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import orjson

from ingestion.connectors.base import Limits, Payload, RejectedInput
from ingestion.connectors.reading import BOM, decode_json, json_document, json_lines
from ingestion.connectors.tabular import split_row
from ingestion.connectors.tabular_reading import (
    DELIMITERS,
    HEADER_BYTES,
    PARQUET_MAGIC,
    decoded,
    rows_of_csv,
    rows_of_parquet,
)
from ingestion.mappings.columns import fold
from ingestion.mappings.mapping import Mapping

_MORE_DELIMITERS: Final = (*DELIMITERS, "|")

Row = dict[str, Any]


def payloads_of(mapping: Mapping, path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    """The payloads of one file. Raises OSError when the disk fails."""
    if mapping.format == "csv":
        return _csv(mapping, path, limits)
    if mapping.format == "parquet":
        return _parquet(mapping, path, limits)
    return (json_lines if mapping.format == "jsonl" else json_document)(path, limits)


def rows_of(mapping: Mapping, payload: Payload, limits: Limits) -> Iterator[tuple[str, int, Row]]:
    """(JSON pointer, number in the file, row) of each row of a payload; raises RejectedInput."""
    if len(payload.raw) > limits.payload_bytes:
        raise RejectedInput("too_large", "the row is too large; trim its longest cell")
    if mapping.format == "csv":
        yield "", _number(payload.position), _cells(mapping, payload)
        return
    value = decode_json(payload.raw, limits)
    prefix = ""
    if mapping.records:
        value = find(value, mapping.records)
        prefix = "/" + mapping.records.replace(".", "/")
        if value is None:
            raise RejectedInput(
                "no_records", f"nothing stands at {mapping.records}; correct records of the mapping"
            )
    listed = value if isinstance(value, list) else [value]
    if not listed:
        raise RejectedInput("no_records", "the list is empty")
    for index, item in enumerate(listed):
        pointer = f"{prefix}/{index}" if isinstance(value, list) else prefix
        if not isinstance(item, dict):
            raise RejectedInput("wrong_type", "a row must be an object; see records", pointer)
        yield pointer, index if isinstance(value, list) else _number(payload.position), item


def _number(position: str) -> int:
    """12 for `row 12` and `line 12`, 0 for a whole document."""
    digits = position.rpartition(" ")[2]
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def find(value: Any, path: str) -> Any:
    """What stands at a column name or dotted path; None where nothing does."""
    if isinstance(value, dict) and path in value:
        return value[path]
    for part in path.split("."):
        if isinstance(value, dict):
            value = value.get(part)
        elif isinstance(value, list) and part.isdigit() and int(part[:6]) < len(value):
            value = value[int(part[:6])]
        else:
            return None
    return value


def _csv(mapping: Mapping, path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    with path.open("rb") as stream:
        first = stream.readline(HEADER_BYTES)
        try:
            columns, delimiter = header_of(mapping, first)
            _check(mapping, columns)
        except RejectedInput as rejected:
            yield RejectedInput(rejected.reason, str(rejected), "row 0")
            return
        context = orjson.dumps({"columns": columns, "delimiter": delimiter}).decode()
        yield from rows_of_csv(stream, len(first), limits, context)


def header_of(mapping: Mapping, line: bytes) -> tuple[list[str], str]:
    """Folded column names and delimiter of a header line; raises RejectedInput."""
    text = _text(mapping.encoding, line.removeprefix(BOM).rstrip(b"\r\n"))
    if not text.strip():
        raise RejectedInput("empty", "the file begins with no header; export it with column names")
    known = (mapping.delimiter,) if mapping.delimiter else _MORE_DELIMITERS
    read = [(split_header(text, delimiter), delimiter) for delimiter in known]
    wanted = set(mapping.paths())
    # The right delimiter is the one that makes the columns appear that the mapping names.
    return max(read, key=lambda found: len(wanted & set(found[0])))


def split_header(text: str, delimiter: str) -> list[str]:
    """Folded column names."""
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error:
        return []
    return [fold(name) for name in rows[0]] if rows else []


def _parquet(mapping: Mapping, path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    with path.open("rb") as stream:
        if stream.read(len(PARQUET_MAGIC)) != PARQUET_MAGIC:
            yield RejectedInput("bad_parquet", "this is no Parquet file; correct format or match")
            return

    def known(names: list[str]) -> tuple[list[str], str]:
        _check(mapping, names)
        return names, ""

    yield from rows_of_parquet(path, limits, known)


def _check(mapping: Mapping, columns: list[str]) -> None:
    """Every column that the mapping names must be there, and only once."""
    present = set(columns)
    absent = [
        path
        for path in mapping.paths()
        if path not in present and not (_nested(mapping, path) and path.split(".")[0] in present)
    ]
    if absent:
        listed = ", ".join(absent)
        raise RejectedInput(
            "unknown_columns", f"the header lacks {listed}; correct {mapping.file} or the export"
        )
    twice = [path for path in mapping.paths() if columns.count(path) > 1]
    if twice:
        raise RejectedInput("unknown_columns", f"column {twice[0]} is there twice; rename one")


def _nested(mapping: Mapping, path: str) -> bool:
    return mapping.format == "parquet" and "." in path


def _text(encoding: str | None, raw: bytes) -> str:
    if encoding is None:
        return decoded(raw)
    try:
        return raw.decode(encoding)
    except (UnicodeDecodeError, ValueError) as error:
        raise RejectedInput(
            "bad_encoding", f"the text is not in {encoding}; correct encoding of the mapping"
        ) from error


def _cells(mapping: Mapping, payload: Payload) -> Row:
    try:
        context = orjson.loads(payload.context)
        columns, delimiter = list(context["columns"]), str(context["delimiter"])
    except (ValueError, KeyError, TypeError) as error:
        raise RejectedInput(
            "no_header", "the row came without its header; land the file"
        ) from error
    cells = split_row(_text(mapping.encoding, payload.raw), delimiter)
    if len(cells) != len(columns):
        raise RejectedInput(
            "wrong_columns",
            f"the row has {len(cells)} cells, the header {len(columns)}; check its quotes",
        )
    return dict(zip(columns, cells, strict=True))
