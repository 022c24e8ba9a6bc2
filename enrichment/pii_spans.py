"""What every personal-data detector shares: the found span, folding, and who wins an overlap.

Detectors live in their own files (`pii_numbers`, `pii_email`, `pii_address`, `pii_names`); they
read folded text, in which every character keeps its place.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Any, NamedTuple

import re2

from warehouse.vocabulary import PII_TYPES

_MOST_CHARACTERS = 20_000
BARRIER = "\x01"
"""Stands for each character of a placeholder: no word, no digit, no separator."""

# A lower rank wins: an exact structure beats a phrase, a phrase beats a word.
_RANK = {"EMAIL": 0, "CVV": 1, "ADDRESS": 3, "PERSON": 4}
_OTHER_RANK = 2

_SPACES = dict.fromkeys(
    map(ord, "\u00a0\u2007\u2009\u200a\u202f\u200b\u200c\u200d\u2060\ufeff"), " "
)
_KEYCAPS = dict.fromkeys(map(ord, "\ufe0f\u20e3"), " ")
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\uff0d"), "-")
_FULL_WIDTH = {ord("\uff20"): "@", ord("\uff0b"): "+", ord("\uff0e"): ".", ord("\u2019"): "'"}
_TABLE: dict[int, str] = _SPACES | _KEYCAPS | _DASHES | _FULL_WIDTH


class Found(NamedTuple):
    """Characters `start` to `end` of the given text are of this type."""

    start: int
    end: int
    type: str


@cache
def pattern(expression: str) -> Any:
    """Compile once, on first use. RE2: time is linear in the text, whatever it says."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    return re2.compile(expression, options)


def matches(expression: str, text: str) -> Iterator[Any]:
    """Matches of an expression, to ask for offsets only; the words stand in the text.

    In plain text a byte is a character, and RE2 need not be asked where characters begin.
    """
    found: Iterator[Any] = pattern(expression).finditer(text.encode() if text.isascii() else text)
    return found


def labelled(expression: str, text: str) -> Iterator[tuple[int, int, int, int, int]]:
    """Start and end of each match, the number of its last group, and where that one lies.

    Groups are costly to follow through a text; the words that match are few and recur.
    """
    for match in matches(_without_groups(expression), text):
        start, end = match.span()
        group, first, last = _label(expression, text[start:end])
        yield start, end, group, start + first, start + last


@cache
def _without_groups(expression: str) -> str:
    return re.sub(r"(?<!\\)\((?!\?)", "(?:", expression)


@lru_cache(maxsize=8192)
def _label(expression: str, piece: str) -> tuple[int, int, int]:
    match = pattern(expression).search(piece)
    return (match.lastindex, *match.span(match.lastindex))


def holds(expression: str, text: str) -> bool:
    """True when an expression matches anywhere."""
    return pattern(expression).search(text.encode() if text.isascii() else text) is not None


@lru_cache(maxsize=8192)
def beside(expression: str, piece: str) -> int:
    """Length of the match in the few characters beside a find, -1 without one; they recur."""
    match = pattern(expression).search(piece)
    return match.end() - match.start() if match else -1


@cache
def placeholder_pattern() -> re.Pattern[str]:
    """Finds the placeholders of redacted text. Fixed words: linear in any engine."""
    return re.compile(r"\[(?:" + "|".join(PII_TYPES) + r")\]")


def fold(text: str) -> str:
    """Make look-alikes plain, character for character, and close off placeholders."""
    if not text.isascii():
        text = text.translate(_folding())
    if "[" in text:
        text = placeholder_pattern().sub(lambda m: BARRIER * len(m.group()), text)
    return text


class _Folding(dict[int, str]):
    """What each character that was seen is written as."""

    def __missing__(self, code: int) -> str:
        if len(self) >= _MOST_CHARACTERS:
            self.clear()
        self[code] = plain = _plain(code)
        return plain


@cache
def _folding() -> _Folding:
    return _Folding()


def _plain(code: int) -> str:
    char = chr(code)
    if code < 128:
        return char
    digit = unicodedata.digit(char, None)
    # A circled or superscript digit is decoration; a decimal one is typed as a number.
    if digit is not None and char.isdecimal():
        return str(digit)
    return _TABLE.get(code, char)


def resolve(found: Iterable[Found]) -> list[Found]:
    """Settle overlaps by rank, then by start: the loser ends where a winner begins, or goes.

    The result is ordered and disjoint.
    """
    found = list(found)
    if len(found) < 2:
        return found
    ranked = sorted(found, key=lambda f: (_RANK.get(f.type, _OTHER_RANK), f.start, f.start - f.end))
    starts: list[int] = []
    taken: list[Found] = []
    for candidate in ranked:
        index = bisect_right(starts, candidate.start)
        if index and taken[index - 1].end > candidate.start:
            continue
        end = min(candidate.end, starts[index]) if index < len(starts) else candidate.end
        starts.insert(index, candidate.start)
        taken.insert(index, candidate if end == candidate.end else candidate._replace(end=end))
    return taken
