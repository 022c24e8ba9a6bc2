"""Records of whole conversations -> rows of interactions, turns, participants, handles.

Data flow: contracts.RECORDS -> conversations -> turns -> sessions -> Conformed. Pure: keys and
redaction are passed in, nothing is read or written. The same set of records gives the same
rows in any order and any cut, as long as every conversation is complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from ingestion.conform.conformed import Conformed
from ingestion.conform.conversations import conversations, sessions
from ingestion.conform.facts import Fact, KeyOf, Redact, read_facts
from ingestion.conform.hiding import Hiding, remembering
from ingestion.conform.instances import instances
from ingestion.conform.interactions import interaction_row, merged, stated_row
from ingestion.conform.known import Earlier, Known
from ingestion.conform.participants import Handles, customer_handles
from ingestion.conform.recordings import recording_rows
from ingestion.conform.same_call import least_telling_first, one_transcript, telling
from ingestion.conform.ties import Recorded, tied, weak_links
from ingestion.conform.turn_rows import turn_row
from ingestion.conform.turns import Turn, turns_of
from ingestion.identifiers import LinkOf, stable_id

CONFORM_VERSION = "6"
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


def conform(records: pa.Table, rules: Rules, known: Known | None = None) -> Conformed:
    """Conform all conversations among the records; `records` holds each of them completely.

    `known` saves work and changes no row.
    """
    result, rules = Conformed(), replace(rules, redact=remembering(rules.redact))
    kinds = {"interaction", "turn", "handle", "status"}
    facts = [fact for fact in read_facts(records) if fact.kind in kinds]
    weak = weak_links(rules.link_of)
    earlier = None
    if known is not None:
        before = tied(conversations(known.of(facts), weak))
        earlier = Earlier(known, [group for group, _ in before])
    for group, recorded in tied(conversations(facts, weak)):
        said_before = earlier.known(group) if earlier and group else None
        _conform_conversation(group, recorded, rules, said_before, result)
    return result


@dataclass(frozen=True, slots=True)
class _Conversation:
    """What all sessions of one conversation share."""

    system: str
    native_id: str
    stated: dict[str, Any]
    same: dict[str, Any]
    facts: Sequence[Fact]
    handles: Handles
    names: frozenset[str]
    hiding: Hiding
    known: Known | None

    @property
    def origin(self) -> Fact:
        """The fact that states the interaction, or what came first."""
        return next((fact for fact in self.facts if fact.kind == "interaction"), self.facts[0])


def _conform_conversation(
    group: list[Fact],
    recorded: list[Recorded],
    rules: Rules,
    known: Known | None,
    result: Conformed,
) -> None:
    """One conversation with its recordings; `group` is empty when a recording stands alone."""
    alone = not group
    group = group or recorded[0].facts
    versions = instances(group)
    facts = [fact for fact in group if fact.conversation_key not in versions.replaced]
    # What a recording tells about its call counts only where the call's own sources are silent.
    stated = merged([*(item.fact for item in recorded), *least_telling_first(facts)])
    began = _as_time(stated.get("started_at"))
    said = turns_of(one_transcript(facts), began)
    turns = said or turns_of((fact for item in recorded for fact in item.turns), began)
    # So far only a deletion or a delivery status, or a recording that nobody can date; the rest
    # of the conversation may still come.
    unknown = began is None if alone else not turns and "channel" not in stated
    present = len(result.interactions)
    if not unknown:
        anchor = telling(facts) or _naming(facts) or (said[0].fact if said else _anchor(facts))
        # A name that only a replaced instance told may still be spoken in the others.
        names = frozenset(name for fact in group for name in fact.names)
        hiding = Hiding(names, rules.redact)
        conversation = _Conversation(
            system=anchor.source_system,
            native_id=versions.first.get(anchor.conversation_key, anchor.conversation_key),
            stated=stated,
            same=stated_row(stated),
            facts=facts,
            # Redaction may have removed the customer's handle, but not who the customer is.
            handles=Handles(customer_handles(facts) or customer_handles(group), rules.key_of),
            names=names,
            hiding=hiding,
            known=known,
        )
        _add_sessions(conversation, turns, rules, result)
    first = None if unknown else result.interactions[present]
    result.recordings += recording_rows(recorded, first, turns, rules.link_of, rules.zone)


def _add_sessions(
    conversation: _Conversation, turns: Sequence[Turn], rules: Rules, result: Conformed
) -> None:
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
    first, names = conversation.facts[0], conversation.names
    row = interaction_row(conversation.same, stated, turns, first, names, rules.key_of)
    shared = {
        "interaction_id": interaction_id,
        "conversation_hash": rules.link_of(conversation.system, conversation.native_id),
        "event_date": row["started_at"].astimezone(rules.zone).date(),
    }
    metadata = hiding.json(row.pop("metadata"))
    for column in _FREE_TEXT:
        row[column] = hiding.column(row[column])
    says = turns[0].fact if turns and "channel" not in stated else conversation.origin
    row.update(shared)
    row["source_system"] = conversation.system
    row["source_metadata"] = metadata
    row["payload_id"] = says.payload_id
    result.interactions.append(row)
    for number, turn in enumerate(turns, start=1):
        told = turn_row(
            number, turn, hiding, rules.key_of, rules.redaction_version, conversation.known
        )
        told.update(shared)
        result.turns.append(told)
    for participant in conversation.handles.of(turns):
        before = result.handles.get(participant.keyed.key)
        result.handles[participant.keyed.key] = participant.vault_row(before)
        row = participant.row()
        row.update(shared)
        result.participants.append(row)
