"""How well a fitted head answers texts it has not seen, per source and language.

Joins the fitted folds, the phrases and the arithmetic of `measure`; decides nothing.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np

from enrichment import cues, features, linear, word_vectors
from enrichment.training import fit, measure
from enrichment.training.samples import Sample

Figures = dict[str, Any]


def f_score(
    truth: list[str],
    scores: Any,
    least: float,
    sources: Sequence[Sequence[int]],
    negative: str,
    beta: float = 0.7,
) -> float:
    """Mean F score of "anything but negative" at a threshold over several sources of rows.

    Below one, `beta` favours precision. Sources count alike: in one of them nine in a hundred
    rows say yes, in another one in two hundred.
    """
    found = [_f_score(truth, scores, least, rows, negative, beta) for rows in sources]
    return sum(found) / len(found)


def _f_score(
    truth: list[str], scores: Any, least: float, rows: Sequence[int], negative: str, beta: float
) -> float:
    yes = np.array([truth[i] != negative for i in rows])
    said = np.array([scores[i] >= least for i in rows])
    share = beta * beta
    return float((1 + share) * (yes & said).sum() / max(share * yes.sum() + said.sum(), 1))


def best(done: fit.Fitted) -> list[str]:
    return [done.classes[i] for i in done.unseen.argmax(axis=1)]


def guess(head: linear.LinearHead, held_out: Sequence[Sample]) -> list[str]:
    units = [features.Unit(i, features.words_of(s.text)) for i, s in enumerate(held_out)]
    return [head.classes[i] for i in head.logits(word_vectors.encode(units)).argmax(axis=1)]


def by_source(known: list[Sample], label: str, guess: list[str]) -> Figures:
    """Figures for each source, and for what we wrote ourselves by language too."""
    figures: Figures = {}
    own = [s for s in known if s.source in ("seeds", "messages")]
    names = {s.source for s in known} | {f"{s.source}_{s.language}" for s in own}
    for name in sorted(names):
        rows = [i for i, s in enumerate(known) if name in (s.source, f"{s.source}_{s.language}")]
        truth = [known[i].labels[label] for i in rows]
        figures[name] = measure.labels(truth, [guess[i] for i in rows])
        if len(set(truth)) <= 3:
            figures[name]["labels"] = measure.per_label(truth, [guess[i] for i in rows])
    return figures


def calibration(known: list[Sample], label: str, done: fit.Fitted) -> Figures:
    """Calibration error per source on unseen texts."""
    found: Figures = {}
    for source in sorted({s.source for s in known}):
        rows = [i for i, s in enumerate(known) if s.source == source]
        hits = [known[i].labels[label] == done.classes[int(done.unseen[i].argmax())] for i in rows]
        found[source] = measure.calibration_error([done.unseen[i].max() for i in rows], hits)
    return found


def cue_precision(known: list[Sample], label: str, book: str) -> dict[str, float]:
    """How often an outright phrase is right, per tag, kept modest where examples are few."""
    right: dict[str, list[bool]] = {}
    for sample in known:
        for tag in {c.tag for c in cues.book(book).find(features.words_of(sample.text))}:
            hit = sample.labels[label] == (tag if book == "churn" else "1")
            if book == "churn" or tag == label:
                right.setdefault(tag, []).append(hit)
    return {tag: round((sum(h) + 1) / (len(h) + 2), 3) for tag, h in sorted(right.items())}
