"""Transcripts of Twilio: the plain transcription of a recording, and transcripts with sentences.

resource -> turns. A plain transcription is one text of all speakers and names only the recording;
it is provisional, as a transcript with speakers says the same better. Offsets of sentences count
from the start of the media. A page of sentences names its transcript in its own address only and
has no date: its turns are undated until the transcript, the recording or the call comes.
"""

import re
from datetime import datetime
from typing import Any

from ingestion.connectors.base import Limits, Parsed, RejectedInput
from ingestion.connectors.call_records import Call, Said, after, known
from ingestion.connectors.call_speakers import roles_of
from ingestion.connectors.fields import (
    items,
    mapping,
    optional_mapping,
    optional_text,
    required_text,
)
from ingestion.connectors.twilio_calls import SYSTEM, first_time, optional_time, whole_seconds
from ingestion.connectors.vcon_parties import role_word

MOST_SECONDS = 10**7
_TRANSCRIPT = re.compile(r"(?:^|/Transcripts/)(GT[0-9A-Za-z]{1,64})(?:/Sentences(?:\?|$)|$)")


def transcription_records(resource: dict[str, Any], pointer: str, limits: Limits) -> list[Parsed]:
    """The one turn of a plain transcription; raises RejectedInput when there is no text."""
    sid = required_text(resource, "sid")
    if (optional_text(resource, "status") or "completed") != "completed":
        raise RejectedInput("no_transcript", "the transcription is not complete or failed")
    recording = optional_text(resource, "recording_sid")
    key = optional_text(resource, "call_sid") or recording
    if key is None:
        raise RejectedInput("missing_field", "neither call_sid nor recording_sid is present")
    made = first_time(resource, "date_created", "date_updated")
    call = Call(SYSTEM, key, made, links=(recording,) if recording else (), pointer=pointer)
    said = Said(
        key=sid,
        role="customer",
        text=required_text(resource, "transcription_text"),
        provisional=1,
        pointer="/transcription_text",
        metadata={"role_assumed": True, "speakers": "not separated"},
    )
    facts = {"channel": "voice", "metadata": {"transcription": "plain"}}
    return [call.interaction(facts, sid), *call.turns([said], "voice", limits)]


def intelligence_records(resource: dict[str, Any], pointer: str, limits: Limits) -> list[Parsed]:
    """The interaction and turns of a transcript; without sentences it has only the first."""
    sid = required_text(resource, "sid")
    if (optional_text(resource, "status") or "completed") != "completed":
        raise RejectedInput("no_transcript", "the transcript is not complete or failed")
    channel = optional_mapping(resource, "channel")
    source = optional_text(optional_mapping(channel, "media_properties"), "source_sid")
    key = optional_text(resource, "call_sid") or source or optional_text(resource, "customer_key")
    key = key or sid
    started = optional_time(resource, "media_start_time")
    at = started or first_time(resource, "date_created")
    people = _people(channel)
    sentences = [mapping(item, "sentences") for item in items(resource, "sentences")]
    said = _sentences(sentences, people, started)
    names = tuple(sorted({str(p["name"]) for p in people.values() if p["name"]}))
    links = tuple(dict.fromkeys(link for link in (source, sid) if link))
    call = Call(SYSTEM, key, at, links, names, pointer, said_in=sid)
    agent = next((p["user"] for p in people.values() if p["role"] == "agent" and p["user"]), None)
    facts = {
        "channel": "voice",
        "agent_id": agent,
        "started_at": started,
        "media_started_at": started,
        "recordings": [source] if source else None,
        "metadata": known(
            {
                "transcript": sid,
                "language_code": optional_text(resource, "language_code"),
                "output": "redacted" if resource.get("redaction") is True else None,
                "media_seconds": whole_seconds(resource, "duration"),
            }
        ),
    }
    handles: list[Parsed] = [
        call.handle("customer", kind, str(person[kind]), person["name"], "/channel")
        for person in people.values()
        for kind in ("phone", "email")
        if person["role"] == "customer" and person[kind]
    ]
    turns: list[Parsed] = list(call.turns(said, "voice", limits))
    return [call.interaction(facts, sid), *handles, *turns]


