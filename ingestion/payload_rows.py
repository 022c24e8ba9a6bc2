"""A payload as a row of bronze, under an id that depends on its file, its place and its bytes."""

import hashlib

from ingestion.connectors.base import Payload
from ingestion.identifiers import stable_id
from ingestion.record_rows import Row
from ingestion.rejects import FileContext, storable


def payload_row(payload: Payload, connector: str, context: FileContext) -> Row:
    """The columns of contracts.PAYLOADS."""
    whole = payload.whole_file
    payload_sha256 = context.file_sha256 if whole else hashlib.sha256(payload.raw).hexdigest()
    place = (payload.position, str(payload.byte_start), str(payload.byte_end))
    return {
        # The same for each reading that cuts the file alike, so that a payload is stored once.
        "payload_id": stable_id(
            context.file_sha256, connector, *place, payload_sha256, payload.context
        ),
        "payload_sha256": payload_sha256,
        "file_sha256": context.file_sha256,
        "connector": connector,
        "position": storable(payload.position),
        "byte_start": payload.byte_start,
        "byte_end": payload.byte_end,
        "raw": payload.raw,
        "context": storable(payload.context),
        "batch": context.batch,
        "landed_at": context.at,
    }
