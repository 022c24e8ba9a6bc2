"""What reading recordings must know from outside: channels, clock, bounds and speech model."""

import importlib.util
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingestion.audio.limits import AudioLimits

SPEECH_VARIABLE = "LAKEHOUSE_SPEECH_MODEL"
_MODEL_FILES = ("model.bin", "tokenizer.json")


@dataclass(frozen=True, slots=True)
class RecordingSettings:
    """`agent_channel` counts from 0 and says which side of a stereo recording is the agent.

    `zone` is the clock by which the recorder names its files; without it a time in a name
    counts only when it states its own offset. `speech_model` is a folder; None means that
    nothing is transcribed.
    """

    agent_channel: int = 1
    zone: str | None = None
    speech_model: Path | None = None
    limits: AudioLimits = AudioLimits()  # noqa: RUF009 - frozen, so it may be shared

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> "RecordingSettings":
        """Read the variables below; what is not set keeps its default.

        Raises ValueError that names the variable and the remedy.
        """
        values = os.environ if environment is None else environment
        return cls(
            agent_channel=_agent_channel(values),
            zone=_zone(values),
            speech_model=_speech_model(values),
            limits=AudioLimits(seconds=_hours(values) * 3600),
        )


def _agent_channel(values: Mapping[str, str]) -> int:
    written = values.get("LAKEHOUSE_RECORDING_AGENT_CHANNEL") or "1"
    if written not in ("0", "1"):
        raise ValueError("LAKEHOUSE_RECORDING_AGENT_CHANNEL must be 0 (left) or 1 (right)")
    return int(written)


def _zone(values: Mapping[str, str]) -> str | None:
    zone = values.get("LAKEHOUSE_RECORDING_ZONE") or None
    try:
        return zone and ZoneInfo(zone).key
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValueError("LAKEHOUSE_RECORDING_ZONE is no known time zone") from error


def _hours(values: Mapping[str, str]) -> float:
    written = values.get("LAKEHOUSE_RECORDING_HOURS") or "6"
    plain = written.replace(".", "", 1)
    if not (plain.isascii() and plain.isdigit()) or not 0 < float(written) <= 24:
        raise ValueError("LAKEHOUSE_RECORDING_HOURS must be a number above 0, at most 24")
    return float(written)


def _speech_model(values: Mapping[str, str]) -> Path | None:
    """The model folder; both it and the engine must be there before the first file is read."""
    written = values.get(SPEECH_VARIABLE)
    if not written:
        return None
    folder = Path(written)
    if not folder.is_dir():
        raise ValueError(
            f"{SPEECH_VARIABLE} names no folder; put a faster-whisper model there or unset it"
        )
    missing = [name for name in _MODEL_FILES if not (folder / name).is_file()]
    if missing:
        # Without these the engine would look for them on the internet.
        raise ValueError(
            f"the folder that {SPEECH_VARIABLE} names lacks {', '.join(missing)}; put a whole"
            " faster-whisper model (CTranslate2 format) there"
        )
    if importlib.util.find_spec("faster_whisper") is None:
        raise ValueError(
            f"{SPEECH_VARIABLE} is set but faster-whisper is missing; install the package with"
            " its extra `speech`, or unset the variable"
        )
    return folder.absolute()
