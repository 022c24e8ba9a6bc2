"""Rulebooks: rules as data, one YAML file each; which files are in force, and loading them.

A rulebook of family `compliance` says what the company must and must not do, one of `churn` how
customers say that they leave, one of `quality` is the form by which agents are judged.
`rulebook_reader` and `scorecard` read them; `compliance`, `cues` and `quality` apply them.
"""

import hashlib
from collections.abc import Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import yaml

from enrichment import scorecard
from enrichment.rulebook_nodes import RulebookError
from enrichment.rulebook_reader import KINDS, read
from enrichment.rules import Rule, Rulebook, Scorecard

__all__ = [
    "BUNDLED", "BUNDLED_FORM", "KINDS", "Rule", "Rulebook", "RulebookError",
    "beside_bundled", "bundled", "load", "load_all", "of_family", "quality_form",
]  # fmt: skip

BUNDLED: Final = Path(__file__).parent / "rulebooks"
BUNDLED_FORM: Final = Path(__file__).parent / "scorecards" / "service.yml"


@cache
def bundled() -> tuple[Rulebook, ...]:
    """The rulebooks and the quality form that ship with the project."""
    return load_all(_bundled_files())


def _bundled_files() -> tuple[Path, ...]:
    return (*sorted(BUNDLED.glob("*.yml")), BUNDLED_FORM)


def load_all(paths: tuple[Path, ...]) -> tuple[Rulebook, ...]:
    """Read several rulebooks whose rule ids do not repeat. Raises RulebookError."""
    books = tuple(load(path) for path in paths)
    forms = [path.name for path, book in zip(paths, books, strict=True) if book.form]
    if len(forms) > 1:
        raise RulebookError(
            f"{forms[1]}: {forms[0]} is a quality form already; give one form with all criteria"
        )
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


def quality_form(books: tuple[Rulebook, ...]) -> Scorecard:
    """The one form by which agents are judged under these books."""
    form = of_family(books, scorecard.FAMILY)[0].form
    assert form is not None
    return form


def _family(books: tuple[Rulebook, ...], family: str) -> tuple[Rulebook, ...]:
    return tuple(book for book in books if book.family == family)


def beside_bundled(own: Sequence[Path]) -> tuple[Path, ...]:
    """Own rulebook files and the bundled ones whose places they do not take, by name.

    There is one quality form, so an own one takes the bundled one's place whatever its name.
    Returns nothing for nothing, which means the bundled rulebooks. Raises RulebookError.
    """
    if not own:
        return ()
    files = {_place(load(path)): path for path in _bundled_files()}
    taken: dict[str, str] = {}
    for path in own:
        place = _place(load(path))
        if place in taken:
            what = f"rulebook {place}" if place != _FORM else "a quality form"
            raise RulebookError(
                f"{path.name}: {what} is given twice, first in {taken[place]}; keep one"
            )
        taken[place] = path.name
        files[place] = path
    return tuple(files[place] for place in sorted(files))


_FORM: Final = "(form)"


def _place(book: Rulebook) -> str:
    return _FORM if book.form else book.name


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
    reader = scorecard.read if scorecard.is_form(root) else read
    return reader(file, root, hashlib.sha256(content).hexdigest()[:8])
