"""The first rows of a file nobody has mapped yet: its format, its columns, some of their values.

file -> Sampled. Used only to draft a mapping; at most a few rows are read.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import orjson

from ingestion.connectors.base import Limits, Payload, RejectedInput
from ingestion.connectors.reading import BOM, decode_json, json_document, json_lines
from ingestion.connectors.tabular_reading import (
    DELIMITERS,
    PARQUET_MAGIC,
    decoded,
    rows_of_parquet,
)

ROWS: Final = 200
_HEAD: Final = 1024 * 1024
_DEPTH: Final = 3


@dataclass(frozen=True, slots=True)
class Sampled:
    """`values` holds the filled values of each column; `lists` the columns that are lists of
    objects, with the columns of those objects."""

    format: str
    values: dict[str, list[Any]]
    lists: dict[str, dict[str, list[Any]]]
    delimiter: str | None = None
    records: str = ""


def sampled(path: Path, limits: Limits | None = None) -> Sampled:
    """Look at one file. Raises RejectedInput when it is no table and no JSON, OSError."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD)
    bounds = limits or Limits()
    if head.startswith(PARQUET_MAGIC):
        rows = (row for row in _decoded(_parquet(path, bounds), bounds) if isinstance(row, dict))
        return _of_objects("parquet", rows)
    start = head.removeprefix(BOM).lstrip()[:1]
    if start in (b"{", b"["):
        return _json(path, head, bounds)
    return _csv(head)


def _parquet(path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    return rows_of_parquet(path, limits, lambda names: (names, ""))


def _decoded(items: Iterator[Payload | RejectedInput], limits: Limits) -> Iterator[Any]:
    for item in islice(items, ROWS):
        if isinstance(item, RejectedInput):
            raise item
        yield decode_json(item.raw, limits)


def _json(path: Path, head: bytes, limits: Limits) -> Sampled:
    first = head.removeprefix(BOM).lstrip().split(b"\n", 1)[0]
    try:
        lines = isinstance(orjson.loads(first), dict) and b"\n" in head.strip()
    except ValueError:
        lines = False
    if lines:
        rows = (row for row in _decoded(json_lines(path, limits), limits) if isinstance(row, dict))
        return _of_objects("jsonl", rows)
    (document,) = _decoded(json_document(path, limits), limits)
    records, listed = _list_in(document)
    return _of_objects("json", (row for row in listed if isinstance(row, dict)), records)


def _list_in(document: Any) -> tuple[str, list[Any]]:
    """The list of rows of a document and the path to it: the document, or one of its fields."""
    if isinstance(document, list):
        return "", document
    for key, value in document.items() if isinstance(document, dict) else ():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            return key, value
    return "", [document]


def _of_objects(form: str, rows: Iterator[dict[str, Any]], records: str = "") -> Sampled:
    values: dict[str, list[Any]] = {}
    lists: dict[str, dict[str, list[Any]]] = {}
    for row in islice(rows, ROWS):
        for path, value in _leaves(row, _DEPTH):
            if isinstance(value, list):
                inner = lists.setdefault(path, {})
                for item in value[:ROWS]:
                    for name, leaf in _leaves(item, _DEPTH) if isinstance(item, dict) else ():
                        inner.setdefault(name, []).append(leaf)
            elif value not in (None, ""):
                values.setdefault(path, []).append(value)
            else:
                values.setdefault(path, [])
    if not values and not lists:
        raise RejectedInput("no_records", "the file holds no row to draft a mapping from")
    return Sampled(
        form, values, {name: inner for name, inner in lists.items() if inner}, None, records
    )


def _leaves(row: dict[str, Any], depth: int) -> Iterator[tuple[str, Any]]:
    for key, value in row.items():
        if isinstance(value, dict) and depth > 1:
            yield from ((f"{key}.{path}", leaf) for path, leaf in _leaves(value, depth - 1))
        elif not isinstance(value, dict):
            yield key, value


def _csv(head: bytes) -> Sampled:
    text = decoded(head.removeprefix(BOM).rpartition(b"\n")[0] or head)
    if "\x00" in text or not text.strip():
        raise RejectedInput(
            "unsupported_format", "this is no CSV, JSON or Parquet; export one of these"
        )
    header = text.split("\n", 1)[0]
    delimiter = max((*DELIMITERS, "|"), key=header.count)
    try:
        rows = list(islice(csv.reader(io.StringIO(text), delimiter=delimiter), ROWS + 1))
    except csv.Error as error:
        raise RejectedInput("bad_csv", "the quotes of this CSV do not pair") from error
    names = [name.strip() for name in rows[0]]
    if len(names) < 2:
        raise RejectedInput("unsupported_format", "the first line names fewer than two columns")
    values: dict[str, list[Any]] = {name: [] for name in names if name}
    for row in rows[1:]:
        for name, cell in zip(names, row, strict=False):
            if name and cell.strip():
                values[name].append(cell.strip())
    return Sampled("csv", values, {}, delimiter)
