"""The cheap look before the expensive ones: can this text hold a number, or a name, at all?

Every space-separated piece is judged once and remembered, so an ordinary message costs a lookup a
piece. The answer is never "no" where a detector would find something; a test compares both ways.
"""

from functools import cache
from typing import Final, NamedTuple

from enrichment import pii_tokens
from enrichment.pii_groups import SPOKEN
from enrichment.pii_names import CUE_WORDS, INTRODUCING, well_known
from enrichment.pii_spans import fold

_NAME, _NUMERIC, _CUE, _RARE, _TITLE, _UNKNOWN, _INTRO, _AT, _HOST, _KNOWN, _DIGIT = (
    1 << n for n in range(11)
)
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


def look(text: str) -> Possible:
    """Say what the text may hold."""
    known = _pieces()
    pieces = text.split()
    flags = 0
    said = 0
    title_open = False
    introduced = False
    for piece in pieces:
        found = known.get(piece)
        if found is None:
            found = _judge(piece)
        if found:
            flags |= found
            said += found & _DIGIT
            introduced = introduced or (title_open and found & _UNKNOWN != 0)
            title_open = found & _TITLE != 0
        else:
            title_open = False
    return _decide(flags, said, introduced=introduced)


def _decide(flags: int, said: int, *, introduced: bool) -> Possible:
    numbers = bool(flags & _NUMERIC) or said > _DIGIT or (flags & _AT and flags & _HOST) != 0
    named = bool(flags & _CUE) and bool(flags & (_RARE | _UNKNOWN))
    return Possible(
        numbers=numbers,
        names=bool(flags & _NAME) or named or introduced,
        introduced=bool(flags & (_INTRO | _CUE)),
        known=bool(flags & _KNOWN),
    )


@cache
def _pieces() -> dict[str, int]:
    return {}


def _judge(piece: str) -> int:
    folded = fold(piece)
    found = said = 0
    last = ""
    for word in pii_tokens.TOKEN.findall(folded):
        flags = _of_token(word)
        found |= flags
        # "nol-delapan-satu" is one token and three digits.
        spoken = sum(part in SPOKEN for part in word.lower().split("-"))
        found |= _DIGIT if spoken else 0
        said += spoken
        # "Mr." and "nama:" introduce as much as without their mark.
        last = last if word in ".:" else word
    if said > 1:
        found |= _NUMERIC
    if "." in folded.strip("."):
        found |= _HOST
    if pii_tokens.introduces(last.lower()):
        found |= _TITLE
    known = _pieces()
    if len(piece) <= _LONGEST:
        if len(known) >= _MOST:
            known.clear()
        known[piece] = found
    return found


def _of_token(token: str) -> int:
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
