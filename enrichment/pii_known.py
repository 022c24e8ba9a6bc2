"""Names of persons that the source itself knows: who takes part in the conversation.

They are hidden wherever they occur: in full in any spelling, in parts with care.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import re2

from enrichment import lexicons
from enrichment.pii_names import everyday
from enrichment.pii_spans import BARRIER, Found

_PLAIN_WORD = re.compile(r"\w+", re.ASCII)
_BLANKS = frozenset(" \t\n\f\r")
_MANY = 40
"""Words of known names beyond which one compiled pattern is quicker."""


class _Known(NamedTuple):
    """Lower-case names of a source: in full by their first word, parts, and what one must hold."""

    whole: dict[str, list[tuple[str, ...]]]
    parts: frozenset[str]
    needles: tuple[str, ...]


def given(text: str, names: Sequence[str]) -> Iterator[Found]:
    """The names that the source knows: in full in any spelling, in parts with care."""
    simple = _simple(tuple(names))
    if simple and text.isascii():
        yield from _plainly(text, simple)
        return
    if _nobody(text, tuple(names)):
        return
    whole, single = _compiled(tuple(names))
    if whole is not None:
        for match in whole.finditer(text):
            yield Found(match.start(), match.end(), "PERSON")
    if single is None:
        return
    for match in single.finditer(text):
        if _written_as_name(text, match.start(), match.group()):
            yield Found(match.start(), match.end(), "PERSON")


@lru_cache(maxsize=4096)
def parts(names: tuple[str, ...]) -> frozenset[str]:
    """Every word of the names, in lower case."""
    return frozenset(part.strip(".,").lower() for name in names for part in name.split())


def _nobody(text: str, names: tuple[str, ...]) -> bool:
    """True when plain text holds no part of any name, and nothing needs compiling."""
    needles = _needles(names)
    if not needles or not text.isascii():
        return False
    lower = text.lower()
    return not any(needle in lower for needle in needles)


@lru_cache(maxsize=4096)
def _needles(names: tuple[str, ...]) -> tuple[str, ...]:
    """One word of each name and of each part; none when names are not plain or too many."""
    whole, parts = _pieces(names)
    words = {max(name.split(), key=len).lower() for name in whole} | {
        part.lower() for part in parts
    }
    plain = len(words) <= _MANY and all(word.isascii() for word in words)
    return tuple(sorted(words)) if plain else ()


def _plainly(text: str, known: _Known) -> Iterator[Found]:
    """What the compiled patterns find, without compiling: names and text are plain words."""
    lower = text.lower()
    for needle in known.needles:
        if needle in lower:
            break
    else:
        return
    words = [(match.group(), *match.span()) for match in _PLAIN_WORD.finditer(lower)]
    after = 0
    for place, (word, start, end) in enumerate(words):
        if word in known.parts and _written_as_name(text, start, text[start:end]):
            yield Found(start, end, "PERSON")
        if place >= after and word in known.whole:
            names = known.whole[word]
            size = next((len(name) for name in names if _stands(lower, words, place, name)), 0)
            if size:
                after = place + size
                yield Found(start, words[after - 1][2], "PERSON")


def _stands(
    text: str, words: list[tuple[str, int, int]], place: int, name: tuple[str, ...]
) -> bool:
    """True when the words of a name follow each other from a place on."""
    here = words[place : place + len(name)]
    return tuple(word for word, _, _ in here) == name and all(
        _BLANKS.issuperset(text[left[2] : right[1]]) for left, right in pairwise(here)
    )


def _written_as_name(text: str, start: int, word: str) -> bool:
    """A part that is an everyday word ("Putri") counts only when written as a name."""
    plain = word.lower() in everyday() or word.lower() in lexicons.words("ambiguous_names")
    return not plain or (word[0].isupper() and not word.isupper() and not _opens(text, start))


def _opens(text: str, start: int) -> bool:
    """True at the beginning of a sentence, where everyday words have capitals too."""
    before = text[:start][-3:].rstrip(" ")
    return not before or before[-1] in ".!?\n"


@lru_cache(maxsize=4096)
def _simple(names: tuple[str, ...]) -> _Known | None:
    """Names that are plain words, and not too many; else None."""
    longest_first, parts = _pieces(names)
    words = [part for name in longest_first for part in name.split()] + parts
    if len(words) > _MANY or not all(word.isascii() and word.isalnum() for word in words):
        return None
    whole: dict[str, list[tuple[str, ...]]] = {}
    for name in longest_first:
        inside = tuple(name.lower().split())
        whole.setdefault(inside[0], []).append(inside)
    found = frozenset(part.lower() for part in parts)
    return _Known(whole, found, tuple(sorted(found | set(whole))))


def _pieces(names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Whole names and their parts of three letters or more, the longest first."""
    clean = [" ".join(name.replace(BARRIER, " ").split()) for name in names]
    whole = sorted({name for name in clean if " " in name}, key=len, reverse=True)
    parts = sorted(
        {part.strip(".,") for name in clean for part in name.split() if len(part.strip(".,")) >= 3},
        key=len,
        reverse=True,
    )
    return whole, parts


@lru_cache(maxsize=4096)
def _compiled(names: tuple[str, ...]) -> tuple[Any, Any]:
    """Patterns for whole names and for their parts."""
    whole, parts = _pieces(names)
    return _bounded([r"\s+".join(map(re2.escape, name.split())) for name in whole]), _bounded(
        [re2.escape(part) for part in parts]
    )


def _bounded(options: list[str]) -> Any:
    # RE2's \b knows ASCII letters only; names are split at any letter or digit instead.
    return re2.compile(rf"(?i)\b(?:{'|'.join(options)})\b") if options else None
