"""Recordings of phones and browsers measure as the same sound in WAV does."""

from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from ingestion.audio import compressed
from ingestion.audio.limits import AudioLimits
from ingestion.audio.measures import measure
from ingestion.connectors.base import RejectedInput
from tests.ingestion.audio.sounds import RATE, bursts, write

av = pytest.importorskip("av")
LIMITS = AudioLimits()
SPANS = [(1, 3), (5, 6.5)]
# container of FFmpeg, codec, rate, ours
KINDS = [
    ("ipod", "aac", RATE, "mp4"),
    ("mp4", "aac", 44_100, "mp4"),
    ("amr", "libopencore_amrnb", RATE, "amr"),
    ("adts", "aac", 16_000, "aac"),
    ("webm", "libopus", 48_000, "webm"),
    ("asf", "wmav2", 44_100, "wma"),
]


def make(path: Path, form: str, codec: str, rate: int, channels: list[np.ndarray]) -> Path:
    """The channels (at `RATE`) encoded by FFmpeg."""
    layout = "stereo" if len(channels) == 2 else "mono"
    with av.open(str(path), "w", format=form) as output:
        stream = output.add_stream(codec, rate=rate, layout=layout)
        stream.bit_rate = 12_200 if "amr" in codec else 64_000
        samples = np.stack(channels).astype(np.float32)
        frame = av.AudioFrame.from_ndarray(samples, format="fltp", layout=layout)
        frame.sample_rate, frame.time_base = RATE, Fraction(1, RATE)
        context = stream.codec_context
        size = context.frame_size or 160
        into = av.AudioResampler(context.format.name, layout, rate, frame_size=size)
        for part in [*into.resample(frame), *into.resample(None)]:
            output.mux(stream.encode(part))
        output.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(("form", "codec", "rate", "container"), KINDS)
def test_talk_is_that_of_the_same_sound_in_wav(tmp_path: Path, form, codec, rate, container):
    sound = bursts(8, SPANS)
    plain, _ = measure(write(tmp_path / "a.wav", sound), LIMITS)
    found, _ = measure(make(tmp_path / "5f3a", form, codec, rate, [sound]), LIMITS)
    assert (found.container, found.sample_rate, found.channels) == (container, rate, 1)
    assert found.duration_seconds == pytest.approx(plain.duration_seconds, abs=0.2)
    assert found.talk_seconds == pytest.approx(plain.talk_seconds, abs=0.2)
    assert "damaged" not in found.not_analysed


def test_channels_stay_apart(tmp_path: Path):
    sides = [bursts(8, [(0.5, 3)]), bursts(8, [(4, 6), (7, 7.5)])]
    found, _ = measure(make(tmp_path / "a", "ipod", "aac", 44_100, sides), LIMITS)
    assert found.channel_talk_seconds == pytest.approx([2.5, 2.5], abs=0.3)
    assert found.overlap_seconds == 0


@pytest.mark.parametrize(("form", "codec", "rate", "container"), KINDS)
def test_what_is_cut_or_scrambled_is_told_and_never_raises(tmp_path, form, codec, rate, container):
    whole = make(tmp_path / "a", form, codec, rate, [bursts(8, SPANS)]).read_bytes()
    chance = np.random.default_rng(5)
    for number in range(12):
        raw = bytearray(whole if number else whole[: len(whole) // 2])
        for at in chance.integers(40, len(raw), number * 8):
            raw[at] ^= 0x55
        (tmp_path / "b").write_bytes(bytes(raw))
        try:
            found, _ = measure(tmp_path / "b", LIMITS)
        except RejectedInput as rejected:
            assert rejected.reason in {
                "broken_audio",
                "no_sound",
                "bad_sample_rate",
                "undecodable_audio",
            }
        else:
            assert 0 < found.duration_seconds < 60


def test_a_film_has_no_sound_to_offer(tmp_path: Path):
    with av.open(str(tmp_path / "a"), "w", format="mp4") as output:
        stream = output.add_stream("mpeg4", rate=5)
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        for _ in range(5):
            picture = np.zeros((32, 32, 3), np.uint8)
            output.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        output.mux(stream.encode(None))
    with pytest.raises(RejectedInput) as rejected:
        measure(tmp_path / "a", LIMITS)
    assert rejected.value.reason == "broken_audio"


def test_a_codec_that_nobody_records_with_stays_shut(tmp_path: Path):
    path = make(tmp_path / "a", "matroska", "ac3", 48_000, [bursts(2, [(0.5, 1)])])
    with pytest.raises(RejectedInput) as rejected:
        measure(path, LIMITS)
    assert rejected.value.reason == "broken_audio"


def test_without_the_extra_the_remedy_names_it(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(compressed, "available", lambda: False)
    path = make(tmp_path / "a", *KINDS[0][:3], [bursts(2, [(0.5, 1)])])
    with pytest.raises(RejectedInput, match="extra `recordings`") as rejected:
        measure(path, LIMITS)
    assert rejected.value.reason == "undecodable_audio"
