"""Bounds of one recording. Kept apart from decoding, which loads a decoder."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AudioLimits:
    """Bounds of one recording. Beyond `seconds` it is counted but not measured."""

    seconds: float = 6 * 3600.0
    file_bytes: int = 2 * 1024**3
    channels: int = 8
    lowest_rate: int = 4_000
    highest_rate: int = 192_000
