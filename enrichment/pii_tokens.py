"""Tokens of a text for the name and address taggers: words, digit groups, marks and line ends.

Each token carries its kind (how it is written and which word lists hold it) and whether it can be
part of a name at all, so that most words cost nothing further.
"""

import re
from functools import cache, cached_property, lru_cache
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
_OWNED: Final = ("'s", "’s", "'S", "’S")
_OPENS: Final = frozenset('.!?\n>:"')


class Row:
    """The tokens of one text, in parallel lists; offsets are characters, a final 's left out."""

    def __init__(self, text: str) -> None:
        self.lower: list[str] = []
        self.kind: list[str] = []
        self.candidates: list[int] = []
        """Places of the tokens that can be part of a name."""
        self._text = text
        self._words: list[str] = TOKEN.findall(text)
        opens, introduced = True, False
        for word in self._words:
            lower, kind, level = _word(word, opens)
            if level == 2 or (level == 1 and introduced):
                self.candidates.append(len(self.lower))
            self.lower.append(lower)
            self.kind.append(kind)
            opens = word in _OPENS
            introduced = lower in _INTRODUCES or (introduced and word in ".:")

    @cached_property
    def start(self) -> list[int]:
        """Where each token begins."""
        return [match.start() for match in TOKEN.finditer(self._text)]

    def end(self, place: int) -> int:
        """Where a token ends."""
        word = self._words[place]
        return self.start[place] + len(word) - 2 * word.endswith(_OWNED)


@lru_cache(maxsize=65_536)
def _word(word: str, opens: bool) -> tuple[str, str, int]:
    """Lower case, kind, and 2 for a possible name, 1 for one behind a title, 0 for none."""
    lower = "0" * len(word) if word[0].isdigit() else word.lower()
    if lower.endswith(_OWNED):
        lower = lower[:-2]
    written = _shape(word)
    if opens and written == "C":
        written = "c"
    held = marks(lower) if written in "lCcUIM" else ""
    return lower, written + held, _level(written, held)


def level(word: str) -> int:
    """2 for a word that can be a name, 1 for one that can be behind a title, else 0."""
    return _word(word, False)[2]


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
