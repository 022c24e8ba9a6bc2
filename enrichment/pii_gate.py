"""The cheap look before the expensive ones: can this text hold a number, or a name, at all?

Every space-separated piece is judged once and remembered, so an ordinary message costs a lookup a
piece. The answer is never "no" where a detector would find something; a test compares both ways.
"""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Final, NamedTuple

from enrichment import (
    pii_address,
    pii_documents,
    pii_email,
    pii_secrets,
    pii_tagged,
    pii_tokens,
)
from enrichment.pii_groups import SPOKEN
from enrichment.pii_names import CUE_WORDS, INTRODUCING, well_known
from enrichment.pii_spans import fold, holds

# The digit comes last: sums of it count without touching the others.
(
    _NAME,
    _NUMERIC,
    _CUE,
    _RARE,
    _TITLE,
    _UNKNOWN,
    _INTRO,
    _AT,
    _HOST,
    _KNOWN,
    _EMAIL,
    _DOCUMENT,
    _SECRET,
    _STREET,
    _PASSED,
    _DIGIT,
) = (1 << n for n in range(16))
_TRIGGERS: Final = (
    (_EMAIL, pii_email.TRIGGER),
    (_DOCUMENT, pii_documents.TRIGGER),
    (_SECRET, pii_secrets.TRIGGER),
    (_STREET, f"{pii_address.TRIGGER}|{pii_tagged.TRIGGER}"),
)
_ANY_TRIGGER: Final = "(?i)" + "|".join(words for _, words in _TRIGGERS)
_AT_WORDS: Final = frozenset(("at", "et", "ad"))
_HOSTS: Final = frozenset(
    [
        "dot",
        "titik",
        "gmail",
        "googlemail",
        "yahoo",
        "ymail",
        "hotmail",
        "outlook",
        "icloud",
        "protonmail",
    ]
)
_LONGEST: Final = 40
_MOST: Final = 200_000


class Possible(NamedTuple):
    """What a text may hold."""

    numbers: bool
    names: bool
    introduced: bool
    """A word that comes before names is there."""
    known: bool
    """A given name that is no everyday word is there."""
    emails: bool = True
    documents: bool = True
    secrets: bool = True
    addresses: bool = True
    """A word that each of these detectors needs is there."""


def look(text: str) -> Possible:
    """Say what the text may hold."""
    pieces = text.split()
    judged = list(map(_pieces().__getitem__, pieces))
    flags = 0
    for kind in set(judged):
        flags |= kind
    if flags & _DIGIT and sum([kind & _DIGIT for kind in judged]) > _DIGIT:
        flags |= _NUMERIC
    if flags & _TITLE and flags & _UNKNOWN and _title_before_unknown(judged):
        flags |= _NAME
    if flags & _NUMERIC or (flags & _AT and flags & _HOST):
        for kind in set(map(_triggering().__getitem__, pieces)):
            flags |= kind
    return _decide(flags)


@lru_cache(maxsize=4096)
def _decide(flags: int) -> Possible:
    return Possible(
        numbers=bool(flags & _NUMERIC or (flags & _AT and flags & _HOST)),
        names=bool(
            flags & _NAME
            or (flags & _CUE and flags & (_RARE | _UNKNOWN))
            or (flags & _INTRO and flags & _KNOWN)
        ),
        introduced=bool(flags & (_INTRO | _CUE)),
        known=bool(flags & _KNOWN),
        emails=bool(flags & _EMAIL),
        documents=bool(flags & _DOCUMENT),
        secrets=bool(flags & _SECRET),
        addresses=bool(flags & _STREET),
    )


def _title_before_unknown(judged: list[int]) -> bool:
    """True when a title stands before a word, with nothing but points and colons between."""
    introduced = False
    for kind in judged:
        if introduced and kind & _UNKNOWN:
            return True
        if not kind & _PASSED:
            introduced = bool(kind & _TITLE)
    return False


class _Pieces(dict[str, int]):
    """What was judged of each short piece that was seen."""

    def __init__(self, judge: Callable[[str], int]) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, piece: str) -> int:
        found = self._judge(piece)
        if len(piece) <= _LONGEST:
            if len(self) >= _MOST:
                self.clear()
            self[piece] = found
        return found


@cache
def _pieces() -> _Pieces:
    return _Pieces(_judge)


@cache
def _triggering() -> _Pieces:
    return _Pieces(_triggers)


def _judge(piece: str) -> int:
    folded = fold(piece)
    found = said = 0
    last = ""
    for word in pii_tokens.TOKEN.findall(folded):
        flags, spoken = _of_token(word)
        found |= flags
        said += spoken
        if flags & _UNKNOWN and pii_tokens.introduces(last.lower()):
            # "im_rojali" is one piece.
            found |= _NAME
        # "Mr." and "nama:" introduce as much as without their mark.
        last = last if word in ".:" else word
    if said > 1:
        found |= _NUMERIC
    if folded and not folded.strip(".:"):
        found |= _PASSED
    if "." in folded.strip("."):
        found |= _HOST
    if pii_tokens.introduces(last.lower()):
        found |= _TITLE
    return found


def _triggers(piece: str) -> int:
    """Which detectors of numbers have something to read: each needs one of its words."""
    folded = fold(piece)
    if not holds(_ANY_TRIGGER, folded):
        return 0
    return sum(flag for flag, words in _TRIGGERS if holds(f"(?i){words}", folded))


@lru_cache(maxsize=65_536)
def _of_token(token: str) -> tuple[int, int]:
    """What one token tells, and how many digits it says."""
    # "nol-delapan-satu" is one token and three digits.
    spoken = sum([part in SPOKEN for part in token.lower().split("-")])
    return _flags(token) | (_DIGIT if spoken else 0), spoken


def _flags(token: str) -> int:
    first = token[0]
    if first.isdigit():
        return _NUMERIC
    if not first.isalpha():
        return _NAME if first == "^" else _NUMERIC if first in "@[{" else 0
    lower = token.lower()
    found = _of_word(token)
    if lower in CUE_WORDS:
        found |= _CUE
    if lower.replace("’", "'") in INTRODUCING:
        found |= _INTRO
    if well_known(lower):
        found |= _KNOWN
    if lower in _AT_WORDS:
        found |= _AT
    if lower in _HOSTS:
        found |= _HOST
    return found


def _of_word(token: str) -> int:
    """Whether a word can be part of a name: by itself, behind a cue, or behind a title."""
    if len(token) == 1:
        return 0
    level = pii_tokens.level(token)
    if level == 2:
        return _NAME
    held = pii_tokens.marks(token.lower().removesuffix("'s"))
    if "n" in held:
        return 0
    plain = "d" in held or "s" in held
    if not token.islower() and (not held or any(mark in held for mark in "gfGFa")):
        return _NAME
    return (_UNKNOWN if level == 1 else 0) | (0 if plain else _RARE)
