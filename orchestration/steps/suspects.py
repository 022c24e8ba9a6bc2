"""A file during whose reading the process died is tried in a child first, which may die alone.

The note of what is being read lies in the lake and is not synced: a power cut that loses it makes
nothing wrong, and a run that is killed for another reason costs one trial.
"""

import json
import subprocess
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from ingestion.connectors.base import RejectedInput
from ingestion.intake import LandedFile
from warehouse import durability

REASON = "ends_the_reader"


class Suspects:
    """Notes of one lake about the file in hand, and about files that once ended a run."""

    def __init__(self, lake_root: Path, bounds: Collection[int] = ()) -> None:
        self._folder = lake_root / "_control"
        self._in_hand = self._folder / "reading"
        self._known = self._folder / "suspects.json"
        self._bounds = bounds
        self._hashes = self._load()

    def _load(self) -> frozenset[str]:
        """Files of earlier deaths, and the one that a run that died just now left behind."""
        try:
            known = set(json.loads(self._known.read_text("utf-8")))
        except (FileNotFoundError, ValueError):
            known = set()
        try:
            left = self._in_hand.read_text("utf-8")
        except FileNotFoundError:
            return frozenset(known)
        if left and left not in known:
            known.add(left)
            durability.write_atomically(self._known, json.dumps(sorted(known)).encode())
        return frozenset(known)

    @contextmanager
    def reading(self) -> Iterator[None]:
        """While a batch is read; an ending that Python sees is no death of the process."""
        durability.make_folder(self._folder)
        try:
            yield
        finally:
            self._in_hand.unlink(missing_ok=True)

    def note(self, file: LandedFile) -> None:
        """This file is read next."""
        self._in_hand.write_text(file.file_sha256, "utf-8")

    def verdict(self, file: LandedFile) -> RejectedInput | None:
        """Why a suspected file must not be read here; None for all others."""
        if file.file_sha256 not in self._hashes:
            return None
        what = [file.connector, str(file.path), file.name]
        command = [sys.executable, "-m", "ingestion.trial", *what, *map(str, self._bounds)]
        done = subprocess.run(command, capture_output=True, check=False)
        if done.returncode == 0:
            return None
        return RejectedInput(
            REASON,
            "reading this file exhausts memory or time, or ends the process; it was set aside."
            " Please report its format, or split it",
        )
