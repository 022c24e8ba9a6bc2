"""From a drop folder to landed files: untouched copies under their content hash.

Listing, deciding what is new and copying durably belong here. What is inside a file does not.
A landed file never changes again; its name in the store is its SHA-256.
"""

import hashlib
import os
import stat
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

_CHUNK = 1024 * 1024
_UNFINISHED = (".part", ".tmp", ".crdownload", ".swp")
_MAILDIR = frozenset(("cur", "new", "tmp"))
_NOT_MAIL = (".drafts", ".trash", ".junk", ".spam")
_INCOMING = ".incoming-"
_SYNC_ONE_BY_ONE = 32  # above this, one sync of the file system is cheaper than many fsyncs


@dataclass(frozen=True, slots=True)
class Arrival:
    """A file seen in the drop folder; `name` is its path relative to that folder."""

    name: str
    path: Path
    size_bytes: int
    modified_ns: int


@dataclass(frozen=True, slots=True)
class Landed:
    """An arrival whose bytes are safe in the store."""

    arrival: Arrival
    file_sha256: str


@dataclass(frozen=True, slots=True)
class Survey:
    """What a drop folder holds: arrivals by name, and how many entries were passed over and why."""

    arrivals: list[Arrival]
    passed_over: Mapping[str, int]


def listing(folder: Path) -> list[Arrival]:
    """All finished regular files below the folder, by name; hidden and half-written ones wait.

    Raises FileNotFoundError with a remedy when the folder does not exist.
    """
    return survey(folder).arrivals


def survey(folder: Path) -> Survey:
    """As `listing`, and what else lies there: no entry is left out without being counted.

    Links are followed within the folder only: whoever may drop files must not thereby have
    other files of this machine read, such as the key of the lake.
    """
    if not folder.is_dir():
        raise FileNotFoundError(
            f"landing folder {folder} does not exist; create it or name another with --landing"
        )
    passed_over: Counter[str] = Counter()
    arrivals = sorted(_arrivals(folder, passed_over), key=lambda arrival: arrival.name)
    return Survey(arrivals, passed_over)


def _arrivals(folder: Path, passed_over: Counter[str]) -> Iterator[Arrival]:
    def closed(error: OSError) -> None:
        passed_over["folders that cannot be read"] += 1

    top = folder.resolve()
    for root, folders, names in os.walk(folder, onerror=closed):
        folders[:] = _entered(Path(root), folders)
        for name in names:
            path = Path(root, name)
            if name.startswith(".") or name.endswith(_UNFINISHED):
                continue
            try:
                if path.is_symlink() and not path.resolve(strict=True).is_relative_to(top):
                    passed_over["links that lead out of the folder"] += 1
                    continue
                status = path.stat()
            except (OSError, RuntimeError):
                # Gone since the folder was read, or a link that leads nowhere or in a circle.
                passed_over["links that lead nowhere"] += path.is_symlink()
                continue
            if stat.S_ISREG(status.st_mode):
                relative = _readable(path.relative_to(folder).as_posix())
                yield Arrival(relative, path, status.st_size, status.st_mtime_ns)
            else:
                passed_over["pipes, sockets and devices"] += 1


def _entered(root: Path, folders: list[str]) -> list[str]:
    """Folders to look into. In a Maildir, tmp holds unfinished mails and folders begin with a dot."""
    plain = [name for name in folders if not name.startswith(".")]
    if not set(folders) >= _MAILDIR:
        return plain
    dotted = [
        name
        for name in folders
        if name.startswith(".")
        and not name.lower().startswith(_NOT_MAIL)
        and Path(root, name, "cur").is_dir()
    ]
    return [name for name in plain if name != "tmp"] + dotted


def _readable(name: str) -> str:
    """A name that is not valid UTF-8 must not stop the listing, nor look like another one."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


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
