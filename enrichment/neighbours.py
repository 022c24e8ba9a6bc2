"""The training texts nearest in meaning to a text, and the labels that they vote for.

Texts are mean word vectors in small whole numbers; no words are kept.
"""

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float32]

_ASKED: Final = 10
_SHARPNESS: Final = 20
"""How fast a vote fades with distance."""
_MOST: Final = 20_000
_CHUNK: Final = 500


@dataclass(frozen=True)
class Neighbours:
    """Vectors of length one times 127, and the number of the label that each text had."""

    vectors: npt.NDArray[np.int8]
    labels: npt.NDArray[np.int32]

    def votes(self, dense: Floats, classes: int) -> Floats:
        """Share of each label among the nearest texts, one row a text; zeros where none is near."""
        found = np.zeros((len(dense), classes), dtype=np.float32)
        known = (self.vectors.astype(np.float32) / 127.0).T
        asked = min(_ASKED, known.shape[1])
        for start in range(0, len(dense), _CHUNK):
            rows = slice(start, start + _CHUNK)
            near = dense[rows] @ known
            best = np.argpartition(-near, asked - 1, axis=1)[:, :asked]
            weights = np.maximum(np.take_along_axis(near, best, axis=1), 0.0) ** _SHARPNESS
            weights /= np.maximum(weights.sum(axis=1, keepdims=True), 1e-9)
            every = np.arange(len(near))[:, None]
            np.add.at(found[rows], (every, self.labels[best]), weights)
        return found


def remember(dense: Floats, labels: npt.NDArray[Any]) -> Neighbours:
    """Keep the texts of a training file; of a very large one an even part."""
    kept = np.arange(len(dense))
    if len(dense) > _MOST:
        kept = np.linspace(0, len(dense) - 1, _MOST).astype(np.int64)
    return Neighbours(np.rint(dense[kept] * 127).astype(np.int8), labels[kept].astype(np.int32))
