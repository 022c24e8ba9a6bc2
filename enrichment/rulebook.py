"""Rulebooks: rules as data, one YAML file each; which files are in force, and loading them.

A rulebook of family `compliance` says what the company must and must not do; one of `churn` how
customers say that they leave. `rulebook_reader` reads them; `compliance` and `cues` apply them.
"""

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import yaml

from enrichment.rulebook_nodes import RulebookError
from enrichment.rulebook_reader import KINDS, read
from enrichment.rules import Rule, Rulebook

__all__ = [
    "BUNDLED", "KINDS", "Rule", "Rulebook", "RulebookError",
    "beside_bundled", "bundled", "load", "load_all", "of_family",
]  # fmt: skip

BUNDLED: Final = Path(__file__).parent / "rulebooks"


@cache
def bundled() -> tuple[Rulebook, ...]:
    """The rulebooks that ship with the project, by name."""
    return load_all(tuple(sorted(BUNDLED.glob("*.yml"))))


def load_all(paths: tuple[Path, ...]) -> tuple[Rulebook, ...]:
    """Read several rulebooks whose rule ids do not repeat. Raises RulebookError."""
    books = tuple(load(path) for path in paths)
    owner: dict[str, str] = {}
    for book in books:
        for name in (*(rule.id for rule in book.rules), *(cue.id for cue in book.cues)):
            if name in owner:
                raise RulebookError(
                    f"rule {name} stands in {owner[name]} and in {book.name}; rename one of them"
                )
            owner[name] = book.name
    return books


def of_family(books: tuple[Rulebook, ...], family: str) -> tuple[Rulebook, ...]:
    """The books of one family; the bundled ones where none is among `books`."""
    return _family(books, family) or _family(bundled(), family)


def _family(books: tuple[Rulebook, ...], family: str) -> tuple[Rulebook, ...]:
    return tuple(book for book in books if book.family == family)


def beside_bundled(own: Sequence[Path]) -> tuple[Path, ...]:
    """Own rulebook files and the bundled ones whose names they do not take, by name.

    Returns nothing for nothing, which means the bundled rulebooks. Raises RulebookError.
    """
    if not own:
        return ()
    files = {load(path).name: path for path in sorted(BUNDLED.glob("*.yml"))}
    taken: set[str] = set()
    for path in own:
        name = load(path).name
        if name in taken:
            raise RulebookError(f"{path.name}: rulebook {name} is given twice")
        taken.add(name)
        files[name] = path
    return tuple(files[name] for name in sorted(files))


def load(path: Path) -> Rulebook:
    """Read one rulebook. Raises RulebookError naming file and line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RulebookError(f"{path.name}: cannot be read ({error.strerror})") from error
    return _parsed(path.name, content)


@lru_cache(maxsize=32)
def _parsed(file: str, content: bytes) -> Rulebook:
    """Equal files give one and the same object, so that what is built on it is built once."""
    try:
        root = yaml.compose(content.decode("utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{file}:{mark.line + 1}" if mark else file
        why = getattr(error, "problem", None) or "it must be UTF-8 text"
        raise RulebookError(
            f"{place}: not valid YAML: {why}; check indentation and quotes"
        ) from error
    return read(file, root, hashlib.sha256(content).hexdigest()[:8])
