"""faster-whisper as a transcriber; needs the extra `speech` and a model folder, downloads nothing."""

import hashlib
import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.signal import resample_poly

from ingestion.audio.transcriber import Said

RATE = 16_000  # what the models were made for
_CHUNK = 1 << 20
_SURE, _UNSURE = 0.0, -20.0


class FasterWhisper:
    """One loaded model. Greedy and without memory of earlier pieces, so that answers repeat."""

    name = "faster-whisper"

    def __init__(self, folder: Path) -> None:
        import faster_whisper  # type: ignore[import-not-found, import-untyped, unused-ignore]

        self.version = f"{faster_whisper.__version__}+{_hash(folder)[:16]}"
        self._model = faster_whisper.WhisperModel(str(folder), device="cpu", local_files_only=True)

    def transcribe(self, samples: npt.NDArray[np.float32], rate: int) -> Iterator[Said]:
        """Segments with the language of the whole piece and the mean certainty of their words."""
        segments, info = self._model.transcribe(
            resampled(samples, rate),
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            vad_filter=False,
        )
        for segment in segments:
            certainty = math.exp(min(max(segment.avg_logprob, _UNSURE), _SURE))
            yield Said(
                start=segment.start,
                end=segment.end,
                text=segment.text,
                language=info.language,
                confidence=round(certainty, 4),
            )


def resampled(samples: npt.NDArray[np.float32], rate: int) -> npt.NDArray[np.float32]:
    """The same sound at `RATE` samples a second."""
    if rate == RATE:
        return samples
    shared = math.gcd(rate, RATE)
    return resample_poly(samples, RATE // shared, rate // shared).astype(np.float32)


def _hash(folder: Path) -> str:
    """SHA-256 over the names and bytes of all files of the model."""
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(file.relative_to(folder).as_posix().encode() + b"\0")
        with file.open("rb") as stream:
            while chunk := stream.read(_CHUNK):
                digest.update(chunk)
    return digest.hexdigest()
