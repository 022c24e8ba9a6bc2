"""Phrases of rulebooks and how they are found in a turn.

Phrases (`phrase_signs` says how they are written) become one RE2 expression a list: the time is
linear in the text. What a match means is decided in `compliance`.
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import ahocorasick
import re2

from enrichment import normalise
from enrichment.phrase_signs import PhraseError, anchors, expression

__all__ = ["Anchors", "PhraseError", "Phrases", "Sentence", "sentences"]

_SENTENCE_END: Final = frozenset(".!?;")
# Marks that come and go with the writer: nobody speaks them, and many a chat leaves them out.
_SILENT: Final = frozenset(",:\"'()“”‘’*_")
_TITLES: Final = frozenset({"mr", "mrs", "ms", "dr", "sdr", "bpk", "jl"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a turn, normalised, with the way back to the characters of the turn."""

    text: str
    begins: tuple[int, ...]
    spans: tuple[tuple[int, int], ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Characters of the turn behind the characters `start` to `end` of `text`."""
        first = max(0, bisect_right(self.begins, start + 1) - 1)
        last = max(first, bisect_right(self.begins, end - 1) - 1)
        return self.spans[first][0], self.spans[last][1]


class Phrases:
    """A list of phrases, compiled; `anchors` are beginnings of words, one of which must occur."""

    def __init__(self, phrases: Iterable[str]) -> None:
        listed = tuple(phrases)
        self.empty = not listed
        self._pattern: Any = _compile(listed)
        by_phrase = [anchors(phrase) for phrase in listed]
        self.anchors = frozenset(anchor for found in by_phrase for anchor in found)
        # An expression tells no word that must occur: such a list is always tried.
        self.always = not all(by_phrase)

    def find(self, sentence: Sentence) -> Iterator[tuple[int, int]]:
        """Spans within `sentence.text`, without the surrounding blanks."""
        if self._pattern is None:
            return
        for match in self._pattern.finditer(sentence.text):
            yield match.start(), match.end() - 1

    def said_in(self, sentence: Sentence) -> bool:
        """True when one of the phrases stands in the sentence."""
        return self._pattern is not None and self._pattern.search(sentence.text) is not None


class Anchors:
    """One pass over a sentence tells which lists of phrases are worth trying."""

    def __init__(self, lists: Iterable[Phrases]) -> None:
        by_anchor: dict[str, set[Phrases]] = {}
        every = list(lists)
        self._always = frozenset(phrases for phrases in every if phrases.always)
        for phrases in every:
            for anchor in phrases.anchors:
                by_anchor.setdefault(anchor, set()).add(phrases)
        self._automaton: Any = ahocorasick.Automaton()
        for anchor, owners in by_anchor.items():
            self._automaton.add_word(anchor, frozenset(owners))
        if by_anchor:
            self._automaton.make_automaton()

    def present(self, sentence: Sentence) -> frozenset[Phrases]:
        """The lists of which an anchor occurs."""
        return self._of(sentence.text)

    def worth(self, text: str) -> bool:
        """Whether an anchor occurs anywhere in a turn; False means that no list can match.

        The words of every sentence stand together in the turn, so it is asked before it is cut.
        """
        if self._always or not len(self._automaton):
            return bool(self._always)
        said = normalise.recent_tokens(text)
        words = " " + " ".join([word for _, _, word in said if word not in _SILENT]) + " "
        return next(self._automaton.iter(words), None) is not None

    def _of(self, text: str) -> frozenset[Phrases]:
        if not len(self._automaton):
            return self._always
        found = set(self._always)
        for _, owners in self._automaton.iter(text):
            found |= owners
        return frozenset(found)


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Cut a turn into normalised sentences; one that asks keeps its question mark as a word."""
    found: list[Sentence] = []
    words: list[normalise.Token] = []
    for token in normalise.recent_tokens(text):
        if token[2] in _SENTENCE_END:
            if token[2] == "." and words and words[-1][2] in _TITLES:
                continue
            if token[2] == "?" and words:
                words.append(token)
            found.extend(_sentence(words))
            words = []
        elif token[2] not in _SILENT:
            words.append(token)
    found.extend(_sentence(words))
    return tuple(found)


def _sentence(words: list[normalise.Token]) -> Iterator[Sentence]:
    if not words:
        return
    begins, length = [], 1
    for _, _, word in words:
        begins.append(length)
        length += len(word) + 1
    text = " " + " ".join(word for _, _, word in words) + " "
    yield Sentence(text, tuple(begins), tuple((start, end) for start, end, _ in words))


def _compile(phrases: tuple[str, ...]) -> Any:
    if not phrases:
        return None
    options = re2.Options()
    options.max_mem = 64 << 20
    options.log_errors = False
    return re2.compile("|".join(f"(?:{expression(phrase)})" for phrase in phrases), options)
