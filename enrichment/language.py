"""Which language a turn is written in: Indonesian, English, both, or neither.

Each word leans to one side by how often it stood in text of either language; an unknown word is
judged by its letters. A small linear decision over the sums names the language. Words that both
languages use (order, email, driver) lean little, so a loanword does not make a text mixed.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from operator import mul
from typing import Any, Final, NamedTuple

from enrichment import leaning, lexicons, loans, model_files
from enrichment.tags import Tag

MODEL: Final = "language"
_CODE_VERSION: Final = "3"
# One run of one character class: linear on any input.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PLACEHOLDER = re.compile(r"\[[A-Z_]{2,14}\]|xxx[a-z]+xxx|https?://\S+|[@#]\w+")
_MARKS = re.compile(r"[\[@#/x]")
_GRAM_TRUST: Final = 0.5
_KNOWN_SHARE: Final = 0.34
_LONGEST_WORD: Final = 40
_CACHE: Final = 200_000
_WEAK: Final = 0.2
"""A text in which no word leans further to a side has no language."""

Detected = tuple[str, float, tuple[int, int]]
"""Label, score in [0, 1], and the character span of the words that decided."""


def words(text: str) -> Iterator[tuple[int, int, str]]:
    """Words with their place, in lower case; placeholders, handles and links are no words."""
    if _MARKS.search(text):
        text = _PLACEHOLDER.sub(lambda match: " " * len(match.group()), text)
    for match in _WORD.finditer(text):
        yield match.start(), match.end(), match.group().lower()


def grams(word: str) -> Iterator[str]:
    """Letter groups of two to four with the word's borders."""
    bordered = f"<{word[:_LONGEST_WORD]}>"
    for size in (2, 3, 4):
        for start in range(len(bordered) - size + 1):
            yield bordered[start : start + size]


_Piece = tuple[tuple[int, int, str, float, bool], ...]
"""The words of one run of non-blank characters: place in it, word, lean, whether it was seen."""


class _Heard(NamedTuple):
    """The words of a text, one column a fact."""

    spans: list[tuple[int, int]]
    words: list[str]
    leans: list[float]
    seen: list[bool]


class Scorer:
    """A fitted model: word weights, letter weights, and the decision over their sums."""

    def __init__(self, model: Mapping[str, Any]) -> None:
        self._words = dict(
            zip(map(str, model["words"]), map(float, model["word_weights"]), strict=True)
        )
        self._grams = dict(
            zip(map(str, model["grams"]), map(float, model["gram_weights"]), strict=True)
        )
        self._labels = [str(label) for label in model["labels"]]
        self._rows = [list(map(float, row)) for row in model["coefficients"]]
        self._biases = list(map(float, model["intercepts"]))
        self._remembered: dict[str, tuple[float, bool]] = {}
        self._pieces: dict[str, _Piece] = {}

    def lean(self, word: str) -> tuple[float, bool]:
        """Log odds, positive for Indonesian, and whether the word has been seen."""
        known = self._remembered.get(word)
        if known is None:
            known = self._judge(word)
            if len(self._remembered) < _CACHE and len(word) <= _LONGEST_WORD:
                self._remembered[word] = known
        return known

    def _judge(self, word: str) -> tuple[float, bool]:
        if word in self._words:
            return self._words[word], True
        if not word.isascii() or len(word) < 2:
            return 0.0, False
        known = self._grams.get
        held = [known(gram, 0.0) for gram in grams(word)]
        return _GRAM_TRUST * max(-4.0, min(4.0, sum(held) / math.sqrt(len(held)))), False

    def features(self, text: str) -> list[float]:
        """What the decision reads: sums and shares of each side."""
        return leaning.summary([self.lean(word)[0] for _, _, word in words(text)])

    def _heard(self, text: str) -> _Heard:
        # Neither words nor placeholders hold a blank: a piece is always heard alike.
        heard, place = _Heard([], [], [], []), 0
        for piece in text.split():
            place = text.index(piece, place)
            known = self._pieces.get(piece)
            for start, end, word, lean, seen in self._piece(piece) if known is None else known:
                heard.spans.append((place + start, place + end))
                heard.words.append(word)
                heard.leans.append(lean)
                heard.seen.append(seen)
            place += len(piece)
        return heard

    def _piece(self, piece: str) -> _Piece:
        found = tuple((*spoken, *self.lean(spoken[2])) for spoken in words(piece))
        if len(self._pieces) < _CACHE and len(piece) <= _LONGEST_WORD:
            self._pieces[piece] = found
        return found

    def detect(self, text: str) -> Detected:
        """Label one text."""
        heard = self._heard(text)
        if not heard.words:
            return "other", 0.0, (0, len(text))
        known = sum(heard.seen) / len(heard.words)
        values = loans.borrowed(heard.words, heard.leans)
        strange = len(heard.words) >= 2 and known < _KNOWN_SHARE
        foreign = strange or loans.elsewhere(heard.words, heard.leans, heard.seen)
        if foreign or (max(values) <= _WEAK and min(values) >= -_WEAK):
            return "other", round(0.5 * (1 - known), 4), (heard.spans[0][0], heard.spans[-1][1])
        label, score = self._decide(leaning.summary(values))
        if label == "mix":
            label = loans.one_loan(values) or label
        return label, score, leaning.evidence(label, heard.spans, values)

    def _decide(self, row: list[float]) -> tuple[str, float]:
        sums = [
            bias + sum(map(mul, line, row))
            for line, bias in zip(self._rows, self._biases, strict=True)
        ]
        top = max(sums)
        powers = [math.exp(value - top) for value in sums]
        best = powers.index(max(powers))
        return self._labels[best], round(powers[best] / sum(powers), 4)


@cache
def _released() -> Scorer:
    return Scorer(model_files.released(MODEL))


@cache
def version() -> str:
    """Changes with the code or the model file."""
    phrases = lexicons.digest("loan_phrases", "foreign_words")
    return f"language-{_CODE_VERSION}-{phrases}-{model_files.sha256(MODEL)[:12]}"


def detect(texts: Sequence[str]) -> list[Detected]:
    """Label each text; text without words is `other` with score 0.

    Raises ModelRefused when the model file differs from the manifest.
    """
    scorer = _released()
    return [scorer.detect(text) for text in texts]


def predict(texts: Sequence[str]) -> list[Tag]:
    """The same as tags."""
    current = version()
    return [
        Tag("language", label, score, start, end, "language", current)
        for label, score, (start, end) in detect(texts)
    ]
