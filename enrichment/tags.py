"""The shape of one tag. Every head returns these; `annotate` turns them into rows.

Only the shape belongs here: what a tag means is decided by the head that made it.
"""

from typing import NamedTuple


class Tag(NamedTuple):
    """One finding with the words that support it.

    `start` and `end` are character offsets into the redacted text as it was given; `score` lies
    in [0, 1]; `detector_version` names the model or rule that spoke.
    """

    family: str
    tag: str
    score: float
    start: int
    end: int
    detector: str
    detector_version: str
    rulebook_version: str = ""
