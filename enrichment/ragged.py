"""Lists of different lengths in one flat array: choosing some of them, and putting them in order.

What the numbers mean is for the caller.
"""

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


def chosen_of(lists: list[Ints], chosen: Ints) -> tuple[Ints, Ints]:
    """The chosen lists one after another, and for each member which choice it came from."""
    flat = np.concatenate([np.empty(0, dtype=np.int64), *lists])
    sizes = np.array([len(each) for each in lists], dtype=np.int64)
    starts = np.cumsum(sizes) - sizes
    wanted = sizes[chosen]
    owners = np.repeat(np.arange(len(chosen), dtype=np.int64), wanted)
    shift = starts[chosen] - (np.cumsum(wanted) - wanted)
    return flat[np.arange(len(owners), dtype=np.int64) + shift[owners]], owners


def by_owner(parts: list[tuple[Ints, Ints]], words: int) -> tuple[Ints, Ints, Ints]:
    """Columns and owners by owner, then by part; and where each owner's columns begin.

    Every part is in the order of its owners already, so places are counted, not sorted.
    """
    counts = [np.bincount(owners, minlength=words) for _, owners in parts]
    total = np.sum(counts, axis=0, dtype=np.int64)
    begins = np.concatenate([[0], np.cumsum(total)])
    columns = np.empty(begins[-1], dtype=np.int64)
    free = begins[:-1].copy()
    for (members, owners), count in zip(parts, counts, strict=True):
        before = np.cumsum(count) - count
        columns[np.arange(len(owners), dtype=np.int64) + (free - before)[owners]] = members
        free += count
    return columns, np.repeat(np.arange(words, dtype=np.int64), total), begins
