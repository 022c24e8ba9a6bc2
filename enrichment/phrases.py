"""Phrases of rulebooks and how they are found in a turn.

A phrase is words of the normalised text, with four signs:

    kirim*          any word that begins so
    pin|otp         either word; `kode_otp` with an underscore is two words in a row
    ya?             the word may be missing
    ...  or ...6    up to four (or six) words of the same sentence in between

Phrases become one RE2 expression a list: the time is linear in the text. What a match means is
decided in `compliance`.
"""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import ahocorasick
import re2

from enrichment import lexicons, normalise

_GAP: Final = 4
_LONGEST_GAP: Final = 12
_SENTENCE_END: Final = frozenset(".!?;")
_ANY_WORD: Final = r" [^ .!?;][^ ]*"


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why."""


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
        self._pattern: Any = _compile(listed)
        self.anchors = frozenset(anchor for phrase in listed for anchor in _anchors(phrase))

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
        for phrases in lists:
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
        if not len(self._automaton):
            return False
        words = " " + " ".join([word for _, _, word in normalise.recent_tokens(text)]) + " "
        return next(self._automaton.iter(words), None) is not None

    def _of(self, text: str) -> frozenset[Phrases]:
        if not len(self._automaton):
            return frozenset()
        found: set[Phrases] = set()
        for _, owners in self._automaton.iter(text):
            found |= owners
        return frozenset(found)


@lru_cache(maxsize=4096)
def sentences(text: str) -> tuple[Sentence, ...]:
    """Cut a turn into normalised sentences."""
    found: list[Sentence] = []
    words: list[normalise.Token] = []
    for token in normalise.recent_tokens(text):
        if token[2] in _SENTENCE_END:
            found.extend(_sentence(words))
            words = []
        else:
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
    return re2.compile("|".join(f"(?:{_expression(phrase)})" for phrase in phrases), options)


def _expression(phrase: str) -> str:
    parts: list[str] = []
    for sign in phrase.split():
        if sign.startswith("..."):
            parts.append(f"(?:{_ANY_WORD}){{0,{_gap(sign[3:])}}}")
        else:
            parts.append(_choice(sign))
    if not parts or parts[0].startswith(f"(?:{_ANY_WORD})") or phrase.rstrip().endswith("..."):
        raise PhraseError(f"phrase {phrase!r} must begin and end with a word")
    return "".join(parts) + " "


def _anchors(phrase: str) -> frozenset[str]:
    """Beginnings of words at the phrase's most telling place: few and unusual alternatives."""
    everyday = lexicons.words("id/common_words", "en/common_words")
    best: tuple[float, frozenset[str]] = (math.inf, frozenset())
    for sign in phrase.split():
        if sign.startswith("...") or sign.endswith("?"):
            continue
        words = [_plain(word) for word in sign.split("|")]
        cost = sum(20 if word in everyday else 1 for word in words)
        best = min(best, (cost, frozenset(f" {word}" for word in words)), key=lambda pair: pair[0])
    return best[1]


def _plain(word: str) -> str:
    spelled = word.removesuffix("*").replace("_", " ").strip()
    return spelled.lower() if word.endswith("*") else normalise.normalise(spelled)


def _gap(number: str) -> int:
    if number and not (number.isdigit() and int(number) <= _LONGEST_GAP):
        raise PhraseError(f"a gap is written ... or ...N with N up to {_LONGEST_GAP}")
    return int(number) if number else _GAP


def _choice(sign: str) -> str:
    """One position of a phrase: alternatives, beginnings, optional."""
    optional = sign.endswith("?")
    words = [_word(word) for word in sign.removesuffix("?").split("|")]
    return f"(?: (?:{'|'.join(words)}))" + ("?" if optional else "")


def _word(word: str) -> str:
    begins = word.endswith("*")
    plain = word.removesuffix("*").replace("_", " ").strip()
    if not plain or any(sign in plain for sign in "*?|"):
        raise PhraseError(f"cannot read the word {word!r}")
    if begins:
        return re2.escape(plain.lower()) + "[^ ]*"
    # Authors may write slang or contractions: phrases pass through the same spelling as texts.
    return re2.escape(normalise.normalise(plain))
