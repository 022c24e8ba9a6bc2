"""A user's own taxonomy: learn labels from a CSV, then label any text, honestly.

`fit` reads `text,label` rows, judges itself on rows it has not learned from, chooses from which
confidence a label is given, and saves one pinned model with a card. `predict` answers `other`
below that confidence. The bundled heads do not depend on anything here.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from enrichment import (
    classifier_card,
    classifier_model,
    classifier_scope,
    features,
    labelled_csv,
    linear,
    model_files,
    word_vectors,
)
from enrichment.classifier_model import Floats, Machine
from enrichment.classifier_scope import Scope
from enrichment.labelled_csv import OTHER, BadTrainingFile

__all__ = ["BadTrainingFile", "Classifier", "FitReport", "fit", "load", "predict"]

_NAME: Final = "classifier"
_BATCH: Final = 500


@dataclass(frozen=True)
class FitReport:
    """What was learned. All figures are of rows that the judging model had not learned from.

    `accuracy` and `macro_f1` count the answer `other` below the threshold; `in_scope_accuracy` is
    of rows whose label is not `other`, `without_threshold` of the same rows were a label always
    given. `other_recall` is of rows whose label was kept from the judging model, or is `other`;
    None where there are too few labels to try.
    """

    rows: int
    labels: dict[str, int]
    accuracy: float
    macro_f1: float
    in_scope_accuracy: float
    without_threshold: float
    other_recall: float | None
    threshold: float
    model_sha256: str
    warnings: tuple[str, ...] = ()


def fit(train_csv: Path, model_dir: Path) -> FitReport:
    """Learn the labels of a CSV with columns `text` and `label`; raises BadTrainingFile."""
    rows = labelled_csv.read(train_csv)
    given, truth = classifier_model.read(rows.texts), np.array(rows.labels)
    known = classifier_scope.cross_validated(given, truth, rows.texts)
    strange = classifier_scope.strangers(given, truth)
    scope = classifier_scope.fit(known, strange, truth)
    rare = classifier_model.rarity(given.features.matrix)
    machine = classifier_model.learn(classifier_model.weigh(given, rare), truth)
    checksum = model_files.save(_NAME, _packed(machine, scope, rare), model_dir)
    figures = _figures(known, strange, scope, truth)
    counts = dict(sorted(Counter(rows.labels).items()))
    warnings = tuple(rows.warnings)
    report = FitReport(
        rows=len(rows.texts), labels=counts, **figures, threshold=scope.threshold,
        model_sha256=checksum, warnings=warnings,
    )  # fmt: skip
    classifier_card.write(model_dir, asdict(report))
    return report


def _figures(
    known: classifier_scope.Unseen,
    strange: classifier_scope.Unseen,
    scope: Scope,
    truth: npt.NDArray[Any],
) -> dict[str, Any]:
    """The figures of FitReport; rows whose label has one row cannot be judged and count as wrong."""
    from sklearn.metrics import f1_score

    answers = truth[known.rows]
    said = np.where(scope.confidence(known.signals) >= scope.threshold, known.guess, OTHER)
    inside = answers != OTHER
    refused = said[~inside] == OTHER
    if len(strange.rows):
        refused = np.append(refused, scope.confidence(strange.signals) < scope.threshold)
    macro = f1_score(answers, said, labels=sorted(set(answers)), average="macro", zero_division=0)
    found = {
        "accuracy": (answers == said).mean() if len(said) else 0.0,
        "macro_f1": macro,
        "in_scope_accuracy": (answers == said)[inside].mean() if inside.any() else 0.0,
        "without_threshold": (answers == known.guess)[inside].mean() if inside.any() else 0.0,
        "other_recall": refused.mean() if len(refused) else None,
    }
    return {
        name: None if value is None else round(float(value), 4) for name, value in found.items()
    }


def _packed(machine: Machine, scope: Scope, rare: Floats) -> dict[str, Any]:
    used = np.flatnonzero(rare)
    return {
        **classifier_model.packed(machine),
        "rare_columns": used.astype(np.int32),
        "rare_weights": rare[used].astype(np.float16),
        "scope": scope.weights,
        "threshold": scope.threshold,
        "reads": _reads(),
    }


def _reads() -> str:
    """What the texts are turned into; a model fits only the code that it was learned with."""
    return f"{features.version()}-{word_vectors.version()}"


@dataclass(frozen=True)
class Classifier:
    """A learned taxonomy, ready to label texts."""

    machine: Machine
    rare: Floats
    scope: Scope
    head: linear.LinearHead

    def label(self, texts: Sequence[str]) -> list[dict[str, Any]]:
        """Return `label`, `score`, `evidence` (character start and end) and `version` of each."""
        if not texts:
            return []
        given = classifier_model.read(texts)
        encoded = classifier_model.weigh(given, self.rare)
        first, signals = classifier_scope.signals(self.machine, encoded)
        confidence = self.scope.confidence(signals)
        chosen = [(i, int(c)) for i, c in enumerate(first)]
        spans = linear.evidence(self.head, given.features, chosen)
        found = []
        for (_, c), score, (start, end) in zip(chosen, confidence.tolist(), spans, strict=True):
            sure = score >= self.scope.threshold and end > start
            # When no label is sure, the score is the confidence that none fits.
            answer = {
                "label": self.machine.classes[c] if sure else OTHER,
                "score": round(score if sure else 1.0 - score, 4),
                "evidence": {"start": start, "end": end},
                "version": self.head.version,
            }
            found.append(answer)
        return found


def load(model_dir: Path) -> Classifier:
    """Return the model that `fit` saved; raises ModelRefused for a missing or changed one."""
    checksum = model_files.sha256(_NAME, model_dir)
    model = model_files.load(_NAME, model_dir)
    if model.get("reads") != _reads():
        raise model_files.ModelRefused(
            f"{_NAME}.skops was made by another release; run `lakehouse classifier fit` again"
        )
    machine = classifier_model.unpacked(model)
    rare = np.zeros(features.COLUMNS, dtype=np.float32)
    rare[model["rare_columns"]] = model["rare_weights"]
    hashed = machine.weights[: features.COLUMNS]
    average = hashed.mean(axis=1)
    version = f"{_NAME}-{checksum[:12]}"
    head = linear.LinearHead(machine.classes, hashed, machine.intercept, average, {}, version)
    return Classifier(machine, rare, Scope(model["scope"], model["threshold"]), head)


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
