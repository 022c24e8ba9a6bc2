"""WebVTT and SRT transcripts, mostly lying beside the recording of the same name.

captions -> one interaction and its turns

The call names the recording of the same file name, whose words these are. Captions have offsets but no date: it is read
from a note at their beginning (`NOTE Date: 2026-03-02T09:00:00+07:00`) or from the name of the
file or its folder. A time in a name without offset counts only when LAKEHOUSE_RECORDING_ZONE says
by which clock files are named. Without any date the captions wait for the call or recording of
the same name, whose start their offsets count from.
Mapped: speakers (`<v Agent>`, `Agent:`, `Pelanggan:`), offsets, agent, queue, direction and the
customer's number from notes. Not mapped: styles, regions, positions.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from ingestion.connectors.base import Connector, Parsed, Payload, RejectedInput
from ingestion.connectors.call_names import name_of, time_in_name, with_name
from ingestion.connectors.call_records import Call, Said, after, known
from ingestion.connectors.call_speakers import roles_of
from ingestion.connectors.captions_cues import Captions, Cue, looks_like_captions, read_captions
from ingestion.connectors.captions_speakers import label_cues, utterances
from ingestion.connectors.fields import aware_time
from ingestion.connectors.reading import too_large
from ingestion.connectors.vcon_parties import role_word

UNIQUE_DIGITS = 8
AUDIO_ENDINGS = ("wav", "mp3", "m4a", "ogg", "opus", "flac", "webm", "mp4", "amr", "wma")
LANGUAGE_ENDINGS = ("id", "en", "in", "id-id", "en-us", "en-gb")
DATE_REMEDY = (
    "put a line such as `NOTE Date: 2026-03-02T09:00:00+07:00` below WEBVTT, or a time with its"
    " offset into the file name"
)


@dataclass(frozen=True)
class CaptionsConnector(Connector):
    """Reads WebVTT and SRT; `recording_zone` is the clock by which files are named, if known."""

    name: ClassVar[str] = "captions"
    version: ClassVar[str] = "2"
    source_system: ClassVar[str] = "captions"
    recording_zone: str | None = None

    def recognises(self, name: str, head: bytes) -> bool:
        """The signature of WebVTT, or a first SRT cue: a number and a line of two times."""
        return looks_like_captions(head)

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload: the file as a whole."""
        with path.open("rb") as stream:
            raw = stream.read(self.limits.payload_bytes + 1)
        if len(raw) > self.limits.payload_bytes:
            yield too_large(self.limits, "document")
        else:
            yield Payload(raw, "document", 0, len(raw))

    def fetch_named(self, path: Path, name: str) -> Iterator[Payload | RejectedInput]:
        """As `fetch`; the name says which call this is and may say when it was."""
        return (with_name(payload, name) for payload in self.fetch(path))

    def dates_by_name(self, name: str) -> bool:
        """A date in the name, if it has an offset or the clock of the recorder is known."""
        return time_in_name(name, self._zone) is not None

    @property
    def _zone(self) -> ZoneInfo | None:
        return ZoneInfo(self.recording_zone) if self.recording_zone else None

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The interaction and its turns."""
        try:
            if len(payload.raw) > self.limits.payload_bytes:
                raise too_large(self.limits, "")
            yield from self._call(read_captions(payload.raw), name_of(payload))
        except RejectedInput as rejected:
            yield rejected

    def _call(self, captions: Captions, name: str) -> list[Parsed]:
        key = call_key(name)
        if key is None:
            raise RejectedInput(
                "missing_field", "the file has no name that tells the call; deliver it under one"
            )
        if not captions.cues:
            raise RejectedInput("no_records", "the captions hold no words; nothing to do")
        started, made = self._started(captions.notes, name)
        exact = started if made.get("start_precision") != "day" else None
        label_cues(captions.cues)
        said = _said(utterances(captions.cues), exact)
        notes = captions.notes
        ends = [cue.end for cue in captions.cues if cue.end is not None]
        direction = (notes.get("direction") or "").lower()
        facts = {
            "channel": "voice",
            "direction": direction if direction in ("inbound", "outbound") else None,
            "queue": notes.get("queue"),
            "agent_id": notes.get("agent"),
            "started_at": started,
            "ended_at": after(exact, max(ends, default=None)),
            "disconnect_reason": "answered" if any(s.role == "agent" for s in said) else None,
            "recordings": recordings_beside(name),
            "metadata": known(
                {"transcript": captions.kind, "language_code": notes.get("language")} | made
            ),
        }
        names = {cue.label for cue in captions.cues if cue.label and role_word(cue.label) is None}
        call = Call(self.source_system, key, started, names=tuple(sorted(names)))
        found: list[Parsed] = [call.interaction(facts, "captions")]
        if number := notes.get("customer"):
            kind = "email" if "@" in number else "phone"
            found.append(call.handle("customer", kind, number, None, ""))
        return [*found, *call.turns(said, "voice", self.limits)]

    def _started(self, notes: dict[str, str], name: str) -> tuple[datetime | None, dict[str, Any]]:
        """The start and how it is known; None where neither notes nor name hold any date."""
        if "date" in notes:
            moment = aware_time(notes["date"], "the date in the note")
            return moment, {"start_from": "note", "start_precision": "second"}
        found = time_in_name(name, self._zone)
        if found is not None:
            made = {"start_from": "file name", "start_precision": found.precision}
            return found.moment, made | (
                {"zone": self.recording_zone} if found.zone_assumed else {}
            )
        if time_in_name(name, UTC) is not None:
            raise RejectedInput(
                "naive_time",
                "the time in the file name has no UTC offset; set LAKEHOUSE_RECORDING_ZONE to the"
                f" clock of the recorder (such as Asia/Jakarta), or {DATE_REMEDY}",
            )
        return None, {}


def recordings_beside(name: str) -> list[str]:
    """The names of the recording: the captions' own, and what it says without a language or where
    it is the recording's name with an ending more (`x.wav.vtt`)."""
    whole = PurePosixPath(name)
    inner = PurePosixPath(whole.stem)
    ending = inner.suffix.lower().removeprefix(".")
    if ending in LANGUAGE_ENDINGS:
        return [whole.name, inner.with_suffix(whole.suffix).name]
    return [whole.name, inner.name] if ending in AUDIO_ENDINGS else [whole.name]


def call_key(name: str) -> str | None:
    """The file name without its endings; with its folders where the name may come again."""
    path = PurePosixPath(name).with_suffix("") if name else PurePosixPath()
    if path.suffix.lower().removeprefix(".") in LANGUAGE_ENDINGS:
        path = path.with_suffix("")
    stem = path.name.strip()
    unique = len(re.sub(r"\D", "", stem)) >= UNIQUE_DIGITS
    return (stem if unique else path.as_posix()) if stem else None


def _said(spoken: list[Cue], started: datetime | None) -> list[Said]:
    roles = roles_of([(cue.label, cue.text) for cue in spoken])
    return [
        Said(
            key=f"cue{cue.number}",
            role=role,
            text=cue.text,
            start=cue.start,
            end=cue.end,
            at=after(started, cue.start),
            pointer=f"cue {cue.number}",
            metadata=known(
                {
                    "role_assumed": True if assumed else None,
                    "speakers": None if cue.label else "not separated",
                }
            ),
        )
        for cue, (role, assumed) in zip(spoken, roles, strict=True)
    ]
