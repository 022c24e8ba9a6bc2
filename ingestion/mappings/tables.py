"""Rows of a mapped CRM or survey table as records, through the same checks as our own tables."""

from typing import Any

from ingestion.connectors.base import Limits, Record
from ingestion.connectors.tabular import record_of
from ingestion.connectors.tabular_tables import BY_NAME, typed_row
from ingestion.mappings.mapping import Mapping
from ingestion.mappings.values import Values


def record_of_row(mapping: Mapping, row: dict[str, Any], pointer: str, limits: Limits) -> Record:
    """The record of one row; raises RejectedInput."""
    form, values = BY_NAME[mapping.kind], Values(mapping, row)
    cells = {name: _plain(values.get(name)) for name in mapping.columns}
    typed = typed_row(form, cells)
    record = record_of(form, typed, mapping.source_system, limits.text_characters)
    record.pointer = pointer
    return record


def _plain(value: Any) -> Any:
    """Times go through the table's own reader, which takes them as ISO text."""
    return value.isoformat() if hasattr(value, "isoformat") else value
