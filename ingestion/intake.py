"""Reads one batch of landed files into payloads, records, rejects and per-file counts.

The law that every run checks is made here: each item received is accepted, a duplicate or
rejected with a reason, and the three add up per file. Writing tables does not belong here.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.audio.names import RECORDING_SYSTEM, tie_keys
from ingestion.connectors.base import Connector, Payload, Record, RejectedInput
from ingestion.identifiers import LinkOf, stable_id
from ingestion.rejects import FileContext, reject_row
from ingestion.spool import Spool
from warehouse.contracts import PAYLOADS, RECORDS, REJECTS
from warehouse.settings import Settings

Row = dict[str, Any]

UNSUPPORTED = "unsupported"
_HEAD = 64 * 1024
_RECORDINGS = frozenset((
    ".aac", ".aif", ".aiff", ".amr", ".au", ".flac", ".gsm", ".m4a", ".mkv", ".mov", ".mp3",
    ".mp4", ".oga", ".ogg", ".opus", ".wav", ".webm", ".wma",
))  # fmt: skip


@dataclass(slots=True)
class FileCount:
    """What became of the items of one file."""

    context: FileContext
    received: int = 0
    duplicates: int = 0
    rejected: int = 0

    @property
    def accepted(self) -> int:
        """Items that entered the records table."""
        return self.received - self.duplicates - self.rejected


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

    def __enter__(self) -> "Intake":
        self._stack = ExitStack()
        self.payloads = self._stack.enter_context(Spool(PAYLOADS))
        self._records = self._stack.enter_context(Spool(RECORDS))
        self.rejects = self._stack.enter_context(Spool(REJECTS))
        self.counts: list[FileCount] = []
        self.event_dates: set[Any] = set()
        self._seen: set[str] = set()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stack.close()

    # --- reading ---------------------------------------------------------------------------

    def read(self, file: LandedFile, progress: Callable[[], None] = lambda: None) -> None:
        """Read one landed file; whatever is in it, this returns and counts it.

        Raises FileNotFoundError when its bytes are lost: that is no fault of the sender.
        """
        file.path.stat()
        context = FileContext(self.batch, file.file_sha256, file.name, file.connector, self.at)
        count = FileCount(context)
        self.counts.append(count)
        connector = self.connectors.get(file.connector)
        if connector is None:
            self._reject_file(count, _why_unsupported(file))
        else:
            self._read_payloads(connector, file, count)
            if count.received == 0:
                self._reject_file(
                    count,
                    RejectedInput(
                        "no_records", f"the file was read as {file.connector} but holds no record"
                    ),
                )
        progress()

    def repeat(self, file: LandedFile, received: int) -> None:
        """Count a file whose very bytes were landed before: all of it is duplicate."""
        context = FileContext(self.batch, file.file_sha256, file.name, file.connector, self.at)
        self.counts.append(FileCount(context, received=received, duplicates=received))

    def _reject_file(self, count: FileCount, reason: RejectedInput) -> None:
        count.received += 1
        count.rejected += 1
        self.rejects.add(reject_row(count.context, reason, stage="land", ordinal=0))

    def _read_payloads(self, connector: Connector, file: LandedFile, count: FileCount) -> None:
        payloads = _guarded(connector.fetch_named(file.path, file.name))
        for ordinal, payload in enumerate(payloads):
            if isinstance(payload, RejectedInput):
                count.received += 1
                count.rejected += 1
                self.rejects.add(reject_row(count.context, payload, stage="fetch", ordinal=ordinal))
            else:
                self._read_records(connector, payload, count)

    def _read_records(self, connector: Connector, payload: Payload, count: FileCount) -> None:
        file = count.context.file_sha256
        payload_id = stable_id(file, payload.position)
        payload_sha256 = file if payload.whole_file else hashlib.sha256(payload.raw).hexdigest()
        self.payloads.add(
            {
                "payload_id": payload_id,
                "payload_sha256": payload_sha256,
                "file_sha256": file,
                "connector": connector.name,
                "position": payload.position,
                "byte_start": payload.byte_start,
                "byte_end": payload.byte_end,
                "raw": payload.raw,
                "context": payload.context,
                "batch": self.batch,
                "landed_at": self.at,
            },
            size=len(payload.raw),
        )
        for ordinal, item in enumerate(self._parsed(connector, payload)):
            count.received += 1
            if isinstance(item, RejectedInput):
                count.rejected += 1
                row = reject_row(
                    count.context,
                    item,
                    stage="parse",
                    ordinal=ordinal,
                    position=payload.position,
                    payload_id=payload_id,
                    payload_sha256=payload_sha256,
                )
                self.rejects.add(row)
            else:
                self._add_record(item, payload_id, count)

    def _add_record(self, row: Row, payload_id: str, count: FileCount) -> None:
        if row["record_id"] in self._seen:
            count.duplicates += 1
            return
        self._seen.add(row["record_id"])
        self.event_dates.add(row["event_date"])
        row |= {
            "payload_id": payload_id,
            "file_sha256": count.context.file_sha256,
            "batch": self.batch,
        }
        self._records.add(row, size=len(row["data"]))

    def _parsed(self, connector: Connector, payload: Payload) -> Iterator[Row | RejectedInput]:
        for item in _guarded(connector.parse(payload)):
            yield item if isinstance(item, RejectedInput) else self._row_or_reject(item)

    def _row_or_reject(self, record: Record) -> Row | RejectedInput:
        """Whatever a table cannot hold is refused here, before it spoils the whole batch."""
        try:
            return record_row(record, self.settings.zone, self.link_of)
        except (AttributeError, TypeError, ValueError, OverflowError) as error:
            rejected = RejectedInput(
                "unstorable_record",
                "a value cannot be stored: broken letters, a number of more than 64 bits or a"
                " time that is impossible or without zone",
                record.pointer.encode("utf-8", "backslashreplace").decode(),
            )
            rejected.__cause__ = error
            return rejected

    # --- results ---------------------------------------------------------------------------

    def count_known(self, known: pa.Array) -> None:
        """Count records that an earlier batch already brought; call once before `records`.

        `known` are the record ids of earlier batches on `event_dates`.
        """
        self._known = known
        if len(known) == 0:
            return
        by_file = {
            count.context.file_sha256: count
            for count in reversed(self.counts)
            if count.context.connector in self.connectors
        }
        for batch in self._records.batches():
            repeated = batch.filter(pc.is_in(batch["record_id"], value_set=known))
            for entry in pc.value_counts(repeated["file_sha256"]).to_pylist():
                by_file[entry["values"]].duplicates += entry["counts"]

    def records(self) -> Iterator[pa.RecordBatch]:
        """Accepted records only."""
        for batch in self._records.batches():
            fresh = batch
            if len(self._known):
                fresh = batch.filter(pc.invert(pc.is_in(batch["record_id"], value_set=self._known)))
            if fresh.num_rows:
                yield fresh

    def coverage(self) -> list[dict[str, Any]]:
        """One row of bronze.coverage per file."""
        return [
            {
                "batch": self.batch,
                "file_sha256": count.context.file_sha256,
                "name": count.context.name,
                "connector": count.context.connector,
                "received": count.received,
                "accepted": count.accepted,
                "duplicates": count.duplicates,
                "rejected": count.rejected,
                "counted_at": self.at,
            }
            for count in self.counts
        ]


def record_row(record: Record, zone: ZoneInfo, link_of: LinkOf) -> Row:
    """The columns of contracts.RECORDS that the record itself decides.

    Raises AttributeError, TypeError, ValueError or OverflowError for what cannot be stored.
    """
    if record.event_at.utcoffset() is None:
        raise ValueError("event_at has no zone")
    at = record.event_at.astimezone(UTC)
    content = orjson.dumps(
        {"data": record.data, "names": sorted(record.names)},
        option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z,
    ).decode()
    links = dict.fromkeys((record.conversation_key, *record.links))
    # Letters that are no Unicode would fail only when the whole batch is written.
    "".join((record.native_id, record.pointer, *links)).encode("utf-8")
    return {
        "record_id": stable_id(
            record.source_system,
            record.kind,
            record.native_id,
            at.isoformat(),
            content,
            # The same words with another link join other conversations: dropped as a repeat,
            # they would make the result depend on which came first.
            record.conversation_key,
            *sorted(set(record.links)),
        ),
        "record_kind": record.kind,
        "source_system": record.source_system,
        "conversation_key": record.conversation_key,
        # The first one is always the conversation's own. The last ones are the same for every
        # source that names a recording; conforming tells them apart (ingestion.conform.ties).
        "link_hashes": [
            *(link_of(record.source_system, link) for link in links),
            *(link_of(RECORDING_SYSTEM, key) for key in _recordings(record)),
        ],
        "native_id": record.native_id,
        "event_at": at,
        "event_date": at.astimezone(zone).date(),
        "data": content,
        "pointer": record.pointer,
    }


def _recordings(record: Record) -> list[str]:
    """Keys of the recordings that an interaction names, in an order that never changes."""
    named = record.data.get("recordings") if record.kind == "interaction" else None
    return sorted(tie_keys(named or ()))


def _guarded(items: Iterable[Any]) -> Iterator[Any]:
    """Pass items on; a parser that raises costs one reject, never the batch."""
    iterator = iter(items)
    while True:
        try:
            item = next(iterator)
        except StopIteration:
            return
        except Exception as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise  # the disk failed, not the content: the batch is read again later
            rejected = RejectedInput(
                "parser_error",
                f"the parser stopped here with {type(error).__name__}; what came before is kept."
                " Please report the format of this file",
            )
            rejected.__cause__ = error
            yield rejected
            return
        yield item


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
