"""The door to speech recognition: what an engine must offer, and how a recording is handed to it.

recording + talk -> pieces of one channel each -> Said. Any engine with `name`, `version` and
`transcribe` will do; the one that comes along stands in `whisper`.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt

from ingestion.audio.activity import Talk
from ingestion.audio.decoding import opened
from ingestion.audio.limits import AudioLimits
from ingestion.audio.meter import Meter

PIECE_SECONDS = 120.0  # pieces end at the next pause after this much ...
LONGEST_SECONDS = 300.0  # ... and here at the latest


@dataclass(slots=True)
class Said:
    """One utterance. Seconds count from the start of what was handed over.

    `language` is a code such as `id` or `en`; `confidence` lies between 0 and 1; both may be
    None. `channel` is set by `transcribed`.
    """

    start: float
    end: float
    text: str
    language: str | None = None
    confidence: float | None = None
    channel: int = 0


class Transcriber(Protocol):
    """A speech engine. `version` must change whenever its answers may change."""

    @property
    def name(self) -> str:
        """The engine's name."""

    @property
    def version(self) -> str:
        """Version of engine and model together."""

    def transcribe(self, samples: npt.NDArray[np.float32], rate: int) -> Iterable[Said]:
        """What is said in these samples (one channel, full scale at 1, `rate` per second)."""


def transcribed(
    path: Path,
    limits: AudioLimits,
    talk: Talk,
    engine: Transcriber,
    progress: Callable[[float], None] = lambda seconds: None,
) -> list[Said]:
    """All that is said, by time. Channels are those of `talk`; stretches without talk are skipped.

    `progress` is called with the seconds that are done. Raises RejectedInput and OSError as
    `measure` does, and whatever the engine raises.
    """
    found: list[Said] = []
    with opened(path, limits) as sound:
        pieces = [_Piece(channel, engine, sound.rate, found) for channel in range(talk.shape[1])]
        meter, row = Meter(sound.frame, sound.channels), 0
        for block in sound.blocks():
            block = meter.sane(block)
            rows = talk[row : row + -(-len(block) // sound.frame)]
            for piece in pieces:
                piece.add(block[:, piece.channel], rows[:, piece.channel])
            row += len(rows)
            progress(row * sound.frame / sound.rate)
        for piece in pieces:
            piece.finish()
    return sorted(found, key=lambda said: (said.start, said.channel, said.end))


class _Piece:
    """Samples of one channel until a pause, then handed to the engine."""

    def __init__(self, channel: int, engine: Transcriber, rate: int, found: list[Said]) -> None:
        self.channel, self._engine, self._rate, self._found = channel, engine, rate, found
        self._begin, self._length, self._any = 0, 0, False
        self._waiting: list[npt.NDArray[np.float32]] = []

    def add(self, samples: npt.NDArray[np.float32], talk: npt.NDArray[np.bool_]) -> None:
        self._waiting.append(samples)
        self._length += len(samples)
        self._any = self._any or bool(talk.any())
        seconds = self._length / self._rate
        paused = not len(talk) or not talk[-1]
        if seconds >= LONGEST_SECONDS or (seconds >= PIECE_SECONDS and paused):
            self.finish()

    def finish(self) -> None:
        if self._any:
            begin, length = self._begin / self._rate, self._length / self._rate
            samples = np.ascontiguousarray(np.concatenate(self._waiting))
            for said in self._engine.transcribe(samples, self._rate):
                # Engines fill a piece up with silence, and some hear words in it.
                if said.text.strip() and said.start < length:
                    self._found.append(_placed(said, begin, length, self.channel))
        self._begin, self._length, self._any = self._begin + self._length, 0, False
        self._waiting.clear()


def _placed(said: Said, begin: float, length: float, channel: int) -> Said:
    """The utterance by the clock of the recording, within the piece in which it was heard."""
    start = max(said.start, 0.0)
    end = min(max(said.end, start), length)
    times = (round(begin + start, 3), round(begin + end, 3))
    return Said(*times, said.text.strip(), said.language, said.confidence, channel)
