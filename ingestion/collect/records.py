"""The bytes of a journal: a header, then records that can be told from half-written ones.

header:  a line that names the format, then 16 random bytes, the marker of this journal
record:  marker, length and CRC-32 of what follows, then `source LF context LF body`

A body cannot imitate a record, since its sender does not know the marker. After damage in the
middle, reading goes on at the next marker.
"""

import mmap
import secrets
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

FORMAT = b"lakehouse webhook journal 1\n"
MARKER_BYTES = 16
HEADER_BYTES = len(FORMAT) + MARKER_BYTES
_FRAME = struct.Struct(">II")
_OVERHEAD = MARKER_BYTES + _FRAME.size


@dataclass(frozen=True, slots=True)
class Entry:
    """One accepted request. `context` is what else is needed to read the body, b"" mostly."""

    source: str
    context: bytes
    body: bytes


def new_marker() -> bytes:
    """The marker of a new journal."""
    return secrets.token_bytes(MARKER_BYTES)


def header(marker: bytes) -> bytes:
    """The first bytes of a journal."""
    return FORMAT + marker


def encoded(entry: Entry, marker: bytes) -> bytes:
    """The entry as a record of the journal with this marker."""
    content = b"\n".join((entry.source.encode("ascii"), entry.context, entry.body))
    return b"".join((marker, _FRAME.pack(len(content), zlib.crc32(content)), content))


class NotAJournal(ValueError):
    """The file does not begin like a journal; it holds no record that could be read."""


@dataclass
class Reading:
    """The entries of a journal in order.

    After the last one `tail` counts the bytes of a record that was never finished, `damaged`
    those of records that were finished once and cannot be read any more.
    """

    path: Path
    tail: int = field(default=0, init=False)
    damaged: int = field(default=0, init=False)

    def __iter__(self) -> Iterator[Entry]:
        """Raises NotAJournal, OSError."""
        self.tail = self.damaged = 0
        if self.path.stat().st_size < HEADER_BYTES:
            # The header is written with the first records, so none was ever acknowledged.
            self.tail = self.path.stat().st_size
            return
        with (
            self.path.open("rb") as file,
            mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as data,
        ):
            if data[: len(FORMAT)] != FORMAT:
                raise NotAJournal(f"{self.path.name} does not begin like a journal")
            yield from self._records(data, data[len(FORMAT) : HEADER_BYTES])

    def _records(self, data: mmap.mmap, marker: bytes) -> Iterator[Entry]:
        place = HEADER_BYTES
        while place < len(data):
            content = _content(data, place, marker)
            if content is not None:
                yield _entry(content)
                place += _OVERHEAD + len(content)
                continue
            following = data.find(marker, place + 1)
            if following < 0:
                self.tail = len(data) - place
                return
            self.damaged += following - place
            place = following


def _content(data: mmap.mmap, place: int, marker: bytes) -> bytes | None:
    """What the record at `place` holds; None when no whole record stands there."""
    start = place + _OVERHEAD
    if start > len(data) or data[place : place + MARKER_BYTES] != marker:
        return None
    length, checksum = _FRAME.unpack(data[place + MARKER_BYTES : start])
    if length > len(data) - start:
        return None
    content = data[start : start + length]
    return content if zlib.crc32(content) == checksum and content.count(b"\n") >= 2 else None


def _entry(content: bytes) -> Entry:
    source, context, body = content.split(b"\n", 2)
    return Entry(source.decode("ascii", "replace"), context, body)
