"""The figures of one recording, and why some of them are missing.

file -> Measures. Seconds are those of the recording itself. What cannot be known stays None and
the reason stands in `not_analysed`.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from ingestion.audio.activity import Talk, runs, talk_of
from ingestion.audio.decoding import FRAME_SECONDS, Sound, opened
from ingestion.audio.limits import AudioLimits
from ingestion.audio.meter import Meter
from ingestion.connectors.base import RejectedInput

MEASURES_VERSION = "1"
"""Changes whenever the same samples would give other figures."""

HELD_THE_FLOOR = 0.5  # seconds somebody must have talked before one can interrupt
TALKED_OVER = 0.5  # seconds both must talk; a short "ya" or "mm-hm" is no interruption
_COMPLETE = 0.95  # of the stated length; the length of an MP3 may be an estimate


@dataclass(slots=True)
class Measures:
    """Lists hold one value per channel, in the order of the file.

    overlap_seconds  somebody talks on two channels at once
    interruptions    per channel: how often it began to talk while another channel had been
                     talking for at least 0.5 s, and both then went on for at least 0.5 s
    clipped          samples at full scale
    not_analysed     why figures are missing or partial: too_long, damaged (decoding stopped),
                     shorter_than_stated, bad_samples, same_channels, no_speaker_separation
    """

    container: str
    codec: str
    sample_rate: int
    channels: int
    duration_seconds: float
    talk_seconds: float | None = None
    non_talk_seconds: float | None = None
    longest_silence_seconds: float | None = None
    channel_talk_seconds: list[float] | None = None
    overlap_seconds: float | None = None
    interruptions: list[int] | None = None
    loudness_dbfs: list[float | None] = field(default_factory=list)
    clipped: list[int] = field(default_factory=list)
    not_analysed: list[str] = field(default_factory=list)
    version: str = MEASURES_VERSION


def measure(path: Path, limits: AudioLimits) -> tuple[Measures, Talk]:
    """Decode a recording once and measure it; also which frames are talk.

    Raises RejectedInput when nothing can be decoded, OSError when the disk fails.
    """
    with opened(path, limits) as sound:
        meter = Meter(sound.frame, sound.channels)
        for block in sound.blocks():
            meter.add(block)
        return _measures(sound, meter)


def _measures(sound: Sound, meter: Meter) -> tuple[Measures, Talk]:
    if not meter.samples and not sound.too_long:
        raise RejectedInput(
            "no_sound",
            f"the file begins as {sound.container} but no sample of it can be decoded; deliver"
            " it again or export it as WAV",
        )
    found = Measures(
        container=sound.container,
        codec=sound.codec,
        sample_rate=sound.rate,
        channels=sound.channels,
        duration_seconds=round(meter.samples / sound.rate, 3),
    )
    if sound.too_long:
        found.duration_seconds = round(max(sound.stated_seconds, sound.limits.seconds), 3)
        found.not_analysed.append("too_long")
        return found, np.zeros((0, sound.channels), np.bool_)
    if sound.damaged:
        found.not_analysed.append("damaged")
    if meter.samples < _COMPLETE * sound.stated_frames:
        found.not_analysed.append("shorter_than_stated")
    if meter.bad_samples:
        found.not_analysed.append("bad_samples")
    found.loudness_dbfs, found.clipped = meter.loudness, meter.clipped
    levels = meter.levels
    if meter.same_channels:
        found.not_analysed.append("same_channels")
        levels = levels[:, :1]
    talk = talk_of(levels)
    _add_talk(found, talk, sound.frame / sound.rate)
    return found, talk


def _add_talk(found: Measures, talk: Talk, frame_seconds: float) -> None:
    """Figures of talk; those that need one speaker a channel only where there are several."""

    def seconds(frames: int) -> float:
        return min(round(frames * frame_seconds, 3), found.duration_seconds)

    anybody = np.asarray(talk.any(axis=1))
    found.talk_seconds = seconds(int(anybody.sum()))
    found.non_talk_seconds = round(found.duration_seconds - found.talk_seconds, 3)
    longest = max((end - start for start, end in runs(np.logical_not(anybody))), default=0)
    found.longest_silence_seconds = seconds(longest)
    if talk.shape[1] == 1:
        found.not_analysed.append("no_speaker_separation")
        return
    found.channel_talk_seconds = [seconds(int(count)) for count in talk.sum(axis=0)]
    found.overlap_seconds = seconds(int((talk.sum(axis=1) > 1).sum()))
    found.interruptions = interruptions([list(runs(channel)) for channel in talk.T])


def interruptions(stretches: Sequence[Sequence[tuple[int, int]]]) -> list[int]:
    """How often each channel cut into another one, from the talk of each in frames."""
    counts = [0] * len(stretches)
    held, over = HELD_THE_FLOOR / FRAME_SECONDS, TALKED_OVER / FRAME_SECONDS
    for channel, mine in enumerate(stretches):
        others = [
            run for other, theirs in enumerate(stretches) if other != channel for run in theirs
        ]
        begins = np.array([run[0] for run in others])
        ends = np.array([run[1] for run in others])
        for start, end in mine:
            cut = (begins + held <= start) & (np.minimum(ends, end) - start >= over)
            counts[channel] += bool(cut.any())
    return counts