def sentence_records(resource: dict[str, Any], pointer: str, limits: Limits) -> list[Parsed]:
    """The undated turns of a page of sentences; raises RejectedInput when it names no transcript."""
    sid = _transcript_of(resource)
    sentences = [mapping(item, "sentences") for item in items(resource, "sentences")]
    if not sentences:
        raise RejectedInput("no_records", "the page holds no sentences; nothing to do")
    call = Call(SYSTEM, sid, None, pointer=pointer)
    facts = {"channel": "voice", "metadata": {"transcript": sid}}
    turns = call.turns(_sentences(sentences, {}, None), "voice", limits)
    return [call.interaction(facts, "sentences"), *turns]


def _transcript_of(resource: dict[str, Any]) -> str:
    """The transcript of a page of sentences: as stated, else from the address of the page."""
    meta = optional_mapping(resource, "meta")
    stated = optional_text(resource, "transcript_sid")
    for place in (stated, optional_text(meta, "url"), optional_text(meta, "first_page_url")):
        if place and (found := _TRANSCRIPT.search(place)):
            return found[1]
    raise RejectedInput(
        "missing_date",
        "sentences alone have no date and these do not name their transcript; deliver the whole"
        ' answer with its meta, or {"transcript": {...}, "sentences": [...]}',
    )


def _people(channel: dict[str, Any]) -> dict[int, dict[str, Any]]:
    """The speakers by their media channel: role, name, number and address as far as given."""
    people: dict[int, dict[str, Any]] = {}
    for index, item in enumerate(items(channel, "participants"), start=1):
        person = mapping(item, "participants")
        place = whole_seconds(person, "channel_participant")
        number = optional_text(person, "media_participant_id")
        people[int(place) if place is not None else index] = {
            "role": role_word(optional_text(person, "role")),
            "name": optional_text(person, "full_name"),
            "user": optional_text(person, "user_id"),
            "phone": number if number and number.lstrip("+").isdigit() else None,
            "email": optional_text(person, "email"),
        }
    return people


def _sentences(
    sentences: list[dict[str, Any]], people: dict[int, dict[str, Any]], started: datetime | None
) -> list[Said]:
    places = [whole_seconds(sentence, "media_channel") for sentence in sentences]
    texts = [required_text(sentence, "transcript") for sentence in sentences]
    labels = [None if place is None else f"channel {int(place)}" for place in places]
    guessed = roles_of(list(zip(labels, texts, strict=True)))
    numbers, found = _numbers(sentences), []
    for index, sentence in enumerate(sentences):
        place = places[index]
        role = people.get(-1 if place is None else int(place), {}).get("role")
        start = _offset(sentence, "start_time")
        found.append(
            Said(
                key=optional_text(sentence, "sid") or f"sentence{numbers[index]}",
                role=role or guessed[index][0],
                text=texts[index],
                start=start,
                end=_offset(sentence, "end_time"),
                at=after(started, start),
                pointer=f"/sentences/{index}",
                metadata={} if role else {"role_assumed": True},
            )
        )
    return found


def _numbers(sentences: list[dict[str, Any]]) -> list[int]:
    """Which sentence of the transcript each is: later pages count on, where they count at all."""
    stated = [whole_seconds(sentence, "sentence_index") for sentence in sentences]
    known = [int(number) for number in stated if number is not None]
    distinct = len(set(known)) == len(sentences)
    return known if distinct else list(range(len(sentences)))


def _offset(sentence: dict[str, Any], key: str) -> float | None:
    """Seconds from the start of the media: a decimal number, in text or not."""
    value = sentence.get(key)
    if value in (None, ""):
        return None
    if isinstance(value, str) and value.isascii() and value.replace(".", "", 1).isdigit():
        value = float(value) if len(value) <= 16 else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise RejectedInput("bad_offset", f"{key} is no number of seconds")
    if not 0 <= value <= MOST_SECONDS:
        raise RejectedInput("bad_offset", f"{key} lies outside any call")
    return float(value)
