"""One row of silver.turns from the present state of a turn."""

from typing import Any

from ingestion.conform.facts import KeyOf
from ingestion.conform.hiding import Hiding
from ingestion.conform.known import Known
from ingestion.conform.turns import Turn
from ingestion.identifiers import stable_id


def turn_row(
    number: int,
    turn: Turn,
    hiding: Hiding,
    key_of: KeyOf,
    redaction_version: str,
    known: Known | None = None,
) -> dict[str, Any]:
    """The columns of contracts.TURNS that do not name the interaction; text is redacted here.

    `known` has texts that were redacted with the same names before.
    """
    system = turn.fact.source_system
    turn_id = stable_id(system, turn.native_id)
    hidden = known.hidden(turn_id, turn.batch) if known and turn.text else None
    if hidden is None and turn.text:
        hidden = hiding.words(turn.text)
    speaker = None
    if turn.sender_type and turn.sender:
        speaker = key_of(turn.sender_type, turn.sender)
    reply_to = turn.data.get("reply_to")
    return {
        "turn_no": number,
        "turn_id": turn_id,
        "role": turn.role,
        "speaker_key": speaker.key if speaker else None,
        "redacted_text": hidden.text if hidden else None,
        "redactions": hidden.redactions if hidden else [],
        "redaction_version": redaction_version,
        "sent_at": turn.sent_at,
        "start_seconds": _number(turn.data.get("start_seconds")),
        "end_seconds": _number(turn.data.get("end_seconds")),
        "state": turn.state,
        "changed_at": turn.changed_at,
        "reply_to_turn_id": stable_id(system, reply_to) if reply_to else None,
        "source_metadata": hiding.json(_metadata(turn)),
        "record_id": turn.fact.record_id,
        "payload_id": turn.fact.payload_id,
    }


def _metadata(turn: Turn) -> dict[str, Any]:
    """Subjects and captions go with the words when a message is deleted."""
    told = {} if turn.state == "deleted" else turn.data.get("metadata") or {}
    delivery = turn.status.get("status")
    return told | ({"delivery": delivery} if delivery else {})


def _number(value: Any) -> float | None:
    return None if value is None else float(value)
