"""Why no connector reads a file, in words that say what to do about it."""

from pathlib import Path

from ingestion.connectors.base import RejectedInput

_RECORDINGS = frozenset((
    ".aac", ".aif", ".aiff", ".amr", ".au", ".flac", ".gsm", ".m4a", ".mkv", ".mov", ".mp3",
    ".mp4", ".oga", ".ogg", ".opus", ".wav", ".webm", ".wma",
))  # fmt: skip


def why_unsupported(path: Path, name: str) -> RejectedInput:
    """The rejection of the landed file `path`, which arrived as `name` and has no reader."""
    if path.stat().st_size == 0:
        return RejectedInput("empty_file", "the file has no bytes; send it again")
    ending = Path(name).suffix.lower()
    if ending in _RECORDINGS:
        words = (
            f"the name says recording ({ending}) but the bytes are of no kind of recording known"
            " here; the file may be damaged, encrypted or without a header (raw samples): export"
            " it as WAV, FLAC, MP3 or Ogg"
        )
        return RejectedInput("unsupported_format", words)
    return RejectedInput(
        "unsupported_format",
        f"no connector reads this kind of file ({ending or 'no ending'});"
        " see the list of sources in the README",
    )
