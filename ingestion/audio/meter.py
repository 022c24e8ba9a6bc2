"""What is added up while a recording is decoded: levels, clipping and the energy of each frame.

blocks of samples -> Meter -> totals. Needs 4 bytes a frame and channel, whatever the length.
"""

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from ingestion.audio.decoding import Samples

QUIETEST = -100.0  # dBFS that stands for silence without any noise
CLIPPED = 0.999
_SAME = 1e-4  # -40 dB: what differs less is one signal on two channels

Levels = npt.NDArray[np.float32]
"""dBFS of shape (frames, channels)."""


@dataclass
class Meter:
    """Totals over all blocks so far; `frame` is the number of samples in one frame."""

    frame: int
    channels: int
    samples: int = 0
    bad_samples: int = 0
    _squares: npt.NDArray[np.float64] = field(init=False)
    _clipped: npt.NDArray[np.int64] = field(init=False)
    _difference: float = 0.0
    _levels: list[Levels] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._squares = np.zeros(self.channels)
        self._clipped = np.zeros(self.channels, np.int64)

    def add(self, block: Samples) -> None:
        """Take one block in. Samples that are no numbers count as silence and are counted."""
        block = self.sane(block)
        self.samples += len(block)
        squares = np.square(block, dtype=np.float64)
        self._squares += squares.sum(axis=0)
        self._clipped += (np.abs(block) >= CLIPPED).sum(axis=0)
        if self.channels == 2:
            self._difference += float(np.square(block[:, 0] - block[:, 1], dtype=np.float64).sum())
        self._levels.append(self._frames(block, squares))

    def sane(self, block: Samples) -> Samples:
        """Samples that are no numbers become silence and are counted; none exceeds full scale."""
        good = np.isfinite(block)
        if not good.all():
            self.bad_samples += int(good.size - good.sum())
            block = np.where(good, block, np.float32(0))
        return np.clip(block, -1.0, 1.0)

    def _frames(self, block: Samples, squares: npt.NDArray[np.float64]) -> Levels:
        """Power of each frame without its constant part, which no one hears."""
        count = -(-len(block) // self.frame)
        shape = (count, self.frame, self.channels)
        missing = ((0, count * self.frame - len(block)), (0, 0))
        power = np.pad(squares, missing).reshape(shape).mean(axis=1)
        mean = np.pad(block, missing).reshape(shape).mean(axis=1, dtype=np.float64)
        return decibels(np.maximum(power - np.square(mean), 0.0)).astype(np.float32)

    @property
    def levels(self) -> Levels:
        """Level of each frame and channel."""
        if not self._levels:
            return np.zeros((0, self.channels), np.float32)
        return np.concatenate(self._levels)

    @property
    def loudness(self) -> list[float | None]:
        """RMS of each channel over its whole length in dBFS; None for silence."""
        if not self.samples:
            return [None] * self.channels
        values = decibels(self._squares / self.samples)
        return [None if value <= QUIETEST else round(float(value), 2) for value in values]

    @property
    def clipped(self) -> list[int]:
        """Samples of each channel at full scale."""
        return [int(count) for count in self._clipped]

    @property
    def same_channels(self) -> bool:
        """Whether both channels of a stereo file carry one signal, as exports of mono do."""
        return self.channels == 2 and self._difference <= _SAME * float(self._squares.sum())


def decibels(power: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Power relative to full scale as dBFS, not below `QUIETEST`."""
    least = 10.0 ** (QUIETEST / 10)
    return 10.0 * np.log10(np.maximum(power, least))
