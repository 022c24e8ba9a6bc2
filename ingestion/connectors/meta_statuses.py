"""Deliveries and reads of Messenger and Instagram as statuses of the messages that they name."""

from datetime import datetime
from typing import Any

from ingestion.connectors.base import Parsed
from ingestion.connectors.conversation_records import Talk
from ingestion.connectors.fields import items, required_text
from ingestion.connectors.moments import epoch_moment


def status_records(
    talk: Talk, part: dict[str, Any], status: str, event_at: datetime, at: str
) -> list[Parsed]:
    """One status for each message that is named, or one for all until the watermark.

    Raises RejectedInput for neither.
    """
    named = [*items(part, "mids"), *([part["mid"]] if part.get("mid") is not None else [])]
    if not named:
        until = epoch_moment(part.get("watermark"), "watermark")
        native_id = f"{talk.key}#{status}:{int(until.timestamp() * 1000)}"
        told = {"turn_id": None, "status": status, "until": until}
        return [talk.record("status", native_id, event_at, told, at)]
    found: list[Parsed] = []
    for mid in named:
        turn_id = required_text({"mid": mid}, "mid")
        data = {"turn_id": turn_id, "status": status}
        found.append(talk.record("status", f"{turn_id}#{status}", event_at, data, at))
    return found
