"""One spelling for every head: lower case, slang spelled out, emphasis squeezed, ids masked.

Only spelling belongs here. What a word means is for the heads, and personal data is hidden
before (redaction). A text is split at white space; each piece is normalised once and remembered,
so the cost of a text is one lookup a word.
"""

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from enrichment import lexicons

_LISTS = ("id/slang", "en/slang", "id/slang_learned")
_COMMON = ("id/common_words", "en/common_words")
_CODE_VERSION = "1"

NUMBER = "xxnumber"
USER = "xxuser"
URL = "xxurl"

_MAX_PIECE = 200
_MAX_RECENT = 2000
# Every alternative is a run of one character class: linear on any input.
_PARTS = re.compile(
    r"\[[A-Z_]+\]"
    r"|[^\W\d_]+(?:['’-][^\W\d_]+)*(?:2(?!\w))?"
    r"|\d+(?:[.,:/-]\d+)*"
    r"|[!?]+|[^\w\s]|\w"
)
_ELONGATED = re.compile(r"([^\W\d_])\1{2,}")
_MASKS = {"xxxuserxxx": USER, "xxxnumberxxx": NUMBER, "xxxurlxxx": URL, "rp": "rp"}

Token = tuple[int, int, str]
"""Character start and end in the given text, and the normalised word."""


@cache
def version() -> str:
    """Changes with the code or any word list."""
    return f"normalise-{_CODE_VERSION}-{lexicons.digest(*_LISTS, *_COMMON)}"


def __getattr__(name: str) -> str:
    # The version hashes files; nothing is read when the module is imported.
    if name == "NORMALISE_VERSION":
        return version()
    raise AttributeError(name)


def normalise(text: str) -> str:
    """Return the text as the heads read it; words are separated by single spaces."""
    return " ".join(filter(None, map(_joined, text.split())))


def tokens(text: str) -> list[Token]:
    """Return normalised words with their place in `text`; a slang word may give several."""
    found: list[Token] = []
    place = 0
    for piece in text.split():
        place = text.index(piece, place)
        for start, end, word in _remembered(piece) if len(piece) <= _MAX_PIECE else _split(piece):
            found.append((place + start, place + end, word))
        place += len(piece)
    return found


def recent_tokens(text: str) -> Sequence[Token]:
    """The same, remembered for a while: several readers ask for one text in turn."""
    # Long texts are rare and large: computed again, never remembered.
    return _recent(text) if len(text) <= _MAX_RECENT else tokens(text)


@lru_cache(maxsize=4096)
def _recent(text: str) -> tuple[Token, ...]:
    return tuple(tokens(text))


@lru_cache(maxsize=200_000)
def _joined(piece: str) -> str:
    return " ".join(word for _, _, word in _piece(piece))


def _piece(piece: str) -> tuple[Token, ...]:
    """Normalise one run of non-blank characters."""
    # Long pieces are rare and hostile: computed, never remembered.
    return _remembered(piece) if len(piece) <= _MAX_PIECE else _split(piece)


@lru_cache(maxsize=200_000)
def _remembered(piece: str) -> tuple[Token, ...]:
    return _split(piece)


def _split(piece: str) -> tuple[Token, ...]:
    lower = piece.lower()
    if lower.startswith(("http://", "https://", "www.")):
        return ((0, len(piece), URL),)
    if lower.startswith("@") and len(piece) > 1:
        return ((0, len(piece), USER),)
    found: list[Token] = []
    for match in _PARTS.finditer(piece):
        part = match.group()
        words = _spelled(part) if len(part) <= _MAX_PIECE else tuple(_spell(part).split())
        for word in words:
            found.append((match.start(), match.end(), word))
    return tuple(found)


@lru_cache(maxsize=100_000)
def _spelled(part: str) -> tuple[str, ...]:
    return tuple(_spell(part).split())


def _spell(part: str) -> str:
    """The normalised spelling of one word, number, mask or mark."""
    if part[0].isdigit():
        return NUMBER
    if part[0] == "[" and len(part) > 1:
        return "xx" + part[1:-1].lower()
    word = part.lower().replace("’", "'")
    if word[0] in "!?":
        return word[0]
    if word in _MASKS:
        return _MASKS[word]
    # A trailing 2 doubles the word: tiba2 is tiba-tiba.
    doubled = word.endswith("2")
    word = _slang(_squeeze(word.removesuffix("2")))
    return f"{word}-{word}" if doubled and " " not in word else word


def _slang(word: str) -> str:
    return lexicons.mapping(*_LISTS).get(word, word)


def _squeeze(word: str) -> str:
    """Shorten three or more equal letters: to two where that is a word, else to one."""
    if not _ELONGATED.search(word):
        return word
    single = _ELONGATED.sub(r"\1", word)
    double = _ELONGATED.sub(r"\1\1", word)
    return double if _known(double) and not _known(single) else single


def _known(word: str) -> bool:
    return word in lexicons.words(*_COMMON) or word in lexicons.mapping(*_LISTS)
