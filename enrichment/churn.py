"""Whether a customer says that they leave (explicit) or may leave (implied).

Cancelling an order, blaming a rival, or a complaint alone is not churn. Two voices: a model over
all words, and outright phrases (rulebooks of family churn). A phrase decides the level; its score
is the precision it was measured with, or the model's where that is higher.
"""

from collections.abc import Sequence

import numpy as np

from enrichment import cues, features, linear, reading
from enrichment.cues import CueBook
from enrichment.normalise import Token
from enrichment.tags import Tag

LEVELS = ("implied", "explicit")


def version(book: CueBook | None = None) -> str:
    """Changes with the model, the phrases (the bundled ones if not given), or the features."""
    return f"{_model_version()}-{(book or cues.book('churn')).version}"


def _model_version() -> str:
    return f"{linear.released('churn').version}-{features.version()}"


def predict(texts: Sequence[str], book: CueBook | None = None) -> list[Tag | None]:
    """Return one tag a text, or None where nothing points to leaving.

    `book` holds the outright phrases; without it the bundled ones are used.
    """
    if not texts:
        return []
    said = book or cues.book("churn")
    head = linear.released("churn")
    read = reading.read(texts)
    rows = read.probabilities("churn").tolist()
    return [_judge(head, said, read, rows, i) for i in range(len(texts))]


def _judge(
    head: linear.LinearHead,
    book: CueBook,
    read: reading.Reading,
    scores: list[list[float]],
    text_no: int,
) -> Tag | None:
    """The strongest finding over the windows of one text."""
    found = [_in_window(head, book, read, scores, unit) for unit in read.windows[text_no]]
    tags = [tag for tag in found if tag is not None]
    return max(tags, key=lambda tag: (tag.tag == "explicit", tag.score), default=None)


def _in_window(
    head: linear.LinearHead,
    book: CueBook,
    read: reading.Reading,
    scores: list[list[float]],
    unit: int,
) -> Tag | None:
    words = read.encoded.units[unit].words
    said, denied = book.search(words)
    if denied and not said:
        return None
    row = dict(zip(head.classes, scores[unit], strict=True))
    leaving = row["implied"] + row["explicit"]
    likely = leaving >= head.settings["cue_needs"]
    if counting := [cue for cue in said if likely or not cue.needs_model]:
        cue = max(counting, key=lambda c: c.tag == "explicit")
        score = max(head.settings["cue_score"][cue.tag], row[cue.tag])
        return _tag(cue.tag, score, (words[cue.first][0], words[cue.last][1]), cue.version)
    if leaving < head.settings["least_score"] or says_too_little(words):
        return None
    level = "explicit" if row["explicit"] >= row["implied"] else "implied"
    class_no = head.classes.index(level)
    span = linear.evidence(head, read.encoded, [(unit, class_no)])[0]
    return _tag(level, row[level], span) if span[1] > span[0] else None


def says_too_little(words: tuple[Token, ...]) -> bool:
    """Whether a single word is all there is: out of a menu ("other") it means nothing by itself."""
    return sum(word.isalpha() for _, _, word in words) <= 1


def _tag(level: str, score: float, span: tuple[int, int], rulebook: str = "") -> Tag:
    """The tag; `rulebook` is the version of the book whose phrase decided, if one did."""
    clipped = float(np.clip(score, 0, 1))
    return Tag("churn", level, clipped, *span, "churn", _model_version(), rulebook)
