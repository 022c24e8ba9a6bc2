"""Amazon Connect: contact records and what Contact Lens makes of calls and chats.

contact record | call analysis | chat analysis | live segments -> interaction, handle and turn
records under the contact id, so that all of them become one interaction.

Mapped: queue, agent, campaign, direction, waiting, holding, talking and after-call seconds, why
the contact ended, transfers, the customer's phone or mail; transcripts, raw or redacted; non-talk
time and interruptions. All times of Amazon Connect are UTC, also those in its file names.
Not mapped: contact attributes, summaries and categories beyond their names; evaluation forms,
tasks, monitoring and stream events without words are rejected as not_a_conversation.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from typing import Any, ClassVar

from ingestion.connectors.amazon_connect_call import voice_analysis
from ingestion.connectors.amazon_connect_chat import chat_analysis
from ingestion.connectors.amazon_connect_live import live_segments
from ingestion.connectors.amazon_connect_record import contact_record
from ingestion.connectors.base import Connector, Limits, Parsed, Payload, RejectedInput
from ingestion.connectors.call_names import name_of, time_in_name, with_name
from ingestion.connectors.fields import mapping, optional_text
from ingestion.connectors.json_documents import decode_tolerant, document_payloads
from ingestion.connectors.json_head import Outline, outlines
from ingestion.connectors.reading import each_item

Reader = Callable[[dict[str, Any], str, Limits], list[Parsed]]


@dataclass(frozen=True)
class AmazonConnectConnector(Connector):
    """Reads contact records, Contact Lens analyses and live segments."""

    name: ClassVar[str] = "amazon_connect"
    version: ClassVar[str] = "2"
    source_system: ClassVar[str] = "amazon_connect"

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON with the outer keys of one of the documents of Amazon Connect."""
        return any(_is_connect(outline) for outline in outlines(head))

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line or per object; streams deliver objects without a line break."""
        return document_payloads(path, self.limits)

    def fetch_named(self, path: Path, name: str) -> Iterator[Payload | RejectedInput]:
        """As `fetch`; the name of an analysis tells the contact and when the agent joined."""
        return (with_name(payload, name) for payload in self.fetch(path))

    def dates_by_name(self, name: str) -> bool:
        """Any date in the name, which is UTC."""
        return time_in_name(name, UTC) is not None

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The records of one document, or of each document in an array."""
        try:
            value, overlooked = decode_tolerant(payload.raw, self.limits)
            listed = each_item(value)
        except RejectedInput as rejected:
            yield rejected
            return
        for item, pointer in listed:
            for found in self._document(item, name_of(payload)):
                yield _placed(found, pointer, overlooked)

    def _document(self, item: Any, name: str) -> list[Parsed]:
        try:
            document = mapping(item, "document")
            return _reader(document)(document, name, self.limits)
        except RejectedInput as rejected:
            return [rejected]


def _placed(found: Parsed, pointer: str, overlooked: tuple[str, ...]) -> Parsed:
    if isinstance(found, RejectedInput):
        return RejectedInput(found.reason, str(found), pointer + found.position)
    found.pointer = pointer + found.pointer
    if overlooked and found.kind == "interaction":
        found.data["metadata"]["json_overlooked"] = list(overlooked)
    return found


def _reader(document: dict[str, Any]) -> Reader:
    keys = set(document)
    if {"evaluationId", "questions"} & keys:
        raise RejectedInput(
            "not_a_conversation",
            "an evaluation form: scores given by a reviewer, no words of a contact; nothing to do",
        )
    if "EventType" in keys or "Segments" in keys:
        return live_segments
    if "Transcript" in keys:
        return _analysis_of(optional_text(document, "Channel"))
    return contact_record


def _analysis_of(channel: str | None) -> Reader:
    if channel == "CHAT":
        return chat_analysis
    if channel in ("VOICE", None):
        return voice_analysis
    raise RejectedInput(
        "unsupported_channel",
        "only analyses of calls and chats are read; deliver mails as .eml files instead",
    )


def _is_connect(outline: Outline) -> bool:
    top, second = outline.keys(1), outline.keys(2)
    if {"ContactId", "InitiationMethod", "InitiationTimestamp"} <= top:
        return True
    if {"ContactId", "AWSContactTraceRecordFormatVersion"} <= top:
        return True
    if "Transcript" in top and {"ParticipantId", "ParticipantRole"} <= second:
        return True
    if {"AccountId", "Channel", "CustomerMetadata"} <= top and "ContactId" in second:
        return True
    if {"ContactId", "InstanceId", "EventType", "Channel"} <= top:
        return True
    return {"evaluationId", "sections", "questions"} <= top
