"""Which release of the taggers the marts read, and every release that ever was promoted.

A release is the hash of all models, rulebooks and word lists together. Promoting appends one
line to a small file in the lake; nothing is ever rewritten.
"""

import json
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from warehouse import durability


def _file(lake_root: Path) -> Path:
    return lake_root / "_control" / "releases.jsonl"


def history(lake_root: Path) -> list[dict[str, Any]]:
    """All promotions, oldest first; a last line torn by a crash is ignored."""
    path = _file(lake_root)
    if not path.exists():
        return []
    promotions = []
    for line in path.read_text("utf-8").splitlines():
        try:
            promotions.append(json.loads(line))
        except json.JSONDecodeError:
            continue
    return promotions


def promoted(lake_root: Path) -> str | None:
    """The release that marts read, None before the first one."""
    promotions = history(lake_root)
    return str(promotions[-1]["release"]) if promotions else None


def promote(lake_root: Path, release: str, versions: Mapping[str, str]) -> None:
    """Make this release the one that marts read; durable when it returns."""
    path = _file(lake_root)
    durability.make_folder(path.parent)
    line = json.dumps(
        {
            "release": release,
            "versions": dict(versions),
            "promoted_at": datetime.now(UTC).isoformat(),
        },
        sort_keys=True,
    )
    new = not path.exists()
    with path.open("a", encoding="utf-8") as file:
        # A torn line before this one must not swallow it.
        file.write(("\n" if path.stat().st_size else "") + line + "\n")
        file.flush()
        os.fsync(file.fileno())
    if new:
        durability.sync_folder(path.parent)
