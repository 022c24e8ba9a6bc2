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

from enrichment import concepts, normalise

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


@cache
def version() -> str:
    """Changes with the code, the spelling rules or the concept lists."""
    return f"features-{_CODE_VERSION}-{concepts.digest()}-{normalise.version()}"


def words_of(text: str) -> tuple[normalise.Token, ...]:
    """Return the words that count, in order; of a very long text only its start and end."""
    words = [t for t in normalise.tokens(text) if _counts(t[2])]
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
    entries = [_entry(word) for unit in units for _, _, word in unit.words]
    unit_of = np.repeat(np.arange(len(units), dtype=np.int64), lengths)
    parts = [_pieces(entries), *_word_columns(entries, unit_of), _concepts(entries, unit_of)]
    columns = np.concatenate([part[0] for part in parts])
    owners = np.concatenate([part[1] for part in parts])
    order = np.argsort(owners, kind="stable")
    columns, owners = columns[order], owners[order]
    token_starts = np.concatenate([[0], np.cumsum(lengths)])
    unit_starts = np.searchsorted(owners, token_starts)
    matrix = csr_matrix(
        (np.ones(len(columns), dtype=np.float32), columns, unit_starts), (len(units), COLUMNS)
    )
    matrix.sum_duplicates()
    return Encoded(tuple(units), balanced(matrix), columns, owners, unit_starts)


def balanced(matrix: csr_matrix, *, root: bool = True) -> csr_matrix:
    """Give each block of each row the same length, whatever the length of the text.

    `root` dampens repeated words first; values that are weights already are taken as they are.
    """
    data = np.sqrt(matrix.data) if root else matrix.data
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    blocks = np.searchsorted(BLOCK_STARTS, matrix.indices, side="right") - 1
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
    concepts: tuple[int, ...]
    polarity: int
    negates: bool


@lru_cache(maxsize=100_000)
def _entry(word: str) -> _Entry:
    padded = f" {word[:_LONGEST_WORD]} "
    pieces = [
        zlib.crc32(padded[i : i + size].encode("utf-8", "replace"))
        for size in _PIECE_SIZES
        for i in range(len(padded) - size + 1)
    ]
    columns = (np.array(pieces, dtype=np.int64) & ((1 << PIECE_BITS) - 1)) + BLOCK_STARTS[1]
    known = concepts.of_word(word)
    names = tuple(zlib.crc32(name.encode()) & 0xFFFFFFFF for name in known.names)
    checksum = zlib.crc32(word[:200].encode("utf-8", "replace"))
    return _Entry(checksum, columns, names, known.polarity, known.negates)


def _pieces(entries: list[_Entry]) -> tuple[Ints, Ints]:
    empty = np.empty(0, dtype=np.int64)
    columns = np.concatenate([empty, *(entry.pieces for entry in entries)])
    sizes = np.array([len(entry.pieces) for entry in entries], dtype=np.int64)
    return columns, np.repeat(np.arange(len(entries), dtype=np.int64), sizes)


def _word_columns(entries: list[_Entry], unit_of: Ints) -> list[tuple[Ints, Ints]]:
    sums = np.array([entry.checksum for entry in entries], dtype=np.uint64)
    places = np.arange(len(entries), dtype=np.int64)
    found = [(_word_column(sums * _MIX), places)]
    for gap, mix in ((1, _MIX), (2, _MIX_GAP)):
        together = unit_of[gap:] == unit_of[:-gap] if len(entries) > gap else np.zeros(0, bool)
        left = places[: max(len(entries) - gap, 0)][together]
        found.append((_word_column(sums[left] * mix + sums[left + gap] * _MIX_GAP + mix), left))
    return found


def _word_column(mixed: npt.NDArray[np.uint64]) -> Ints:
    mixed = (mixed ^ (mixed >> np.uint64(29))) * _FINISH
    return (mixed >> np.uint64(64 - WORD_BITS)).astype(np.int64)


def _concepts(entries: list[_Entry], unit_of: Ints) -> tuple[Ints, Ints]:
    """One feature for each concept a word names, and one for its polarity after negation."""
    columns: list[int] = []
    owners: list[int] = []
    for place, entry in enumerate(entries):
        if not entry.concepts and not entry.polarity:
            continue
        names = list(entry.concepts)
        if entry.polarity:
            negated = _negated(entries, unit_of, place)
            names.append(2 * (entry.polarity > 0) + negated)
        columns.extend(name & ((1 << CONCEPT_BITS) - 1) for name in names)
        owners.extend([place] * len(names))
    return np.array(columns, dtype=np.int64) + BLOCK_STARTS[2], np.array(owners, dtype=np.int64)


def _negated(entries: list[_Entry], unit_of: Ints, place: int) -> bool:
    """Whether one of the three words before turns the meaning round: "tidak terlalu bagus"."""
    start = max(0, place - 3)
    return any(entries[i].negates and unit_of[i] == unit_of[place] for i in range(start, place))
