"""Deliveries and reads of Messenger and Instagram as statuses of the messages that they name."""

from datetime import datetime
from typing import Any

from ingestion.connectors.base import Parsed, RejectedInput
from ingestion.connectors.conversation_records import Talk
from ingestion.connectors.fields import items, required_text


def status_records(
    talk: Talk, part: dict[str, Any], status: str, event_at: datetime, at: str
) -> list[Parsed]:
    """What became of the messages that a delivery or read names; raises RejectedInput for none."""
    named = [*items(part, "mids"), *([part["mid"]] if part.get("mid") is not None else [])]
    if not named:
        raise RejectedInput(
            "no_message_named", "all messages up to a time, none by name; nothing to do"
        )
    found: list[Parsed] = []
    for mid in named:
        turn_id = required_text({"mid": mid}, "mid")
        data = {"turn_id": turn_id, "status": status}
        found.append(talk.record("status", f"{turn_id}#{status}", event_at, data, at))
    return found
