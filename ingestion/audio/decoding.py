"""A recording as blocks of samples: opened by content, read in bounded pieces, never trusted.

file -> Sound -> blocks of float32 (frames, channels) between -1 and 1. What a header claims is
a statement; what counts is what could be decoded.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile  # type: ignore[import-untyped, unused-ignore]

from ingestion.audio import compressed
from ingestion.audio.compressed import CompressedFile
from ingestion.audio.formats import DECODED, container
from ingestion.audio.limits import AudioLimits
from ingestion.connectors.base import RejectedInput

Samples = npt.NDArray[np.float32]
"""Samples of shape (frames, channels), full scale at -1 and 1."""

FRAME_SECONDS = 0.02
_FRAMES_AT_ONCE = 100
_HEAD = 64 * 1024
_MAY_HOLD_NAN = frozenset({"FLOAT", "DOUBLE"})


@dataclass
class Sound:
    """An open recording. `damaged` turns true when decoding stopped before the end."""

    container: str
    codec: str
    rate: int
    channels: int
    stated_frames: int
    file: soundfile.SoundFile | CompressedFile
    limits: AudioLimits
    damaged: bool = False
    too_long: bool = False

    @property
    def frame(self) -> int:
        """Samples per channel in one frame of `FRAME_SECONDS`."""
        return max(round(self.rate * FRAME_SECONDS), 1)

    @property
    def stated_seconds(self) -> float:
        """The length that the header claims."""
        return self.stated_frames / self.rate

    def blocks(self) -> Iterator[Samples]:
        """Whole frames each, only the last one may be shorter; read once.

        Ends at damaged data and at the limit of length, which `damaged` and `too_long` tell.
        """
        size, left = self.frame * _FRAMES_AT_ONCE, int(self.limits.seconds * self.rate)
        while True:
            block = self._next(size)
            if not len(block):
                return
            if len(block) > left:
                self.too_long = True
                return
            left -= len(block)
            yield block
            if self.damaged:
                return

    def _next(self, size: int) -> Samples:
        target: Samples = np.full((size, self.channels), np.nan, np.float32)
        try:
            return self.file.read(out=target)
        except (soundfile.SoundFileError, RuntimeError):
            self.damaged = True
            if self.codec in _MAY_HOLD_NAN:
                return target[:0]
            # The decoder does not say how far it came, but it left its samples there.
            return target[: int(np.isfinite(target).all(axis=1).sum())]


@contextmanager
def opened(path: Path, limits: AudioLimits) -> Iterator[Sound]:
    """The recording in this file. Raises RejectedInput when it cannot be decoded at all."""
    with path.open("rb") as stream:
        kind = container(stream.read(_HEAD))
    if path.stat().st_size > limits.file_bytes:
        raise RejectedInput(
            "too_large", f"the recording has more than {limits.file_bytes} bytes; split it"
        )
    opener = _opener(kind)
    try:
        file = opener(path)
    except (soundfile.SoundFileError, RuntimeError, TypeError, ValueError) as error:
        raise RejectedInput(
            "broken_audio",
            f"the file begins as {kind} but its header or codec cannot be read; export it again"
            " as WAV (PCM), FLAC, MP3 or Ogg",
        ) from error
    with file:
        _check(file, limits)
        yield Sound(
            container=str(kind),
            codec=file.subtype,
            rate=file.samplerate,
            channels=file.channels,
            stated_frames=max(file.frames, 0),
            file=file,
            limits=limits,
        )


def _opener(kind: str | None) -> Callable[[Path], soundfile.SoundFile | CompressedFile]:
    """What opens files of this kind; raises RejectedInput when nothing does."""
    if kind in DECODED:
        return soundfile.SoundFile
    if kind in compressed.CONTAINERS and compressed.available():
        return partial(CompressedFile, container=kind)
    remedy = "install the extra `recordings`, or " if kind in compressed.CONTAINERS else ""
    raise RejectedInput(
        "undecodable_audio",
        f"recordings of the kind {kind or 'unknown'} cannot be decoded here; {remedy}export them as"
        " WAV, FLAC, MP3 or Ogg. The file is kept",
    )


def _check(file: soundfile.SoundFile | CompressedFile, limits: AudioLimits) -> None:
    if not 1 <= file.channels <= limits.channels:
        raise RejectedInput(
            "too_many_channels",
            f"a recording may have 1 to {limits.channels} channels; export one per speaker",
        )
    if not limits.lowest_rate <= file.samplerate <= limits.highest_rate:
        raise RejectedInput(
            "bad_sample_rate",
            f"the sample rate must lie between {limits.lowest_rate} and {limits.highest_rate} Hz;"
            " export the recording again",
        )
