"""Sentiment of each text: neg, neu or pos, with the words that carry it."""

from collections.abc import Sequence

import numpy as np

from enrichment import features, linear, reading
from enrichment.tags import Tag


def version() -> str:
    """Changes with the model or the features it reads."""
    return f"{linear.released('sentiment').version}-{features.version()}"


def predict(texts: Sequence[str]) -> list[Tag]:
    """Return one tag a text, with a calibrated score and the words that spoke for it."""
    if not texts:
        return []
    head = linear.released("sentiment")
    read = reading.read(texts)
    scores = read.probabilities("sentiment")[: len(texts)]
    chosen = list(enumerate(np.argmax(scores, axis=1).tolist()))
    best = scores.max(axis=1).tolist()
    spans = linear.evidence(head, read.encoded, chosen)
    detector_version = version()
    return [
        Tag(
            "sentiment",
            head.classes[c],
            best[i],
            *_at_least(span, texts[i]),
            "sentiment",
            detector_version,
        )
        for (i, c), span in zip(chosen, spans, strict=True)
    ]


def _at_least(span: tuple[int, int], text: str) -> tuple[int, int]:
    # A text without words (an emoji mark, dots) is its own evidence.
    return span if span[1] > span[0] else (0, len(text))
