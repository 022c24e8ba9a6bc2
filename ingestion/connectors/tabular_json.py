"""CRM and survey rows as JSON: one object a line, or one array, with our own column names.

file -> outline of its first lines -> table -> one payload per line or for the document
"""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from ingestion.connectors.base import Limits, Payload, RejectedInput
from ingestion.connectors.json_head import outlines
from ingestion.connectors.reading import BOM, decode_json, json_payloads
from ingestion.connectors.tabular_reading import HEADER_BYTES, context_of
from ingestion.connectors.tabular_tables import TableFormat, recognise_table


def table_of_json(head: bytes) -> TableFormat | None:
    """The table whose columns are the outer keys of the first lines; None when there is none."""
    if head.removeprefix(BOM).lstrip()[:1] not in (b"{", b"["):
        return None
    keys: set[str] = set().union(*(outline.keys(1) for outline in outlines(head)))
    return recognise_table(sorted(keys))


def json_rows(path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    """One payload per line, or the document. Raises OSError when the disk fails."""
    with path.open("rb") as stream:
        form = table_of_json(stream.read(HEADER_BYTES))
    if form is None:
        yield RejectedInput("unknown_columns", "the keys are of no known table", "row 0")
        return
    context = context_of(form, [], None)
    for payload in json_payloads(path, limits):
        yield replace(payload, context=context) if isinstance(payload, Payload) else payload


def row_objects(raw: bytes, limits: Limits) -> Iterator[tuple[str, dict[str, Any] | RejectedInput]]:
    """(JSON pointer, row) of each object of a payload; raises RejectedInput for broken JSON."""
    value = decode_json(raw, limits)
    listed = value if isinstance(value, list) else [value]
    if not listed:
        raise RejectedInput("no_records", "the array is empty")
    for index, item in enumerate(listed):
        pointer = f"/{index}" if isinstance(value, list) else ""
        if isinstance(item, dict):
            yield pointer, item
        else:
            words = "a row must be an object; export one object per row"
            yield pointer, RejectedInput("wrong_type", words, pointer)
