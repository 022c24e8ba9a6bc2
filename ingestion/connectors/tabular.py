"""CRM tables, survey answers and judgements: CSV (comma, semicolon or tab), Parquet and JSON, known by their columns.

file -> header -> rows -> crm, survey or judgement record per row

Mapped: customers, subscriptions, orders, churn outcomes, survey answers, people's judgements
of the quality of contacts (see `tabular_tables`).
Not mapped: any other table, also when it shares some columns. A row is a payload of its own, with
the header as its context, so that one bad row costs one row.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import orjson

from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.fields import clean_text
from ingestion.connectors.reading import BOM
from ingestion.connectors.tabular_json import json_rows, row_objects, table_of_json
from ingestion.connectors.tabular_reading import (
    HEADER_BYTES,
    PARQUET_MAGIC,
    ROW_BYTES,
    csv_header,
    csv_payloads,
    decoded,
    parquet_payloads,
)
from ingestion.connectors.tabular_tables import BY_NAME, TableFormat, typed_row
from ingestion.identifiers import stable_id


@dataclass(frozen=True)
class TabularConnector(Connector):
    """Reads CRM exports and survey answers."""

    name: ClassVar[str] = "tabular"
    version: ClassVar[str] = "1"
    source_system: ClassVar[str] = "crm"

    def recognises(self, name: str, head: bytes) -> bool:
        """A known CSV header, known JSON keys, or any Parquet file (its columns end it)."""
        if head.startswith(PARQUET_MAGIC) or csv_header(head) is not None:
            return True
        return table_of_json(head) is not None

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per row, or one JSON document. Raises OSError when the disk fails."""
        with path.open("rb") as stream:
            head = stream.read(HEADER_BYTES)
        if head.startswith(PARQUET_MAGIC):
            return parquet_payloads(path, self.limits)
        if head.removeprefix(BOM).lstrip()[:1] in (b"{", b"["):
            return json_rows(path, self.limits)
        return csv_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The records of one row, or of all rows of a JSON document."""
        try:
            if len(payload.raw) > self.limits.payload_bytes:
                raise RejectedInput("too_large", "the row is too large; trim its longest cell")
            form, columns, delimiter = _context(payload.context)
            if delimiter is not None:
                cells = _cells(payload.raw, columns, delimiter)
                yield self._record(form, cells, "")
                return
            for pointer, row in row_objects(payload.raw, self.limits):
                yield row if isinstance(row, RejectedInput) else self._record(form, row, pointer)
        except RejectedInput as rejected:
            yield rejected

    def _record(self, form: TableFormat, cells: dict[str, Any], pointer: str) -> Parsed:
        try:
            row = typed_row(form, cells)
            record = record_of(form, row, self.source_system, self.limits.text_characters)
        except RejectedInput as rejected:
            return RejectedInput(rejected.reason, str(rejected), pointer)
        record.pointer = pointer
        return record


def record_of(form: TableFormat, row: dict[str, Any], system: str, text_limit: int) -> Record:
    """The CRM, survey or judgement record of one typed row of `system`."""
    key, moment = row[form.key], row[form.time]
    if form.table == "surveys":
        comment = row["comment"]
        if comment is not None:
            row["comment"] = clean_text(comment, text_limit)
        return Record("survey", system, f"survey:{key}", key, moment, row)
    if form.table == "judgements":
        return _judgement(row, system, text_limit)
    names = (row["name"],) if row.get("name") else ()
    data = {"table": form.table, "key": key, "row": row}
    native_id = f"{form.table}:{key}"
    return Record("crm", system, f"crm:{native_id}", native_id, moment, data, names=names)


def _judgement(row: dict[str, Any], system: str, text_limit: int) -> Record:
    row["reason"] = clean_text(row["reason"], text_limit)
    # Who judged the same again at another time, or somebody else, made another judgement.
    parts = (row["interaction"], row["criterion"], row["judged_by"], row["judged_at"].isoformat())
    key = stable_id(system, "judgement", *parts)
    return Record("judgement", system, f"judgement:{key}", key, row["judged_at"], row)


def _context(context: str) -> tuple[TableFormat, list[str], str | None]:
    try:
        value = orjson.loads(context)
        form = BY_NAME[value["table"]]
        columns, delimiter = list(value["columns"]), value["delimiter"]
    except (ValueError, KeyError, TypeError) as error:
        raise RejectedInput(
            "no_header", "the row came without its header; land the file"
        ) from error
    return form, columns, delimiter


def _cells(raw: bytes, columns: list[str], delimiter: str) -> dict[str, Any]:
    cells = split_row(decoded(raw), delimiter)
    if len(cells) != len(columns):
        raise RejectedInput(
            "wrong_columns",
            f"the row has {len(cells)} cells, the header {len(columns)}; check its quotes",
        )
    return dict(zip(columns, cells, strict=True))


def split_row(text: str, delimiter: str) -> list[str]:
    """The cells of one CSV row; raises RejectedInput when its quotes do not pair."""
    csv.field_size_limit(ROW_BYTES)  # its default is less than a row may have
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise RejectedInput("bad_csv", "the row's quotes do not pair; quote the cells") from error
    if len(rows) != 1:
        raise RejectedInput("bad_csv", "the row's quotes do not pair; quote the cells")
    return rows[0]
