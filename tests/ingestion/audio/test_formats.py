"""What is a recording by its first bytes, and what is none."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.audio.formats import DECODED, container
from tests.ingestion.audio.sounds import RATE, bursts, wav, write
from tests.ingestion.connectors.reading_records import SHARED

HEADER = b"\x49\x44\x33\x04\x00\x00"
FRAME = b"\xff\xfb\x90\x64" + bytes(413)  # MPEG 1 layer III, 128 kbit/s, 44.1 kHz: 417 bytes


@pytest.mark.parametrize(
    ("ending", "name"),
    [("wav", "wav"), ("mp3", "mp3"), ("ogg", "ogg"), ("opus", "ogg"), ("flac", "flac"),
     ("aiff", "aiff"), ("au", "au"), ("caf", "caf"), ("w64", "w64"), ("rf64", "rf64")],
)  # fmt: skip
def test_what_the_decoder_writes_is_recognised(ending: str, name: str, tmp_path: Path):
    path = write(tmp_path / f"a.{ending}", bursts(1, [(0.2, 0.8)]))
    assert container(path.read_bytes()[:65536]) == name
    assert name in DECODED


@pytest.mark.parametrize(
    ("head", "name"),
    [
        (FRAME * 4, "mp3"),
        (FRAME * 2, "mp3"),
        (b"\x00\x12" * 300 + FRAME * 4, "mp3"),
        (HEADER + b"\x00\x00\x00\x0a" + bytes(10) + FRAME * 4, "mp3"),
        (HEADER + b"\x00\x00\x00\x0a" + bytes(40) + FRAME * 4, "mp3"),
        (HEADER + b"\x00\x10\x00\x00" + bytes(60_000), "mp3"),
        (b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9) + b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9)
         + b"\xff\xf1\x50\x80\x02\x1f\xfc" + bytes(9), "aac"),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00", "mp4"),
        (b"\x00\x00\x00\x18ftypisom", "mp4"),
        (b"#!AMR\n\x3c", "amr"),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11\xa6\xd9\x00\xaa\x00\x62\xce\x6c", "wma"),
        (b"\x1a\x45\xdf\xa3\x9f", "webm"),
    ],
)  # fmt: skip
def test_recordings_by_hand(head: bytes, name: str):
    assert container(head) == name


@pytest.mark.parametrize(
    "head",
    [
        b"", b"ID3", b"ID3\x04\x00", HEADER + bytes(64), b"RIFF\x00\x00\x00\x00WAVE", b"RIFF",
        b"RIFF\x24\x00\x00\x00AVI LIST", b"FORM\x00\x00\x00\x10ILBM", b"\xff\xfb\x90\x64",
        "\ufeffHalo".encode("utf-16-le"), b"\xff\xfe{\x00", b"\xff" * 5000, b"PK\x03\x04", b"%PDF-1",
        b"\x00\x00\x00\x18ftypheic", b'{"vcon": "0.4.0"}', b"crm_id,phone\n1,2", b"From: a@example.com",
        FRAME + b"\x00" * 3000,
    ],
)  # fmt: skip
def test_other_files_are_left_alone(head: bytes):
    assert container(head) is None


@settings(deadline=None)
@given(st.text(max_size=400))
def test_no_text_looks_like_sound(text: str):
    magic = ("#!AMR", ".snd", "fLaC", "OggS", "caff", "RIFF", "RF64", "FORM")
    if not text.startswith(magic) and text[4:8] != "ftyp":
        assert container(text.encode()) is None


def test_a_cut_stream_is_still_a_recording(tmp_path: Path):
    whole = write(tmp_path / "a.mp3", bursts(4, [(1, 3)])).read_bytes()
    assert container(whole[1000:]) == "mp3"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")
def test_real_recordings_and_nothing_else_are_recognised():
    for path in SHARED.rglob("*"):
        if path.is_file():
            with path.open("rb") as stream:
                found = container(stream.read(65536))
            assert (found is not None) == (path.suffix in (".mp3", ".wav")), path.name


def test_raw_samples_are_not_guessed():
    samples = (np.random.default_rng(1).normal(0, 0.2, RATE) * 32767).astype("<i2").tobytes()
    assert container(samples) is None
    assert container(wav(samples)) == "wav"
    assert soundfile.available_formats()["MP3"]
