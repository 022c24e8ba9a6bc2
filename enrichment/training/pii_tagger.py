"""Fit the name and address tagger: `python -m enrichment.training.pii_tagger --data DIR`.

Two logistic regressions over hashed features of each token. Deterministic; a minute on one core.
`--folds` also judges each token by a model that never saw its template and prints token figures.
"""

import argparse
import json
import random
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from enrichment import model_files, pii_rows, pii_tagger
from enrichment.pii_spans import fold
from enrichment.training import pii_seeds, pii_texts
from enrichment.training.pii_texts import Marked

HEADS: Final = ("PERSON", "ADDRESS")
FOLDS: Final = 5
_STRENGTH: Final = 0.5
_LEAST_WEIGHT: Final = 0.03
_WEIGHTS: Final = {"presidio_synth": 3.0, "seeds": 1.0}
_NEWS: Final = 2500
_PLAIN: Final = 7000


@dataclass(frozen=True)
class Tokens:
    """Feature rows of every token with its label (0 none, 1 person, 2 address) and its text."""

    matrix: csr_matrix
    labels: npt.NDArray[np.int64]
    texts: npt.NDArray[np.int64]


def texts(data: Path) -> list[Marked]:
    """Everything to learn from, in a fixed order."""
    chooser = random.Random(0)
    news = list(pii_texts.named(data))
    plain = list(pii_texts.service(data))
    chooser.shuffle(news)
    chooser.shuffle(plain)
    short = [row for row in news if row.source == "nerp"][:_NEWS]
    grit = [row for row in news if row.source == "nergrit"]
    return [*pii_texts.presidio(data), *grit, *short, *plain[:_PLAIN], *pii_seeds.seeds()]


def fold_of(row: Marked) -> int:
    """The fold of a text; its group decides."""
    return zlib.crc32(row.group.encode()) % FOLDS


def read(rows: Sequence[Marked]) -> Tokens:
    """Tokenise, label and featurise."""
    columns: list[int] = []
    ends, labels, numbers = [0], list[int](), list[int]()
    for number, marked in enumerate(rows):
        row = pii_rows.Row(fold(marked.text))
        for place, label in enumerate(_labels(row, marked)):
            columns.extend(pii_tagger.columns(row, place))
            ends.append(len(columns))
            labels.append(label)
            numbers.append(number)
    size = (len(labels), pii_tagger.COLUMNS)
    matrix = csr_matrix((np.ones(len(columns), np.float32), columns, ends), shape=size)
    matrix.sum_duplicates()
    return Tokens(matrix, np.array(labels), np.array(numbers))


def _labels(row: pii_rows.Row, marked: Marked) -> Iterator[int]:
    for place, start in enumerate(row.start):
        end = row.end(place)
        kinds = [kind for a, b, kind in marked.spans if start < b and end > a]
        yield next((HEADS.index(kind) + 1 for kind in kinds if kind in HEADS), 0)


def fit(tokens: Tokens, weights: npt.NDArray[np.float64]) -> dict[str, Any]:
    """Return the model of both heads: columns, weights (columns x heads), intercepts."""
    heads = [
        LogisticRegression(C=_STRENGTH, solver="liblinear", tol=1e-2, random_state=0).fit(
            tokens.matrix, tokens.labels == number, sample_weight=weights
        )
        for number in (1, 2)
    ]
    both = np.stack([head.coef_[0] for head in heads], axis=1)
    kept = np.flatnonzero(np.abs(both).max(axis=1) >= _LEAST_WEIGHT)
    return {
        "columns": kept.astype(np.int32),
        "weights": both[kept].astype(np.float32),
        "intercept": np.array([head.intercept_[0] for head in heads], dtype=np.float32),
    }


def weights_of(tokens: Tokens, rows: Sequence[Marked]) -> npt.NDArray[np.float64]:
    """How much each token counts."""
    each = np.array([_WEIGHTS.get(row.source, 1.0) for row in rows])
    return each[tokens.texts]


def without(tokens: Tokens, rows: Sequence[Marked], left_out: int) -> dict[str, Any]:
    """The model fitted on all folds but one."""
    folds = np.array([fold_of(row) for row in rows])[tokens.texts]
    inside = folds != left_out
    part = Tokens(tokens.matrix[inside], tokens.labels[inside], tokens.texts[inside])
    return fit(part, weights_of(part, rows))


def main() -> None:
    """Fit on everything, write the model and print its checksum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the published sets")
    parser.add_argument("--models", type=Path, default=model_files.MODELS)
    arguments = parser.parse_args()
    rows = texts(arguments.data)
    tokens = read(rows)
    model = fit(tokens, weights_of(tokens, rows))
    checksum = model_files.save(pii_tagger.MODEL, model, arguments.models)
    found = {"tokens": len(tokens.labels), "columns": len(model["columns"]), "sha256": checksum}
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
