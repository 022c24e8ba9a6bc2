"""A user's own taxonomy: learn labels from a CSV, then label any text, honestly.

`fit` reads `text,label` rows, chooses on cross-validated data from which confidence a label is
given, and saves one pinned model. `predict` answers `other` below that confidence. The bundled
heads do not depend on anything here.
"""

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from enrichment import features, labelled_csv, linear, model_files
from enrichment.labelled_csv import OTHER, BadTrainingFile

__all__ = ["BadTrainingFile", "FitReport", "fit", "predict"]

_NAME: Final = "classifier"
_FOLDS: Final = 5
_BATCH: Final = 500
_TARGET_KEPT: Final = 0.97
"""Share of right answers that the threshold may not throw away."""


@dataclass(frozen=True)
class FitReport:
    """What was learned: cross-validated figures, and the confidence below which `other` is said."""

    rows: int
    labels: dict[str, int]
    accuracy: float
    macro_f1: float
    threshold: float
    model_sha256: str
    warnings: tuple[str, ...] = ()


def fit(train_csv: Path, model_dir: Path) -> FitReport:
    """Learn the labels of a CSV with columns `text` and `label` (UTF-8).

    Raises BadTrainingFile.
    """
    from sklearn.metrics import f1_score

    rows = labelled_csv.read(train_csv)
    texts, labels = rows.texts, rows.labels
    matrix, truth = _matrix(texts), np.array(labels)
    unseen, classes = _cross_validated(matrix, truth, texts)
    inside = truth != OTHER
    best, guess = unseen.max(axis=1), classes[unseen.argmax(axis=1)]
    threshold = _threshold(best, guess == truth, inside)
    answered = np.where(best >= threshold, guess, OTHER)
    model = {
        "classifier": _classifier(matrix, truth),
        "columns": np.arange(features.COLUMNS, dtype=np.int32),
        "settings": {"threshold": threshold, "features": features.version()},
    }
    checksum = model_files.save(_NAME, _slim(model), model_dir)
    macro = f1_score(truth, answered, labels=sorted(set(labels)), average="macro", zero_division=0)
    accuracy = float((answered == truth).mean())
    counts = dict(sorted(Counter(labels).items()))
    warnings = tuple(rows.warnings)
    return FitReport(len(texts), counts, accuracy, float(macro), threshold, checksum, warnings)


@dataclass(frozen=True)
class Classifier:
    """A learned taxonomy, ready to label texts."""

    head: linear.LinearHead

    def label(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Return `label`, `score`, `evidence` (character start and end) and `version` of each."""
        if not texts:
            return []
        head = self.head
        encoded = features.encode(_units(texts))
        scores = head.probabilities(encoded)
        chosen = [(i, int(c)) for i, c in enumerate(scores.argmax(axis=1))]
        spans = linear.evidence(head, encoded, chosen)
        found = []
        for (i, c), (start, end) in zip(chosen, spans, strict=True):
            score = float(scores[i, c])
            sure = score >= head.settings["threshold"] and end > start
            label = head.classes[c] if sure else OTHER
            # When no label is sure, the score is the confidence that none fits.
            shown = score if sure or label == head.classes[c] else 1.0 - score
            evidence = {"start": start, "end": end}
            found.append({"label": label, "score": round(shown, 4), "evidence": evidence})
        return [{**answer, "version": head.version} for answer in found]


def load(model_dir: Path) -> Classifier:
    """Return the model that `fit` saved; raises ModelRefused for a missing or changed one."""
    checksum = model_files.sha256(_NAME, model_dir)
    model = model_files.load(_NAME, model_dir)
    return Classifier(linear.from_model(model, f"{_NAME}-{checksum[:12]}"))


def predict(model_dir: Path, lines: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Label each line by its `text`; other keys pass through.

    Raises ModelRefused for a changed model and ValueError for a line without a text.
    """
    ready = load(model_dir)
    numbered = enumerate(lines, start=1)
    while batch := list(islice(numbered, _BATCH)):
        for number, line in batch:
            if not isinstance(line.get("text"), str):
                raise ValueError(f'line {number} has no "text"; give every line a text string')
        answers = ready.label([line["text"] for _, line in batch])
        for (_, line), answer in zip(batch, answers, strict=True):
            yield {**line, **answer}


def _units(texts: Sequence[str]) -> list[features.Unit]:
    return [features.Unit(i, features.words_of(text)) for i, text in enumerate(texts)]


def _matrix(texts: Sequence[str]) -> Any:
    return features.encode(_units(texts)).matrix


def _classifier(matrix: Any, truth: npt.NDArray[Any]) -> Any:
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=20.0, max_iter=60, tol=2e-3, class_weight="balanced")
    return model.fit(matrix, truth)


def _cross_validated(
    matrix: Any, truth: npt.NDArray[Any], texts: Sequence[str]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[Any]]:
    """Probabilities of every row by a model that did not see it; equal texts share a fold."""
    classes = np.unique(truth)
    found = np.full((len(truth), len(classes)), 1.0 / len(classes))
    folds = np.array([zlib.crc32(t.strip().lower().encode()) % _FOLDS for t in texts])
    for fold in range(_FOLDS):
        seen = folds != fold
        known = np.unique(truth[seen])
        if not (~seen).any() or len(known) < 2:
            continue
        model = _classifier(matrix[seen], truth[seen])
        places = np.searchsorted(classes, known)
        scores = np.zeros(((~seen).sum(), len(classes)))
        scores[:, places] = model.predict_proba(matrix[~seen])
        found[~seen] = scores
    return found, classes


def _threshold(
    best: npt.NDArray[np.float64], right: npt.NDArray[np.bool_], inside: npt.NDArray[np.bool_]
) -> float:
    """The confidence that keeps nearly all right answers; with `other` rows, the best split.

    Out-of-scope examples say where the border lies. Without them, wrong answers stand in.
    """
    kept = best[right & inside]
    if not len(kept):
        return 1.0
    ceiling = float(np.quantile(kept, 1 - _TARGET_KEPT))
    outside = best[~inside] if (~inside).any() else best[~right]
    if not len(outside):
        return round(ceiling, 4)
    steps = np.linspace(0.0, float(np.quantile(kept, 0.25)), 41)
    gains = [(kept >= s).mean() + (outside < s).mean() for s in steps]
    return round(max(ceiling, float(steps[int(np.argmax(gains))])), 4)


def _slim(model: dict[str, Any]) -> dict[str, Any]:
    """Keep only the columns that any label uses, in single precision."""
    classifier = model["classifier"]
    used = np.flatnonzero(np.abs(classifier.coef_).max(axis=0) > 1e-4)
    classifier.coef_ = classifier.coef_[:, used].astype(np.float32)
    classifier.intercept_ = classifier.intercept_.astype(np.float32)
    return {**model, "columns": model["columns"][used]}
