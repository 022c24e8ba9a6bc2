"""Names that no list knows, in English text: two or three capitalised words that are no words.

A capitalised pair is a name unless one of its words is an everyday word, a firm or a place stands
beside it, or the text is not English. Indonesian brands and places look the same, so there the
lists of `pii_names` decide alone.
"""

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Final

from enrichment.pii_spans import Found, pattern

# One run of letters after another: linear in any engine.
_LETTERS = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-])+")
_GAP = re.compile(r" (?:[^\W\d_]\.? )?")
_PAIR = r"\p{Lu}[\pL'’-]+ (?:\pL\.? )?\p{Lu}\pL"
_ENGLISH = r"(?i)\b(?:the|my|is|are|was|to|of|for|from|please|and|i'm|your|this|with)\b"
_MOST_WORDS: Final = 3
_AROUND: Final = 16
_WORDS: Final = """corporation corp inc incorporated ltd limited llc plc gmbh group holdings orchestra
    technologies technology associates partners investments solutions markets insights systems
    services software bank capital labs media networks airlines airways hotel university school
    street road avenue drive lane port cite saint san santa mount lake river park parks suite
    apt north south east west new old upper lower bypass turnpike coves union plaza mall advice
    basic premium plus pro card ip musicians pleasures boogie salesperson awarded guilty answer
    question"""
"""Words of firms, places and products; a pair that holds one is no person."""
_PLACE_BEFORE = r"(?i)(?:\b(?:in|at|near|visit|around|the|a|an)|[0-9][,.]?|[\"#@_/])\s*$"
_AFTER = r"^(?:,?\s?[0-9]|\s?(?i:inc|ltd|llc|corp|co|tbk|group)\b|[\"_/@])"


@cache
def _no_name() -> frozenset[str]:
    return frozenset(_WORDS.split())


def find(text: str, refused: Callable[[str], bool]) -> Iterator[Found]:
    """Yield capitalised pairs and triples; `refused` says that a lower-case word is no name."""
    # Few texts hold two capitalised words side by side; the others leave here.
    if not pattern(_PAIR).search(text) or not pattern(_ENGLISH).search(text):
        return
    for first, last in _runs(text, refused):
        before = text[max(0, first - _AROUND) : first]
        after = text[last : last + _AROUND]
        if not (pattern(_PLACE_BEFORE).search(before) or pattern(_AFTER).search(after)):
            yield Found(first, last, "PERSON")


def _runs(text: str, refused: Callable[[str], bool]) -> Iterator[tuple[int, int]]:
    """Start and end of capitalised words side by side, an initial between them allowed."""
    run: list[tuple[int, int, bool]] = []
    for match in _LETTERS.finditer(text):
        word = match.group()
        if word[0].islower() or word.isupper():
            continue
        lower = word.lower().removesuffix("'s")
        end = match.start() + len(lower)
        item = (match.start(), end, lower in _no_name() or refused(lower))
        if run and _GAP.fullmatch(text[run[-1][1] : match.start()][:5]):
            run.append(item)
            continue
        yield from _whole(run)
        run = [item]
    yield from _whole(run)


def _whole(run: list[tuple[int, int, bool]]) -> Iterator[tuple[int, int]]:
    plain = not any(bad for _, _, bad in run)
    if 2 <= len(run) <= _MOST_WORDS and plain:
        yield run[0][0], run[-1][1]
