"""Whether a text belongs to any of a user's labels: the confidence of a classifier's answer.

The confidence is learned by pretending: some labels are left out, their rows asked all the same,
and what then sets them apart from rows with a known label is remembered in a few numbers. Rows
that the user labelled as out of scope take part. No text outside the training file is needed.
"""

import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from enrichment import classifier_model
from enrichment.classifier_model import Encoded, Machine, Read
from enrichment.labelled_csv import OTHER

_FOLDS: Final = 3
_LEFT_OUT: Final = 5
"""One label in so many is left out at a time; fewer labels cannot spare one."""
_LEAST_LOST: Final = 0.006
_MOST_LOST: Final = 0.3
"""Share of right answers that the threshold may give up. In between it is 8 / rows ** 1.5 for the
usual number of rows a label: few rows tell little of what real messages look like."""
_HIGHEST: Final = 0.99
_SIGNALS: Final = 5

Doubles = npt.NDArray[np.float64]
Names = npt.NDArray[np.str_]


@dataclass(frozen=True)
class Unseen:
    """What machines said about rows that they had not learned from."""

    rows: npt.NDArray[np.int64]
    guess: Names
    signals: Doubles


@dataclass(frozen=True)
class Scope:
    """Weights of the signals and, last, the constant; and the least confidence for a label."""

    weights: Doubles
    threshold: float

    def confidence(self, given: Doubles) -> Doubles:
        """Probability that the best label is right rather than `other`, for each text."""
        found: Doubles = 1.0 / (1.0 + np.exp(-(given @ self.weights[:-1] + self.weights[-1])))
        return found


def signals(machine: Machine, encoded: Encoded) -> tuple[npt.NDArray[np.int64], Doubles]:
    """The best label of each text that is not `other`, and what speaks for and against it."""
    scores = machine.scores(encoded)
    inside = np.array([i for i, name in enumerate(machine.classes) if name != OTHER])
    order = np.argsort(-scores[:, inside], axis=1, kind="stable")
    every = np.arange(len(scores))
    first = inside[order[:, 0]]
    top = scores[every, first]
    second = scores[every, inside[order[:, 1]]] if len(inside) > 1 else np.full(len(scores), -1.0)
    outside = [i for i, name in enumerate(machine.classes) if name == OTHER]
    rival = scores[:, outside[0]] if outside else np.full(len(scores), -1.0)
    columns = [top, top - second, rival, encoded.unknown, np.log1p(encoded.lengths)]
    return first, np.column_stack(columns).astype(np.float64)


def cross_validated(given: Read, truth: Names, texts: Sequence[str]) -> Unseen:
    """Every row, asked of a machine that did not learn from it."""
    folds = _folds(texts, truth)
    asked = [(folds != fold, folds == fold) for fold in range(_FOLDS)]
    return _asked(given, truth, asked)


def strangers(given: Read, truth: Names) -> Unseen:
    """Rows asked of a machine that does not know their label, so that any answer is wrong."""
    labels = sorted(set(truth.tolist()) - {OTHER}, key=lambda name: zlib.crc32(name.encode()))
    if len(labels) < _LEFT_OUT:
        return _nothing()
    groups = [labels[start::_LEFT_OUT] for start in range(_FOLDS)]
    unknown = [np.isin(truth, group) for group in groups]
    return _asked(given, truth, [(~out, out) for out in unknown])


def _asked(given: Read, truth: Names, plans: list[tuple[Any, Any]]) -> Unseen:
    found = [unseen for plan in plans for unseen in _asked_once(given, truth, *plan)]
    if not found:
        return _nothing()
    return Unseen(
        np.concatenate([unseen.rows for unseen in found]),
        np.concatenate([unseen.guess for unseen in found]),
        np.concatenate([unseen.signals for unseen in found]),
    )


def _nothing() -> Unseen:
    return Unseen(np.zeros(0, np.int64), np.zeros(0, str), np.zeros((0, _SIGNALS)))


def _asked_once(given: Read, truth: Names, seen: Any, asked: Any) -> Iterator[Unseen]:
    if not asked.any() or len(set(truth[seen]) - {OTHER}) < 1 or len(set(truth[seen])) < 2:
        return
    rare = classifier_model.rarity(given.features.matrix[np.flatnonzero(seen)])
    encoded = classifier_model.weigh(given, rare)
    machine = classifier_model.learn(classifier_model.part(encoded, seen), truth[seen])
    first, found = signals(machine, classifier_model.part(encoded, asked))
    yield Unseen(np.flatnonzero(asked), np.array(machine.classes)[first], found)


def _folds(texts: Sequence[str], truth: Names) -> npt.NDArray[np.int64]:
    """A fold for each row, even over each label; texts that differ in marks or digits share one.

    A label whose rows are all alike in that sense is divided all the same.
    """
    keys = ["".join(c for c in text.lower() if c.isalpha()) for text in texts]
    distinct: dict[str, set[str]] = defaultdict(set)
    for key, label in zip(keys, truth.tolist(), strict=True):
        distinct[label].add(key)
    alike = {label for label, found in distinct.items() if len(found) < _FOLDS}
    rows = zip(keys, texts, truth.tolist(), strict=True)
    keys = [f"{text} {n}" if label in alike else key for n, (key, text, label) in enumerate(rows)]
    owner = dict(zip(reversed(keys), reversed(truth.tolist()), strict=True))
    groups: dict[str, list[str]] = defaultdict(list)
    for key in sorted(owner, key=lambda key: (zlib.crc32(key.encode()), key)):
        groups[owner[key]].append(key)
    place = {key: n % _FOLDS for members in groups.values() for n, key in enumerate(members)}
    return np.array([place[key] for key in keys], dtype=np.int64)


def fit(known: Unseen, strange: Unseen, truth: Names) -> Scope:
    """Learn the confidence and its threshold from rows that no machine had seen."""
    from sklearn.linear_model import LogisticRegression

    answers = truth[known.rows]
    right = known.guess == answers
    outside = np.vstack([known.signals[answers == OTHER], strange.signals])
    inside = known.signals[right]
    if not len(inside):
        return Scope(np.zeros(known.signals.shape[1] + 1), 1.0)
    if not len(outside):
        outside = known.signals[~right]
    if not len(outside):
        return Scope(np.array([*[4.0, 0, 0, 0, 0], 0.0]), 0.0)
    rows = np.vstack([inside, outside])
    spread = rows.std(axis=0) + 1e-9
    middle = rows.mean(axis=0)
    belongs = np.arange(len(rows)) < len(inside)
    model = LogisticRegression(class_weight="balanced").fit((rows - middle) / spread, belongs)
    weights = model.coef_[0] / spread
    scope = Scope(np.append(weights, model.intercept_[0] - weights @ middle), 0.0)
    sizes = list(Counter(answers[answers != OTHER].tolist()).values())
    lost = float(np.clip(8.0 / np.median(sizes) ** 1.5, _LEAST_LOST, _MOST_LOST))
    threshold = _threshold(scope.confidence(inside), scope.confidence(outside), lost)
    return Scope(scope.weights, threshold)


def _threshold(inside: Doubles, outside: Doubles, lost: float) -> float:
    """The best split of both, as long as it costs few right answers."""
    steps = np.unique(np.quantile(np.concatenate([inside, outside]), np.linspace(0, 1, 201)))
    gains = [(inside >= step).mean() + (outside < step).mean() for step in steps]
    best = float(steps[int(np.argmax(gains))])
    return round(min(best, float(np.quantile(inside, lost)), _HIGHEST), 4)
