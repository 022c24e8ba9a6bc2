"""Word lists, Indonesian and English side by side, and the one way to read them.

Files are UTF-8 text: one entry a line, `#` begins a comment, a tab separates a key from its value.
"""

import hashlib
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def entries(name: str) -> tuple[str, ...]:
    """Lines of `lexicons/<name>.txt` without comments and blanks, in file order."""
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").splitlines()
    return tuple(line for line in lines if line.strip() and not line.startswith("#"))


@cache
def words(*names: str) -> frozenset[str]:
    """All entries of the named lists as one set."""
    return frozenset(entry for name in names for entry in entries(name))


@cache
def mapping(*names: str) -> dict[str, str]:
    """Tab-separated pairs; a later list never replaces what an earlier one says."""
    pairs: dict[str, str] = {}
    for name in names:
        for entry in entries(name):
            key, _, value = entry.partition("\t")
            pairs.setdefault(key, value)
    return pairs


@cache
def digest(*names: str) -> str:
    """Twelve hex digits that change when any of the named lists changes."""
    content = hashlib.sha256()
    for name in names:
        content.update(name.encode())
        content.update((FOLDER / f"{name}.txt").read_bytes())
    return content.hexdigest()[:12]
