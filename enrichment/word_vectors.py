"""Meaning of words as numbers: one short vector a word, Indonesian and English in one space.

The table (`models/word_vectors.skops`) was made once by `training.word_vectors`; it holds
checksums of words and small integers, no text. A text is the weighted mean of its words, so texts
that share no word can still be near. Words that the table does not know add nothing.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from enrichment import features, model_files

NAME: Final = "word_vectors"

Floats = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int8]


@dataclass(frozen=True)
class _Table:
    rows: dict[int, int]
    vectors: Whole
    """Whole numbers, so that sums are exact. Row 0 is zero: the words that nobody knows."""
    scales: Floats


@cache
def _table() -> _Table:
    model = model_files.released(NAME)
    sums = np.asarray(model["words"]).tolist()
    known = np.asarray(model["vectors"], dtype=np.int8)
    vectors = np.vstack([np.zeros((1, known.shape[1]), dtype=np.int8), known])
    places = {int(word): place for place, word in enumerate(sums, start=1)}
    return _Table(places, vectors, np.asarray(model["scales"], dtype=np.float32))


@cache
def version() -> str:
    """Changes with the table."""
    return f"words-{model_files.sha256(NAME)[:12]}"


def size() -> int:
    """How many numbers a text gets."""
    return int(_table().vectors.shape[1])


@lru_cache(maxsize=100_000)
def _row(word: str) -> int:
    return _table().rows.get(checksum(word), 0)


def checksum(word: str) -> int:
    """The number under which the table knows a normalised word."""
    return zlib.crc32(word[:200].encode("utf-8", "replace"))


def of_units(units: Sequence[features.Unit]) -> Floats:
    """One vector of length one for each unit; zeros where no word is known."""
    table = _table()
    rows = np.array([_row(word) for unit in units for _, _, word in unit.words], dtype=np.int64)
    starts = np.cumsum([0, *(len(unit.words) for unit in units)])
    sums = np.zeros((len(units), table.vectors.shape[1]), dtype=np.int32)
    filled = np.flatnonzero(np.diff(starts))
    if len(filled):
        said = table.vectors[rows]
        sums[filled] = np.add.reduceat(said, starts[filled], axis=0, dtype=np.int32)
    found: Floats = sums.astype(np.float32) * table.scales
    length = np.linalg.norm(found, axis=1, keepdims=True)
    found /= np.maximum(length, 1e-9)
    return found


def encode(units: Sequence[features.Unit]) -> features.Encoded:
    """The features of these units with their meaning beside them.

    The vectors are stored as a sparse matrix because its products add up row by row: a text gets
    the same score whatever stands in its batch.
    """
    return replace(features.encode(units), meaning=csr_matrix(of_units(units)))
