"""Tokens of a text for the name and address taggers: words, digit groups, marks and line ends.

Each token carries its kind (how it is written and which word lists hold it) and whether it can be
part of a name at all, so that most words cost nothing further.
"""

import re
from functools import cache
from typing import Final

from enrichment import lexicons
from enrichment.pii_spans import BARRIER

LISTS: Final = (
    "names/given",
    "names/family",
    "names/places",
    "names/english_words",
    "names/indonesian_words",
)
"""The long word lists that only the taggers read."""
TITLES: Final = frozenset(
    [
        "bapak",
        "ibu",
        "pak",
        "bu",
        "bpk",
        "ibuk",
        "mbak",
        "mba",
        "mas",
        "kak",
        "kakak",
        "bang",
        "om",
        "tante",
        "sdr",
        "sdri",
        "saudara",
        "saudari",
        "mr",
        "mrs",
        "ms",
        "miss",
        "dr",
        "prof",
        "mister",
        "madam",
        "sir",
        "dear",
        "yth",
        "drs",
        "ir",
        "hj",
        "haji",
        "ustad",
    ]
)
_INTRODUCES: Final = TITLES | frozenset(
    [
        "bernama",
        "namanya",
        "nama",
        "namaku",
        "an",
        "a.n",
        "oleh",
        "dengan",
        "saya",
        "aku",
        "panggil",
        "penerima",
        "pengirim",
        "named",
        "name",
        "called",
        "under",
        "is",
        "i'm",
        "im",
        "it's",
        "by",
        "with",
        "agent",
        "teknisi",
        "kurir",
        "cs",
        "si",
    ]
)
_LISTS_BY_MARK: Final = (
    ("g", ("id/given_names", "en/given_names")),
    ("f", ("en/surnames",)),
    ("G", ("names/given",)),
    ("F", ("names/family",)),
    ("p", ("names/places",)),
    ("n", ("not_names",)),
    ("a", ("ambiguous_names",)),
    ("d", ("id/common_words", "en/common_words")),
    ("D", ("names/english_words",)),
    ("e", ("names/indonesian_words",)),
)
_POSSESSED: Final = 5
"""Longer words that end so ("tagihannya") are things, not names."""
_NAME_MARKS: Final = frozenset("gfGFa")
TOKEN: Final = re.compile(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*|\d+|\n|\x01+|[^\w\s]")
OWNED: Final = ("'s", "’s", "'S", "’S")
_OPENS: Final = frozenset('.!?\n>:"')
OPENING, PASSING, INTRODUCING = 1, 2, 4
"""A token opens a sentence, lets a title reach over it, or comes before names itself."""
_MOST: Final = 65_536


Entry = tuple[str, str, str, int, int]
"""Lower case, kind, kind at the beginning of a sentence if it differs, role, what it opens.

The role is 2 for a possible name, 1 for one behind a title, 4 for a word that is only written
differently at the beginning of a sentence, 0 for none.
"""


class _Words(dict[str, Entry]):
    """What is known of each word that was seen."""

    def __missing__(self, word: str) -> Entry:
        if len(self) >= _MOST:
            self.clear()
        self[word] = entry = _entry(word)
        return entry


@cache
def seen() -> _Words:
    """What is known of each word; a word not seen before is looked at first."""
    return _Words()


def _entry(word: str) -> Entry:
    lower = "0" * len(word) if word[0].isdigit() else word.lower()
    if lower.endswith(OWNED):
        lower = lower[:-2]
    written = _shape(word)
    held = marks(lower) if written in "lCcUIM" else ""
    first = "c" + held if written == "C" else ""
    role = _level(written, held) or (4 if first else 0)
    opens = OPENING * (word in _OPENS) + PASSING * (word in ".:")
    return lower, written + held, first, role, opens + INTRODUCING * (lower in _INTRODUCES)


def level(word: str) -> int:
    """2 for a word that can be a name, 1 for one that can be behind a title, else 0."""
    return seen()[word][3] & 3


def introduces(lower: str) -> bool:
    """True for a title and for words that come before a name."""
    return lower in _INTRODUCES


def _level(written: str, held: str) -> int:
    if written not in "lCcUM" or "n" in held:
        return 0
    named = not _NAME_MARKS.isdisjoint(held)
    plain = "d" in held or "s" in held
    if written == "l":
        return _lower_level(held, named=named, plain=plain)
    if written == "U":
        return 2 if named and not plain else 0
    return 2 if named or not (plain or "D" in held or "e" in held) else 0


def _lower_level(held: str, *, named: bool, plain: bool) -> int:
    """In lower case an everyday word is a name only behind a title, and then only a listed one."""
    if "a" in held or (plain and "g" in held):
        return 1
    if plain or "D" in held or "e" in held:
        return int("g" in held)
    return 2 if named else int(not held)


@cache
def _marked() -> dict[str, str]:
    """Every listed word with one letter for each list that holds it, in a fixed order."""
    slang = frozenset(lexicons.mapping("id/slang", "en/slang", "id/slang_learned"))
    found: dict[str, str] = {}
    for mark, names in _LISTS_BY_MARK:
        for word in lexicons.words(*names):
            found[word] = found.get(word, "") + mark
    for mark, words in (("s", slang), ("t", TITLES)):
        for word in words:
            found[word] = found.get(word, "") + mark
    return found


def marks(lower: str) -> str:
    """What the lists know of a word, a letter each; "" for a word on no list."""
    found = _marked().get(lower, "")
    if lower.endswith("nya") and len(lower) > _POSSESSED and _NAME_MARKS.isdisjoint(found):
        return found + "s"
    if not found and "-" in lower:
        return "".join(sorted({mark for part in lower.split("-") for mark in marks(part)}))
    return found


def _shape(word: str) -> str:
    """How a token is written: l lower, C capital first, U upper, I one capital, M mixed, 1n digits
    with their count, B placeholder; marks as they are.
    """
    first = word[0]
    if first.isalpha():
        if word.islower():
            return "l"
        if len(word) == 1:
            return "I"
        if word.isupper():
            return "U"
        return "C" if first.isupper() and (word[1:].islower() or not word.isalpha()) else "M"
    if first.isdigit():
        return f"1{min(len(word), 7)}"
    return "B" if first == BARRIER else first
