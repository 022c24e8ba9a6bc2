"""Reads one batch of landed files into payloads, records, rejects and per-file counts.

The law that every run checks is made here: each item received is accepted, a duplicate or
rejected with a reason, and the three add up per file. Writing tables does not belong here.
"""

import gc
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import pyarrow as pa

from ingestion.accounts import FileCount, coverage_rows, reading_rows
from ingestion.connectors.base import Connector, Payload, RejectedInput
from ingestion.guard import Guard
from ingestion.identifiers import LinkOf
from ingestion.payload_reader import Answer, Part, PayloadReader, uncollected
from ingestion.rejects import FileContext, reject_row
from ingestion.spool import Spool
from ingestion.statements import Statements
from ingestion.unsupported import why_unsupported
from ingestion.versions import version_of
from warehouse.contracts import PAYLOADS, REJECTS
from warehouse.settings import Settings

Row = dict[str, Any]
Spread = Callable[[Iterable[Part]], Iterable[Answer]]
"""Answers the parts in their order, for instance with `read_part` in several processes."""

UNSUPPORTED = "unsupported"
_HEAD = 64 * 1024
_PART_PAYLOADS = 4096
_PART_BYTES = 4 * 1024 * 1024


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
        self.largest_payload = 0
        self._reader = PayloadReader(self.settings.zone, self.link_of, self.guard)
        self._settled = False
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
        opened = self._open(file)
        if opened is None:
            return
        connector, count = opened
        with uncollected():
            for item in self._items(connector, file, count):
                if isinstance(item, Payload):
                    self._reader.read(connector, item, count)
                else:
                    self._reader.refuse(count, item)
                if self._reader.full:
                    self._take(self._reader.take())
                    gc.collect(0)
        self._refuse_empty(count)

    def read_all(self, files: Iterable[LandedFile], spread: Spread) -> None:
        """As `read` for each file, with the same results; payloads are parsed by `spread`."""
        first = len(self.counts)
        for answer in spread(self._parts(files)):
            self._take(answer)
        for count in self.counts[first:]:
            self._refuse_empty(count)

    def _parts(self, files: Iterable[LandedFile]) -> Iterator[Part]:
        part = Part(self.guard.seconds, self.guard.items)
        for file in files:
            opened = self._open(file)
            if opened is None:
                continue
            connector, count = opened
            number = len(self.counts) - 1
            for item in self._items(connector, file, count):
                part.add(number, connector, count.context, item)
                if len(part.items) >= _PART_PAYLOADS or part.size >= _PART_BYTES:
                    yield part
                    part = Part(self.guard.seconds, self.guard.items)
        if part.items:
            yield part

    def _open(self, file: LandedFile) -> tuple[Connector, FileCount] | None:
        """Who reads the file; None when nobody does, which is counted."""
        file.path.stat()
        count = self._count(file)
        connector = self.connectors.get(file.connector)
        if connector is None:
            self._reject_file(count, why_unsupported(file.path, file.name))
            return None
        count.version = version_of(connector)
        return connector, count

    def _items(
        self, connector: Connector, file: LandedFile, count: FileCount
    ) -> Iterator[Payload | Row]:
        """The payloads of a file, and rows of rejects for what is none."""
        payloads = self.guard.each(lambda: connector.fetch_named(file.path, file.name))
        for ordinal, item in enumerate(payloads):
            if isinstance(item, RejectedInput):
                yield reject_row(count.context, item, stage="fetch", ordinal=ordinal)
            else:
                yield item

    def _take(self, answer: Answer) -> None:
        if answer.payloads is not None:
            self.payloads.extend(answer.payloads)
        if answer.records is not None:
            self.statements.add(answer.records)
        for row in answer.rejects:
            self.rejects.add(row)
        for number, (received, rejected) in answer.counts.items():
            self.counts[number].received += received
            self.counts[number].rejected += rejected
        self.largest_payload = max(self.largest_payload, answer.largest)

    def _refuse_empty(self, count: FileCount) -> None:
        if count.received == 0:
            words = f"the file was read as {count.context.connector} but holds no record"
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

    def settle(self) -> None:
        """Count facts that the batch states more than once; to be called when all is read."""
        if not self._settled:
            self._settled = True
            self._take(self._reader.take())
            self._count_duplicates(self.statements.settle())

    def count_known(self, known: pa.Table) -> None:
        """Count records that an earlier batch already brought; call once before reading results.

        `known` holds `record_id` and the smallest `payload_id` so far of earlier batches' facts.
        """
        self.settle()
        self._count_duplicates(self.statements.compare(known))

    def _count_duplicates(self, found: Mapping[str, int]) -> None:
        by_file = {
            count.context.file_sha256: count
            for count in reversed(self.counts)
            if count.context.connector in self.connectors
        }
        for file, duplicates in found.items():
            by_file[file].duplicates += duplicates

    def readings(self) -> list[Row]:
        """One row of bronze.readings per file that a connector read."""
        return reading_rows(self.counts)

    def coverage(self) -> list[Row]:
        """One row of bronze.coverage per file."""
        return coverage_rows(self.counts)


def head_of(path: Path) -> bytes:
    """The first 64 KiB, by which a connector recognises its format."""
    with path.open("rb") as file:
        return file.read(_HEAD)
