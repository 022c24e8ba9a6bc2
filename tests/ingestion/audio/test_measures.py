"""Figures of recordings whose talk is known, in every format and made by two programs."""

from pathlib import Path

import numpy as np
import pytest

from ingestion.audio.limits import AudioLimits
from ingestion.audio.measures import interruptions, measure
from tests.ingestion.audio.sounds import MAKERS, RATE, Maker, bursts, write
from tests.ingestion.connectors.reading_records import SHARED

LIMITS = AudioLimits()
CUSTOMER = [(1, 5), (10, 20), (30, 33)]
AGENT = [(6, 9), (18, 25), (40, 55)]


@pytest.mark.parametrize("maker", MAKERS)
@pytest.mark.parametrize("ending", ["wav", "flac", "ogg", "mp3"])
def test_a_channel_for_each_speaker(maker: Maker, ending: str, tmp_path: Path):
    found, _ = measure(maker(tmp_path / f"a.{ending}", 60, [CUSTOMER, AGENT]), LIMITS)
    lossy = 0.35 if ending in ("ogg", "mp3") else 0.05
    assert found.duration_seconds == pytest.approx(60, abs=0.05 if lossy < 0.1 else 0.25)
    assert found.talk_seconds == pytest.approx(40, abs=lossy)
    assert found.non_talk_seconds == pytest.approx(20, abs=lossy)
    assert found.channel_talk_seconds == pytest.approx([17, 25], abs=lossy)
    assert found.overlap_seconds == pytest.approx(2, abs=lossy)
    assert found.interruptions == [0, 1]
    assert found.longest_silence_seconds == pytest.approx(7, abs=lossy)
    assert (found.channels, found.not_analysed) == (2, [])


@pytest.mark.parametrize("maker", MAKERS)
def test_one_channel_for_all_tells_no_speakers(maker: Maker, tmp_path: Path):
    found, _ = measure(maker(tmp_path / "a.wav", 30, [[(2, 8), (8.2, 12), (20, 25)]]), LIMITS)
    # The pause of 0.2 s belongs to the talk around it.
    assert found.talk_seconds == pytest.approx(15, abs=0.05)
    assert found.longest_silence_seconds == pytest.approx(8, abs=0.05)
    unknown = (found.channel_talk_seconds, found.overlap_seconds, found.interruptions)
    assert (unknown, found.not_analysed) == ((None, None, None), ["no_speaker_separation"])


def test_one_signal_on_two_channels_is_one_channel(tmp_path: Path):
    sound = bursts(20, [(2, 8)])
    found, _ = measure(write(tmp_path / "a.wav", sound, sound), LIMITS)
    assert found.not_analysed == ["same_channels", "no_speaker_separation"]
    assert (found.overlap_seconds, found.channels) == (None, 2)
    assert found.talk_seconds == pytest.approx(6, abs=0.05)


@pytest.mark.parametrize(("rate", "codec"), [(8000, "GSM610"), (8000, "ULAW"), (8000, "IMA_ADPCM"),
                                             (11025, "PCM_U8"), (22050, "PCM_24"), (48000, "FLOAT")])  # fmt: skip
def test_telephone_codecs_and_odd_rates(rate: int, codec: str, tmp_path: Path):
    samples = np.repeat(bursts(10, [(2, 5)], noise=0.003), rate // RATE or 1)
    if rate % RATE:
        at = np.arange(10 * rate) * RATE // rate
        samples = bursts(10, [(2, 5)], noise=0.003)[at]
    found, _ = measure(write(tmp_path / "a.wav", samples, rate=rate, subtype=codec), LIMITS)
    assert found.talk_seconds == pytest.approx(3, abs=0.1)
    assert found.duration_seconds == pytest.approx(10, abs=0.1)


def test_opus_at_its_own_rate(tmp_path: Path):
    samples = np.repeat(bursts(10, [(2, 5)]), 6)
    found, _ = measure(write(tmp_path / "a.opus", samples, rate=48_000, subtype="OPUS"), LIMITS)
    assert (found.codec, found.talk_seconds) == ("OPUS", pytest.approx(3, abs=0.2))


def test_loudness_and_clipping(tmp_path: Path):
    wave = np.sin(np.arange(2 * RATE) * 2 * np.pi * 400 / RATE)
    path = write(tmp_path / "a.wav", 0.5 * wave, np.clip(2 * wave, -1, 1), 0 * wave)
    found, _ = measure(path, LIMITS)
    # A sine of half scale: 20 log10(0.5) - 3.01 dB.
    assert found.loudness_dbfs[0] == pytest.approx(-9.03, abs=0.02)
    assert found.loudness_dbfs[2] is None
    # |2 sin| reaches full scale for two thirds of the time.
    assert found.clipped[0] == found.clipped[2] == 0
    assert found.clipped[1] / (2 * RATE) == pytest.approx(2 / 3, abs=0.05)


def test_an_offset_of_the_line_is_no_sound(tmp_path: Path):
    found, _ = measure(write(tmp_path / "a.wav", bursts(10, [(2, 5)]) + 0.3), LIMITS)
    assert found.talk_seconds == pytest.approx(3, abs=0.05)


@pytest.mark.parametrize("sound", [np.zeros(RATE), np.zeros(3), 0.3 * np.sin(np.arange(9 * RATE))])
def test_silence_and_a_steady_tone_are_no_talk(sound: np.ndarray, tmp_path: Path):
    found, _ = measure(write(tmp_path / "a.wav", sound), LIMITS)
    assert found.talk_seconds == 0
    assert found.longest_silence_seconds == pytest.approx(found.duration_seconds)


@pytest.mark.parametrize(
    ("left", "right", "expected"),
    [
        ([(0, 100)], [(50, 100)], [0, 1]),  # takes the floor
        ([(0, 200)], [(50, 80)], [0, 1]),  # in between, longer than a "ya"
        ([(0, 200)], [(50, 70)], [0, 0]),  # a "ya"
        ([(0, 100)], [(20, 100)], [0, 0]),  # both began almost at once
        ([(0, 100)], [(80, 200)], [0, 0]),  # only the tail is talked over
        ([(0, 100), (140, 300)], [(60, 200)], [1, 1]),
        ([(0, 100)], [(100, 200)], [0, 0]),
        ([], [(0, 10)], [0, 0]),
    ],
)
def test_what_is_an_interruption(left: list, right: list, expected: list[int]):
    assert interruptions([left, right]) == expected
    assert interruptions([right, left]) == expected[::-1]


def test_the_same_bytes_give_the_same_figures(tmp_path: Path):
    path = MAKERS[0](tmp_path / "a.ogg", 20, [CUSTOMER[:1], AGENT[:1]])
    assert measure(path, LIMITS)[0] == measure(path, LIMITS)[0]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")
def test_real_calls_are_mostly_talk():
    for path in (SHARED / "voice/vcon").glob("*.mp3"):
        found, _ = measure(path, LIMITS)
        assert found.not_analysed == ["no_speaker_separation"]
        assert 0.7 < found.talk_seconds / found.duration_seconds < 0.95, path.name
        assert found.longest_silence_seconds < 3
