"""Putting bytes on the disk for good: a write counts only once file and folder are synced.

The table library does not sync at all, so whoever acknowledges a write calls this first.
"""

import fcntl
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4


def sync_file(path: Path) -> None:
    """Force the content of `path` to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Force the names in folder `path` to the disk."""
    sync_file(path)


def sync_tree(files: Iterable[Path], top: Path) -> None:
    """Force `files`, and every folder between them and `top`, to the disk."""
    folders: set[Path] = {top}
    for path in files:
        sync_file(path)
        folders.update(parent for parent in path.parents if parent.is_relative_to(top))
    for folder in sorted(folders, key=lambda part: len(part.parts), reverse=True):
        sync_folder(folder)


def make_folder(path: Path) -> None:
    """Create `path` with its parents, durably."""
    missing = [path, *path.parents]
    missing = [part for part in missing if not part.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for part in reversed(missing):
        sync_folder(part.parent)


def write_atomically(path: Path, content: bytes, mode: int = 0o644) -> None:
    """Replace `path` by `content`: other processes and a crash see the old or the new file."""
    draft = path.with_name(f".{path.name}.{uuid4().hex}.tmp")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        draft.replace(path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def append_line(path: Path, line: bytes) -> None:
    """Append one line (without its line end) to `path`, durably."""
    new = not path.exists()
    with path.open("ab") as handle:
        handle.write(line + b"\n")
        handle.flush()
        os.fsync(handle.fileno())
    if new:
        sync_folder(path.parent)


@contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold the lock file `path`; wait for other processes and threads that hold it.

    The kernel frees the lock when its holder dies, so no stale lock can remain.
    """
    make_folder(path.parent)
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
