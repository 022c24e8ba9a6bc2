"""CloudEvents (JSON format): envelopes whose data is of a format that another connector reads.

event | batch -> data -> the connector that knows it -> its records, placed under /data

Mapped: structured events and batches, data as JSON, as text, or in base64. What the data is, its
own content says; type and source of an event are names that a company chooses.
Not mapped: data that no connector knows (rejected as unsupported_event). A mapping reads it: the
envelope is ordinary JSON, with columns such as `data.customer.phone`.
"""

import base64
import binascii
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import orjson

from ingestion.connectors.base import Connector, Parsed, Payload, RejectedInput
from ingestion.connectors.fields import mapping, required_text
from ingestion.connectors.json_head import outlines
from ingestion.connectors.reading import decode_json, json_payloads

_ENVELOPE = {"specversion", "id", "source", "type"}
_HEAD_BYTES = 64 * 1024


@dataclass(frozen=True)
class CloudEventsConnector(Connector):
    """Unwraps events; `inner` are the connectors asked for what is inside, in this order."""

    name: ClassVar[str] = "cloudevents"
    version: ClassVar[str] = "1"
    source_system: ClassVar[str] = "cloudevents"
    inner: tuple[Connector, ...] = ()

    def recognises(self, name: str, head: bytes) -> bool:
        """JSON whose outer objects have the four attributes that every event has."""
        return any(outline.keys(1) >= _ENVELOPE for outline in outlines(head))

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload per line, or the whole document."""
        return json_payloads(path, self.limits)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The records of what each event carries."""
        try:
            value = decode_json(payload.raw, self.limits)
        except RejectedInput as rejected:
            yield rejected
            return
        batch = isinstance(value, list)
        listed = value if batch else [value]
        del value
        if not listed:
            yield RejectedInput("no_records", "the batch is empty")
        for index in range(len(listed)):
            place = f"/{index}" if batch else ""
            # Each event is let go before what it carries is read: both may be large.
            event, listed[index] = listed[index], None
            try:
                field, raw = _data(mapping(event, "event"))
                del event
                yield from self._carried(field, raw, place)
            except RejectedInput as rejected:
                yield RejectedInput(rejected.reason, str(rejected), place + rejected.position)

    def _carried(self, field: str, raw: bytes, place: str) -> Iterator[Parsed]:
        reader = next((one for one in self.inner if one.recognises("", raw[:_HEAD_BYTES])), None)
        if reader is None:
            raise RejectedInput(
                "unsupported_event",
                "no connector knows the data of this event; a mapping for its file can read it",
                f"/{field}",
            )
        for found in reader.parse(Payload(raw, "document", 0, len(raw))):
            if isinstance(found, RejectedInput):
                yield RejectedInput(
                    found.reason, str(found), f"{place}/{field}{found.position.rstrip('/')}"
                )
            else:
                found.pointer = f"{place}/{field}{found.pointer}"
                yield found


def _data(event: dict[str, Any]) -> tuple[str, bytes]:
    """The member that carries the data, and the data as JSON text."""
    for attribute in sorted(_ENVELOPE):
        required_text(event, attribute)
    if "data_base64" in event:
        text = required_text(event, "data_base64")
        try:
            return "data_base64", base64.b64decode(text, validate=True)
        except (binascii.Error, UnicodeError) as error:
            raise RejectedInput(
                "bad_base64", "data_base64 is no base64; deliver the event again", "/data_base64"
            ) from error
    data = event.get("data")
    if data is None:
        raise RejectedInput("no_records", "the event carries no data; nothing to do")
    return "data", data.encode() if isinstance(data, str) else orjson.dumps(data)
