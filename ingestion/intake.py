"""Reads one batch of landed files into payloads, records, rejects and per-file counts.

The law that every run checks is made here: each item received is accepted, a duplicate or
rejected with a reason, and the three add up per file. Writing tables does not belong here.
"""

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType

import pyarrow as pa

from ingestion.accounts import FileCount, coverage_rows, reading_rows
from ingestion.connectors.base import Connector, Payload, RejectedInput
from ingestion.guard import Guard
from ingestion.identifiers import LinkOf
from ingestion.payload_rows import payload_row
from ingestion.record_rows import Row, row_or_reject
from ingestion.rejects import FileContext, reject_row
from ingestion.spool import Spool
from ingestion.statements import Statements
from ingestion.versions import version_of
from warehouse.contracts import PAYLOADS, REJECTS
from warehouse.settings import Settings

UNSUPPORTED = "unsupported"
_HEAD = 64 * 1024
_RECORDINGS = frozenset((
    ".aac", ".aif", ".aiff", ".amr", ".au", ".flac", ".gsm", ".m4a", ".mkv", ".mov", ".mp3",
    ".mp4", ".oga", ".ogg", ".opus", ".wav", ".webm", ".wma",
))  # fmt: skip


@dataclass(frozen=True, slots=True)
class LandedFile:
    """One row of bronze.landed_files that is to be read."""

    file_sha256: str
    name: str
    path: Path
    connector: str
    repeats: bool


@dataclass
class Intake:
    """Collects one batch; use as a context manager, then read the spools."""

    batch: int
    settings: Settings
    connectors: Mapping[str, Connector]
    link_of: LinkOf
    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    guard: Guard = field(default_factory=Guard)

    def __enter__(self) -> "Intake":
        self._stack = ExitStack()
        self.payloads = self._stack.enter_context(Spool(PAYLOADS))
        self.statements = self._stack.enter_context(Statements())
        self.rejects = self._stack.enter_context(Spool(REJECTS))
        self._stack.enter_context(self.guard.watching())
        self.counts: list[FileCount] = []
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    def read(self, file: LandedFile) -> None:
        """Read one landed file; whatever is in it, this returns and counts it.

        Raises FileNotFoundError when its bytes are lost: that is no fault of the sender.
        """
        file.path.stat()
        count = self._count(file)
        connector = self.connectors.get(file.connector)
        if connector is None:
            self._reject_file(count, _why_unsupported(file))
        else:
            count.version = version_of(connector)
            self._read_payloads(connector, file, count)
            if count.received == 0:
                words = f"the file was read as {file.connector} but holds no record"
                self._reject_file(count, RejectedInput("no_records", words))

    def refuse(self, file: LandedFile, reason: RejectedInput) -> None:
        """Count a file that must not be read as one reject."""
        self._reject_file(self._count(file), reason)

    def repeat(self, file: LandedFile, received: int) -> None:
        """Count a file whose very bytes were landed before: all of it is duplicate."""
        count = self._count(file)
        count.received = count.duplicates = received

    def _count(self, file: LandedFile) -> FileCount:
        context = FileContext(self.batch, file.file_sha256, file.name, file.connector, self.at)
        self.counts.append(FileCount(context))
        return self.counts[-1]

    def _reject_file(self, count: FileCount, reason: RejectedInput) -> None:
        count.received += 1
        count.rejected += 1
        self.rejects.add(reject_row(count.context, reason, stage="land", ordinal=0))

    def _read_payloads(self, connector: Connector, file: LandedFile, count: FileCount) -> None:
        payloads = self.guard.each(lambda: connector.fetch_named(file.path, file.name))
        for ordinal, payload in enumerate(payloads):
            if isinstance(payload, RejectedInput):
                count.received += 1
                count.rejected += 1
                self.rejects.add(reject_row(count.context, payload, stage="fetch", ordinal=ordinal))
            else:
                self._read_records(connector, payload, count)

    def _read_records(self, connector: Connector, payload: Payload, count: FileCount) -> None:
        stored = payload_row(payload, connector.name, count.context)
        self.payloads.add(stored, size=len(payload.raw))
        for ordinal, item in enumerate(self.guard.all(lambda: connector.parse(payload))):
            count.received += 1
            row = item
            if not isinstance(item, RejectedInput):
                row = row_or_reject(item, self.settings.zone, self.link_of)
            if isinstance(row, RejectedInput):
                count.rejected += 1
                reject = reject_row(
                    count.context,
                    row,
                    stage="parse",
                    ordinal=ordinal,
                    position=payload.position,
                    payload_id=stored["payload_id"],
                    payload_sha256=stored["payload_sha256"],
                )
                self.rejects.add(reject)
            else:
                self._add_record(row, stored["payload_id"], count)

    def _add_record(self, row: Row, payload_id: str, count: FileCount) -> None:
        row |= {
            "payload_id": payload_id,
            "file_sha256": count.context.file_sha256,
            "batch": self.batch,
        }
        if not self.statements.add(row):
            count.duplicates += 1

    def count_known(self, known: pa.Table) -> None:
        """Count records that an earlier batch already brought; call once before reading results.

        `known` holds `record_id` and the smallest `payload_id` so far of earlier batches' facts.
        """
        by_file = {
            count.context.file_sha256: count
            for count in reversed(self.counts)
            if count.context.connector in self.connectors
        }
        for file, duplicates in self.statements.compare(known).items():
            by_file[file].duplicates += duplicates

    def readings(self) -> list[Row]:
        """One row of bronze.readings per file that a connector read."""
        return reading_rows(self.counts)

    def coverage(self) -> list[Row]:
        """One row of bronze.coverage per file."""
        return coverage_rows(self.counts)


def _why_unsupported(file: LandedFile) -> RejectedInput:
    if file.path.stat().st_size == 0:
        return RejectedInput("empty_file", "the file has no bytes; send it again")
    ending = Path(file.name).suffix.lower()
    if ending in _RECORDINGS:
        words = (
            f"the name says recording ({ending}) but the bytes are of no kind of recording known"
            " here; the file may be damaged, encrypted or without a header (raw samples): export"
            " it as WAV, FLAC, MP3 or Ogg"
        )
        return RejectedInput("unsupported_format", words)
    return RejectedInput(
        "unsupported_format",
        f"no connector reads this kind of file ({ending or 'no ending'});"
        " see the list of sources in the README",
    )


def head_of(path: Path) -> bytes:
    """The first 64 KiB, by which a connector recognises its format."""
    with path.open("rb") as file:
        return file.read(_HEAD)
