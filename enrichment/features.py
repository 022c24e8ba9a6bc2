"""Texts to one sparse matrix, shared by every head.

A text is read as the words of `normalise.tokens`. Three blocks of hashed features stand side by
side: words (single, pairs, pairs with one gap), pieces of words (so misspellings still meet), and
concepts (the bilingual word lists of `taxonomies/concepts.yml`, with negation). No word is
stored: a column is a checksum. What a head concludes from the columns is not decided here.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from enrichment import concepts, normalise, ragged

WORD_BITS, PIECE_BITS, CONCEPT_BITS = 16, 16, 10
COLUMNS = (1 << WORD_BITS) + (1 << PIECE_BITS) + (1 << CONCEPT_BITS)
BLOCK_STARTS = np.array([0, 1 << WORD_BITS, (1 << WORD_BITS) + (1 << PIECE_BITS)], dtype=np.int64)

_CODE_VERSION = "1"
_BLOCK_WEIGHTS = np.array([1.0, 1.0, 0.6])
_PIECE_SIZES = (3, 4, 5)
_LONGEST_WORD = 24
_HEAD_TOKENS, _TAIL_TOKENS = 2000, 500
_IGNORED = frozenset({"xxuser", "xxurl"})
_MIX = np.uint64(0x9E3779B97F4A7C15)
_MIX_GAP = np.uint64(0xC2B2AE3D27D4EB4F)
_FINISH = np.uint64(0xBF58476D1CE4E5B9)

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Unit:
    """One scored stretch of text: its words with their places in the text it came from."""

    text_no: int
    words: tuple[normalise.Token, ...]


@dataclass(frozen=True)
class Encoded:
    """Features of many units: the matrix, and which word of which unit gave each feature."""

    units: tuple[Unit, ...]
    matrix: csr_matrix
    columns: Ints
    owners: Ints
    unit_starts: Ints
    """Row i of the matrix owns features `unit_starts[i]` to `unit_starts[i + 1]`."""
    meaning: csr_matrix | None = None
    """The mean word vector of each unit (`word_vectors`), for heads that read it."""


@cache
def version() -> str:
    """Changes with the code, the spelling rules or the concept lists."""
    return f"features-{_CODE_VERSION}-{concepts.digest()}-{normalise.version()}"


def words_of(text: str) -> tuple[normalise.Token, ...]:
    """Return the words that count, in order; of a very long text only its start and end."""
    words = [t for t in normalise.recent_tokens(text) if _counts(t[2])]
    if len(words) > _HEAD_TOKENS + _TAIL_TOKENS:
        words = words[:_HEAD_TOKENS] + words[-_TAIL_TOKENS:]
    return tuple(words)


def _counts(word: str) -> bool:
    # Punctuation says nothing, except emphasis and anything beyond it such as emoji.
    if len(word) > 1:
        return word not in _IGNORED
    return word.isalnum() or word in "!?" or ord(word) > 0x2190


def encode(units: Sequence[Unit]) -> Encoded:
    """Return the feature matrix of these units, one row each, in order."""
    lengths = np.array([len(unit.words) for unit in units], dtype=np.int64)
    said = [word for unit in units for _, _, word in unit.words]
    place_of = {word: place for place, word in enumerate(dict.fromkeys(said))}
    distinct = [_entry(word) for word in place_of]
    chosen = np.fromiter(map(place_of.__getitem__, said), np.int64, len(said))
    unit_of = np.repeat(np.arange(len(units), dtype=np.int64), lengths)
    parts = [
        ragged.chosen_of([entry.pieces for entry in distinct], chosen),
        *_word_columns(distinct, chosen, unit_of),
        ragged.chosen_of([entry.concepts for entry in distinct], chosen),
        _polarities(distinct, chosen, unit_of),
    ]
    columns, owners, word_starts = ragged.by_owner(parts, len(said))
    unit_starts = word_starts[np.concatenate([[0], np.cumsum(lengths)])]
    ones = np.ones(len(columns), dtype=np.float32)
    narrow = (columns.astype(np.int32), unit_starts.astype(np.int32))
    matrix = csr_matrix((ones, *narrow), (len(units), COLUMNS))
    matrix.sum_duplicates()
    return Encoded(tuple(units), balanced(matrix), columns, owners, unit_starts)


def balanced(matrix: csr_matrix, *, root: bool = True) -> csr_matrix:
    """Give each block of each row the same length, whatever the length of the text.

    `root` dampens repeated words first; values that are weights already are taken as they are.
    """
    data = np.sqrt(matrix.data) if root else matrix.data
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    blocks = (matrix.indices >= BLOCK_STARTS[1]).astype(np.int64)
    blocks += matrix.indices >= BLOCK_STARTS[2]
    keys = rows * len(BLOCK_STARTS) + blocks
    squares = np.bincount(keys, weights=data * data, minlength=matrix.shape[0] * len(BLOCK_STARTS))
    # A block may hold nothing but columns of weight zero.
    data = data * _BLOCK_WEIGHTS[blocks] / np.sqrt(np.maximum(squares[keys], 1e-12))
    return csr_matrix((data.astype(np.float32), matrix.indices, matrix.indptr), matrix.shape)


@dataclass(frozen=True, slots=True)
class _Entry:
    """What one word always contributes, remembered between texts."""

    checksum: int
    pieces: Ints
    concepts: Ints
    polarity: int
    negates: bool


@lru_cache(maxsize=100_000)
def _entry(word: str) -> _Entry:
    padded = f" {word[:_LONGEST_WORD]} "
    # Letters of one byte are cut as bytes: the same pieces, encoded once.
    cut: str | bytes = padded.encode() if padded.isascii() else padded
    pieces = [
        zlib.crc32(part if isinstance(part, bytes) else part.encode("utf-8", "replace"))
        for size in _PIECE_SIZES
        for part in [cut[i : i + size] for i in range(len(cut) - size + 1)]
    ]
    columns = (np.array(pieces, dtype=np.int64) & ((1 << PIECE_BITS) - 1)) + BLOCK_STARTS[1]
    known = concepts.of_word(word)
    names = np.array([zlib.crc32(name.encode()) for name in known.names], dtype=np.int64)
    checksum = zlib.crc32(word[:200].encode("utf-8", "replace"))
    return _Entry(checksum, columns, _concept_columns(names), known.polarity, known.negates)


def _concept_columns(names: Ints) -> Ints:
    return (names & ((1 << CONCEPT_BITS) - 1)) + BLOCK_STARTS[2]


def _word_columns(distinct: list[_Entry], chosen: Ints, unit_of: Ints) -> list[tuple[Ints, Ints]]:
    sums = np.array([entry.checksum for entry in distinct], dtype=np.uint64)[chosen]
    places = np.arange(len(chosen), dtype=np.int64)
    found = [(_word_column(sums * _MIX), places)]
    for gap, mix in ((1, _MIX), (2, _MIX_GAP)):
        together = unit_of[gap:] == unit_of[:-gap] if len(chosen) > gap else np.zeros(0, bool)
        left = places[: max(len(chosen) - gap, 0)][together]
        found.append((_word_column(sums[left] * mix + sums[left + gap] * _MIX_GAP + mix), left))
    return found


def _word_column(mixed: npt.NDArray[np.uint64]) -> Ints:
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _FINISH
    return (mixed >> np.uint64(64 - WORD_BITS)).astype(np.int64)


def _polarities(distinct: list[_Entry], chosen: Ints, unit_of: Ints) -> tuple[Ints, Ints]:
    """One feature for each word of a polarity, after negation: "tidak terlalu bagus"."""
    polarity = np.array([entry.polarity for entry in distinct], dtype=np.int64)[chosen]
    negates = np.array([entry.negates for entry in distinct], dtype=bool)[chosen]
    places = np.flatnonzero(polarity)
    negated = np.zeros(len(places), dtype=bool)
    # One of the three words before may turn the meaning round.
    for gap in (1, 2, 3):
        before = np.maximum(places - gap, 0)
        negated |= (places >= gap) & negates[before] & (unit_of[before] == unit_of[places])
    return _concept_columns(2 * (polarity[places] > 0) + negated), places
