"""Which language a turn is written in: Indonesian, English, both, or neither.

Each word leans to one side by how often it stood in text of either language; an unknown word is
judged by its letters. A small linear decision over the sums names the language. Words that both
languages use (order, email, driver) lean little, so a loanword does not make a text mixed.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final

from enrichment import lexicons, loans, model_files
from enrichment.tags import Tag

MODEL: Final = "language"
_CODE_VERSION: Final = "3"
# One run of one character class: linear on any input.
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_PLACEHOLDER = re.compile(r"\[[A-Z_]{2,14}\]|xxx[a-z]+xxx|https?://\S+|[@#]\w+")
_GRAM_TRUST: Final = 0.5
_KNOWN_SHARE: Final = 0.34
_LONGEST_WORD: Final = 40
_EVIDENCE_WORDS: Final = 8
_CACHE: Final = 200_000

Detected = tuple[str, float, tuple[int, int]]
"""Label, score in [0, 1], and the character span of the words that decided."""


def words(text: str) -> Iterator[tuple[int, int, str]]:
    """Words with their place, in lower case; placeholders, handles and links are no words."""
    if any(mark in text for mark in "[@#/x"):
        text = _PLACEHOLDER.sub(lambda match: " " * len(match.group()), text)
    for match in _WORD.finditer(text):
        yield match.start(), match.end(), match.group().lower()


def grams(word: str) -> Iterator[str]:
    """Letter groups of two to four with the word's borders."""
    bordered = f"<{word[:_LONGEST_WORD]}>"
    for size in (2, 3, 4):
        for start in range(len(bordered) - size + 1):
            yield bordered[start : start + size]


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
        held = [self._grams.get(gram, 0.0) for gram in grams(word)]
        return _GRAM_TRUST * max(-4.0, min(4.0, sum(held) / math.sqrt(len(held)))), False

    def features(self, text: str) -> list[float]:
        """What the decision reads: sums and shares of each side."""
        return _summary([self.lean(word)[0] for _, _, word in words(text)])

    def detect(self, text: str) -> Detected:
        """Label one text."""
        found = list(words(text))
        whole = (0, len(text))
        if not found:
            return "other", 0.0, whole
        leans = [self.lean(word) for _, _, word in found]
        known = sum(seen for _, seen in leans) / len(found)
        values = loans.borrowed([word for _, _, word in found], [value for value, _ in leans])
        strange = len(found) >= 2 and known < _KNOWN_SHARE
        foreign = strange or loans.elsewhere([word for _, _, word in found], leans)
        if foreign or not any(abs(value) > 0.2 for value in values):
            return "other", round(0.5 * (1 - known), 4), (found[0][0], found[-1][1])
        label, score = self._decide(_summary(values))
        if label == "mix":
            label = loans.one_loan(values) or label
        return label, score, _evidence(label, found, values)

    def _decide(self, row: list[float]) -> tuple[str, float]:
        sums = [
            bias + sum(c * x for c, x in zip(line, row, strict=True))
            for line, bias in zip(self._rows, self._biases, strict=True)
        ]
        top = max(sums)
        powers = [math.exp(value - top) for value in sums]
        best = powers.index(max(powers))
        return self._labels[best], round(powers[best] / sum(powers), 4)


def _summary(values: list[float]) -> list[float]:
    size = max(1, len(values))
    left = [value for value in values if value > 0]
    right = [-value for value in values if value < 0]
    strong_left = sum(value > loans.STRONG for value in left)
    strong_right = sum(value > loans.STRONG for value in right)
    total = sum(left) + sum(right) + 1e-9
    return [
        sum(values) / size,
        math.log1p(sum(left)),
        math.log1p(sum(right)),
        min(strong_left, strong_right, 4) / 2,
        min(strong_left, strong_right) / size * 2,
        min(sum(left), sum(right)) / total * 2,
        math.log1p(size),
    ]


def _evidence(
    label: str, found: list[tuple[int, int, str]], values: list[float]
) -> tuple[int, int]:
    """The stretch around the words that lean most to the label; both sides for `mix`."""
    sides = {"id": (1,), "en": (-1,)}.get(label, (1, -1))
    indexes: list[int] = []
    for side in sides:
        best = max(range(len(values)), key=lambda i, side=side: side * values[i])  # type: ignore[misc]
        indexes.append(best)
    if len(sides) == 1:
        # Let the strongest word take its neighbours along, for a reader.
        first = max(0, indexes[0] - _EVIDENCE_WORDS // 2)
        last = min(len(found) - 1, indexes[0] + _EVIDENCE_WORDS // 2)
        return found[first][0], found[last][1]
    return found[min(indexes)][0], found[max(indexes)][1]


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
    return [
        Tag("language", label, score, start, end, "language", version())
        for label, score, (start, end) in detect(texts)
    ]
