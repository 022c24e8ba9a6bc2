"""From how far each word leans to what is known of a text: sums for the decision, and evidence.

How far a word leans is decided in `language`.
"""

import math
from typing import Final

from enrichment import loans

_EVIDENCE_WORDS: Final = 8


def summary(values: list[float]) -> list[float]:
    """The seven numbers that the decision reads."""
    size = max(1, len(values))
    left = [value for value in values if value > 0]
    right = [-value for value in values if value < 0]
    strong_left = len([value for value in left if value > loans.STRONG])
    strong_right = len([value for value in right if value > loans.STRONG])
    sum_left, sum_right = sum(left), sum(right)
    weaker = min(strong_left, strong_right)
    return [
        sum(values) / size,
        math.log1p(sum_left),
        math.log1p(sum_right),
        min(weaker, 4) / 2,
        weaker / size * 2,
        min(sum_left, sum_right) / (sum_left + sum_right + 1e-9) * 2,
        math.log1p(size),
    ]


def evidence(label: str, spans: list[tuple[int, int]], values: list[float]) -> tuple[int, int]:
    """The stretch around the words that lean most to the label; both sides for `mix`."""
    sides = {"id": (max,), "en": (min,)}.get(label, (max, min))
    indexes = [values.index(side(values)) for side in sides]
    if len(sides) == 1:
        # Let the strongest word take its neighbours along, for a reader.
        first = max(0, indexes[0] - _EVIDENCE_WORDS // 2)
        last = min(len(spans) - 1, indexes[0] + _EVIDENCE_WORDS // 2)
        return spans[first][0], spans[last][1]
    return spans[min(indexes)][0], spans[max(indexes)][1]
