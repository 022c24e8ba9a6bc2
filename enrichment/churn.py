"""Whether a customer says that they leave (explicit) or may leave (implied).

Cancelling an order, blaming a rival, or a complaint alone is not churn. Two voices: a model over
all words, and outright phrases (`lexicons/cues/churn.yml`). A phrase decides the level; its score
is the precision it was measured with, or the model's where that is higher.
"""

from collections.abc import Sequence

import numpy as np

from enrichment import cues, features, linear, reading
from enrichment.tags import Tag

LEVELS = ("implied", "explicit")


def version() -> str:
    """Changes with the model, the phrases, or the features."""
    head = linear.released("churn")
    return f"{head.version}-{cues.book('churn').version}-{features.version()}"


def predict(texts: Sequence[str]) -> list[Tag | None]:
    """Return one tag a text, or None where nothing points to leaving."""
    if not texts:
        return []
    head = linear.released("churn")
    read = reading.read(texts)
    scores = read.probabilities("churn")
    rows = scores.tolist()
    return [_judge(head, read, rows, i) for i in range(len(texts))]


def _judge(
    head: linear.LinearHead, read: reading.Reading, scores: list[list[float]], text_no: int
) -> Tag | None:
    """The strongest finding over the windows of one text."""
    found = [_in_window(head, read, scores, unit) for unit in read.windows[text_no]]
    tags = [tag for tag in found if tag is not None]
    return max(tags, key=lambda tag: (tag.tag == "explicit", tag.score), default=None)


def _in_window(
    head: linear.LinearHead, read: reading.Reading, scores: list[list[float]], unit: int
) -> Tag | None:
    words = read.encoded.units[unit].words
    said, denied = cues.book("churn").search(words)
    if denied and not said:
        return None
    row = dict(zip(head.classes, scores[unit], strict=True))
    leaving = row["implied"] + row["explicit"]
    if said and leaving >= head.settings["cue_needs"]:
        cue = max(said, key=lambda c: c.tag == "explicit")
        score = max(head.settings["cue_score"][cue.tag], row[cue.tag])
        return _tag(cue.tag, score, (words[cue.first][0], words[cue.last][1]))
    if leaving < head.settings["least_score"]:
        return None
    level = "explicit" if row["explicit"] >= row["implied"] else "implied"
    class_no = head.classes.index(level)
    span = linear.evidence(head, read.encoded, [(unit, class_no)])[0]
    return _tag(level, row[level], span) if span[1] > span[0] else None


def _tag(level: str, score: float, span: tuple[int, int]) -> Tag:
    return Tag("churn", level, float(np.clip(score, 0, 1)), *span, "churn", version())
