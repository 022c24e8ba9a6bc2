"""Records of whole conversations -> rows of interactions, turns, participants, handles.

Data flow: contracts.RECORDS -> conversations -> turns -> sessions -> Conformed. Pure: keys and
redaction are passed in, nothing is read or written. The same set of records gives the same
rows in any order and any cut, as long as every conversation is complete.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from ingestion.conform.anchor import anchor_of, stating
from ingestion.conform.clock import Clock
from ingestion.conform.conformed import Conformed
from ingestion.conform.conversations import conversations, sessions
from ingestion.conform.facts import Fact, KeyOf, Redact, read_facts
from ingestion.conform.hiding import Hiding, remembering
from ingestion.conform.instances import instances
from ingestion.conform.interactions import interaction_row, merged, stated_row
from ingestion.conform.known import Earlier, Known
from ingestion.conform.participants import Handles, customer_handles
from ingestion.conform.recordings import recording_rows
from ingestion.conform.same_call import least_telling_first, one_transcript
from ingestion.conform.ties import Recorded, tied, weak_links
from ingestion.conform.turn_rows import turn_row
from ingestion.conform.turns import Turn, turns_of
from ingestion.conform.waiting import waiting_rows
from ingestion.identifiers import LinkOf, stable_id
from warehouse.vocabulary import WaitsFor

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
    waiting: list[tuple[Fact, WaitsFor]] = []
    earlier = None
    if known is not None:
        before = tied(conversations(known.of(facts), weak))
        earlier = Earlier(known, [group for group, _ in before])
    for group, recorded in tied(conversations(facts, weak)):
        said_before = earlier.known(group) if earlier and group else None
        waits_for = _conform_conversation(group, recorded, rules, said_before, result)
        told = [*group, *(fact for item in recorded for fact in item.facts)]
        result.accounted += len(told)
        if waits_for is not None:
            waiting += [(fact, waits_for) for fact in told]
    result.waiting = waiting_rows(waiting, records)
    return result


@dataclass(frozen=True, slots=True)
class _Conversation:
    """What all sessions of one conversation share."""

    system: str
    native_id: str
    stated: dict[str, Any]
    same: dict[str, Any]
    facts: Sequence[Fact]
    clock: Clock
    handles: Handles
    names: frozenset[str]
    hiding: Hiding
    known: Known | None

    @property
    def origin(self) -> Fact:
        """The fact that states the interaction, or what came first."""
        return stating(self.facts) or self.facts[0]


def _conform_conversation(
    group: list[Fact],
    recorded: list[Recorded],
    rules: Rules,
    known: Known | None,
    result: Conformed,
) -> WaitsFor | None:
    """One conversation with its recordings; `group` is empty when a recording stands alone.

    What it waits for when it cannot be shown yet, else None.
    """
    alone = not group
    group = group or recorded[0].facts
    versions = instances(group)
    facts = [fact for fact in group if fact.conversation_key not in versions.replaced]
    # What a recording tells about its call counts only where the call's own sources are silent.
    stated = merged([*(item.fact for item in recorded), *least_telling_first(facts)])
    # A recording that nobody can date carries a date of its own all the same.
    clock = Clock.of(stated, () if alone else group)
    said = turns_of(one_transcript(facts), clock)
    turns = said or turns_of((fact for item in recorded for fact in item.turns), clock)
    waits_for: WaitsFor | None = None
    if not clock.runs:
        waits_for = "date"
    elif not turns and "channel" not in stated:
        # So far only a deletion or a delivery status; the rest may still come.
        waits_for = "message"
    present = len(result.interactions)
    if waits_for is None:
        anchor = anchor_of(facts, said)
        # A name that only a replaced instance told may still be spoken in the others.
        names = frozenset(name for fact in group for name in fact.names)
        hiding = Hiding(names, rules.redact)
        conversation = _Conversation(
            system=anchor.source_system,
            native_id=versions.first.get(anchor.conversation_key, anchor.conversation_key),
            stated=stated,
            same=stated_row(stated),
            facts=facts,
            clock=clock,
            # Redaction may have removed the customer's handle, but not who the customer is.
            handles=Handles(customer_handles(facts) or customer_handles(group), rules.key_of),
            names=names,
            hiding=hiding,
            known=known,
        )
        _add_sessions(conversation, turns, rules, result)
    first = None if waits_for else result.interactions[present]
    result.recordings += recording_rows(recorded, first, turns, rules.link_of, rules.zone)
    return waits_for


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


def _add_interaction(
    interaction_id: str,
    conversation: _Conversation,
    turns: Sequence[Turn],
    rules: Rules,
    result: Conformed,
) -> None:
    stated, hiding = conversation.stated, conversation.hiding
    clock, names = conversation.clock, conversation.names
    row = interaction_row(conversation.same, stated, turns, clock, names, rules.key_of)
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
