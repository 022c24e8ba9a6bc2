"""Digit groups as people write and say them: figures, digit words, doubles, teens and tens.

Only reading belongs here; what a run of groups means is decided in `pii_numbers`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_UNITS = {
    "kosong": "0", "nol": "0", "zero": "0", "oh": "0", "o": "0", "nil": "0",
    "satu": "1", "one": "1", "dua": "2", "two": "2", "tiga": "3", "three": "3",
    "empat": "4", "four": "4", "lima": "5", "five": "5", "enam": "6", "six": "6",
    "tujuh": "7", "seven": "7", "delapan": "8", "lapan": "8", "eight": "8",
    "sembilan": "9", "nine": "9",
}  # fmt: skip
_TEENS = {
    "sepuluh": "10", "sebelas": "11", "ten": "10", "eleven": "11", "twelve": "12",
    "thirteen": "13", "fourteen": "14", "fifteen": "15", "sixteen": "16", "seventeen": "17",
    "eighteen": "18", "nineteen": "19",
}  # fmt: skip
_TENS = {
    "twenty": "2", "thirty": "3", "forty": "4", "fifty": "5", "sixty": "6", "seventy": "7",
    "eighty": "8", "ninety": "9",
}  # fmt: skip
_TIMES = {"double": 2, "dobel": 2, "dabel": 2, "triple": 3, "tripel": 3}

_SAID = "|".join(sorted({*_UNITS, *_TEENS, *_TENS, *_TIMES}, key=len, reverse=True))
_WORDS = rf"(?:{_SAID}|belas|puluh)"
# One run of one character class after another: linear in any engine, and quicker here than RE2.
_GROUP = re.compile(r"[0-9]+|[A-Za-z]+")
_FIGURES = re.compile(r"[0-9]+")
# The same as `_joined` decides when nothing is said.
_FIGURE_RUN = re.compile(r"[0-9]+(?:[ .()/\t-]{1,3}[0-9]+)*")
_WORD = re.compile(r"[a-z]+")
SPOKEN = frozenset({*_UNITS, *_TEENS, *_TENS, *_TIMES, "belas", "puluh"})
TRIGGER = rf"(?i)[0-9]|\b{_WORDS}[^\pL\pN\x01]{{1,3}}{_WORDS}\b"
"""Text without this holds no number worth reading."""


@dataclass(slots=True)
class Group:
    """Consecutive characters that stand for `digits`; `said` when they are words."""

    start: int
    end: int
    digits: str
    said: bool


def groups(text: str) -> list[Group]:
    """Read every digit group of folded text, left to right."""
    reader = _Reader(text)
    said = not SPOKEN.isdisjoint(_WORD.findall(text.lower()))
    for match in (_GROUP if said else _FIGURES).finditer(text):
        word = match.group()
        if word[0] <= "9" or (word := word.lower()) in SPOKEN:
            reader.read(word, match.start(), match.end())
    return reader.found


class _Reader:
    """Holds what the last word left open: "double" before a digit, "twenty" before a unit."""

    def __init__(self, text: str) -> None:
        self.found: list[Group] = []
        self._text = text
        self._times: tuple[int, int] | None = None
        self._tens_open = False

    def read(self, word: str, start: int, end: int) -> None:
        tens_open, self._tens_open = self._tens_open, False
        if word[0].isdigit():
            self._add(start, end, word, said=False)
        elif word in _TIMES:
            self._times = (_TIMES[word], start)
        elif word in ("belas", "puluh"):
            self._scale(word, start, end)
        elif tens_open and word in _UNITS and self._near(start):
            # "tiga puluh lima": the unit takes the place of the zero.
            last = self.found[-1]
            self.found[-1] = Group(last.start, end, last.digits[:-1] + _UNITS[word], True)
        else:
            digits = _UNITS.get(word) or _TEENS.get(word) or _TENS[word] + "0"
            self._add(start, end, digits, said=True)
            self._tens_open = word in _TENS

    def _add(self, start: int, end: int, digits: str, *, said: bool) -> None:
        times, self._times = self._times, None
        if times and len(digits) == 1 and start - times[1] <= 10:
            self.found.append(Group(times[1], end, digits * times[0], True))
        else:
            self.found.append(Group(start, end, digits, said))

    def _scale(self, word: str, start: int, end: int) -> None:
        last = self.found[-1] if self.found else None
        if last is None or not last.said or len(last.digits) != 1 or not self._near(start):
            return
        digits = "1" + last.digits if word == "belas" else last.digits + "0"
        self.found[-1] = Group(last.start, end, digits, True)
        self._tens_open = word == "puluh"

    def _near(self, start: int) -> bool:
        end = self.found[-1].end
        return start - end <= 2 and not self._text[end:start].strip()


_FIGURE_GAP = frozenset(" .-()/\t")
_SAID_JOIN = frozenset(("strip", "spasi", "dash", "space", "titik", "dan", "and", "lalu", "terus"))


def runs(text: str, least: int = 1) -> Iterator[list[Group]]:
    """Join groups that may be parts of one number; those of fewer digits than `least` may lack."""
    if SPOKEN.isdisjoint(_WORD.findall(text.lower())):
        for match in _FIGURE_RUN.finditer(text):
            if match.end() - match.start() >= least:
                yield [
                    Group(part.start(), part.end(), part.group(), False)
                    for part in _FIGURES.finditer(text, match.start(), match.end())
                ]
        return
    current: list[Group] = []
    for group in groups(text):
        if current and not _joined(text, current[-1], group):
            yield current
            current = []
        current.append(group)
    if current:
        yield current


def _joined(text: str, left: Group, right: Group) -> bool:
    size = right.start - left.end
    if size > 12:
        return False
    gap = text[left.end : right.start]
    if left.said or right.said:
        bare = gap.strip(" ,.-\t").lower()
        return "\n" not in gap and (not bare or bare in _SAID_JOIN)
    return 0 < size <= 3 and _FIGURE_GAP.issuperset(gap)
