"""Recordings of phones and browsers (M4A, AMR, AAC, WebM, WMA), read with FFmpeg through PyAV.

A file here reads like a `soundfile.SoundFile`, so that measuring needs to know no difference.
PyAV comes with the extra `recordings`; without it these containers are refused by name.
"""

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Self

import numpy as np
import numpy.typing as npt

CONTAINERS = frozenset({"mp4", "amr", "aac", "webm", "wma"})
"""Containers that are opened here."""

_DEMUXERS = {"mp4": "mp4", "amr": "amr", "aac": "aac", "webm": "matroska", "wma": "asf"}
# Only decoders of sound that telephony and browsers write: what else FFmpeg knows stays shut.
_CODECS = frozenset(
    {
        "aac", "aac_latm", "alac", "amrnb", "amrwb", "amr_nb", "amr_wb", "flac", "libopencore_amrnb",
        "libopencore_amrwb", "libopus", "mp3", "mp3float", "opus", "vorbis", "wmav1", "wmav2",
        "wmapro", "wmavoice",
    }
)  # fmt: skip


def available() -> bool:
    """Whether PyAV is installed."""
    return find_spec("av") is not None


class CompressedFile:
    """The first sound track of a file; samples come in order, once.

    Raises RuntimeError when there is no track, or none in a codec that is allowed.
    """

    def __init__(self, path: Path, container: str) -> None:
        import av  # optional, and slow to load

        self._errors: tuple[type[Exception], ...] = (av.FFmpegError, ValueError)
        try:
            self._input = av.open(str(path), format=_DEMUXERS[container], metadata_errors="replace")
        except self._errors as error:
            raise RuntimeError("no such container") from error
        try:
            self._begin()
        except BaseException:
            self._input.close()
            raise

    def _begin(self) -> None:
        if not self._input.streams.audio:
            raise RuntimeError("no sound track")
        stream = self._input.streams.audio[0]
        context = stream.codec_context
        if context is None or context.name not in _CODECS:
            raise RuntimeError("no codec of telephony or browsers")
        self.subtype: str = context.name.upper()
        self.samplerate: int = context.sample_rate
        self.channels: int = context.channels
        seconds = float((stream.duration or 0) * (stream.time_base or 0))
        self.frames: int = max(round(seconds * self.samplerate), 0)
        self._rest: npt.NDArray[np.float32] = np.empty((0, max(self.channels, 1)), np.float32)
        self._decoded = self._blocks(stream)

    def read(self, out: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
        """Fill `out` of shape (frames, channels); the filled part, shorter at the end only.

        Raises RuntimeError at damaged data; `out` then holds what came before it.
        """
        filled = 0
        while filled < len(out):
            if not len(self._rest):
                try:
                    block = next(self._decoded, None)
                except self._errors as error:
                    raise RuntimeError("damaged") from error
                if block is None:
                    break
                self._rest = block
            taken = min(len(out) - filled, len(self._rest))
            out[filled : filled + taken] = self._rest[:taken]
            self._rest = self._rest[taken:]
            filled += taken
        return out[:filled]

    def _blocks(self, stream: Any) -> Iterator[npt.NDArray[np.float32]]:
        import av

        layout = stream.codec_context.layout.name
        plain = av.AudioResampler(format="flt", layout=layout, rate=self.samplerate)
        for frame in self._input.decode(stream):
            if frame.sample_rate != self.samplerate or frame.layout.name != layout:
                raise ValueError("the recording changes its rate or channels on the way")
            for part in plain.resample(frame):
                yield np.asarray(part.to_ndarray(), np.float32).reshape(-1, self.channels)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._input.close()
