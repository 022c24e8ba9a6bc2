"""Fit one linear head: weights, calibration, pruning; and judge it on texts it has not seen.

Everything is deterministic: folds come from checksums of the groups, solvers start from zero. What
to fit on is decided in `train`.
"""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression

from enrichment import features, linear, word_vectors
from enrichment.training.samples import Sample

Doubles = npt.NDArray[np.float64]

_FOLDS = 3
_LEAST_TEXTS = 2
_KEPT_COLUMNS = 50_000


@dataclass(frozen=True)
class Fitted:
    """A fitted head, and the calibrated probabilities of every sample by models that never saw it."""

    model: dict[str, Any]
    classes: tuple[str, ...]
    unseen: Doubles


def matrix_of(samples: Sequence[Sample], *, meaning: bool = False) -> csr_matrix:
    """The feature rows of the samples, read whole; with `meaning` their word vectors after them."""
    units = [features.Unit(i, features.words_of(s.text)) for i, s in enumerate(samples)]
    if not meaning:
        return features.encode(units).matrix
    encoded = word_vectors.encode(units)
    return hstack([encoded.matrix, encoded.meaning], format="csr")


def fit(samples: Sequence[Sample], label: str, strength: float, *, meaning: bool = False) -> Fitted:
    """Fit a head on one label; `strength` is the inverse of the penalty on large weights."""
    matrix = matrix_of(samples, meaning=meaning)
    truth = np.array([s.labels[label] for s in samples])
    weights = np.array([s.weight for s in samples])
    columns = np.flatnonzero(np.bincount(matrix.indices, minlength=matrix.shape[1]) >= _LEAST_TEXTS)
    kept = matrix[:, columns]
    unseen = _unseen_logits(kept, truth, weights, folds_of(samples), strength)
    classes = np.unique(truth)
    factor, shift = _calibration(unseen, np.searchsorted(classes, truth), weights)
    classifier = _pruned(_classifier(kept, truth, weights, strength))
    used = np.flatnonzero(np.abs(classifier.coef_).max(axis=0))
    classifier.coef_ = (classifier.coef_[:, used] * factor).astype(np.float32)
    classifier.intercept_ = (classifier.intercept_ * factor + shift).astype(np.float32)
    model = {"classifier": classifier, "columns": columns[used].astype(np.int32), "settings": {}}
    calibrated = _softmax(_both_sides(unseen) * factor + _shift_of(shift))
    return Fitted(model, tuple(map(str, classes)), calibrated)


def folds_of(samples: Sequence[Sample]) -> npt.NDArray[np.int64]:
    """A fold for each sample; variants of one text share it."""
    return np.array([zlib.crc32(s.group.encode()) % _FOLDS for s in samples], dtype=np.int64)


def _classifier(
    matrix: csr_matrix, truth: npt.NDArray[Any], weights: Doubles, strength: float
) -> LogisticRegression:
    model = LogisticRegression(C=strength, max_iter=50, tol=2e-3)
    return model.fit(matrix, truth, sample_weight=weights)


def _unseen_logits(
    matrix: csr_matrix,
    truth: npt.NDArray[Any],
    weights: Doubles,
    folds: npt.NDArray[np.int64],
    strength: float,
) -> Doubles:
    """Log odds of each row from a model fitted on the other folds."""
    classes = np.unique(truth)
    found = np.zeros((len(truth), 1 if len(classes) == 2 else len(classes)))
    for fold in range(_FOLDS):
        inside = folds != fold
        model = _classifier(matrix[inside], truth[inside], weights[inside], strength)
        found[~inside] = model.decision_function(matrix[~inside]).reshape((~inside).sum(), -1)
    return found


def _softmax(logits: Doubles) -> Doubles:
    return linear.softmax(logits.astype(np.float32)).astype(np.float64)


def _both_sides(logits: Doubles) -> Doubles:
    return np.hstack([-logits / 2, logits / 2]) if logits.shape[1] == 1 else logits


def _shift_of(shift: float) -> Doubles:
    return np.array([-shift / 2, shift / 2]) if shift else np.zeros(1)


def _calibration(
    logits: Doubles, truth: npt.NDArray[np.int64], weights: Doubles
) -> tuple[float, float]:
    """Slope (and, for yes/no heads, shift) that make the scores honest on unseen texts."""
    if logits.shape[1] == 1:
        platt = LogisticRegression(C=1e3).fit(logits, truth, sample_weight=weights)
        return float(platt.coef_[0, 0]), float(platt.intercept_[0])

    def loss(log_factor: float) -> float:
        scores = _softmax(logits * np.exp(log_factor))
        likelihood = np.log(np.maximum(scores[np.arange(len(truth)), truth], 1e-12))
        return float(-(weights * likelihood).sum() / weights.sum())

    best = minimize_scalar(loss, bounds=(-3, 3), method="bounded")
    return float(np.exp(best.x)), 0.0


def _pruned(classifier: LogisticRegression) -> LogisticRegression:
    """Drop the columns that say least, so that the file stays small."""
    strongest = np.abs(classifier.coef_).max(axis=0)
    if len(strongest) > _KEPT_COLUMNS:
        least = np.partition(strongest, -_KEPT_COLUMNS)[-_KEPT_COLUMNS]
        classifier.coef_[:, strongest < least] = 0
    return classifier
