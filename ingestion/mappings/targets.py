"""What a mapping can fill: our fields by kind of file, how each is read, and which are needed.

A new field is one line here, if a record in `connectors/base.py` has a place for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final, Literal

from ingestion.connectors.tabular_cells import (
    Cell,
    read_criterion,
    read_day,
    read_judgement,
    read_moment,
    read_number,
    read_reference,
    read_survey_type,
    read_text,
    read_truth,
    read_whole,
)
from ingestion.connectors.tabular_tables import BY_NAME
from warehouse.vocabulary import (
    CHANNELS,
    DIRECTIONS,
    DISCONNECT_REASONS,
    HANDLE_TYPES,
    JUDGEMENTS,
    ROLES,
)

Reader = Literal["id", "text", "time", "day", "number", "whole", "seconds", "truth", "word"]

FORMATS: Final = ("csv", "jsonl", "json", "parquet")
KINDS: Final = ("conversations", *BY_NAME)


@dataclass(frozen=True, slots=True)
class Target:
    """One of our fields; `words` are the only values that a field of reader `word` may hold."""

    reader: Reader
    words: tuple[str, ...] = ()


_ID, _TEXT, _TIME = Target("id"), Target("text"), Target("time")
_SECONDS, _NUMBER, _WHOLE = Target("seconds"), Target("number"), Target("whole")

MESSAGE: Final[Mapping[str, Target]] = {
    "message": _ID,
    "sent_at": _TIME,
    "role": Target("word", ROLES),
    "text": _TEXT,
    "sender": _ID,
    "sender_type": Target("word", HANDLE_TYPES),
    "sender_name": _TEXT,
    "agent_id": _ID,
    "reply_to": _ID,
    "edited_at": _TIME,
    "deleted_at": _TIME,
    "start_seconds": _SECONDS,
    "end_seconds": _SECONDS,
}
"""One message, post, mail or spoken turn."""

CUSTOMER: Final[Mapping[str, tuple[str, Target]]] = {
    "customer_phone": ("phone", _ID),
    "customer_email": ("email", _ID),
    "customer_id": ("crm_id", _ID),
}
"""Columns that name the customer of a conversation, and their handle types."""

_PASSED: Final[Mapping[str, Target]] = {
    "channel": Target("word", CHANNELS),
    "direction": Target("word", DIRECTIONS),
    "queue": _ID,
    "campaign": _ID,
}

STATED: Final[Mapping[str, Target]] = {
    "started_at": _TIME,
    "answered_at": _TIME,
    "ended_at": _TIME,
    "wait_seconds": _SECONDS,
    "hold_seconds": _SECONDS,
    "talk_seconds": _SECONDS,
    "after_work_seconds": _SECONDS,
    "disconnect_reason": Target("word", DISCONNECT_REASONS),
    "transfers": _WHOLE,
    "disposition": _ID,
    "csat": _NUMBER,
    "ces": _NUMBER,
    "nps": _NUMBER,
}
"""What only a whole conversation has."""

CONVERSATION: Final[Mapping[str, Target]] = {
    "conversation": _ID,
    "customer_name": _TEXT,
    "agent_id": _ID,
    **{name: target for name, (_, target) in CUSTOMER.items()},
    **_PASSED,
    **STATED,
}
"""One conversation of any channel."""

_CELLS: Final[Mapping[Cell, Target]] = {
    read_text: _ID,
    read_reference: _ID,
    read_number: _NUMBER,
    read_whole: _WHOLE,
    read_truth: Target("truth"),
    read_day: Target("day"),
    read_moment: _TIME,
    read_survey_type: _ID,
    read_criterion: _ID,
    read_judgement: Target("word", JUDGEMENTS),
}


@cache
def targets_of(kind: str) -> Mapping[str, Target]:
    """All fields that `columns` may fill for this kind of file."""
    if kind == "conversations":
        return {**CONVERSATION, **MESSAGE}
    return {name: _CELLS[cell] for name, cell in BY_NAME[kind].columns.items()}


def needed_by(kind: str) -> tuple[str, ...]:
    """Fields without which no row of a CRM or survey table can be kept."""
    return BY_NAME[kind].filled
