"""What became of each file of a batch, as rows: counts that add up, and which version read it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from ingestion.rejects import FileContext

Row = dict[str, Any]


@dataclass(slots=True)
class FileCount:
    """What became of the items of one file; `version` is that of the connector that read it."""

    context: FileContext
    version: str | None = None
    received: int = 0
    duplicates: int = 0
    rejected: int = 0

    @property
    def accepted(self) -> int:
        """Items that entered the records table."""
        return self.received - self.duplicates - self.rejected


def coverage_rows(counts: Iterable[FileCount]) -> list[Row]:
    """Rows of bronze.coverage: received = accepted + duplicates + rejected, per file."""
    return [
        {
            "batch": count.context.batch,
            "file_sha256": count.context.file_sha256,
            "name": count.context.name,
            "connector": count.context.connector,
            "received": count.received,
            "accepted": count.accepted,
            "duplicates": count.duplicates,
            "rejected": count.rejected,
            "counted_at": count.context.at,
        }
        for count in counts
    ]


def reading_rows(counts: Iterable[FileCount]) -> list[Row]:
    """Rows of bronze.readings, for the files that a connector read."""
    return [
        {
            "batch": count.context.batch,
            "file_sha256": count.context.file_sha256,
            "connector": count.context.connector,
            "version": count.version,
            "read_at": count.context.at,
        }
        for count in counts
        if count.version is not None
    ]
