"""A recording is handed to an engine in pieces that end in pauses, channel by channel."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from ingestion.audio import transcriber
from ingestion.audio.limits import AudioLimits
from ingestion.audio.measures import measure
from ingestion.audio.transcriber import Said, transcribed
from ingestion.audio.worker import examine
from tests.ingestion.audio.sounds import RATE, Spans, by_numpy

LIMITS = AudioLimits()


class Listener:
    """An engine that hears noise: one utterance per second that is loud, and what it was given."""

    name, version = "listener", "1"

    def __init__(self) -> None:
        self.given: list[tuple[int, int]] = []

    def transcribe(self, samples: np.ndarray, rate: int) -> Iterator[Said]:
        assert samples.dtype == np.float32 and samples.ndim == 1
        self.given.append((len(samples), rate))
        for second in range(len(samples) // rate):
            if np.std(samples[second * rate : (second + 1) * rate]) > 0.1:
                yield Said(second, second + 1, f" kata {second} ", "id", 0.9)


class Broken(Listener):
    def transcribe(self, samples: np.ndarray, rate: int) -> Iterator[Said]:
        raise RuntimeError("no memory")
        yield


def heard(path: Path, seconds: float, channels: list[Spans]) -> tuple[list[Said], Listener]:
    engine = Listener()
    recording = by_numpy(path, seconds, channels)
    _, talk = measure(recording, LIMITS)
    return transcribed(recording, LIMITS, talk, engine), engine


def test_times_and_channels_are_those_of_the_recording(tmp_path: Path):
    said, engine = heard(tmp_path / "a.wav", 12, [[(1, 3)], [(4, 6), (8, 9)]])
    assert [(item.start, item.end, item.channel) for item in said] == [
        (1, 2, 0), (2, 3, 0), (4, 5, 1), (5, 6, 1), (8, 9, 1),
    ]  # fmt: skip
    assert {(item.text, item.language) for item in said[:1]} == {("kata 1", "id")}
    assert engine.given == [(12 * RATE, RATE)] * 2


def test_long_recordings_come_in_pieces(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(transcriber, "PIECE_SECONDS", 10.0)
    monkeypatch.setattr(transcriber, "LONGEST_SECONDS", 20.0)
    talk = [(1.0, 9.0), (13.0, 17.0), (21.0, 59.0), (90.0, 94.0)]
    said, engine = heard(tmp_path / "a.wav", 100, [talk])
    assert [item.start for item in said] == [
        float(second) for start, end in talk for second in range(int(start), int(end))
    ]
    lengths = [length / RATE for length, _ in engine.given]
    assert max(lengths) == 20
    # Pieces end in a pause where there is one; a piece without talk is not handed over.
    assert lengths[0] == 10 and sum(lengths) < 100


class Dreamer(Listener):
    """Hears words before the beginning and after the end, as real engines do in silence."""

    def transcribe(self, samples: np.ndarray, rate: int) -> Iterator[Said]:
        yield from (Said(-1, 2, "a"), Said(3, 30, "b"), Said(9, 11, "c"), Said(1, 0.5, "d"))


def test_utterances_lie_within_the_recording(tmp_path: Path):
    recording = by_numpy(tmp_path / "a.wav", 9, [[(1, 3)]])
    _, talk = measure(recording, LIMITS)
    said = transcribed(recording, LIMITS, talk, Dreamer())
    found = {item.text: (item.start, item.end) for item in said}
    assert found == {"a": (0, 2), "b": (3, 9), "d": (1, 1)}


def test_progress_goes_to_the_end(tmp_path: Path):
    recording, seconds = by_numpy(tmp_path / "a.wav", 9, [[(1, 3)]]), []
    _, talk = measure(recording, LIMITS)
    transcribed(recording, LIMITS, talk, Listener(), seconds.append)
    assert seconds == sorted(seconds) and seconds[-1] == 9


@pytest.mark.parametrize(
    ("engine", "spans", "reason", "said"),
    [
        (None, [(1, 3)], "no_transcript_engine", 0),
        (Listener(), [(1, 3)], None, 2),
        (Listener(), [], "no_talk", 0),
        (Broken(), [(1, 3)], "transcription_failed", 0),
    ],
)
def test_why_there_are_no_words(
    engine: Listener | None, spans: Spans, reason: str | None, said: int, tmp_path: Path
):
    found = examine(by_numpy(tmp_path / "a.wav", 5, [spans]), LIMITS, engine)
    reasons = set(found["measures"]["not_analysed"]) - {"no_speaker_separation"}
    assert reasons == ({reason} if reason else set())
    assert len(found["said"]) == said
    assert found["engine"] == (engine and {"name": "listener", "version": "1"})
