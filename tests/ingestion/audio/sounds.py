"""Known sound for the tests: bursts of noise at known seconds, and WAV files with any header.

With sox where it is installed, else with numpy and soundfile; nothing here is a test.
"""

import shutil
import struct
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import soundfile

RATE = 8000
Spans = Sequence[tuple[float, float]]
Maker = Callable[[Path, float, Sequence[Spans]], Path]


def bursts(seconds: float, spans: Spans, level: float = 0.2, noise: float = 0.0005) -> np.ndarray:
    """One channel with faint noise, and loud noise within the spans."""
    chance = np.random.default_rng(len(spans))
    samples = chance.normal(0, noise, round(seconds * RATE))
    for start, end in spans:
        inside = slice(round(start * RATE), round(end * RATE))
        samples[inside] += chance.normal(0, level, inside.stop - inside.start)
    return samples


def write(path: Path, *channels: np.ndarray, rate: int = RATE, subtype: str | None = None) -> Path:
    """The channels as one file; its ending decides the format."""
    kind = {"opus": "OGG"}.get(path.suffix[1:], path.suffix[1:].upper())
    soundfile.write(path, np.stack(channels, axis=1), rate, format=kind, subtype=subtype)
    return path


def by_numpy(path: Path, seconds: float, channels: Sequence[Spans]) -> Path:
    """A recording in which each channel talks at its spans."""
    return write(path, *(bursts(seconds, spans) for spans in channels))


def by_sox(path: Path, seconds: float, channels: Sequence[Spans]) -> Path:
    """As `by_numpy`, made by another program."""
    made = []
    for number, spans in enumerate(channels):
        parts, at = [], 0.0
        for start, end in [*spans, (seconds, seconds)]:
            for length, effect in ((start - at, ["vol", "0.0005"]), (end - start, ["vol", "0.3"])):
                if length > 0:
                    part = path.with_name(f"{path.stem}-{number}-{len(parts)}.wav")
                    _sox("-n", "-r", RATE, "-b", 16, part, "synth", length, "whitenoise", *effect)
                    parts.append(part)
            at = end
        made.append(path.with_name(f"{path.stem}-{number}.wav"))
        _sox(*parts, made[-1])
    _sox(*(["-M"] if len(made) > 1 else []), *made, path)
    return path


def _sox(*arguments: object) -> None:
    subprocess.run(["sox", *map(str, arguments)], check=True, capture_output=True, timeout=60)


MAKERS: list[Maker] = [by_numpy, by_sox] if shutil.which("sox") else [by_numpy]


def wav(
    data: bytes = bytes(16_000),
    *,
    rate: int = RATE,
    channels: int = 1,
    bits: int = 16,
    kind: int = 1,
    claimed: int | None = None,
) -> bytes:
    """A WAV file whose header says what it is told to; `claimed` is its length of data in bytes."""
    size = len(data) if claimed is None else claimed
    per_second = min(rate * channels * bits // 8, 2**32 - 1)
    return b"".join(
        (
            b"RIFF", struct.pack("<I", min(size + 36, 2**32 - 1)), b"WAVEfmt ",
            struct.pack("<IHHIIHH", 16, kind, channels, rate, per_second, channels * bits // 8, bits),
            b"data", struct.pack("<I", size), data,
        )
    )  # fmt: skip
