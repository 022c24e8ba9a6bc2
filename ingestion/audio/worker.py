"""The child process that decodes: one request a line on standard input, answers on the output.

Decoders are C code that reads what strangers send. Should one crash, this process dies and the
recording is rejected; the run goes on. Started by `apart`; ends when its input ends.
"""

import hashlib
import resource
import sys
from collections.abc import Callable
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from ingestion.audio.limits import AudioLimits
from ingestion.audio.measures import measure
from ingestion.audio.transcriber import Transcriber, transcribed
from ingestion.connectors.base import RejectedInput

MEMORY_BYTES = 4 * 1024**3  # of address space, where no speech model has to fit in
_CHUNK = 1 << 20
_NO_ENGINE, _NO_TALK, _FAILED = "no_transcript_engine", "no_talk", "transcription_failed"


def examine(
    path: Path,
    limits: AudioLimits,
    engine: Transcriber | None,
    progress: Callable[[float], None] = lambda seconds: None,
) -> dict[str, Any]:
    """All that is known of one recording, as JSON values: `measures`, hashes, `said`, `engine`."""
    measures, talk = measure(path, limits)
    found = asdict(measures)
    said: list[dict[str, Any]] = []
    if engine is None:
        found["not_analysed"].append(_NO_ENGINE)
    elif talk.any():
        try:
            said = [asdict(item) for item in transcribed(path, limits, talk, engine, progress)]
        except (RuntimeError, ValueError, MemoryError):
            found["not_analysed"].append(_FAILED)
    elif "too_long" not in found["not_analysed"]:
        found["not_analysed"].append(_NO_TALK)
    used = None if engine is None else {"name": engine.name, "version": engine.version}
    return {"measures": found, "said": said, "engine": used, **_hashes(path)}


def _hashes(path: Path) -> dict[str, str]:
    """Hashes by which other sources may name these bytes."""
    sha256, sha512 = hashlib.sha256(), hashlib.sha512()
    with path.open("rb") as stream:
        while chunk := stream.read(_CHUNK):
            sha256.update(chunk)
            sha512.update(chunk)
    return {"sha256": sha256.hexdigest(), "sha512": sha512.hexdigest()}


def _answer(request: dict[str, Any], say: Callable[[dict[str, Any]], None]) -> dict[str, Any]:
    try:
        engine = _engine(request["speech_model"]) if request["speech_model"] else None
    except Exception as error:
        return {"engine": type(error).__name__}
    try:
        found = examine(
            Path(request["path"]),
            AudioLimits(**request["limits"]),
            engine,
            lambda seconds: say({"seconds": round(seconds, 1)}),
        )
        return {"found": found}
    except RejectedInput as rejected:
        return {"rejected": [rejected.reason, str(rejected)]}
    except OSError as error:
        return {"os_error": error.errno or 5}
    except Exception as error:
        return {"failed": type(error).__name__}


@lru_cache(maxsize=1)
def _engine(folder: str) -> Transcriber:
    from ingestion.audio.whisper import FasterWhisper  # heavy, and an extra

    return FasterWhisper(Path(folder))


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answer requests until there are no more; progress comes before each answer."""

    def say(message: dict[str, Any]) -> None:
        answers.write(orjson.dumps(message, option=orjson.OPT_SERIALIZE_NUMPY) + b"\n")
        answers.flush()

    for line in requests:
        request = orjson.loads(line)
        if not request["speech_model"]:
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
        say(_answer(request, say))


if __name__ == "__main__":
    serve(sys.stdin.buffer, sys.stdout.buffer)
