"""Names and addresses that the tagger finds: from scores of tokens to spans.

What no list and no rule knows is decided here by the words around it (`pii_tagger`).
"""

import math
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from enrichment.pii_rows import Row
from enrichment.pii_spans import Found, holds
from enrichment.pii_tagger import address_score, name_score

_LEAST: Final = {"l": -1.3, "U": -1.0, "": -1.7, "first": -0.9, "list": -2.3, "curated": -2.9}
"""A token is a name above this: by how it is written, or by which list of names holds it."""
_ALWAYS: Final = -math.inf
"""A capitalised given name that is no everyday word needs no words around it."""
_MOST_TOKENS: Final = 4_000
"""Texts longer than people write are judged by lists and cues alone."""
_BESIDE: Final = -4.0
_REFUSED: Final = -4.0
_ADDRESS: Final = 0.0
_NEVER: Final = -math.inf
_NEAR: Final = -2.5
_MARKS: Final = 3
_MOST_WORDS: Final = 5
_LETTERS: Final = "lCcUIM"
_STREETS: Final = (
    r"jl|jln|jalan|gg|gang|rt|rw|blok|block|komplek|kompleks|perum|perumahan|ruko|dusun|apartemen"
    r"|kel|kec|kode pos|street|st|avenue|ave|road|rd|lane|drive|apt|apartment|suite|flat|unit|box|zip|postcode"
    r"|address|alamat|alamatnya"
)
STREET: Final = rf"(?i)\b(?:{_STREETS})\b"
TRIGGER: Final = rf"\b(?:{_STREETS})\b|\bkode(?:\s|$)"
"""Stands in one space-separated piece at least of every text with a street word."""
_REACH: Final = 3
"""Tokens between a number and a capital word that may be a street."""
# "Aug 21" stands where a street and its number could stand.
_DAY: Final = (
    r"(?i)^(?:[0-9]{1,2} )?(?:jan|feb|mar|apr|ma[yi]|jun|jul|aug|agu|sep|o[ck]t|nov|de[cs])[\pL]*\.?"
    r"(?: [0-9]{1,4})?(?:st|nd|rd|th)?(?:,? [0-9]{4})?$"
)


def find(text: str, *, numbers: bool, names: bool, streets: bool = True) -> Iterator[Found]:
    """Yield persons of folded text (when `names`) and addresses (when `numbers`).

    `streets`: a street word may be there.
    """
    if not names and not (numbers and streets and holds(STREET, text)):
        # A street without a street word needs a capital word that is no everyday word.
        return
    row = Row(text)
    if names and row.candidates:
        yield from _names(text, row)
    if numbers:
        yield from _addresses(text, row, streets=streets)


class _Scores(dict[int, float]):
    """Scores of candidates, each asked for once at most."""

    def __init__(self, row: Row) -> None:
        super().__init__()
        self._row = row
        self._few = len(row.lower) <= _MOST_TOKENS

    def __missing__(self, place: int) -> float:
        self[place] = value = name_score(self._row, place) if self._few else _REFUSED
        return value


def _names(text: str, row: Row) -> Iterator[Found]:
    scored = _Scores(row)
    leasts = [(place, _least(row.kind[place])) for place in row.candidates]
    sure = [p for p, least in leasts if least == _ALWAYS or scored[p] > least]
    if not sure or _label(row):
        return
    taken = set[int]()
    for place in sure:
        if place not in taken:
            first, last = _widened(text, row, scored, place)
            taken.update(range(first, last + 1))
            yield Found(row.start[first], row.end(last), "PERSON")
    again = {row.lower[place] for place in taken if row.kind[place][0] in "CcM"}
    for place in row.candidates:
        if place not in taken and row.lower[place] in again and scored[place] > _REFUSED:
            yield Found(row.start[place], row.end(place), "PERSON")


def _label(row: Row) -> bool:
    """True for a word or two alone that no list of given names holds: "Referral", "Price Range"."""
    kinds = [kind for kind in row.kind if kind[0] in _LETTERS]
    if len(kinds) > 2 or len(kinds) != len(row.kind) or any("g" in kind for kind in kinds):
        return False
    if len(kinds) == 1:
        return "G" not in kinds[0]
    return all("D" in kind or "d" in kind for kind in kinds)


