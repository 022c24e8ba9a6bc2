"""Records of whole conversations -> rows of interactions, turns, participants, handles.

Data flow: contracts.RECORDS -> conversations -> turns -> sessions -> Conformed. Pure: keys and
redaction are passed in, nothing is read or written. The same set of records gives the same
rows in any order and any cut, as long as every conversation is complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from ingestion.conform.conversations import conversations, sessions
from ingestion.conform.facts import Fact, KeyOf, Redact, read_facts
from ingestion.conform.hiding import Hiding
from ingestion.conform.instances import instances
from ingestion.conform.interactions import interaction_row, merged
from ingestion.conform.participants import customer_handles, handles_of
from ingestion.conform.turns import Turn, turns_of
from ingestion.identifiers import LinkOf, stable_id
from warehouse.contracts import INTERACTIONS, PARTICIPANTS, TURNS, VAULT_HANDLES

CONFORM_VERSION = "4"
"""Changes whenever the same records would give other rows; silver is then rebuilt."""

_FREE_TEXT = ("campaign", "queue", "disposition")  # an agent may type anything into these


@dataclass(frozen=True)
class Rules:
    """What conforming needs to know from outside."""

    zone: ZoneInfo
    key_of: KeyOf
    link_of: LinkOf
    redact: Redact
    redaction_version: str
    session_gaps: Mapping[str, timedelta | None]


@dataclass
class Conformed:
    """Rows per table, not yet in Arrow."""

    interactions: list[dict[str, Any]] = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)
    participants: list[dict[str, Any]] = field(default_factory=list)
    handles: dict[str, dict[str, Any]] = field(default_factory=dict)

    def tables(self) -> dict[str, pa.Table]:
        """Arrow tables by catalogue name, exactly of the contract's types."""
        handles = list(self.handles.values())
        return {
            "silver.interactions": pa.Table.from_pylist(self.interactions, schema=INTERACTIONS),
            "silver.turns": pa.Table.from_pylist(self.turns, schema=TURNS),
            "silver.participants": pa.Table.from_pylist(self.participants, schema=PARTICIPANTS),
            "vault.handles": pa.Table.from_pylist(handles, schema=VAULT_HANDLES),
        }


def conform(records: pa.Table, rules: Rules) -> Conformed:
    """Conform all conversations among the records; `records` holds each of them completely."""
    result = Conformed()
    kinds = {"interaction", "turn", "handle", "status"}
    for group in conversations(fact for fact in read_facts(records) if fact.kind in kinds):
        _conform_conversation(group, rules, result)
    return result


@dataclass(frozen=True, slots=True)
class _Conversation:
    """What all sessions of one conversation share."""

    system: str
    native_id: str
    stated: dict[str, Any]
    facts: Sequence[Fact]
    handles: Sequence[Fact]
    names: frozenset[str]
    hiding: Hiding

    @property
    def origin(self) -> Fact:
        """The fact that states the interaction, or what came first."""
        return next((fact for fact in self.facts if fact.kind == "interaction"), self.facts[0])


def _conform_conversation(group: list[Fact], rules: Rules, result: Conformed) -> None:
    versions = instances(group)
    facts = [fact for fact in group if fact.conversation_key not in versions.replaced]
    stated = merged(facts)
    turns = turns_of(facts, _as_time(stated.get("started_at")))
    if not turns and "channel" not in stated:
        return  # so far only a deletion or a delivery status; the conversation may still come
    # A name that only a replaced instance told may still be spoken in the others.
    names = frozenset(name for fact in group for name in fact.names)
    anchor = _naming(facts) or (turns[0].fact if turns else _anchor(facts))
    conversation = _Conversation(
        system=anchor.source_system,
        native_id=versions.first.get(anchor.conversation_key, anchor.conversation_key),
        stated=stated,
        facts=facts,
        # Redaction may have removed the customer's handle, but not who the customer is.
        handles=customer_handles(facts) or customer_handles(group),
        names=names,
        hiding=Hiding(names, rules.redact),
    )
    gap = rules.session_gaps.get(conversation.system)
    for session in sessions(turns, gap) if turns else [[]]:
        native = conversation.native_id
        if gap is not None and session:
            native = f"{native}/{session[0].native_id}"
        interaction_id = stable_id(conversation.system, native)
        _add_interaction(interaction_id, conversation, session, rules, result)


def _as_time(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _naming(facts: Sequence[Fact]) -> Fact | None:
    """The fact whose key the source gives to the whole call, where its parts have their own."""
    told = (fact for fact in facts if fact.kind == "interaction" and fact.data.get("names_call"))
    return next(told, None)


def _anchor(group: Sequence[Fact]) -> Fact:
    return next(fact for fact in group if fact.kind == "interaction")


def _add_interaction(
    interaction_id: str,
    conversation: _Conversation,
    turns: Sequence[Turn],
    rules: Rules,
    result: Conformed,
) -> None:
    stated, hiding = conversation.stated, conversation.hiding
    row = interaction_row(stated, turns, conversation.facts[0], conversation.names, rules.key_of)
    shared = {
        "interaction_id": interaction_id,
        "conversation_hash": rules.link_of(conversation.system, conversation.native_id),
        "event_date": row["started_at"].astimezone(rules.zone).date(),
    }
    metadata = hiding.json(row.pop("metadata"))
    for column in _FREE_TEXT:
        row[column] = hiding.column(row[column])
    says = turns[0].fact if turns and "channel" not in stated else conversation.origin
    result.interactions.append(
        {
            **row,
            **shared,
            "source_system": conversation.system,
            "source_metadata": metadata,
            "payload_id": says.payload_id,
        }
    )
    for number, turn in enumerate(turns, start=1):
        result.turns.append(_turn_row(number, turn, hiding, rules) | shared)
    for participant in handles_of(conversation.handles, turns, rules.key_of):
        known = result.handles.get(participant.keyed.key)
        result.handles[participant.keyed.key] = participant.vault_row(known)
        result.participants.append(participant.row() | shared)


def _turn_row(number: int, turn: Turn, hiding: Hiding, rules: Rules) -> dict[str, Any]:
    hidden = hiding.words(turn.text) if turn.text else None
    speaker = None
    if turn.sender_type and turn.sender:
        speaker = rules.key_of(turn.sender_type, turn.sender)
    reply_to = turn.data.get("reply_to")
    system = turn.fact.source_system
    return {
        "turn_no": number,
        "turn_id": stable_id(system, turn.native_id),
        "role": turn.role,
        "speaker_key": speaker.key if speaker else None,
        "redacted_text": hidden.text if hidden else None,
        "redactions": hidden.redactions if hidden else [],
        "redaction_version": rules.redaction_version,
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
