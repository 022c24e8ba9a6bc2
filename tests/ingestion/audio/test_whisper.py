"""How the engine of the extra `speech` is called, and how its answers are read.

The real package is large and its models cannot be shipped, so a stand-in with the same calls
takes its place: it refuses any argument that version 1.2 does not have.
"""

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from ingestion.audio.apart import Decoder
from ingestion.audio.settings import RecordingSettings
from tests.ingestion.audio.sounds import by_numpy

STAND_IN = """
from types import SimpleNamespace
__version__ = "1.2.1"
CALLS = []

class WhisperModel:
    def __init__(self, model_size_or_path, device="auto", device_index=0,
                 compute_type="default", cpu_threads=0, num_workers=1, download_root=None,
                 local_files_only=False, files=None, revision=None, use_auth_token=None):
        CALLS.append(("load", model_size_or_path, device, local_files_only))

    def transcribe(self, audio, language=None, task="transcribe", log_progress=False,
                   beam_size=5, best_of=5, patience=1, temperature=(0.0, 0.2),
                   condition_on_previous_text=True, word_timestamps=False, vad_filter=False):
        CALLS.append(("hear", len(audio), str(audio.dtype), beam_size, temperature,
                      condition_on_previous_text, vad_filter))
        segments = (SimpleNamespace(start=at, end=at + 1.0, text=words, avg_logprob=logprob)
                    for at, words, logprob in [(0.0, " halo", -0.1), (1.0, " ", -9.0),
                                               (1.5, " ada gangguan", -900.0)])
        return segments, SimpleNamespace(language="id", language_probability=0.9)
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A folder with the stand-in as a package, and a model beside it."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "faster_whisper.py").write_text(STAND_IN)
    (tmp_path / "model").mkdir()
    for name in ("model.bin", "tokenizer.json"):
        (tmp_path / "model" / name).write_text(name)
    return tmp_path


@pytest.fixture
def whisper(package: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.syspath_prepend(package / "site")
    monkeypatch.delitem(sys.modules, "ingestion.audio.whisper", raising=False)
    yield importlib.import_module("ingestion.audio.whisper")
    sys.modules.pop("faster_whisper", None)
    sys.modules.pop("ingestion.audio.whisper", None)


def calls() -> list[tuple[Any, ...]]:
    stand_in: ModuleType = sys.modules["faster_whisper"]
    return stand_in.CALLS


def test_nothing_is_downloaded_and_answers_repeat(whisper: Any, package: Path):
    engine = whisper.FasterWhisper(package / "model")
    said = list(engine.transcribe(np.zeros(8000, np.float32), 8000))
    assert calls() == [
        ("load", str(package / "model"), "cpu", True),
        ("hear", 16_000, "float32", 1, 0.0, False, False),
    ]
    assert [(item.start, item.end, item.language) for item in said][:1] == [(0.0, 1.0, "id")]
    assert said[0].confidence == pytest.approx(0.9048, abs=1e-4)
    assert all(0 <= item.confidence <= 1 for item in said)


def test_the_version_names_engine_and_model(whisper: Any, package: Path):
    version = whisper.FasterWhisper(package / "model").version
    assert version.startswith("1.2.1+") and len(version) == len("1.2.1+") + 16
    (package / "model" / "model.bin").write_text("another model")
    assert whisper.FasterWhisper(package / "model").version != version


@pytest.mark.parametrize("rate", [8000, 11_025, 16_000, 44_100, 48_000])
def test_any_rate_becomes_sixteen_thousand(whisper: Any, rate: int):
    tone = np.sin(np.arange(rate) * 2 * np.pi * 300 / rate).astype(np.float32)
    heard = whisper.resampled(tone, rate)
    assert (len(heard), heard.dtype) == (16_000, np.float32)
    assert np.argmax(np.abs(np.fft.rfft(heard))) == 300


def test_the_child_hears_with_the_engine(package: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("PYTHONPATH", str(package / "site"))
    decoder = Decoder(RecordingSettings(speech_model=package / "model"))
    found = decoder.examine(by_numpy(package / "a.wav", 6, [[(1, 3)], [(4, 5)]]))
    decoder.close()
    assert [(item["channel"], item["text"]) for item in found["said"]] == [
        (0, "halo"), (1, "halo"), (0, "ada gangguan"), (1, "ada gangguan"),
    ]  # fmt: skip
    assert found["engine"]["name"] == "faster-whisper"
    assert found["measures"]["not_analysed"] == []
