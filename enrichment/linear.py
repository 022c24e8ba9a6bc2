"""Linear heads over the shared features: calibrated probabilities and the words behind them.

A model file holds a scikit-learn `LogisticRegression` over the kept columns, with its calibration
folded into the weights. This file applies it; fitting is in `training`.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from enrichment import features, model_files

MEANING_COLUMNS = 128
"""Columns after the hashed ones: the word vectors of a head that reads them."""
_WIDE = features.COLUMNS + MEANING_COLUMNS
_LONGEST_EVIDENCE = 12
_SHORT_TEXT = 3
"""A unit of at most this many words is its own evidence."""

Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class LinearHead:
    """Weights for every column and class; one class more than rows for a yes/no head."""

    classes: tuple[str, ...]
    weights: Floats
    intercept: Floats
    average: Floats
    """For each column the average weight of all classes; a word speaks for a class by what is more."""
    settings: dict[str, Any]
    version: str
    meaning: Floats | None = None
    """Weights of the word vectors, for a head that reads them. Evidence is sought in words only."""

    def threshold(self, name: str) -> float:
        """A setting that scores are compared with, as exact as scores are."""
        return float(np.float32(self.settings[name]))

    def logits(self, encoded: features.Encoded) -> Floats:
        """Return one row of calibrated log odds (up to a constant) for each unit."""
        return self.joined(encoded.matrix @ self.weights, encoded)

    def joined(self, hashed: Floats, encoded: features.Encoded) -> Floats:
        """Log odds from the share of the hashed features and what the head reads besides."""
        if self.meaning is not None:
            if encoded.meaning is None:
                raise ValueError("this head reads word vectors; encode with `word_vectors.encode`")
            hashed = hashed + encoded.meaning @ self.meaning
        return hashed + self.intercept

    def probabilities(self, encoded: features.Encoded) -> Floats:
        """Return probabilities that sum to one over the classes of each unit."""
        return softmax(self.logits(encoded))


def softmax(logits: Floats) -> Floats:
    """Turn log odds into probabilities, safely."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    found: Floats = powers / powers.sum(axis=1, keepdims=True)
    return found


@cache
def released(name: str) -> LinearHead:
    """Return a bundled head, read and checked once."""
    return from_model(model_files.released(name), f"{name}-{model_files.sha256(name)[:12]}")


@cache
def _side_by_side(names: tuple[str, ...]) -> Floats:
    return np.hstack([released(name).weights for name in names])


def all_probabilities(names: tuple[str, ...], encoded: features.Encoded) -> dict[str, Floats]:
    """Probabilities of several bundled heads from one pass over the features.

    The same numbers as one by one: each class is summed by itself, in the order of the columns.
    """
    products = encoded.matrix @ _side_by_side(names)
    found: dict[str, Floats] = {}
    place = 0
    for name in names:
        head = released(name)
        hashed = products[:, place : place + len(head.classes)]
        found[name] = softmax(head.joined(hashed, encoded))
        place += len(head.classes)
    return found


def from_model(model: dict[str, Any], version: str) -> LinearHead:
    """Spread the kept columns over the full width; a yes/no model becomes two classes."""
    classifier = model["classifier"]
    coefficients = np.asarray(classifier.coef_, dtype=np.float32)
    intercept = np.asarray(classifier.intercept_, dtype=np.float32)
    if len(classifier.classes_) == 2 and len(coefficients) == 1:
        coefficients = np.vstack([-coefficients / 2, coefficients / 2])
        intercept = np.array([-intercept[0] / 2, intercept[0] / 2], dtype=np.float32)
    columns = np.asarray(model["columns"])
    width = features.COLUMNS if columns.max(initial=0) < features.COLUMNS else _WIDE
    weights = np.zeros((width, len(coefficients)), dtype=np.float32)
    weights[columns] = coefficients.T
    names = tuple(str(name) for name in classifier.classes_)
    meaning = weights[features.COLUMNS :] if width == _WIDE else None
    weights = weights[: features.COLUMNS]
    average = weights.mean(axis=1)
    return LinearHead(names, weights, intercept, average, model["settings"], version, meaning)


def evidence(
    head: LinearHead, encoded: features.Encoded, chosen: list[tuple[int, int]]
) -> list[tuple[int, int]]:
    """Return character spans of the words that spoke most for class c in unit u, for each (u, c).

    Spans lie within the text the unit came from; an empty unit gives (0, 0).
    """
    said = [encoded.units[unit_no].words for unit_no, _ in chosen]
    longer = [pair for pair, words in zip(chosen, said, strict=True) if len(words) > _SHORT_TEXT]
    scores = iter(_word_scores(head, encoded, longer))
    spans = []
    for words in said:
        if len(words) > _SHORT_TEXT:
            first, last = _strongest_run(next(scores))
            spans.append((words[first][0], words[last][1]))
        else:
            spans.append((words[0][0], words[-1][1]) if words else (0, 0))
    return spans


def _word_scores(
    head: LinearHead, encoded: features.Encoded, chosen: list[tuple[int, int]]
) -> Iterator[list[float]]:
    """How much each word of each unit speaks for the class, compared with the average class."""
    if not chosen:
        return
    units = np.array([unit_no for unit_no, _ in chosen], dtype=np.int64)
    first, last = encoded.unit_starts[units], encoded.unit_starts[units + 1]
    sizes = [len(encoded.units[unit_no].words) for unit_no, _ in chosen]
    # Places of all features of the chosen units, one unit after another.
    counts = last - first
    shift = np.repeat(first - (np.cumsum(counts) - counts), counts)
    places = np.arange(len(shift), dtype=np.int64) + shift
    classes = np.repeat(np.array([class_no for _, class_no in chosen], dtype=np.int64), counts)
    columns = encoded.columns[places]
    gains = head.weights[columns, classes] - head.average[columns]
    # Every word has features, so the words of a unit are numbered without gaps.
    ends = np.cumsum(sizes)
    renumbered = np.repeat(ends - sizes - encoded.owners[first], counts)
    owners = encoded.owners[places] + renumbered
    scores = np.bincount(owners, weights=gains, minlength=int(ends[-1])).tolist()
    for end, size in zip(ends.tolist(), sizes, strict=True):
        yield scores[end - size : end]


def _strongest_run(scores: list[float]) -> tuple[int, int]:
    """First and last index of the run with the largest sum, at most 12 words long."""
    best, best_run, total, start = -math.inf, (0, 0), 0.0, 0
    for end, score in enumerate(scores):
        if total <= 0:
            total, start = 0.0, end
        total += score
        while end - start >= _LONGEST_EVIDENCE:
            total -= scores[start]
            start += 1
        if total > best:
            best, best_run = total, (start, end)
    return best_run
