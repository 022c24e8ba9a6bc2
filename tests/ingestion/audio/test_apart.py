"""The child process: answers, crashes, silence, and faults that are not the recording's."""

import sys
from pathlib import Path

import pytest

from ingestion.audio.apart import Decoder
from ingestion.audio.limits import AudioLimits
from ingestion.audio.settings import RecordingSettings
from ingestion.connectors.base import RejectedInput
from tests.ingestion.audio.sounds import by_numpy, wav

SETTINGS = RecordingSettings(limits=AudioLimits(seconds=60))


def script(words: str) -> tuple[str, ...]:
    """A child that answers each line by these words."""
    read = "import sys, os, time\nfor line in sys.stdin.buffer:\n "
    return (sys.executable, "-c", read + words)


def test_one_child_for_many_recordings(tmp_path: Path):
    decoder = Decoder(SETTINGS)
    try:
        first = decoder.examine(by_numpy(tmp_path / "a.wav", 5, [[(1, 3)]]))
        child = decoder._child
        (tmp_path / "b").write_bytes(wav(rate=0))
        with pytest.raises(RejectedInput) as rejected:
            decoder.examine(tmp_path / "b")
        (tmp_path / "c").write_bytes(wav(bytes(70 * 16_000)))
        third = decoder.examine(tmp_path / "c")
        assert decoder._child is child
    finally:
        decoder.close()
    assert rejected.value.reason == "broken_audio"
    assert first["measures"]["talk_seconds"] == pytest.approx(2, abs=0.05)
    assert len(first["sha512"]) == 128
    assert third["measures"]["not_analysed"] == ["too_long", "no_transcript_engine"]


def test_a_lost_file_is_no_fault_of_the_recording(tmp_path: Path):
    decoder = Decoder(SETTINGS)
    with pytest.raises(OSError) as error:
        decoder.examine(tmp_path / "gone")
    decoder.close()
    assert error.value.errno == 2


def test_a_crash_costs_one_recording(tmp_path: Path):
    crashes = script("os.abort() if b'bad' in line else print('{\"found\": {}}', flush=True)")
    decoder = Decoder(SETTINGS, crashes)
    with pytest.raises(RejectedInput, match="crash") as rejected:
        decoder.examine(tmp_path / "bad")
    assert rejected.value.reason == "decoder_failed"
    assert decoder.examine(tmp_path / "good") == {}
    decoder.close()


def test_a_silent_child_is_stopped(tmp_path: Path):
    decoder = Decoder(SETTINGS, script("time.sleep(60)"), silent_seconds=0.3)
    with pytest.raises(RejectedInput, match="silence"):
        decoder.examine(tmp_path / "a")
    assert decoder._child is None


def test_progress_keeps_a_slow_child_alive(tmp_path: Path):
    slow = script(
        "[(print('{\"seconds\": %d}' % n, flush=True), time.sleep(0.2)) for n in range(6)];"
        ' print(\'{"found": {"a": 1}}\', flush=True)'
    )
    decoder, seconds = Decoder(SETTINGS, slow, silent_seconds=1.0), []
    assert decoder.examine(tmp_path / "a", seconds.append) == {"a": 1}
    decoder.close()
    assert seconds[-1] == 5


def test_a_model_that_cannot_be_loaded_stops_the_run(tmp_path: Path):
    """Rejecting every recording for it would be wrong: they are read once it is mended."""
    (tmp_path / "model.bin").write_bytes(b"no model")
    broken = RecordingSettings(speech_model=tmp_path)
    decoder = Decoder(broken)
    with pytest.raises(OSError, match="speech model") as error:
        decoder.examine(by_numpy(tmp_path / "a.wav", 2, [[(0.5, 1)]]))
    decoder.close()
    assert error.value.errno
