"""Phrases that say something outright, matched in one pass, with what weakens or forbids them.

The phrases are data (`lexicons/cues/*.yml`), in normalised spelling, languages side by side:
`a|b c` stands for `a c` and `b c`. Each tag may have `phrases`, `blockers` (words that make a
phrase harmless when they stand near) and `softeners` (words before it that turn the tag into
another). A head decides what a match is worth.
"""

import hashlib
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final

import ahocorasick
import yaml

from enrichment.normalise import Token, normalise

FOLDER: Final = Path(__file__).parent / "lexicons" / "cues"
_NEAR: Final = 6
_NEGATIONS: Final = frozenset(
    "tidak bukan jangan belum tak not don't never dont won't wouldn't didn't isn't without tanpa nggak".split()
)


@dataclass(frozen=True, slots=True)
class Cue:
    """One matched phrase: its tag and the first and last word, as indices into the words."""

    tag: str
    first: int
    last: int


@dataclass(frozen=True)
class CueBook:
    """Compiled phrases of one head."""

    version: str
    automaton: Any
    blockers: dict[str, frozenset[str]]
    softened: dict[str, str]
    softeners: frozenset[str]

    def find(self, words: tuple[Token, ...]) -> list[Cue]:
        """Return what is said outright in these words, in order."""
        if not words:
            return []
        starts, text = _joined(words)
        found = []
        for end, (tag, length) in self.automaton.iter(text):
            # A phrase ends on the blank after its last word.
            first = bisect_right(starts, end - length + 1) - 1
            last = bisect_right(starts, end - 1) - 1
            cue = self._weighed(Cue(tag, first, last), words)
            if cue is not None:
                found.append(cue)
        return found

    def _weighed(self, cue: Cue, words: tuple[Token, ...]) -> Cue | None:
        before = [w[2] for w in words[max(0, cue.first - 2) : cue.first]]
        if any(word in _NEGATIONS for word in before):
            return None
        near = words[max(0, cue.first - _NEAR) : cue.last + 1 + _NEAR]
        if any(word[2] in self.blockers.get(cue.tag, ()) for word in near):
            return None
        if cue.tag in self.softened and any(w[2] in self.softeners for w in words[: cue.first]):
            return Cue(self.softened[cue.tag], cue.first, cue.last)
        return cue


def _joined(words: tuple[Token, ...]) -> tuple[list[int], str]:
    """The words between single blanks, and where each begins."""
    starts, position = [], 1
    for _, _, word in words:
        starts.append(position)
        position += len(word) + 1
    return starts, " " + " ".join(word for _, _, word in words) + " "


@cache
def book(name: str) -> CueBook:
    """Compile `lexicons/cues/<name>.yml`, once."""
    content = (FOLDER / f"{name}.yml").read_bytes()
    rules = yaml.safe_load(content)
    automaton = ahocorasick.Automaton()
    for tag, rule in rules["tags"].items():
        for pattern in (p for phrases in rule["phrases"].values() for p in phrases):
            for phrase in _expanded(str(pattern)):
                automaton.add_word(f" {phrase} ", (tag, len(phrase) + 2))
    automaton.make_automaton()
    return CueBook(
        version=f"cues-{hashlib.sha256(content).hexdigest()[:8]}",
        automaton=automaton,
        blockers={t: frozenset(_words(r.get("blockers"))) for t, r in rules["tags"].items()},
        softened={t: r["softened_to"] for t, r in rules["tags"].items() if "softened_to" in r},
        softeners=frozenset(_words(rules.get("softeners"))),
    )


def _expanded(pattern: str) -> list[str]:
    """All phrases of `a|b c|d`, in normalised spelling."""
    combinations = product(*(part.split("|") for part in pattern.split()))
    return sorted({normalise(" ".join(words)) for words in combinations})


def _words(lists: dict[str, str] | None) -> set[str]:
    return {word for words in (lists or {}).values() for word in str(words).split()}
