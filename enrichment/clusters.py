"""Texts that say the same thing, grouped: deterministic, small, in both languages.

A text is its words without those that say nothing. Two texts are as near as their words and pairs
of words (weighted by rarity) and the meaning of their words (`word_vectors`) are. Groups are those of
average linkage. Which texts are grouped, and what a group is called over weeks, is decided elsewhere.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import csr_matrix
from scipy.spatial.distance import squareform

from enrichment import content_words, features, word_vectors

CODE_VERSION: Final = "1"
MOST_TEXTS: Final = 1500
"""Different texts that form the groups; the rest joins the nearest group."""
_WORDS_WEIGHT: Final = 0.6
_BITS: Final = 14
_PHRASES: Final = 3

Floats = npt.NDArray[np.float32]
Alike = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Cluster:
    """A group: places of its texts, the most typical first, its phrases and its middle."""

    members: tuple[int, ...]
    phrases: tuple[str, ...]
    centroid: tuple[float, ...]


@cache
def version() -> str:
    """Changes with the word lists, the word vectors, the spelling rules or the code."""
    return f"clusters-{CODE_VERSION}-{word_vectors.version()}-{content_words.version()}"


def cluster(texts: Sequence[str], least: int, same: float) -> list[Cluster]:
    """Groups of at least `least` texts, the largest first; other texts are in none.

    `same` is the least mean similarity, in [0, 1], of two parts that become one group.

    The order of `texts` matters only for the places that come back.
    """
    said = [content_words.content(text) for text in texts]
    places: dict[tuple[str, ...], list[int]] = {}
    for place, these in enumerate(said):
        if these:
            places.setdefault(these, []).append(place)
    different = sorted(places, key=lambda these: (_digest(these), these))
    if not different:
        return []
    vectors = _Vectors.of(different)
    labels, nearness = _labels(vectors, same)
    spread = Counter(phrase for these in different for phrase in _grams(these))
    found = []
    for label in sorted(set(labels.tolist()) - {0}):
        rows = np.flatnonzero(labels == label)
        members = sum(len(places[different[row]]) for row in rows)
        if members >= least:
            found.append(_described(rows, vectors, nearness, different, places, spread))
    return sorted(found, key=lambda c: (-len(c.members), c.phrases))


def _digest(these: tuple[str, ...]) -> str:
    return hashlib.sha256(" ".join(these).encode("utf-8", "replace")).hexdigest()


@dataclass(frozen=True)
class _Vectors:
    """Rows of length one: rare words and pairs of words, and meaning."""

    rare: csr_matrix
    meaning: Floats

    @classmethod
    def of(cls, texts: Sequence[tuple[str, ...]]) -> "_Vectors":
        grams = [sorted({*these, *map(" ".join, pairwise(these))}) for these in texts]
        starts = np.cumsum([0, *(len(g) for g in grams)])
        columns = np.array([_column(gram) for row in grams for gram in row], dtype=np.int64)
        counts = np.bincount(columns, minlength=1 << _BITS)
        weights = np.log((1.0 + len(texts)) / (1.0 + counts[columns])) + 1.0
        matrix = csr_matrix((weights, columns, starts), (len(texts), 1 << _BITS))
        matrix.sum_duplicates()
        length = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        rare = csr_matrix(matrix.multiply(1.0 / np.maximum(length, 1e-9)[:, None]))
        units = [
            features.Unit(i, tuple((0, 0, word) for word in row)) for i, row in enumerate(texts)
        ]
        return cls(rare, word_vectors.of_units(units))

    def alike(self, rows: Any, others: Any) -> Alike:
        """Similarity of every one of `rows` with every one of `others`."""
        by_words = (self.rare[rows] @ self.rare[others].T).toarray()
        by_meaning = self.meaning[rows] @ self.meaning[others].T
        both = _WORDS_WEIGHT * by_words + (1 - _WORDS_WEIGHT) * by_meaning
        # The last bits of a sum depend on the order of addition, so they are dropped.
        return np.asarray(np.round(both.astype(np.float64), 6))


@dataclass(frozen=True)
class _Nearness:
    """How near the first texts are to each other, and each later one to the nearest of them."""

    first: Alike
    late: Alike

    def typical(self, rows: npt.NDArray[np.int64]) -> list[float]:
        """How typical each text of a group is of it; of a late one, how near the nearest is."""
        early = rows[rows < len(self.first)]
        means = self.first[np.ix_(early, early)].mean(axis=1)
        late = self.late[rows[rows >= len(self.first)] - len(self.first)]
        return np.concatenate([means, late]).round(4).tolist()


def _column(gram: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(gram.encode("utf-8", "replace"), digest_size=4).digest()
    ) & ((1 << _BITS) - 1)


def _labels(vectors: _Vectors, same: float) -> tuple[npt.NDArray[np.int64], _Nearness]:
    """Group number of each text, from 1; 0 for a late text that no group is near to."""
    count = vectors.meaning.shape[0]
    first = np.arange(min(count, MOST_TEXTS))
    labels = np.zeros(count, dtype=np.int64)
    labels[first] = 1
    alike = vectors.alike(first, first)
    if len(first) > 1:
        distances = np.clip(1.0 - alike, 0.0, 2.0)
        np.fill_diagonal(distances, 0.0)
        tree = linkage(squareform(distances, checks=False), "average")
        labels[first] = fcluster(tree, 1.0 - same, "distance")
    late = np.zeros(count - len(first))
    for start in range(MOST_TEXTS, count, MOST_TEXTS):
        rows = np.arange(start, min(count, start + MOST_TEXTS))
        near = vectors.alike(rows, first)
        late[rows - MOST_TEXTS] = near.max(axis=1)
        labels[rows] = np.where(near.max(axis=1) >= same, labels[near.argmax(axis=1)], 0)
    return labels, _Nearness(alike, late)


def _described(
    rows: npt.NDArray[np.int64],
    vectors: _Vectors,
    nearness: _Nearness,
    texts: Sequence[tuple[str, ...]],
    places: dict[tuple[str, ...], list[int]],
    spread: Counter[str],
) -> Cluster:
    typical = nearness.typical(rows)
    mine = [texts[row] for row in rows.tolist()]
    order = sorted(range(len(mine)), key=lambda i: (-typical[i], mine[i]))
    members = tuple(place for i in order for place in places[mine[i]])
    middle = vectors.meaning[rows].astype(np.float64).mean(axis=0)
    middle /= max(float(np.linalg.norm(middle)), 1e-9)
    phrases = _distinctive(mine, spread, len(texts))
    return Cluster(members, phrases, tuple(middle.round(4).tolist()))


def _grams(these: tuple[str, ...]) -> set[str]:
    return {" ".join(these[i : i + n]) for n in (1, 2, 3) for i in range(len(these) - n + 1)}


def _distinctive(
    texts: Sequence[tuple[str, ...]], spread: Counter[str], total: int
) -> tuple[str, ...]:
    """Phrases that many texts of the group share and few others, without repeating a word."""
    inside = Counter(phrase for these in texts for phrase in _grams(these))

    def worth(phrase: str) -> float:
        rarity = math.log((total + 1) / spread[phrase]) + 0.5
        return round(inside[phrase] / len(texts) * rarity * (1 + 0.4 * phrase.count(" ")), 6)

    chosen: list[str] = []
    used: set[str] = set()
    for phrase in sorted(inside, key=lambda p: (-worth(p), p)):
        if used.isdisjoint(phrase.split()):
            chosen.append(phrase)
            used.update(phrase.split())
        if len(chosen) == _PHRASES:
            break
    return tuple(chosen)
