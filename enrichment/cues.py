"""Phrases that say something outright, matched in one pass, with what weakens or forbids them.

The phrases are data: rulebooks of family churn, and `lexicons/cues/flags.yml`, read by `rulebook`.
`blockers` make a phrase harmless when they stand near, softeners before it turn its tag into
another, and a rule may need one to count at all. A head decides what a match is worth.
"""

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

import ahocorasick

from enrichment import rulebook
from enrichment.normalise import Token
from enrichment.rulebook_cues import HARMLESS
from enrichment.rules import CueRule, Rulebook

_FLAGS: Final = Path(__file__).parent / "lexicons" / "cues" / "flags.yml"
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
    """One matched phrase: its tag and the first and last word, as indices into the words.

    `version` is that of the rulebook that holds the phrase; with `needs_model` the phrase counts
    only where the model does not rule it out.
    """

    tag: str
    first: int
    last: int
    version: str = ""
    needs_model: bool = True


@dataclass(frozen=True, slots=True)
class _Ready:
    """A rule with its words sorted: single words are looked up, longer blockers searched."""

    rule: CueRule
    words: frozenset[str]
    longer: tuple[str, ...]
    softeners: frozenset[str]


@dataclass(frozen=True, eq=False)
class CueBook:
    """Compiled phrases of one head; `version` names every book in it."""

    version: str
    automaton: Any

    def find(self, words: tuple[Token, ...]) -> list[Cue]:
        """Return what is said outright in these words, in order."""
        said, _ = self.search(words)
        return said

    def search(self, words: tuple[Token, ...]) -> tuple[list[Cue], list[Cue]]:
        """Return what is said outright, and what speaks against it.

        Against it speak denied phrases ("tidak mau berhenti") and harmless ones ("pindah rumah").
        """
        said: list[Cue] = []
        denied: list[Cue] = []
        text = " " + " ".join([word for _, _, word in words]) + " "
        for end, (ready, length) in self.automaton.iter(text):
            # No word holds a blank, so blanks count words; a phrase ends on the blank after it.
            first = text.count(" ", 0, end - length + 2) - 1
            last = text.count(" ", 0, end) - 1
            rule = ready.rule
            cue = Cue(rule.tag, first, last, rule.version, rule.needs_model)
            if _negated(words, first):
                denied.append(cue)
            elif (weighed := _weighed(cue, ready, words)) is not None:
                (denied if rule.tag == HARMLESS else said).append(weighed)
        return said, denied


def _weighed(cue: Cue, ready: _Ready, words: tuple[Token, ...]) -> Cue | None:
    """The cue as it counts here; None where a blocker stands near or a softener is missing."""
    near = [word for _, _, word in words[max(0, cue.first - _NEAR) : cue.last + 1 + _NEAR]]
    if not ready.words.isdisjoint(near):
        return None
    if ready.longer:
        around = f" {' '.join(near)} "
        if any(phrase in around for phrase in ready.longer):
            return None
    rule = ready.rule
    if not (rule.softened_to or rule.needs_softener):
        return cue
    soft = any(word in ready.softeners for _, _, word in words[: cue.first])
    if rule.needs_softener:
        return cue if soft else None
    return replace(cue, tag=rule.softened_to) if soft else cue


def _negated(words: tuple[Token, ...], first: int) -> bool:
    """Whether the phrase from `first` is denied: "tidak mau", "don't want to"."""
    place = first - 1
    while place >= 0 and words[place][2] in _MODALS:
        place -= 1
    return place >= 0 and words[place][2] in _NEGATIONS


@cache
def book(name: str) -> CueBook:
    """The phrases of one head as they ship: `churn` or `flags`."""
    if name == "flags":
        return compiled((rulebook.load(_FLAGS),))
    return compiled(rulebook.of_family(rulebook.bundled(), name))


@cache
def compiled(books: tuple[Rulebook, ...]) -> CueBook:
    """All phrases of these books in one automaton; of equal phrases the last one counts."""
    automaton = ahocorasick.Automaton()
    for rule in (rule for book in books for rule in book.cues):
        ready = _ready(rule)
        for phrase in rule.phrases:
            automaton.add_word(f" {phrase} ", (ready, len(phrase) + 2))
    automaton.make_automaton()
    return CueBook("+".join(book.version for book in books), automaton)


def _ready(rule: CueRule) -> _Ready:
    longer = tuple(f" {blocker} " for blocker in rule.blockers if " " in blocker)
    words = frozenset(blocker for blocker in rule.blockers if " " not in blocker)
    return _Ready(rule, words, longer, frozenset(rule.softeners))
