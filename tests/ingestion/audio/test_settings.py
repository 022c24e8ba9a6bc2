"""Settings are checked before the first file is read, and say what to do."""

import importlib.util
from pathlib import Path

import pytest

from ingestion.audio.limits import AudioLimits
from ingestion.audio.settings import RecordingSettings


def test_nothing_set_is_the_default():
    assert RecordingSettings.from_environment({}) == RecordingSettings()


def test_all_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    for name in ("model.bin", "tokenizer.json"):
        (tmp_path / name).touch()
    found = RecordingSettings.from_environment(
        {
            "LAKEHOUSE_RECORDING_AGENT_CHANNEL": "0",
            "LAKEHOUSE_RECORDING_ZONE": "Asia/Makassar",
            "LAKEHOUSE_RECORDING_HOURS": "1.5",
            "LAKEHOUSE_SPEECH_MODEL": str(tmp_path),
        }
    )
    assert found == RecordingSettings(0, "Asia/Makassar", tmp_path, AudioLimits(seconds=5400))


@pytest.mark.parametrize(
    ("name", "value"),
    [("AGENT_CHANNEL", "2"), ("AGENT_CHANNEL", "left"), ("ZONE", "Mars/Base"), ("ZONE", "../x"),
     ("HOURS", "0"), ("HOURS", "25"), ("HOURS", "-1"), ("HOURS", "nan"), ("HOURS", "many")],
)  # fmt: skip
def test_wrong_settings_name_their_variable(name: str, value: str):
    with pytest.raises(ValueError, match=f"LAKEHOUSE_RECORDING_{name}"):
        RecordingSettings.from_environment({f"LAKEHOUSE_RECORDING_{name}": value})


def test_a_speech_model_must_be_whole_and_its_engine_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refused(folder: Path) -> str:
        with pytest.raises(ValueError) as error:
            RecordingSettings.from_environment({"LAKEHOUSE_SPEECH_MODEL": str(folder)})
        return str(error.value)

    assert "names no folder" in refused(tmp_path / "none")
    (tmp_path / "model.bin").touch()
    assert "lacks tokenizer.json" in refused(tmp_path)
    (tmp_path / "tokenizer.json").touch()
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "extra `speech`" in refused(tmp_path)