@lru_cache(maxsize=4096)
def _least(kind: str) -> float:
    """How sure the tagger must be of a token of this kind."""
    written, held = kind[0], kind[1:]
    if written in "cCM" and "g" in held and not any(mark in held for mark in "fands"):
        return _ALWAYS
    if written in "lU":
        return _LEAST[written]
    if any(mark in held for mark in "Ddpes"):
        return _LEAST[""]
    if "g" in held:
        return _LEAST["curated"]
    if any(mark in held for mark in "GfF"):
        return _LEAST["list"]
    return _LEAST["first" if written == "c" else ""]


def _widened(text: str, row: Row, scored: _Scores, place: int) -> tuple[int, int]:
    """Take in the words beside a sure one that are likely names too, and initials between."""
    first = last = place
    while last - first < _MOST_WORDS and _part(row, scored, last + 1) and _gap(text, row, last):
        last += 1
    while (
        last - first < _MOST_WORDS and _part(row, scored, first - 1) and _gap(text, row, first - 1)
    ):
        first -= 1
    while last > place and row.lower[last] == ".":
        last -= 1
    return first, last


def _part(row: Row, scored: _Scores, place: int) -> bool:
    if not 0 <= place < len(row.kind):
        return False
    if place in row.candidates:
        return scored[place] > _BESIDE
    if row.lower[place] == ".":
        return place > 0 and row.kind[place - 1][0] == "I"
    written = row.kind[place][0]
    if len(row.kind) > _MOST_TOKENS:
        return False
    return written == "I" or (
        written in "CUM" and "n" not in row.kind[place] and name_score(row, place) > _BESIDE
    )


def _gap(text: str, row: Row, place: int) -> bool:
    """True when at most a space stands between a token and the next."""
    return text[row.end(place) : row.start[place + 1]] in (" ", "")


def _addresses(text: str, row: Row, *, streets: bool) -> Iterator[Found]:
    if len(row.lower) > _MOST_TOKENS:
        return
    if not (_street_beside_number(row) or (streets and holds(STREET, text))):
        return
    scored = _scored(row)
    inside = _grown(row, scored)
    start = -1
    for place, held in enumerate((*inside, False)):
        if held and start < 0:
            start = place
        elif not held and start >= 0:
            yield from _address(text, row, scored, start, place - 1)
            start = -1


def _scored(row: Row) -> list[float]:
    """Scores of the tokens that can share an address with a digit; nothing else can be in one.

    From each digit outwards, up to and with the first word on either side that breaks an address.
    """
    scored = [_NEVER] * len(row.lower)
    for order in (range(len(scored)), range(len(scored) - 1, -1, -1)):
        open_still = False
        for place in order:
            word = row.lower[place]
            if not open_still and not (
                word[0] == "0" or (not word.isascii() and any(map(str.isdigit, word)))
            ):
                continue
            if scored[place] == _NEVER:
                scored[place] = address_score(row, place)
            open_still = not word[0].isalnum() or scored[place] > _NEAR
    return scored


def _street_beside_number(row: Row) -> bool:
    """True when a word that may be a name or a street stands near a digit group."""
    for place in row.candidates:
        if row.kind[place][0] != "l":
            near = row.lower[max(0, place - _REACH) : place + _REACH + 1]
            if any(word[0] == "0" for word in near):
                return True
    return False


def _grown(row: Row, scored: list[float]) -> list[bool]:
    """Sure tokens and, from each of them outwards, likely ones; marks between them belong along."""
    inside = [value > _ADDRESS for value in scored]
    for order in (range(len(scored)), range(len(scored) - 1, -1, -1)):
        open_until, marks_since = False, list[int]()
        for place in order:
            if not row.lower[place][0].isalnum() and not inside[place]:
                marks_since.append(place)
            elif inside[place] or (
                open_until and len(marks_since) <= _MARKS and scored[place] > _NEAR
            ):
                inside[place] = True
                if open_until and len(marks_since) <= _MARKS:
                    for mark in marks_since:
                        inside[mark] = True
                open_until, marks_since = True, []
            else:
                open_until, marks_since = False, []
    return inside


def _address(text: str, row: Row, scored: list[float], first: int, last: int) -> Iterator[Found]:
    """An address begins and ends with a word or number and holds a number or two sure words."""
    while first < last and not row.lower[first][0].isalnum():
        first += 1
    while last > first and not row.lower[last][0].isalnum():
        last -= 1
    held = text[row.start[first] : row.end(last)]
    sure = sum(value > _ADDRESS for value in scored[first : last + 1])
    long = last - first >= 1 or len(held) >= 4
    if sure and long and any(c.isdigit() for c in held) and not holds(_DAY, held):
        yield Found(row.start[first], row.end(last), "ADDRESS")
