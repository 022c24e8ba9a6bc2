"""What was said in a vCon, in order, and by whom.

text dialogs + transcripts -> utterances. Labels of a transcript are matched to parties by role
word, name, self-introduction or greeting; a role that had to be assumed is marked so.
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
from ingestion.connectors.vcon_parties import Parties, role_word
from ingestion.connectors.vcon_tags import channel_of
from ingestion.connectors.vcon_transcript import Segment, segment_time, segments

TRANSCRIPTS = ("transcript", "diarized", "transcript-redacted", "wtf_transcription", "wtf")
GREETINGS = (
    "how can i help",
    "how may i help",
    "how can i assist",
    "how may i assist",
    "thank you for calling",
    "thanks for calling",
    "thank you for contacting",
    "welcome to",
    "ada yang bisa",
    "terima kasih telah menghubungi",
    "terima kasih sudah menghubungi",
    "selamat datang di",
    "dengan siapa saya",
)
INTRODUCTIONS = ("my name is ", "this is ", "i'm ", "i am ", "nama saya ", "saya ", "dengan ")


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
        role=_role(parties, index),
        party=index,
        text=text,
        sent_at=dialog.start,
        start_seconds=offset,
        end_seconds=None,
        pointer=f"/dialog/{dialog.index}",
        metadata=metadata,
    )


def _role(parties: Parties, index: int | None) -> str:
    party = parties.at(index)
    return (party.role if party else None) or "customer"


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
    speakers = _speakers(said, parties)
    begin = dialog.start if dialog else None
    offset = (begin - started).total_seconds() if begin and started else 0.0
    found = []
    for number, segment in enumerate(said):
        role, party, assumed = speakers[_voice(segment, number)]
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


OPENING_CHARACTERS = 400
MOST_VOICES = 50
Voice = tuple[str, str | int]
Speaker = tuple[str, int | None, bool]


def _voice(segment: Segment, number: int) -> Voice:
    """Who a segment says is speaking; unlabelled paragraphs take turns."""
    if segment.party is not None:
        return "party", segment.party
    if segment.label is not None:
        return "label", segment.label.strip().lower()
    return "turn", number % 2


def _speakers(said: list[Segment], parties: Parties) -> dict[Voice, Speaker]:
    words: dict[Voice, list[str]] = {}
    for number, segment in enumerate(said):
        words.setdefault(_voice(segment, number), []).append(segment.text.lower())
    found: dict[Voice, Speaker] = {}
    for voice in words:
        known = _known(voice, parties)
        if known is not None:
            found[voice] = known
    open_voices = [voice for voice in words if voice not in found]
    roles = {role for role, _, _ in found.values()}
    greeter = _greeter(open_voices, words) if "agent" not in roles else None
    for voice in open_voices:
        role = "agent" if voice == greeter else "customer"
        introduced = _introduced(words[voice], parties) if len(found) < MOST_VOICES else []
        if introduced:
            # Two names in one voice: the recogniser did not tell the speakers apart.
            found[voice] = (_role(parties, introduced[0]), introduced[0], len(introduced) > 1)
        else:
            found[voice] = (role, parties.first(role), True)
    return found


def _known(voice: Voice, parties: Parties) -> Speaker | None:
    kind, value = voice
    if kind == "party" and isinstance(value, int):
        party = parties.at(value)
        return (_role(parties, value), value, False) if party else None
    if kind != "label":
        return None
    role = role_word(str(value))
    if role is not None:
        return role, parties.first(role), False
    for index, party in enumerate(parties.listed):
        names = (party.name or "").lower().strip()
        if names and value in (names, names.split()[0]):
            return _role(parties, index), index, False
    return None


def _greeter(voices: list[Voice], words: dict[Voice, list[str]]) -> Voice | None:
    """Who greets like a service desk; else, of two or more, who speaks first."""
    for voice in voices:
        opening = _opening(words[voice])
        if any(greeting in opening for greeting in GREETINGS):
            return voice
    return voices[0] if len(voices) > 1 else None


def _opening(texts: list[str]) -> str:
    """What a voice says first; people introduce themselves at the beginning."""
    return " ".join(text[:OPENING_CHARACTERS] for text in texts[:4])


def _introduced(texts: list[str], parties: Parties) -> list[int]:
    """The parties whose first names the voice gives as its own, in the order spoken."""
    opening = _opening(texts)
    found: list[tuple[int, int]] = []
    for index, party in enumerate(parties.listed):
        first = (party.name or "").lower().split()[:1]
        places = [opening.find(words + first[0]) for words in INTRODUCTIONS if first]
        spoken = [place for place in places if place >= 0]
        if spoken:
            found.append((min(spoken), index))
    return [index for _, index in sorted(found)]
