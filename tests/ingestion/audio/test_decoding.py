"""Decoding is bounded, streams, and tells what it could not decode; headers prove nothing."""

import io
import struct
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ingestion.audio.decoding import opened
from ingestion.audio.limits import AudioLimits
from ingestion.audio.measures import measure
from ingestion.connectors.base import RejectedInput
from tests.ingestion.audio.sounds import RATE, bursts, wav, write

LIMITS = AudioLimits()
TALK = bursts(4, [(1, 3)])


def put(folder: Path, content: bytes) -> Path:
    """As the content store does: under a name without ending."""
    path = folder / "5f3a"
    path.write_bytes(content)
    return path


def encoded(kind: str, samples: np.ndarray = TALK) -> bytes:
    target = io.BytesIO()
    soundfile.write(target, samples, RATE, format=kind)
    return target.getvalue()


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3", "AIFF", "AU", "CAF", "W64"])
def test_every_kind_by_content_alone(kind: str, tmp_path: Path):
    with opened(put(tmp_path, encoded(kind)), LIMITS) as sound:
        blocks = list(sound.blocks())
        assert (sound.rate, sound.channels, sound.damaged) == (RATE, 1, False)
    assert sum(map(len, blocks)) == pytest.approx(4 * RATE, abs=RATE * 0.1)
    assert all(len(block) % sound.frame == 0 for block in blocks[:-1])
    assert {block.dtype for block in blocks} == {np.dtype(np.float32)}


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (wav(rate=0), "broken_audio"),
        (wav(rate=2**31 + 5), "broken_audio"),
        (wav(channels=0), "broken_audio"),
        (wav(kind=0x1234), "broken_audio"),
        (wav()[:30], "broken_audio"),
        (b"fLaC\x00\x00\x00\x22" + bytes(100), "broken_audio"),
        (b"OggS\x00\x02" + bytes(200), "broken_audio"),
        (wav(channels=1000), "too_many_channels"),
        (wav(channels=9), "too_many_channels"),
        (wav(rate=100), "bad_sample_rate"),
        (wav(rate=400_000), "bad_sample_rate"),
        (wav(b""), "no_sound"),
        (wav(claimed=0), "no_sound"),
        (b"#!AMR\n", "no_sound"),
        (b"\x00\x00\x00\x20ftypM4A " + bytes(50), "broken_audio"),
        (b"no sound at all", "undecodable_audio"),
    ],
)
def test_what_cannot_be_decoded_says_why(content: bytes, reason: str, tmp_path: Path):
    with pytest.raises(RejectedInput) as rejected:
        measure(put(tmp_path, content), LIMITS)
    assert rejected.value.reason == reason
    assert len(str(rejected.value)) > 40


@pytest.mark.parametrize("claimed", [2_000_000_000, 2**32 - 1, 10**6])
def test_a_wav_that_claims_too_much_has_what_it_has(claimed: int, tmp_path: Path):
    found, _ = measure(put(tmp_path, wav(claimed=claimed)), LIMITS)
    assert found.duration_seconds == 1


def test_a_flac_that_claims_a_billion_samples(tmp_path: Path):
    content = bytearray(encoded("FLAC"))
    content[21] &= 0xF0
    content[22:26] = struct.pack(">I", 10**9)
    found, _ = measure(put(tmp_path, bytes(content)), LIMITS)
    assert found.duration_seconds == pytest.approx(4, abs=0.6)
    assert found.not_analysed[:2] == ["damaged", "shorter_than_stated"]


@pytest.mark.parametrize(("kind", "signs"), [
    ("FLAC", {"damaged", "shorter_than_stated"}), ("MP3", {"shorter_than_stated"}),
    ("WAV", set()), ("OGG", set()),
])  # fmt: skip
def test_a_cut_recording_keeps_its_beginning(kind: str, signs: set[str], tmp_path: Path):
    whole = encoded(kind, bursts(20, [(1, 9), (12, 18)]))
    found, _ = measure(put(tmp_path, whole[: len(whole) // 2]), LIMITS)
    assert found.duration_seconds == pytest.approx(10, abs=2.5)
    assert signs <= set(found.not_analysed)
    assert found.talk_seconds == pytest.approx(8, abs=1.5)


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1e38, -1e38])
def test_floats_that_are_no_samples(value: float, tmp_path: Path):
    samples = TALK.astype("<f4")
    samples[100:200] = value
    found, _ = measure(put(tmp_path, wav(samples.tobytes(), bits=32, kind=3)), LIMITS)
    assert ("bad_samples" in found.not_analysed) == (not np.isfinite(value))
    assert found.talk_seconds == pytest.approx(2, abs=0.1)
    assert np.isfinite(found.loudness_dbfs[0])


def test_only_bad_samples_are_silence(tmp_path: Path):
    content = wav(np.full(RATE, np.nan, "<f4").tobytes(), bits=32, kind=3)
    found, _ = measure(put(tmp_path, content), LIMITS)
    assert (found.loudness_dbfs, found.talk_seconds) == ([None], 0)
    assert "bad_samples" in found.not_analysed


def test_too_long_is_counted_and_not_measured(tmp_path: Path):
    path = write(tmp_path / "a.wav", TALK)
    found, talk = measure(path, AudioLimits(seconds=2.5))
    assert found.not_analysed == ["too_long"]
    assert (found.duration_seconds, found.talk_seconds, len(talk)) == (4, None, 0)
    assert measure(path, AudioLimits(seconds=4))[0].not_analysed == ["no_speaker_separation"]


def test_too_many_bytes_are_refused(tmp_path: Path):
    with pytest.raises(RejectedInput, match="split it"):
        measure(write(tmp_path / "a.wav", TALK), AudioLimits(file_bytes=1000))


def test_memory_does_not_grow_with_the_length(tmp_path: Path):
    """Silence compresses to nothing, so that a small file may hold hours."""
    path = tmp_path / "a.flac"
    with soundfile.SoundFile(path, "w", RATE, 2, format="FLAC") as file:
        for _ in range(30):
            file.write(np.zeros((60 * RATE, 2), np.int16))
    tracemalloc.start()
    with opened(path, LIMITS) as sound:
        decoded = sum(len(block) for block in sound.blocks())
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert decoded == 1800 * RATE
    assert most < 4 * 2**20


@pytest.mark.parametrize("kind", ["WAV", "FLAC", "OGG", "MP3"])
def test_damaged_bytes_never_raise_anything_else(kind: str, tmp_path: Path):
    whole, chance = encoded(kind), np.random.default_rng(4)
    for _ in range(25):
        content = bytearray(whole)
        for at in chance.integers(0, len(content), 12):
            content[at] ^= 1 << int(chance.integers(8))
        try:
            found, _ = measure(put(tmp_path, bytes(content)), LIMITS)
        except RejectedInput:
            continue
        assert 0 <= (found.talk_seconds or 0) <= found.duration_seconds < 10**6
