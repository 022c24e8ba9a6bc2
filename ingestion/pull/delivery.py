"""Answers to files in the landing folder: whole, durable, named by their content.

answer -> hidden temporary file -> fsync -> <source>/<group>/<xx>/<hash>.<suffix>

The same answer has the same name, so a repeat writes nothing. A reader of the landing folder
never sees half a file: hidden folders are not listed.
"""

import hashlib
import os
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ingestion.pull.base import Answer
from ingestion.pull.cursors import sync_folder

_UNFINISHED = ".unfinished"
_HASH_DIGITS = 32
_SYNC_ONE_BY_ONE = 32  # above this, one sync of all file systems is cheaper than many fsyncs


@dataclass(frozen=True, slots=True)
class Delivered:
    """How many files were new, how many were there already, and the bytes of the new ones."""

    files: int = 0
    repeats: int = 0
    size_bytes: int = 0


class Delivery:
    """The part of a landing folder that one source fills."""

    def __init__(self, landing: Path, source: str) -> None:
        self._folder = landing / source
        self._unfinished = self._folder / _UNFINISHED
        # What a killed pull left behind is written again.
        shutil.rmtree(self._unfinished, ignore_errors=True)

    def deliver(self, answers: Sequence[Answer]) -> Delivered:
        """Write answers that are not there yet; they are durable on return. Raises OSError."""
        fresh = {path: answer for answer in answers for path in [self.path(answer)]}
        missing = {path: answer for path, answer in fresh.items() if not _is_there(path, answer)}
        if missing:
            self._write(missing)
        return Delivered(
            len(missing),
            len(answers) - len(missing),
            sum(len(answer.content) for answer in missing.values()),
        )

    def path(self, answer: Answer) -> Path:
        """Where an answer lies."""
        name = hashlib.sha256(answer.content).hexdigest()[:_HASH_DIGITS]
        return self._folder / answer.group / name[:2] / f"{name}.{answer.suffix}"

    def _write(self, missing: dict[Path, Answer]) -> None:
        self._unfinished.mkdir(parents=True, exist_ok=True)
        one_by_one = len(missing) <= _SYNC_ONE_BY_ONE
        for path, answer in missing.items():
            with self._unfinished.joinpath(path.name).open("wb") as handle:
                handle.write(answer.content)
                handle.flush()
                if one_by_one:
                    os.fsync(handle.fileno())
        if not one_by_one:
            os.sync()
        for path in missing:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._unfinished.joinpath(path.name).replace(path)
        for folder in _folders(missing, self._folder.parent):
            sync_folder(folder)


def _is_there(path: Path, answer: Answer) -> bool:
    try:
        return path.stat().st_size == len(answer.content)
    except FileNotFoundError:
        return False


def _folders(paths: dict[Path, Answer], landing: Path) -> set[Path]:
    """All folders from the landing folder down to the files: each may be new."""
    return {
        folder
        for path in paths
        for folder in path.parents
        if folder == landing or landing in folder.parents
    }
