"""Phrases that say something outright, matched in one pass, with what weakens or forbids them.

The phrases are data (`lexicons/cues/*.yml`), in normalised spelling, languages side by side:
`a|b c` stands for `a c` and `b c`. Each tag may have `phrases`, `blockers` (words that make a
phrase harmless when they stand near) and `softeners` (words before it that turn the tag into
another). A tag with `becomes` counts, as that other tag, only after a softener. A head decides what a match is worth.
"""

import hashlib
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
    {"tidak", "bukan", "jangan", "belum", "tak", "tanpa", "nggak"}
    | {"not", "don't", "dont", "never", "won't", "wouldn't", "didn't", "isn't", "without"}
)


_MODALS: Final = frozenset(
    {"mau", "ingin", "akan", "pernah", "usah", "perlu", "jadi", "berniat"}
    | {"want", "to", "going", "wish", "need", "plan", "planning"}
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
    conditional: dict[str, str]

    def find(self, words: tuple[Token, ...]) -> list[Cue]:
        """Return what is said outright in these words, in order."""
        said, _ = self.search(words)
        return said

    def search(self, words: tuple[Token, ...]) -> tuple[list[Cue], list[Cue]]:
        """Return what is said outright, and what is said but denied ("tidak mau berhenti")."""
        said: list[Cue] = []
        denied: list[Cue] = []
        text = " " + " ".join([word for _, _, word in words]) + " "
        for end, (tag, length) in self.automaton.iter(text):
            # No word holds a blank, so blanks count words; a phrase ends on the blank after it.
            first = text.count(" ", 0, end - length + 2) - 1
            last = text.count(" ", 0, end) - 1
            if _negated(words, first):
                denied.append(Cue(tag, first, last))
                continue
            cue = self._weighed(Cue(tag, first, last), words)
            if cue is not None:
                said.append(cue)
        return said, denied

    def _weighed(self, cue: Cue, words: tuple[Token, ...]) -> Cue | None:
        near = words[max(0, cue.first - _NEAR) : cue.last + 1 + _NEAR]
        if any(word[2] in self.blockers.get(cue.tag, ()) for word in near):
            return None
        softer = self.softened.get(cue.tag) or self.conditional.get(cue.tag)
        if softer and any(w[2] in self.softeners for w in words[: cue.first]):
            return Cue(softer, cue.first, cue.last)
        return None if cue.tag in self.conditional else cue


def _negated(words: tuple[Token, ...], first: int) -> bool:
    """Whether the phrase from `first` is denied: "tidak mau", "don't want to"."""
    place = first - 1
    while place >= 0 and words[place][2] in _MODALS:
        place -= 1
    return place >= 0 and words[place][2] in _NEGATIONS


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
        conditional={t: r["becomes"] for t, r in rules["tags"].items() if "becomes" in r},
    )


def _expanded(pattern: str) -> list[str]:
    """All phrases of `a|b c|d`, in normalised spelling."""
    combinations = product(*(part.split("|") for part in pattern.split()))
    return sorted({normalise(" ".join(words)) for words in combinations})


def _words(lists: dict[str, str] | None) -> set[str]:
    return {word for words in (lists or {}).values() for word in str(words).split()}
