"""What was said in a vCon, in order, and by whom.

text dialogs + transcripts -> utterances in order. Who a transcript's labels stand for is
decided in `vcon_speakers`.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from ingestion.connectors.base import Limits, RejectedInput
from ingestion.connectors.email_body import body_of_part
from ingestion.connectors.email_text import own_words
from ingestion.connectors.fields import items, mapping
from ingestion.connectors.vcon_dialog import Dialog
from ingestion.connectors.vcon_parties import Parties
from ingestion.connectors.vcon_speakers import role_of, speakers, voice_of
from ingestion.connectors.vcon_tags import channel_of
from ingestion.connectors.vcon_transcript import Segment, segment_time, segments

TRANSCRIPTS = ("transcript", "diarized", "transcript-redacted", "wtf_transcription", "wtf")


@dataclass(slots=True)
class Utterance:
    """One turn before it becomes a record."""

    role: str
    party: int | None
    text: str
    sent_at: datetime | None
    start_seconds: float | None
    end_seconds: float | None
    pointer: str
    metadata: dict[str, Any] = field(default_factory=dict)


def utterances(
    value: dict[str, Any],
    dialogs: list[Dialog],
    parties: Parties,
    tags: dict[str, str],
    limits: Limits,
) -> tuple[list[Utterance], list[RejectedInput]]:
    """All utterances by time, and a rejection for each transcript or mail that is unreadable."""
    found: list[Utterance] = []
    rejections: list[RejectedInput] = []
    mail = channel_of(dialogs, parties, tags) == "email"
    started = min((dialog.start for dialog in dialogs if dialog.start), default=None)
    for dialog in dialogs:
        if dialog.kind == "text" and dialog.body:
            try:
                found.append(_written(dialog, parties, started, mail, limits))
            except RejectedInput as rejected:
                place = f"/dialog/{dialog.index}"
                rejections.append(RejectedInput(rejected.reason, str(rejected), place))
    spoken = {dialog.index: dialog for dialog in dialogs if not dialog.body}
    for index, analysis in _transcripts(value, spoken):
        place = f"/analysis/{index}"
        try:
            said = segments(analysis, limits)
        except RejectedInput as rejected:
            rejections.append(RejectedInput(rejected.reason, str(rejected), place))
            continue
        heard = spoken.get(_dialog_of(analysis, spoken))
        found += _spoken(said, heard, parties, started, place)
    return sorted(found, key=_order(started)), rejections


def _order(started: datetime | None) -> Callable[[Utterance], float]:
    """By time; utterances without a time keep their place, because sorting is stable."""
    last = 0.0

    def key(item: Utterance) -> float:
        nonlocal last
        if item.sent_at is not None and started is not None:
            last = (item.sent_at - started).total_seconds()
        return last

    return key


def _written(
    dialog: Dialog, parties: Parties, started: datetime | None, mail: bool, limits: Limits
) -> Utterance:
    text = dialog.body or ""
    metadata: dict[str, Any] = {}
    media = dialog.media.lower()
    if media.startswith(("multipart/", "message/", "text/html")):
        text = body_of_part(dialog.media, text, limits)
    if mail:
        text = own_words(text)
        metadata = {"message_id": dialog.message_id}
    index = dialog.originator
    if index is None:
        index = dialog.parties[0] if dialog.parties else None
    offset = (dialog.start - started).total_seconds() if dialog.start and started else None
    return Utterance(
        role=role_of(parties, index),
        party=index,
        text=text,
        sent_at=dialog.start,
        start_seconds=offset,
        end_seconds=None,
        pointer=f"/dialog/{dialog.index}",
        metadata=metadata,
    )


def _transcripts(
    value: dict[str, Any], spoken: dict[int, Dialog]
) -> list[tuple[int, dict[str, Any]]]:
    """The best transcript of each dialog: the plain type first, then diarised, then redacted."""
    best: dict[int | None, tuple[int, int, dict[str, Any]]] = {}
    for index, item in enumerate(items(value, "analysis")):
        analysis = mapping(item, "analysis")
        kind = analysis.get("type")
        if kind not in TRANSCRIPTS or analysis.get("body") in (None, "", [], {}):
            continue
        rank = TRANSCRIPTS.index(kind)
        dialog = _dialog_of(analysis, spoken)
        if (spoken or not items(value, "dialog")) and (
            dialog not in best or rank < best[dialog][0]
        ):
            best[dialog] = (rank, index, analysis)
    return [(index, analysis) for _, index, analysis in best.values()]


def _dialog_of(analysis: dict[str, Any], spoken: dict[int, Dialog]) -> int:
    value = analysis.get("dialog")
    if isinstance(value, list) and value:
        value = value[0]
    if isinstance(value, int) and value in spoken:
        return value
    return next(iter(spoken), -1)


def _spoken(
    said: list[Segment],
    dialog: Dialog | None,
    parties: Parties,
    started: datetime | None,
    pointer: str,
) -> list[Utterance]:
    voices = speakers(said, parties)
    begin = dialog.start if dialog else None
    offset = (begin - started).total_seconds() if begin and started else 0.0
    found = []
    for number, segment in enumerate(said):
        role, party, assumed = voices[voice_of(segment, number)]
        start, end = segment.start, segment.end
        at = segment_time(segment)
        if start is None and at is not None and begin is not None:
            start = max((at - begin).total_seconds(), 0.0)
        if at is None and begin is not None and start is not None:
            at = begin + timedelta(seconds=start)
        found.append(
            Utterance(
                role=role,
                party=party,
                text=segment.text,
                sent_at=at,
                start_seconds=None if start is None else start + offset,
                end_seconds=None if end is None else end + offset,
                pointer=f"{pointer}/body/{number}",
                metadata={"role_assumed": True} if assumed else {},
            )
        )
    return found
