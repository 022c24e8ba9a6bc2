"""From a drop folder to landed files: untouched copies under their content hash.

Deciding what is new and copying durably belong here; the listing is `ingestion.survey`'s. What is
inside a file belongs to neither.
A landed file never changes again; its name in the store is its SHA-256.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from ingestion.survey import Arrival, listing, survey

__all__ = [
    "Arrival",
    "Landed",
    "batches",
    "land",
    "listing",
    "new_arrivals",
    "stored_path",
    "survey",
]

_CHUNK = 1024 * 1024
_INCOMING = ".incoming-"
_SYNC_ONE_BY_ONE = 32  # above this, one sync of the file system is cheaper than many fsyncs


@dataclass(frozen=True, slots=True)
class Landed:
    """An arrival whose bytes are safe in the store."""

    arrival: Arrival
    file_sha256: str


def new_arrivals(
    arrivals: Iterable[Arrival], known: Mapping[str, tuple[int, int]]
) -> list[Arrival]:
    """Arrivals whose (size, modification time) under this name was not landed before."""
    return [a for a in arrivals if known.get(a.name) != (a.size_bytes, a.modified_ns)]


def batches(
    arrivals: Iterable[Arrival], *, max_files: int = 20_000, max_bytes: int = 1 << 28
) -> Iterator[list[Arrival]]:
    """Cut arrivals into groups that are committed together; a large file stands alone."""
    group: list[Arrival] = []
    size = 0
    for arrival in arrivals:
        if group and (len(group) >= max_files or size + arrival.size_bytes > max_bytes):
            yield group
            group, size = [], 0
        group.append(arrival)
        size += arrival.size_bytes
    if group:
        yield group


def stored_path(store: Path, file_sha256: str) -> Path:
    """Where the store keeps the bytes with this hash."""
    return store / file_sha256[:2] / file_sha256


def land(arrivals: Iterable[Arrival], store: Path) -> list[Landed]:
    """Copy arrivals into the store, durably.

    A file that changes while it is read, or cannot be read now, is left for a later run.
    """
    landed: list[Landed] = []
    written: list[Path] = []
    for leftover in store.glob(f"{_INCOMING}*"):
        leftover.unlink(missing_ok=True)
    for arrival in arrivals:
        sha256 = _copy(arrival, store, written)
        if sha256 is not None:
            landed.append(Landed(arrival, sha256))
    _make_durable(written)
    return landed


def _copy(arrival: Arrival, store: Path, written: list[Path]) -> str | None:
    """Stream the bytes to a temporary name while hashing, then move to the hash."""
    store.mkdir(parents=True, exist_ok=True)
    temporary = store / f"{_INCOMING}{os.getpid()}"
    digest = hashlib.sha256()
    source = _opened(arrival.path)
    if source is None:
        return None
    with source, temporary.open("wb") as target:
        while chunk := _read(source):
            digest.update(chunk)
            target.write(chunk)
    if chunk is None or not _unchanged(arrival):
        temporary.unlink()
        return None
    final = stored_path(store, digest.hexdigest())
    final.parent.mkdir(exist_ok=True)
    # Also over a copy that is there: a power cut may have left it without its bytes.
    temporary.replace(final)
    written.append(final)
    return digest.hexdigest()


def _opened(path: Path) -> BinaryIO | None:
    """The file for reading; None when it is gone, closed to us or no regular file any more."""
    try:
        # A pipe put in the file's place since the listing must not make the run wait for it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        return None
    return os.fdopen(descriptor, "rb")


def _read(source: BinaryIO) -> bytes | None:
    """The next bytes, empty at the end; None when the source's disk fails, which is not ours."""
    try:
        return source.read(_CHUNK)
    except OSError:
        return None


def _unchanged(arrival: Arrival) -> bool:
    try:
        after = arrival.path.stat()
    except OSError:
        return False
    return (after.st_size, after.st_mtime_ns) == (arrival.size_bytes, arrival.modified_ns)


def _make_durable(paths: list[Path]) -> None:
    """Bytes before ledger: nothing is recorded as landed that a power cut could still lose."""
    if len(paths) > _SYNC_ONE_BY_ONE:
        os.sync()
        return
    folders = {folder for path in paths for folder in (path.parent, path.parent.parent)}
    for path in {*paths, *folders}:
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
