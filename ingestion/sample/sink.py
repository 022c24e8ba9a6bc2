"""Collects files in memory and writes them once, sorted; notes each file's story for the truth."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson


@dataclass(slots=True)
class Sink:
    """Files by relative name, and what the truth should say about each."""

    files: dict[str, bytes] = field(default_factory=dict)
    notes: dict[str, dict[str, Any]] = field(default_factory=dict)

    def add(self, name: str, content: bytes, **note: Any) -> None:
        """Register one file; a second file of the same name is a programming error."""
        if name in self.files:
            raise ValueError(f"two sample files are named {name}")
        self.files[name] = content
        self.notes[name] = note

    def write(self, folder: Path) -> None:
        """Write every file below `folder`, creating directories."""
        made: set[Path] = set()
        for name in sorted(self.files):
            path = folder / name
            if path.parent not in made:
                path.parent.mkdir(parents=True, exist_ok=True)
                made.add(path.parent)
            path.write_bytes(self.files[name])


def lines(rows: list[Any]) -> bytes:
    """Return rows as JSON lines."""
    return b"".join(orjson.dumps(row) + b"\n" for row in rows)


def rfc3339(moment: datetime) -> str:
    """Return a moment with its offset, `Z` for UTC, to the second."""
    text = moment.isoformat(timespec="seconds")
    return text.removesuffix("+00:00") + "Z" if moment.tzinfo is UTC else text
