"""The connector of one mapping: a company's own export, read as its mapping says.

file that matches -> rows -> conversations, or rows of CRM and survey tables
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from ingestion.connectors.base import Connector, Limits, Parsed, Payload, RejectedInput
from ingestion.mappings.conversations import records_of
from ingestion.mappings.mapping import Mapping
from ingestion.mappings.rows import payloads_of, rows_of
from ingestion.mappings.tables import record_of_row

READING_VERSION = "1"
"""Changes when the same mapping would give another answer for the same file."""


@dataclass(frozen=True)
class MappedConnector(Connector):
    """Reads the files that one mapping names."""

    mapping: Mapping = field(kw_only=True)

    @property
    def name(self) -> str:  # type: ignore[override]  # one connector per mapping, not per class
        """`mapped:` and the name of the mapping."""
        return f"mapped:{self.mapping.name}"

    @property
    def version(self) -> str:  # type: ignore[override]
        """Changes with the mapping."""
        return f"{READING_VERSION}-{self.mapping.digest}"

    @property
    def source_system(self) -> str:  # type: ignore[override]
        """As the mapping says, else its name."""
        return self.mapping.source_system

    @property
    def session_gap(self) -> timedelta | None:  # type: ignore[override]
        """As the mapping says."""
        return self.mapping.session_gap

    def recognises(self, name: str, head: bytes) -> bool:
        """The name alone decides: the pattern is the user's explicit wish."""
        return self.mapping.matches(name)

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per row, or the whole JSON document."""
        return payloads_of(self.mapping, path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The records of the rows of one payload."""
        try:
            for pointer, number, row in rows_of(self.mapping, payload, self.limits):
                yield from self._row(row, number, pointer)
        except RejectedInput as rejected:
            yield rejected

    def _row(self, row: dict, number: int, pointer: str) -> Iterator[Parsed]:
        try:
            if self.mapping.kind == "conversations":
                yield from records_of(self.mapping, row, number, pointer, self.limits)
            else:
                yield record_of_row(self.mapping, row, pointer, self.limits)
        except RejectedInput as rejected:
            yield RejectedInput(rejected.reason, str(rejected), rejected.position or pointer)


def of(mapping: Mapping, limits: Limits | None = None) -> MappedConnector:
    """The connector of a mapping."""
    return MappedConnector(limits or Limits(), mapping=mapping)
