"""A payload as a row of bronze, under an id that depends on its file, its place and its bytes."""

from hashlib import sha256
from typing import Any

from ingestion.connectors.base import Payload
from ingestion.identifiers import stable_id
from ingestion.rejects import FileContext, storable


def payload_values(payload: Payload, connector: str, context: FileContext) -> tuple[Any, ...]:
    """The values of contracts.PAYLOADS; the first two are the payload's id and its SHA-256."""
    raw, position, told = payload.raw, payload.position, payload.context
    start, end, file = payload.byte_start, payload.byte_end, context.file_sha256
    payload_sha256 = file if payload.whole_file else sha256(raw).hexdigest()
    # The same for each reading that cuts the file alike, so that a payload is stored once.
    payload_id = stable_id(file, connector, position, str(start), str(end), payload_sha256, told)
    position = position if position.isascii() else storable(position)
    told = told if told.isascii() else storable(told)
    return (
        payload_id, payload_sha256, file, connector, position, start, end, raw, told,
        context.batch, context.at,
    )  # fmt: skip
