"""The cues of WebVTT and SRT text: times, voices, words; and what notes say about the call.

bytes -> Captions. A block whose times are unusable ends the reading with its number, since the
rest would stand at wrong places.
"""

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.reading import BOM

SIGNATURE = b"WEBVTT"
LONGEST_NOTE = 200
_TIME = r"(?:(\d{1,3}):)?([0-5]?\d):([0-5]?\d)[.,](\d{1,3})"
_TIMING = re.compile(rf"\s*{_TIME}\s*-->\s*{_TIME}(?:\s.*)?", re.ASCII)
_SRT_HEAD = re.compile(
    rb"\s*\d{1,9}[ \t]*\r?\n\s*(?:\d{1,3}:)?[0-5]?\d:[0-5]?\d[.,]\d{1,3}\s*-->\s*(?:\d{1,3}:)?[0-5]?\d:"
)
# Every repetition is bounded: a cue may be hostile.
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,80})?[ \t]{1,4}([^<>\s][^<>]{0,79})>")
_TAG = re.compile(r"</?[a-z\d][^<>]{0,200}>", re.IGNORECASE)
_NOTE = re.compile(r"\s*([A-Za-z][A-Za-z _-]{1,20}?)\s*[:=]\s*(\S.{0,199})")
NOTE_WORDS = {
    "date": "date",
    "start": "date",
    "started": "date",
    "started at": "date",
    "recorded": "date",
    "tanggal": "date",
    "waktu": "date",
    "mulai": "date",
    "agent": "agent",
    "agen": "agent",
    "queue": "queue",
    "antrean": "queue",
    "antrian": "queue",
    "direction": "direction",
    "arah": "direction",
    "customer": "customer",
    "pelanggan": "customer",
    "phone": "customer",
    "telepon": "customer",
    "language": "language",
    "bahasa": "language",
}


@dataclass(slots=True)
class Cue:
    """One cue, or one voice within it; seconds from the start of the recording."""

    number: int
    start: float
    end: float | None
    text: str
    label: str | None = None


@dataclass(slots=True)
class Captions:
    """All cues of a file in order, and the notes that describe the call."""

    kind: str
    cues: list[Cue] = field(default_factory=list)
    notes: dict[str, str] = field(default_factory=dict)


def looks_like_captions(head: bytes) -> bool:
    """Whether the bytes begin as WebVTT or SRT does."""
    text = head.removeprefix(BOM)
    if text.startswith(SIGNATURE):
        return text[len(SIGNATURE) : len(SIGNATURE) + 1] in (b"", b" ", b"\t", b"\n", b"\r")
    return _SRT_HEAD.match(text[:400]) is not None


def read_captions(raw: bytes) -> Captions:
    """The captions in `raw`; raises RejectedInput for other letters or unusable times."""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise RejectedInput(
            "bad_encoding", "captions must be UTF-8; save the file in that encoding"
        ) from error
    is_vtt = text.startswith(SIGNATURE.decode())
    captions = Captions("webvtt" if is_vtt else "srt")
    for number, block in enumerate(_blocks(text)):
        if is_vtt and number == 0:
            _notes(block[1:], captions)
        elif block[0].startswith("NOTE"):
            _notes([block[0][4:], *block[1:]], captions)
        elif not block[0].startswith(("STYLE", "REGION")) or "-->" in block[0]:
            captions.cues += _cues(block, number)
    for order, cue in enumerate(captions.cues, start=1):
        cue.number = order
    return captions


def _blocks(text: str) -> Iterator[list[str]]:
    block: list[str] = []
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if line.strip():
            block.append(line)
        elif block:
            yield block
            block = []
    if block:
        yield block


def _notes(lines: list[str], captions: Captions) -> None:
    """Notes are read before the first words only; later ones belong to their place."""
    if captions.cues:
        return
    for line in lines:
        found = _NOTE.fullmatch(line[:LONGEST_NOTE].rstrip())
        word = NOTE_WORDS.get(found.group(1).lower().replace("_", " ")) if found else None
        if found and word:
            captions.notes.setdefault(word, found.group(2).strip())


def _cues(block: list[str], number: int) -> Iterator[Cue]:
    place = next((index for index, line in enumerate(block[:2]) if "-->" in line), None)
    if place is None:
        if len(block) == 1:
            return  # a lone identifier, or a stray line: no words at any time
        raise _unusable(number)
    timing = _TIMING.fullmatch(block[place])
    if timing is None:
        raise _unusable(number)
    parts = timing.groups()
    start, end = _seconds(parts[:4]), _seconds(parts[4:])
    if end < start:
        raise _unusable(number)
    for label, words in _voices("\n".join(block[place + 1 :])):
        yield Cue(0, start, end, words, label)


def _unusable(number: int) -> RejectedInput:
    return RejectedInput(
        "bad_time",
        "a cue has no usable times (hours:minutes:seconds.milliseconds --> the same); export the"
        " captions again",
        f"block {number + 1}",
    )


def _seconds(parts: tuple[str | None, ...]) -> float:
    hours, minutes, seconds, fraction = (part or "0" for part in parts)
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds) + int(fraction.ljust(3, "0")) / 1000


def _voices(payload: str) -> Iterator[tuple[str | None, str]]:
    """The words of one cue by voice; tags of style vanish, entities become letters."""
    pieces = _VOICE.split(payload)
    for label, words in zip([None, *pieces[1::2]], pieces[0::2], strict=True):
        plain = html.unescape(_TAG.sub("", words)).strip()
        if plain:
            yield (html.unescape(label).strip() if label else None), plain
