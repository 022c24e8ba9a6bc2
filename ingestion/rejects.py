"""Rows of the rejects table: what was not accepted, why, and where its payload still lies."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.identifiers import stable_id


@dataclass(frozen=True, slots=True)
class FileContext:
    """The landed file that is being read."""

    batch: int
    file_sha256: str
    name: str
    connector: str
    at: datetime


def reject_row(
    context: FileContext,
    rejected: RejectedInput,
    *,
    stage: str,
    ordinal: int,
    position: str = "",
    payload_id: str = "",
    payload_sha256: str = "",
) -> dict[str, Any]:
    """One row of `bronze.rejects`; the payload itself stays in bronze.payloads or the file.

    `stage` is land, fetch or parse; `ordinal` tells several rejects of one place apart.
    """
    inside = rejected.position.removeprefix("/")  # JSON pointers begin with a slash
    place = storable("/".join(part for part in (position, inside) if part))
    return {
        "reject_id": stable_id(context.file_sha256, context.name, stage, place, str(ordinal)),
        "file_sha256": context.file_sha256,
        "name": context.name,
        "connector": context.connector,
        "position": place,
        "payload_id": payload_id,
        "payload_sha256": payload_sha256,
        "stage": stage,
        "reason": storable(rejected.reason),
        "error_class": type(rejected.__cause__ or rejected).__name__,
        "message": storable(str(rejected)),
        "batch": context.batch,
        "rejected_at": context.at,
    }


def storable(text: str) -> str:
    """Letters that are no Unicode, as in names of JSON members, become readable escapes."""
    return text.encode("utf-8", "backslashreplace").decode()
