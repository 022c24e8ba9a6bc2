"""Flat tables of Zendesk data, as pipelines export them: which table, and its rows as objects.

header -> Table -> row -> object in the shape of the API. The documented layout is that of the
Fivetran export, whose times are UTC without an offset; columns named as in the API are read too.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from ingestion.connectors.base import Limits, Payload, RejectedInput
from ingestion.connectors.reading import BOM
from ingestion.connectors.tabular_reading import (
    DELIMITERS,
    HEADER_BYTES,
    ROW_BYTES,
    csv_records,
    decoded,
)

TRUTHS = {"true": True, "t": True, "1": True, "false": False, "f": False, "0": False}


@dataclass(frozen=True, slots=True)
class Table:
    """One kind of table: the columns that make a header this one; `kind` is None when its rows
    are no part of a conversation.
    """

    name: str
    kind: str | None
    required: frozenset[str]
    choice: frozenset[str] = frozenset()


def _table(name: str, kind: str | None, required: str, choice: str = "") -> Table:
    return Table(name, kind, frozenset(required.split()), frozenset(choice.split()))


TABLES = (
    _table("ticket", "ticket", "id requester_id submitter_id status created_at via_channel"),
    _table("ticket_comment", "comment", "id ticket_id body public", "user_id author_id"),
    _table("ticket_chat_event", "chat_event", "chat_id actor_id message type created_at"),
    _table("ticket_chat", "chat_row", "chat_id ticket_id user_id visitor_id"),
    _table("user", "user", "id role email created_at", "ticket_restriction restricted_agent"),
    _table("satisfaction_rating", "rating", "id ticket_id score requester_id"),
    _table("ticket_field_history", "field", "ticket_id field_name value updated"),
    _table("audit_log", None, "actor_id change_description source_type action"),
    _table("schedule", None, "start_time_utc end_time_utc time_zone"),
    _table("schedule_holiday", None, "schedule_id start_date end_date"),
    _table("ticket_schedule", None, "ticket_id schedule_id created_at"),
    _table("ticket_tag", None, "ticket_id _fivetran_synced", "tag tags"),
    _table("brand", None, "brand_url subdomain has_help_center"),
    _table("organization", None, "shared_comments shared_tickets name"),
    _table("time_zone", None, "time_zone standard_offset"),
    _table("daylight_time", None, "time_zone daylight_start_utc daylight_end_utc"),
)
_BY_NAME = {table.name: table for table in TABLES}


def header_of(head: bytes) -> tuple[Table, list[str], str] | None:
    """Table, columns and delimiter when the first line is the header of a known table."""
    line = head.removeprefix(BOM)[:HEADER_BYTES].split(b"\n", 1)[0].rstrip(b"\r")
    if not line or b"\x00" in line or line[:1] in (b"{", b"["):
        return None
    for delimiter in DELIMITERS:
        try:
            rows = list(csv.reader(io.StringIO(decoded(line), newline=""), delimiter=delimiter))
        except (csv.Error, RejectedInput):
            continue
        columns = [column.strip().lower() for column in rows[0]] if len(rows) == 1 else []
        present = set(columns)
        for table in TABLES:
            fits = table.required <= present and (not table.choice or table.choice & present)
            if fits and len(present) == len(columns):
                return table, columns, delimiter
    return None


def table_payloads(path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    """One payload for each row; a table without conversations is one rejection.

    Raises OSError when the disk fails.
    """
    with path.open("rb") as stream:
        first = stream.readline(HEADER_BYTES)
        header = header_of(first)
        if header is None:
            yield RejectedInput("unknown_columns", "the header is of no known table", "row 0")
            return
        table, columns, delimiter = header
        if table.kind is None:
            yield RejectedInput(
                "not_a_conversation", f"the table {table.name} holds no conversation; nothing to do"
            )
            return
        context = orjson.dumps(
            {"table": table.name, "columns": columns, "delimiter": delimiter}
        ).decode()
        bound = min(ROW_BYTES, limits.payload_bytes)
        number = 0
        for start, end, raw in csv_records(stream, len(first), bound):
            if raw is not None and not raw.strip():
                continue
            number += 1
            if raw is None:
                message = f"the row has more than {bound} bytes; look for an unclosed quote"
                yield RejectedInput("too_large", message, f"row {number}")
            else:
                yield Payload(raw, f"row {number}", start, end, context)


def row_object(payload: Payload) -> tuple[str, dict[str, Any]]:
    """The kind of a row and the row as an object of the API; raises RejectedInput."""
    try:
        context = orjson.loads(payload.context)
        table = _BY_NAME[context["table"]]
        columns, delimiter = list(context["columns"]), str(context["delimiter"])
    except (ValueError, KeyError, TypeError) as error:
        raise RejectedInput(
            "no_header", "the row came without its header; land the file"
        ) from error
    cells = _split(decoded(payload.raw), delimiter)
    if len(cells) != len(columns):
        raise RejectedInput(
            "wrong_columns",
            f"the row has {len(cells)} cells, the header {len(columns)}; check its quotes",
        )
    filled = {key: cell for key, cell in zip(columns, cells, strict=True) if cell.strip()}
    return table.kind or "", _as_object(filled)


def _split(text: str, delimiter: str) -> Sequence[str]:
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise RejectedInput("bad_csv", "the row's quotes do not pair; quote the cells") from error
    if len(rows) != 1:
        raise RejectedInput("bad_csv", "the row's quotes do not pair; quote the cells")
    return rows[0]


def _as_object(row: Mapping[str, str]) -> dict[str, Any]:
    """Truth values typed and the columns of `via` nested, as the API has them."""
    told: dict[str, Any] = {
        key: value for key, value in row.items() if not key.startswith(("via_", "tags"))
    }
    for key in ("public", "is_public", "_fivetran_deleted"):
        if key in row:
            told[key] = _truth(row[key], key)
    if "via_followup_source_id" in row:
        told["via_followup_source_id"] = row["via_followup_source_id"]
    if "via_channel" in row:
        sender = {"address": row.get("via_source_from_address")}
        source = {"rel": row.get("via_source_rel"), "from": sender}
        told["via"] = {"channel": row["via_channel"], "source": source}
    return told


def _truth(cell: str, column: str) -> bool:
    value = TRUTHS.get(cell.strip().lower())
    if value is None:
        raise RejectedInput("bad_cell", f"column {column} must be true or false")
    return value
