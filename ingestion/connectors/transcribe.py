"""Amazon Transcribe Call Analytics, and what the post-call-analytics solution makes of it.

analysis | parsed call -> one interaction and its turns

Mapped: who said what with offsets, agent and customer, non-talk time, interruptions, speech and
speed, issues' categories by name, agent and telephony ids of parsed calls. Redacted outputs stay
redacted and take the place of raw ones. A parsed call states when it was, by the clock of its
stated place; a plain analysis has no date, so the name of the job or of the file must tell it.
Not mapped: single words, loudness, entities, summaries, sentiment beyond the scores per role.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from ingestion.connectors.base import Connector, Parsed, Payload, RejectedInput
from ingestion.connectors.call_names import name_of, with_name
from ingestion.connectors.fields import mapping
from ingestion.connectors.json_head import Outline, outlines
from ingestion.connectors.reading import decode_json, each_item, json_payloads
from ingestion.connectors.transcribe_analysis import analysed_call
from ingestion.connectors.transcribe_parsed import parsed_call


@dataclass(frozen=True)
class TranscribeConnector(Connector):
    """Reads outputs of Amazon Transcribe Call Analytics and parsed calls."""

    name: ClassVar[str] = "transcribe"
    version: ClassVar[str] = "1"
    source_system: ClassVar[str] = "transcribe"

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON with the outer keys of an analysis or of a parsed call."""
        return any(_is_transcribe(outline) for outline in outlines(head))

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line, or the whole document."""
        return json_payloads(path, self.limits)

    def fetch_named(self, path: Path, name: str) -> Iterator[Payload | RejectedInput]:
        """As `fetch`; the name may tell when the call was."""
        return (with_name(payload, name) for payload in self.fetch(path))

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The records of one analysed call, or of each one in an array."""
        try:
            listed = each_item(decode_json(payload.raw, self.limits))
        except RejectedInput as rejected:
            yield rejected
            return
        for item, pointer in listed:
            try:
                document = mapping(item, "document")
                read = parsed_call if "ConversationAnalytics" in document else analysed_call
                yield from read(document, name_of(payload), pointer, self.limits)
            except RejectedInput as rejected:
                place = pointer + rejected.position
                yield RejectedInput(rejected.reason, str(rejected), place)


def _is_transcribe(outline: Outline) -> bool:
    top, second = outline.keys(1), outline.keys(2)
    if "ConversationAnalytics" in top:
        return "SpeechSegments" in top or {"ConversationTime", "SpeakerLabels"} <= second
    if "Transcript" not in top or "ParticipantId" in second:
        return False
    return {"Content", "ParticipantRole", "BeginOffsetMillis"} <= second
