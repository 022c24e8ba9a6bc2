"""Twilio Voice: calls, recordings and transcripts, as the interface answers or as webhooks.

call | recording | transcription | intelligence transcript -> interaction, handle and turn records
under the call's sid; what names only a recording is joined to the call through it.

Mapped: direction, start and end, answered, missed and dropped calls, queue seconds, talk seconds,
both numbers, transcripts with speakers and offsets. Interface answers are JSON, webhooks are JSON
or the body of a form; several forms may stand in one file, one a line.
Sentences that come without their transcript wait for it, or for the recording or call.
Not mapped: price, account, recorded audio, operator results, words without their times.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, RejectedInput
from ingestion.connectors.fields import items, mapping
from ingestion.connectors.json_head import Outline, outlines
from ingestion.connectors.reading import decode_json, json_payloads
from ingestion.connectors.twilio_calls import call_records, recording_records
from ingestion.connectors.twilio_forms import form_fields, looks_like_form
from ingestion.connectors.twilio_transcripts import (
    intelligence_records,
    sentence_records,
    transcription_records,
)

LISTS = ("calls", "recordings", "transcriptions", "transcripts")
SIDS = {"CA": "call", "RE": "recording", "TR": "transcription", "GT": "transcript"}


@dataclass(frozen=True)
class TwilioConnector(Connector):
    """Reads call, recording and transcript resources of Twilio."""

    name: ClassVar[str] = "twilio"
    version: ClassVar[str] = "2"
    source_system: ClassVar[str] = "twilio"

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON with the keys of a voice resource or of a page of them, or a webhook's form."""
        return looks_like_form(head) or any(_is_twilio(outline) for outline in outlines(head))

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line of forms or of JSON lines, else the whole document."""
        return json_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The records of one resource, page, array or form; a form may take several lines."""
        if looks_like_form(payload.raw):
            for number, line in enumerate(payload.raw.splitlines()):
                if line.strip():
                    yield from self._form(line, f"/{number}" if number else "")
            return
        try:
            listed = list(_listed(decode_json(payload.raw, self.limits), ""))
        except RejectedInput as rejected:
            yield rejected
            return
        if not listed:
            yield RejectedInput("no_records", "the page is empty")
        for pointer, item in listed:
            yield from self._resource(item, pointer)

    def _form(self, line: bytes, pointer: str) -> Iterator[Parsed]:
        try:
            fields = form_fields(line, self.limits)
        except RejectedInput as rejected:
            yield RejectedInput(rejected.reason, str(rejected), pointer)
            return
        yield from self._resource(fields, pointer)

    def _resource(self, item: Any, pointer: str) -> Iterator[Parsed]:
        try:
            resource = mapping(item, "resource")
            yield from self._records(resource, pointer)
        except RejectedInput as rejected:
            place = pointer + rejected.position
            yield RejectedInput(rejected.reason, str(rejected), place)

    def _records(self, resource: dict[str, Any], pointer: str) -> list[Parsed]:
        if isinstance(resource.get("transcript"), dict):
            resource = resource["transcript"] | {"sentences": items(resource, "sentences")}
        sid = resource.get("sid")
        kind = SIDS.get(sid[:2]) if isinstance(sid, str) else None
        if kind == "call":
            return call_records(resource, pointer)
        if kind == "recording":
            return recording_records(resource, pointer)
        if kind == "transcription":
            return transcription_records(resource, pointer, self.limits)
        if kind == "transcript":
            return intelligence_records(resource, pointer, self.limits)
        if "sentences" in resource:
            return sentence_records(resource, pointer, self.limits)
        raise RejectedInput(
            "unsupported_resource",
            "neither a call nor a recording or transcript of one; deliver those",
        )


def _listed(value: Any, pointer: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _listed(item, f"{pointer}/{index}")
        return
    if isinstance(value, dict) and "sid" not in value:
        for key in LISTS:
            if isinstance(value.get(key), list):
                for index, item in enumerate(value[key]):
                    yield f"{pointer}/{key}/{index}", item
                return
    yield pointer, value


def _is_twilio(outline: Outline) -> bool:
    for depth in (1, 2):
        keys = outline.keys(depth)
        if {"sid", "account_sid"} <= keys and (
            {"direction", "start_time", "answered_by"} <= keys
            or {"call_sid", "start_time", "media_url"} <= keys
            or {"call_sid", "duration", "channels"} <= keys
            or {"transcription_text", "recording_sid"} <= keys
            or {"service_sid", "channel", "customer_key"} <= keys
        ):
            return True
    return "sentences" in outline.keys(1) and (
        {"media_channel", "sentence_index", "transcript"} <= outline.keys(2)
    )
