"""Figures that say how good a head is, always per language. Pure arithmetic."""

from collections.abc import Sequence

import numpy as np
from sklearn.metrics import f1_score, precision_recall_fscore_support

Figures = dict[str, float]


def labels(truth: Sequence[str], guess: Sequence[str]) -> Figures:
    """Accuracy and macro-F1 over the labels that occur in the truth."""
    names = sorted(set(truth))
    macro = f1_score(truth, guess, labels=names, average="macro", zero_division=0)
    hits = [t == g for t, g in zip(truth, guess, strict=True)]
    return {
        "rows": len(truth),
        "accuracy": round(float(np.mean(hits)), 4),
        "macro_f1": round(float(macro), 4),
    }


def per_label(truth: Sequence[str], guess: Sequence[str]) -> dict[str, Figures]:
    """Precision, recall and F1 of each label."""
    names = sorted(set(truth))
    rows = precision_recall_fscore_support(truth, guess, labels=names, zero_division=0)
    return {
        name: {
            "precision": round(float(rows[0][i]), 3),
            "recall": round(float(rows[1][i]), 3),
            "f1": round(float(rows[2][i]), 3),
            "rows": int(rows[3][i]),
        }
        for i, name in enumerate(names)
    }


def calibration_error(scores: Sequence[float], hits: Sequence[bool], bins: int = 10) -> float:
    """Mean gap between score and share of hits, over ten bins weighted by size."""
    values, right = np.asarray(scores, dtype=float), np.asarray(hits, dtype=float)
    places = np.minimum((values * bins).astype(int), bins - 1)
    gaps = [
        abs(values[places == b].mean() - right[places == b].mean()) * np.mean(places == b)
        for b in range(bins)
        if np.any(places == b)
    ]
    return round(float(np.sum(gaps)), 4)
