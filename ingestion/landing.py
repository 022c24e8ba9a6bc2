"""From a drop folder to landed files: untouched copies under their content hash.

Listing, deciding what is new and copying durably belong here. What is inside a file does not.
A landed file never changes again; its name in the store is its SHA-256.
"""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

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


def listing(folder: Path) -> list[Arrival]:
    """All finished regular files below the folder, by name; hidden and half-written ones wait.

    Raises FileNotFoundError with a remedy when the folder does not exist.
    """
    if not folder.is_dir():
        raise FileNotFoundError(
            f"landing folder {folder} does not exist; create it or name another with --landing"
        )
    return sorted(_arrivals(folder), key=lambda arrival: arrival.name)


def _arrivals(folder: Path) -> Iterator[Arrival]:
    for root, folders, names in os.walk(folder):
        folders[:] = _entered(Path(root), folders)
        for name in names:
            path = Path(root, name)
            if name.startswith(".") or name.endswith(_UNFINISHED):
                continue
            try:
                status = path.stat()
            except OSError:
                continue  # gone since the folder was read, or a link that leads nowhere
            if stat.S_ISREG(status.st_mode):
                relative = _readable(path.relative_to(folder).as_posix())
                yield Arrival(relative, path, status.st_size, status.st_mtime_ns)


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
    """Copy arrivals into the store, durably; a file that changes while read waits for later."""
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
    try:
        with arrival.path.open("rb") as source, temporary.open("wb") as target:
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                target.write(chunk)
        after = arrival.path.stat()
    except FileNotFoundError:
        temporary.unlink(missing_ok=True)
        return None
    if (after.st_size, after.st_mtime_ns) != (arrival.size_bytes, arrival.modified_ns):
        temporary.unlink()
        return None
    final = stored_path(store, digest.hexdigest())
    final.parent.mkdir(exist_ok=True)
    # Also over a copy that is there: a power cut may have left it without its bytes.
    temporary.replace(final)
    written.append(final)
    return digest.hexdigest()


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
