"""Which published file readers should open now. Kept apart so that a reader starts fast."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

POINTER: Final = "current"
NAME: Final = re.compile(r"lakehouse-(\d+)-[0-9a-f]{12}\.duckdb")


@dataclass(frozen=True)
class Current:
    """The file that readers should open now, and the snapshot it was built from."""

    path: Path
    snapshot: int


def current(published_dir: Path) -> Current | None:
    """What `current` points to; None before the first publication."""
    try:
        target = (published_dir / POINTER).readlink()
    except OSError:
        return None
    found = NAME.fullmatch(target.name)
    return Current(published_dir / target.name, int(found.group(1))) if found else None
