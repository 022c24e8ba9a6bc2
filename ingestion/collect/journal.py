"""The journal files beside the landing folder: appended durably, sealed, and owned by one process.

A batch is promised only when `append` returned: then its bytes are on disk, and so is the name of
their file. A file that saw an error is never appended to again.
"""

import fcntl
import os
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from ingestion.collect.records import Entry, encoded, header, new_marker

SUFFIX = ".journal"
_LOCK = "collector.lock"


def journal_folder(landing: Path) -> Path:
    """Where journals of this landing folder lie: beside it, since they are not for reading."""
    return landing.with_name(f"{landing.name}-journal")


class InUse(RuntimeError):
    """Another collector works on the same journals."""


@contextmanager
def owned(folder: Path, patience_seconds: float = 0) -> Iterator[None]:
    """Hold the journals of a folder; the lock dies with the process. Raises InUse, OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    until = time.monotonic() + patience_seconds
    with (folder / _LOCK).open("w") as file:
        while True:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() >= until:
                    raise InUse("another collector works on this landing folder") from None
                time.sleep(0.05)
        yield


def journals(folder: Path) -> list[Path]:
    """All journals, oldest first."""
    return sorted(folder.glob(f"*{SUFFIX}"))


class Journal:
    """Appends to one file at a time. Not for use by several threads at once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file: int | None = None
        self._marker = b""
        self.active: Path | None = None
        self.size = 0
        self.opened_at = 0.0

    def append(self, entries: Sequence[Entry]) -> None:
        """Write the entries with one fsync. After an OSError none of them is promised."""
        if not entries:
            return
        try:
            fresh = self._file is None
            file = self._open() if self._file is None else self._file
            start = header(self._marker) if fresh else b""
            data = start + b"".join(encoded(entry, self._marker) for entry in entries)
            _write(file, data)
            os.fsync(file)
            if fresh:
                sync_folder(self._folder)
        except OSError:
            # After a failed fsync the system may have dropped the bytes and would report the
            # next one as good: what was durable stays, and a new file is begun.
            self._give_up()
            raise
        self.size += len(data)

    def seal(self) -> None:
        """Append no more to the present file; the next batch begins another."""
        try:
            if self._file is not None:
                os.close(self._file)
        finally:
            self._file, self.active, self.size = None, None, 0

    def sealed(self) -> list[Path]:
        """Journals that are finished, this process's own and those a killed one left."""
        # Listed first: a file that is begun in between is then not among them.
        found = journals(self._folder)
        active = self.active
        return [path for path in found if path != active]

    def probe(self) -> None:
        """Raise OSError when a batch could not be written now."""
        path = self._folder / ".probe"
        try:
            with path.open("wb") as file:
                file.write(bytes(4096))
                file.flush()
                os.fsync(file.fileno())
        finally:
            path.unlink(missing_ok=True)

    def _open(self) -> int:
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%fZ")
        path = self._folder / f"{stamp}-{secrets.token_hex(4)}{SUFFIX}"
        # Named before it exists, so that it is at no moment taken for a sealed one.
        self.active, self.size, self._marker = path, 0, new_marker()
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o600)
        self.opened_at = time.monotonic()
        return self._file

    def _give_up(self) -> None:
        path, durable = self.active, self.size
        with suppress(OSError):
            if self._file is not None:
                os.ftruncate(self._file, durable)
            if path is not None and not durable:
                path.unlink(missing_ok=True)
        with suppress(OSError):
            self.seal()


def sync_folder(folder: Path) -> None:
    """Make names in this folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write(file: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(file, rest) :]
