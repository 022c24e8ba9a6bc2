"""Where each source was left: one small JSON file a source, written atomically and durably.

A cursor is saved only after the answers before it are safe in the landing folder, so a crash
repeats answers and never leaves one out. A lock keeps two pulls of one source apart.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import orjson

from ingestion.pull.base import Cursor, PullProblem

_FORMAT = 1


class AlreadyPulling(Exception):
    """Another process pulls this source now."""


class CursorStore:
    """The cursors of one deployment in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def held(self, name: str) -> Iterator[None]:
        """Keep others from pulling this source; raises AlreadyPulling. Released by any exit."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._folder.joinpath(f"{name}.lock").open("w") as handle:
            try:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyPulling(name) from None
            yield

    def load(self, name: str, identity: dict[str, Any]) -> Cursor:
        """The saved cursor; empty when there is none or it belongs to another account.

        Raises PullProblem for a file that cannot be understood.
        """
        path = self.path(name)
        try:
            saved = orjson.loads(path.read_bytes())
            if saved["format"] != _FORMAT:
                raise ValueError("format")
            cursor, owner = dict(saved["cursor"]), saved["identity"]
        except FileNotFoundError:
            return {}
        except (ValueError, KeyError, TypeError):
            raise PullProblem(
                f"cursor file {path} is damaged; remove it to pull from the start: what comes"
                " twice is recognised"
            ) from None
        return cursor if owner == identity else {}

    def save(self, name: str, identity: dict[str, Any], cursor: Cursor) -> None:
        """Write the cursor so that a power cut leaves the old one or the new one."""
        value = {"format": _FORMAT, "identity": identity, "cursor": cursor}
        path = self.path(name)
        temporary = path.with_suffix(".new")
        self._folder.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as handle:
            handle.write(orjson.dumps(value, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS))
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
        sync_folder(self._folder)

    def path(self, name: str) -> Path:
        """The file of one source's cursor."""
        return self._folder / f"{name}.json"


def sync_folder(folder: Path) -> None:
    """Make names in a folder durable."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
