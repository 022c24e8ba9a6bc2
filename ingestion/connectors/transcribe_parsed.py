"""Calls parsed by the post-call-analytics solution: ConversationAnalytics and SpeechSegments.

parsed call -> interaction, the customer's handle and turns. ConversationTime is written without
offset by the clock of ConversationLocation, the time-zone name of the call's place; without that
place such a time is rejected as naive_time.
"""

from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from ingestion.connectors.base import Limits, Parsed, RejectedInput
from ingestion.connectors.call_records import Call, Said, after, known
from ingestion.connectors.call_speakers import roles_of
from ingestion.connectors.fields import (
    aware_time,
    in_range,
    iso_time,
    items,
    mapping,
    missing,
    optional_mapping,
    optional_text,
    seconds,
)

SYSTEM = "transcribe"
INTERRUPTED = "SegmentInterruption"


def parsed_call(document: dict[str, Any], name: str, pointer: str, limits: Limits) -> list[Parsed]:
    """The records of one parsed call; raises RejectedInput without an id or a time."""
    header = mapping(document.get("ConversationAnalytics"), "ConversationAnalytics")
    job = _job(header)
    key = optional_text(header, "GUID") or optional_text(job, "TranscriptionJobName")
    key = key or PurePosixPath(name).stem
    if not key or key == "None":
        raise missing("GUID")
    started = _started(header)
    segments = [mapping(item, "SpeechSegments") for item in items(document, "SpeechSegments")]
    said = _said(segments, _labels(header), started)
    length = seconds(header, "Duration")
    customer = optional_text(header, "Cust")
    agent = optional_text(header, "Agent")
    redacted = job.get("RedactedTranscript") is True
    facts = {
        "channel": "voice",
        "names_call": True,
        "agent_id": agent,
        "started_at": started,
        "ended_at": after(started, length),
        "disconnect_reason": "answered" if any(item.role == "agent" for item in said) else None,
        "recordings": _recordings(job),
        "metadata": _metadata(header, segments, length)
        | known({"analysis": "post-call analytics", "output": "redacted" if redacted else "raw"}),
    }
    # The plain analysis of the same call knows only the name of the job.
    source = optional_text(job, "TranscriptionJobName")
    call = Call(SYSTEM, key, started, links=(source,) if source else (), pointer=pointer)
    found: list[Parsed] = [call.interaction(facts, "parsed")]
    if customer and customer != "None":
        kind = "phone" if customer.lstrip("+").isdigit() and len(customer) > 7 else "other"
        place = "/ConversationAnalytics/Cust"
        found.append(call.handle("customer", kind, customer, None, place))
    return [*found, *call.turns(said, "voice", limits)]


def _job(header: dict[str, Any]) -> dict[str, Any]:
    for source in items(header, "SourceInformation"):
        if isinstance(source, dict) and isinstance(source.get("TranscribeJobInfo"), dict):
            job: dict[str, Any] = source["TranscribeJobInfo"]
            return job
    return {}


def _recordings(job: dict[str, Any]) -> list[str]:
    places = (optional_text(job, key) for key in ("MediaOriginalUri", "MediaFileUri"))
    return list(dict.fromkeys(place for place in places if place))


def _started(header: dict[str, Any]) -> datetime:
    written = header.get("ConversationTime")
    if written is None:
        raise missing("ConversationTime")
    place = optional_text(header, "ConversationLocation")
    if isinstance(written, str):
        # The solution writes a space where ISO 8601 has a T in some versions.
        written = written.strip().replace(" ", "T", 1)
    moment = iso_time(written, "ConversationTime")
    if moment.tzinfo is not None or place is None:
        return aware_time(written, "ConversationTime")
    try:
        return in_range(moment.replace(tzinfo=ZoneInfo(place)), "ConversationTime")
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        if isinstance(error, RejectedInput):
            raise
        raise RejectedInput(
            "naive_time",
            "ConversationTime has no offset and ConversationLocation is no time-zone name; set it"
            " to one such as Asia/Jakarta",
        ) from error


def _labels(header: dict[str, Any]) -> dict[str, str]:
    found = {}
    for item in items(header, "SpeakerLabels"):
        label = mapping(item, "SpeakerLabels")
        speaker, shown = optional_text(label, "Speaker"), optional_text(label, "DisplayText")
        if speaker and shown:
            found[speaker] = shown
    return found


def _said(segments: list[dict[str, Any]], labels: dict[str, str], started: datetime) -> list[Said]:
    texts = [
        optional_text(item, "DisplayText") or optional_text(item, "OriginalText") or ""
        for item in segments
    ]
    speakers = [optional_text(item, "SegmentSpeaker") for item in segments]
    shown = [labels.get(speaker or "", speaker) for speaker in speakers]
    roles = roles_of(list(zip(shown, texts, strict=True)))
    found = []
    for index, item in enumerate(segments):
        role, assumed = roles[index]
        begin = seconds(item, "SegmentStartTime")
        flags = {"role_assumed": assumed or None, "interrupts": item.get(INTERRUPTED) or None}
        found.append(
            Said(
                key=str(index),
                role=role,
                text=texts[index],
                start=begin,
                end=seconds(item, "SegmentEndTime"),
                at=after(started, begin),
                pointer=f"/SpeechSegments/{index}",
                metadata={name: True for name, value in flags.items() if value},
            )
        )
    return found


def _metadata(
    header: dict[str, Any], segments: list[dict[str, Any]], length: float | None
) -> dict[str, Any]:
    times = optional_mapping(header, "SpeakerTime")
    silence = optional_mapping(times, "NonTalkTime")
    speech = [
        seconds(optional_mapping(times, who), "TotalTimeSecs")
        for who in times
        if who != "NonTalkTime"
    ]
    spoken = [value for value in speech if value is not None]
    detected = [
        optional_text(item, "Name")
        for item in items(header, "CategoriesDetected")
        if isinstance(item, dict)
    ]
    # Older versions of the solution do not mark interruptions at all: unknown is not none.
    marks = any(INTERRUPTED in item for item in segments)
    return known(
        {
            "conversation_seconds": length,
            "silence_seconds": seconds(silence, "TotalTimeSecs"),
            "speech_seconds": round(sum(spoken), 3) if spoken else None,
            "interruptions": sum(bool(s.get(INTERRUPTED)) for s in segments) if marks else None,
            "language_code": optional_text(header, "LanguageCode"),
            "categories": [word for word in detected if word],
        }
    )
