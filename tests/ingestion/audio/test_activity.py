"""Talk stands out of its noise: what counts, what is echo, a click, a pause or steady sound."""

import numpy as np
import pytest

from ingestion.audio.activity import runs, talk_of

QUIET, LOUD = -70.0, -20.0


def channel(*stretches: tuple[int, float]) -> np.ndarray:
    """Levels from (frames, dBFS), with a little life in them."""
    levels = np.concatenate([np.full(count, level) for count, level in stretches])
    return (levels + np.random.default_rng(2).normal(0, 0.5, len(levels))).astype(np.float32)


def talked(*channels: np.ndarray) -> list[list[tuple[int, int]]]:
    return [list(runs(talk)) for talk in talk_of(np.stack(channels, axis=1)).T]


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (channel((50, QUIET), (100, LOUD), (50, QUIET)), [(50, 150)]),
        (channel((50, QUIET), (40, LOUD), (15, QUIET), (40, LOUD), (90, QUIET)), [(50, 145)]),
        (channel((50, QUIET), (40, LOUD), (16, QUIET), (40, LOUD), (90, QUIET)),
         [(50, 90), (106, 146)]),
        (channel((50, QUIET), (4, LOUD), (90, QUIET), (5, LOUD), (50, QUIET)), [(144, 149)]),
        (channel((200, LOUD)), []),
        (channel((200, -100)), []),
        (channel((100, -100), (100, -65)), []),
        (channel((50, QUIET), (900, LOUD), (50, QUIET)), [(50, 950)]),
        (channel((200, QUIET), (4000, LOUD), (200, QUIET), (100, LOUD), (200, QUIET)),
         [(200, 4200), (4400, 4500)]),
        (channel((50, QUIET), (100, LOUD), (100, -46), (100, -52), (50, QUIET)), [(50, 250)]),
    ],
)  # fmt: skip
def test_talk_of_one_channel(levels: np.ndarray, expected: list[tuple[int, int]]):
    assert talked(levels) == [expected]


@pytest.mark.parametrize(("first", "then"), [(QUIET, -42), (-42, QUIET), (-42, -42)])
def test_noise_may_change_during_a_call(first: float, then: float):
    """A street after an office: the floor is that of the minute, not that of the call."""
    levels = channel((3000, first), (100, LOUD), (3000, then), (100, LOUD), (3000, then))
    assert talked(levels) == [[(3000, 3100), (6100, 6200)]]


def test_echo_of_the_other_side_is_not_talk():
    loud = channel((50, QUIET), (100, -15), (300, QUIET))
    echo = channel((50, QUIET), (100, -42), (100, QUIET), (100, -25), (100, QUIET))
    both = channel((50, QUIET), (100, -30), (100, QUIET), (100, -25), (100, QUIET))
    assert talked(loud, echo) == [[(50, 150)], [(250, 350)]]
    assert talked(loud, both) == [[(50, 150)], [(50, 150), (250, 350)]]


def test_nothing_is_nothing():
    assert talk_of(np.zeros((0, 2), np.float32)).shape == (0, 2)
    assert list(runs(np.array([], np.bool_))) == []
    assert list(runs(np.array([True, False, True, True]))) == [(0, 1), (2, 4)]
