"""The weights of a user's taxonomy: texts to one score a label, and how they are learned.

A text is its hashed words and pieces, weighted by how rare they are in the training file, beside
the mean of its word vectors. One linear machine a label, against all others, reads both, and the
nearest training texts vote. Whether a text belongs to any label at all is decided in `classifier_scope`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack

from enrichment import features, neighbours, word_vectors

Floats = npt.NDArray[np.float32]

_STRENGTH: Final = 0.3
_RARE_FROM: Final = 3_000
"""From so many rows on, a feature that only one row holds is left out."""
_STEPS: Final = 127
_DENSE_WEIGHT: Final = 1.6
"""How much word vectors count beside the hashed features while learning."""
_NEAR_WEIGHT: Final = 0.6


@dataclass(frozen=True)
class Read:
    """Texts as they are: hashed features, mean word vectors, and how many words each has."""

    features: features.Encoded
    dense: Floats

    def lengths(self) -> Floats:
        """Words in each text."""
        return np.array([len(unit.words) for unit in self.features.units], dtype=np.float32)


@dataclass(frozen=True)
class Encoded:
    """Texts as a machine reads them, and the share of each that its training never held."""

    sparse: csr_matrix
    dense: Floats
    unknown: Floats
    lengths: Floats


def read(texts: Sequence[str]) -> Read:
    """Featurise texts once, whatever is learned from them."""
    units = [features.Unit(i, features.words_of(text)) for i, text in enumerate(texts)]
    return Read(features.encode(units), word_vectors.of_units(units))


def rarity(matrix: csr_matrix) -> Floats:
    """How much each column counts: more where fewer training rows hold it; 0 where none does."""
    held = np.bincount(matrix.indices, minlength=matrix.shape[1])
    found = np.sqrt(np.log((1 + matrix.shape[0]) / (1 + held)) + 0.01)
    found[held < (2 if matrix.shape[0] >= _RARE_FROM else 1)] = 0.0
    return np.asarray(found, dtype=np.float32)


def weigh(given: Read, rare: Floats) -> Encoded:
    """Apply the weights that `rarity` found on the training rows."""
    matrix = given.features.matrix
    weights = rare[matrix.indices]
    rows = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    words = matrix.indices < features.BLOCK_STARTS[1]
    held = np.bincount(rows[words], minlength=matrix.shape[0])
    strange = np.bincount(rows[words & (weights == 0)], minlength=matrix.shape[0])
    weighted = csr_matrix((matrix.data * weights, matrix.indices, matrix.indptr), matrix.shape)
    unknown = (strange / np.maximum(held, 1)).astype(np.float32)
    return Encoded(features.balanced(weighted, root=False), given.dense, unknown, given.lengths())


def part(encoded: Encoded, chosen: npt.NDArray[Any]) -> Encoded:
    """Some of the rows."""
    return Encoded(
        encoded.sparse[chosen],
        encoded.dense[chosen],
        encoded.unknown[chosen],
        encoded.lengths[chosen],
    )


@dataclass(frozen=True)
class Machine:
    """One linear machine a label; the last rows of `weights` read the word vectors.

    `near` asks the training texts nearest in meaning: their vectors, and whose label each holds.
    """

    classes: tuple[str, ...]
    weights: Floats
    intercept: Floats
    near: neighbours.Neighbours

    def scores(self, encoded: Encoded) -> Floats:
        """One row of scores for each text, one column for each label; above 0 is a yes."""
        size = self.weights.shape[0] - word_vectors.size()
        found = encoded.sparse @ self.weights[:size] + encoded.dense @ self.weights[size:]
        found += self.intercept + _NEAR_WEIGHT * self.near.votes(encoded.dense, len(self.classes))
        return np.asarray(found, dtype=np.float32)


def learn(encoded: Encoded, truth: npt.NDArray[Any]) -> Machine:
    """Fit on these rows; needs at least two labels."""
    from sklearn.svm import LinearSVC

    rows = hstack([encoded.sparse, csr_matrix(encoded.dense * _DENSE_WEIGHT)], format="csr")
    model = LinearSVC(C=_STRENGTH, random_state=0, max_iter=400, tol=1e-3).fit(rows, truth)
    weights, intercept = model.coef_, model.intercept_
    if len(model.classes_) == 2:
        weights, intercept = np.vstack([-weights, weights]), np.concatenate([-intercept, intercept])
    weights[:, -word_vectors.size() :] *= _DENSE_WEIGHT
    labels = np.searchsorted(model.classes_, truth)
    near = neighbours.remember(encoded.dense, labels)
    names = tuple(str(name) for name in model.classes_)
    return Machine(names, weights.T.astype(np.float32), intercept.astype(np.float32), near)


def packed(machine: Machine) -> dict[str, Any]:
    """The machine as small whole numbers, without the columns that no label uses."""
    used = np.flatnonzero(np.abs(machine.weights).max(axis=1) > 0)
    scales = np.abs(machine.weights).max(axis=0) / _STEPS
    whole = np.rint(machine.weights[used] / np.maximum(scales, 1e-12)).astype(np.int8)
    return {
        "classes": list(machine.classes),
        "columns": used.astype(np.int32),
        "weights": whole,
        "scales": scales.astype(np.float32),
        "intercept": machine.intercept,
        "near_vectors": machine.near.vectors,
        "near_labels": machine.near.labels,
    }


def unpacked(model: dict[str, Any]) -> Machine:
    """The machine that `packed` stored."""
    wide = features.COLUMNS + word_vectors.size()
    weights = np.zeros((wide, len(model["classes"])), dtype=np.float32)
    weights[model["columns"]] = model["weights"] * model["scales"]
    near = neighbours.Neighbours(model["near_vectors"], model["near_labels"])
    return Machine(tuple(model["classes"]), weights, np.asarray(model["intercept"]), near)
