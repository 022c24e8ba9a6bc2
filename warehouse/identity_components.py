"""Connected components of a graph in numpy: which nodes hang together."""

from typing import Any

import numpy as np
import numpy.typing as npt

Nodes = npt.NDArray[np.int64]


def components(count: int, left: Any, right: Any) -> Nodes:
    """For nodes 0..count-1, the least node of each node's component.

    `left` and `right` are equally long arrays: the two ends of each link. Each round hooks
    roots to smaller roots and then flattens, so rounds grow with the logarithm of the size.
    """
    root: Nodes = np.arange(count, dtype=np.int64)
    ends = (np.asarray(left, dtype=np.int64), np.asarray(right, dtype=np.int64))
    while True:
        a, b = root[ends[0]], root[ends[1]]
        differ = a != b
        if not differ.any():
            return root
        low, high = np.minimum(a, b)[differ], np.maximum(a, b)[differ]
        np.minimum.at(root, high, low)
        while True:
            flatter = root[root]
            if np.array_equal(flatter, root):
                break
            root = flatter
        # Links inside a component need no second look.
        ends = (ends[0][differ], ends[1][differ])
