"""Why the customer makes contact: a primary driver and, where a second one is plain, that too.

`other` is an honest answer: greetings, small talk and out-of-scope texts land there.
"""

from collections.abc import Sequence

import numpy as np

from enrichment import features, linear, reading, word_vectors
from enrichment.linear import Floats
from enrichment.tags import Tag

_OTHER = "other"


def version() -> str:
    """Changes with the model, the features or the word vectors it reads."""
    return f"{linear.released('drivers').version}-{features.version()}-{word_vectors.version()}"


def predict(texts: Sequence[str]) -> list[list[Tag]]:
    """Return the tags of each text, primary first; scores are calibrated probabilities."""
    if not texts:
        return []
    head = linear.released("drivers")
    read = reading.read(texts)
    scores = text_scores(head, read)
    best = np.argsort(-scores, axis=1, kind="stable")[:, :2].tolist()
    rows = scores.tolist()
    picks = [_picked(head, row, *two) for row, two in zip(rows, best, strict=True)]
    wanted = [
        (_unit(read, head, i, class_no), class_no)
        for i, classes in enumerate(picks)
        for class_no in classes
    ]
    spans = iter(linear.evidence(head, read.encoded, wanted))
    detector_version = version()
    found: list[list[Tag]] = []
    for i, classes in enumerate(picks):
        tags = []
        for class_no in classes:
            start, end = next(spans)
            if end <= start:
                start, end = 0, len(texts[i])
            name, score = head.classes[class_no], rows[i][class_no]
            tags.append(Tag("driver", name, score, start, end, "drivers", detector_version))
        found.append(tags)
    return found


def text_scores(head: linear.LinearHead, read: reading.Reading) -> Floats:
    """Probabilities of each text; a long text is half itself, half its telling windows.

    Windows of greeting and small talk (`other`) weigh little, so a request buried in a long mail
    or transcript still decides.
    """
    units = read.probabilities("drivers")
    scores = units[: len(read.texts)].copy()
    other = head.classes.index(_OTHER)
    for i, windows in enumerate(read.windows):
        if windows == (i,):
            continue
        inner = units[list(windows)]
        weights = 1.05 - inner[:, other]
        scores[i] = 0.5 * scores[i] + 0.5 * (weights @ inner) / weights.sum()
    return scores


def _picked(head: linear.LinearHead, scores: list[float], first: int, second: int) -> list[int]:
    """Class numbers to report: the primary driver, then a plain second one."""
    other = head.classes.index(_OTHER)
    if first != other and scores[first] < head.threshold("least_score"):
        return [other]
    plain = other not in (first, second) and scores[second] >= head.threshold("second_score")
    return [first, second] if plain else [first]


def _unit(read: reading.Reading, head: linear.LinearHead, text_no: int, class_no: int) -> int:
    """The window that speaks most for the class; evidence is sought there."""
    windows = read.windows[text_no]
    if windows == (text_no,):
        return text_no
    rows = read.encoded.matrix[list(windows)] @ head.weights[:, class_no]
    return windows[int(np.argmax(rows))]
