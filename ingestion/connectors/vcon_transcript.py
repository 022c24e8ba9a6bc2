"""Transcripts in the analysis part of a vCon: every vendor writes them in its own shape.

analysis body -> segments (label or party, text, seconds from the start of the dialog).
Known shapes: a list of {speaker, message}; a list or {segments: [...]} of {start, end, party or
speaker, text}; paragraphs of a recogniser (results.channels[].alternatives[].paragraphs); a
string, or {transcript: "..."}, with `Agent:` labels or paragraphs. Bodies may be JSON in a
string or base64url.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingestion.connectors.base import Limits, RejectedInput
from ingestion.connectors.reading import decode_json
from ingestion.connectors.vcon_dialog import decoded_body

TEXT_KEYS = ("text", "message", "transcript", "body", "content", "utterance")
LABEL_KEYS = ("speaker", "role", "speaker_label", "name", "participant", "channel")
LIST_KEYS = ("segments", "utterances", "turns", "conversation", "transcript", "messages", "dialog")
LONGEST_LABEL = 40


@dataclass(slots=True)
class Segment:
    """One utterance as the analysis states it; `start` and `end` in seconds, or a time."""

    text: str
    label: str | None = None
    party: int | None = None
    start: float | None = None
    end: float | None = None
    start_time: str | None = None


def segments(analysis: dict[str, Any], limits: Limits) -> list[Segment]:
    """All utterances of one analysis entry, in order; raises RejectedInput for other shapes."""
    body = analysis.get("body")
    encoding = analysis.get("encoding")
    if isinstance(body, str) and encoding == "base64url":
        body = decoded_body(body)
    if isinstance(body, str) and body.lstrip()[:1] in ("{", "["):
        try:
            body = decode_json(body.encode("utf-8", "replace"), limits)
        except RejectedInput:
            if encoding == "json":
                raise
    found = list(_read(body, 0))
    if not found and body not in (None, "", [], {}):
        raise RejectedInput("unknown_transcript", "the transcript has no shape known here")
    return found


def _read(body: Any, depth: int) -> Iterator[Segment]:
    if depth > 3:
        return
    if isinstance(body, str):
        yield from _from_text(body)
    elif isinstance(body, list):
        for item in body:
            segment = _segment(item)
            if segment is not None:
                yield segment
    elif isinstance(body, dict):
        yield from _from_object(body, depth)


def _from_object(body: dict[str, Any], depth: int) -> Iterator[Segment]:
    paragraphs = _paragraphs(body)
    if paragraphs:
        yield from paragraphs
        return
    for key in LIST_KEYS:
        if isinstance(body.get(key), list | dict):
            yield from _read(body[key], depth + 1)
            return
    for key in TEXT_KEYS:
        if isinstance(body.get(key), str):
            yield from _from_text(body[key])
            return


def _paragraphs(body: dict[str, Any]) -> list[Segment]:
    """The recogniser's paragraphs, each of one speaker; else its whole transcript."""
    results = body.get("results")
    channels = results.get("channels") if isinstance(results, dict) else None
    found: list[Segment] = []
    for number, channel in enumerate(channels if isinstance(channels, list) else []):
        alternatives = channel.get("alternatives") if isinstance(channel, dict) else None
        best = alternatives[0] if isinstance(alternatives, list) and alternatives else None
        if not isinstance(best, dict):
            continue
        nested = best.get("paragraphs")
        listed = nested.get("paragraphs") if isinstance(nested, dict) else None
        for item in listed if isinstance(listed, list) else []:
            sentences = item.get("sentences") if isinstance(item, dict) else None
            words = [_text(part) for part in sentences] if isinstance(sentences, list) else []
            segment = _segment({**item, "text": " ".join(word for word in words if word)})
            if segment is not None:
                found.append(segment)
        if not listed and isinstance(best.get("transcript"), str):
            found.append(Segment(best["transcript"], label=f"channel {number}"))
    return [segment for segment in found if segment.text.strip()]


def _segment(item: Any) -> Segment | None:
    if isinstance(item, str):
        return Segment(item) if item.strip() else None
    if not isinstance(item, dict):
        return None
    text = _text(item)
    if text is None:
        return None
    start, end = _seconds(item.get("start")), _seconds(item.get("end"))
    length = _seconds(item.get("duration"))
    if end is None and start is not None and length is not None:
        end = start + length
    written = item.get("start")
    label = next((item[key] for key in LABEL_KEYS if _is_label(item.get(key))), None)
    return Segment(
        text=text,
        label=None if label is None else str(label),
        party=_party(item),
        start=start,
        end=end,
        start_time=written if isinstance(written, str) else None,
    )


def _text(item: Any) -> str | None:
    if not isinstance(item, dict):
        return None
    found = (item.get(key) for key in TEXT_KEYS)
    return next((text for text in found if isinstance(text, str) and text.strip()), None)


def _is_label(value: Any) -> bool:
    if isinstance(value, str):
        return 0 < len(value.strip()) <= LONGEST_LABEL * 2
    return isinstance(value, int) and not isinstance(value, bool)


def _party(item: dict[str, Any]) -> int | None:
    for key in ("party", "parties", "originator"):
        value = item.get(key)
        if isinstance(value, list) and len(value) == 1:
            value = value[0]
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    return None


def _seconds(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) and 0 <= value < 10**7 else None


def _from_text(text: str) -> Iterator[Segment]:
    """Labelled lines if most lines have labels, else paragraphs, else the text as a whole."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    labels = [_label(line) for line in lines]
    if lines and sum(label is not None for label in labels) * 2 >= len(lines):
        yield from _labelled(lines, labels)
        return
    for paragraph in text.replace("\r\n", "\n").split("\n\n"):
        if paragraph.strip():
            yield Segment(paragraph.strip())


def _labelled(lines: list[str], labels: list[str | None]) -> Iterator[Segment]:
    current: list[str] = []
    name: str | None = None
    for line, label in zip(lines, labels, strict=True):
        if label is not None:
            if current:
                yield Segment("\n".join(current), label=name)
            current, name = [line.partition(":")[2].strip()], label
        else:
            current.append(line)
    if current:
        yield Segment("\n".join(current), label=name)


def _label(line: str) -> str | None:
    """`Agent: ...`, `Speaker 1: ...`, `Budi Santoso: ...`: few words before a colon."""
    label, colon, rest = line.partition(":")
    label = label.strip().strip("*")
    words = label.split()
    if not colon or not rest.strip() or not 0 < len(words) <= 3 or len(label) > LONGEST_LABEL:
        return None
    return label if all(word[0].isupper() or word[0].isdigit() for word in words) else None


def segment_time(segment: Segment) -> datetime | None:
    """The aware time of a segment that gives a time instead of seconds."""
    try:
        moment = datetime.fromisoformat(segment.start_time or "")
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else None
