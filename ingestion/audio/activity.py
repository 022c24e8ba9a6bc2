"""When somebody talks on a channel, from the level of its frames alone.

levels (dBFS per frame) -> talk (true or false per frame). A frame is talk when it stands out of
the channel's own noise, whose level is followed through the call. Deterministic, numpy only.
"""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from ingestion.audio.decoding import FRAME_SECONDS
from ingestion.audio.meter import Levels

Talk = npt.NDArray[np.bool_]
"""Of shape (frames, channels)."""

ABOVE_NOISE = 9.0  # dB above the noise that make a frame talk
LEAST_RANGE = 9.0  # dB between quiet and loud; a channel with less is steady noise
BELOW_LOUD = 12.0  # dB: noise is at least this far below the loudest frames
QUIETEST_TALK = -60.0  # dBFS below which nothing is talk
WEAKEST_TALK = 30.0  # dB below the channel's loudest frames at which talk ends
BLEED = 24.0  # dB below another channel at the same moment: that channel's echo
HELD_SECONDS = 0.3  # pauses up to this long belong to the talk around them
SHORTEST_SECONDS = 0.1  # shorter sounds are clicks

_PART = round(5.0 / FRAME_SECONDS)
_PARTS_AROUND = 6


def talk_of(levels: Levels) -> Talk:
    """Which frames of each channel are talk."""
    if not len(levels):
        return np.zeros(levels.shape, np.bool_)
    threshold = np.stack([_threshold(channel) for channel in levels.T], axis=1)
    heard = (levels > threshold) & (levels > levels.max(axis=1, keepdims=True) - BLEED)
    return np.stack([_smoothed(channel) for channel in heard.T], axis=1)


def _threshold(levels: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    loud, quiet = np.percentile(levels, [99.5, 5])
    if loud - quiet < LEAST_RANGE:
        return np.full(len(levels), np.inf)
    noise = np.minimum(_noise(levels), loud - BELOW_LOUD)
    return np.maximum(noise + ABOVE_NOISE, max(loud - WEAKEST_TALK, QUIETEST_TALK))


def _noise(levels: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
    """The quiet tenth of every five seconds; of these the least within half a minute.

    Half a minute before and after are looked at apart and the louder one counts, because noise
    may begin or end at once: a street, a fan, a headset. Towards the ends one side must do.
    """
    parts = [levels[start : start + _PART] for start in range(0, len(levels), _PART)]
    tenths = np.array([np.percentile(part, 10) for part in parts])
    padded = np.pad(tenths, _PARTS_AROUND, constant_values=np.inf)
    least = np.lib.stride_tricks.sliding_window_view(padded, _PARTS_AROUND + 1).min(axis=1)
    before, after = least[: len(parts)], least[_PARTS_AROUND:]
    both = np.maximum(before, after)
    both[:_PARTS_AROUND] = after[:_PARTS_AROUND]
    both[-_PARTS_AROUND:] = before[-_PARTS_AROUND:]
    if len(parts) < 2 * _PARTS_AROUND:
        both = np.minimum(before, after)
    return np.repeat(both, _PART)[: len(levels)]


def _smoothed(heard: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Without clicks first, then without the pauses between syllables and words."""
    talk = heard.copy()
    for start, end in runs(talk):
        if (end - start) * FRAME_SECONDS < SHORTEST_SECONDS:
            talk[start:end] = False
    found = list(runs(talk))
    for (_, end), (start, _) in pairwise(found):
        if (start - end) * FRAME_SECONDS <= HELD_SECONDS + FRAME_SECONDS / 2:
            talk[end:start] = True
    return talk


def runs(flags: npt.NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First frame and frame after the last of each stretch that is true."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], flags.astype(np.int8), [0]))))
    yield from zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
