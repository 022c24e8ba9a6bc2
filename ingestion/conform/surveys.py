"""Survey answers -> silver rows, tied to the conversation they are about when it is known."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa

from ingestion.conform.crm import names_of, newest
from ingestion.conform.facts import KeyOf, Redact, read_facts
from ingestion.identifiers import LinkOf, stable_id
from warehouse.contracts import SURVEY_RESPONSES

Locate = Callable[[Mapping[str, str], Mapping[int, str]], Mapping[str, int]]
"""({turn id: reference}, {conversation hash: reference}) -> {reference: conversation hash}."""


def conform_surveys(
    records: pa.Table,
    systems: Sequence[str],
    key_of: KeyOf,
    redact: Redact,
    locate: Locate,
    link_of: LinkOf,
) -> pa.Table:
    """Table silver.survey_responses from all survey and CRM records; these know who is who.

    A survey names its interaction by a native id (call, message, mail, post) but not the
    system, so the id is tried in each of `systems`; `locate` looks the candidates up.
    """
    known = list(read_facts(records))
    names = names_of(known, key_of)
    facts = newest(fact for fact in known if fact.kind == "survey")
    references = {
        fact.data["interaction_ref"] for fact in facts if fact.data.get("interaction_ref")
    }
    found = locate(*candidates(references, systems, link_of))
    rows = []
    for fact in facts:
        crm_id, comment = fact.data.get("crm_id"), fact.data.get("comment")
        keyed = key_of("crm_id", crm_id) if crm_id else None
        spoken = sorted({*fact.names, *(names.get(keyed.key, ()) if keyed else ())})
        rows.append(
            {
                "response_id": stable_id(fact.source_system, fact.data["response_id"]),
                "customer_key": keyed.key if keyed else None,
                "conversation_hash": found.get(fact.data.get("interaction_ref") or ""),
                "survey_type": fact.data["survey_type"],
                "score": float(fact.data["score"]),
                "redacted_comment": redact(comment, spoken).text if comment else None,
                "answered_at": fact.event_at,
                "record_id": fact.record_id,
                "payload_id": fact.payload_id,
            }
        )
    return pa.Table.from_pylist(rows, schema=SURVEY_RESPONSES)


def candidates(
    references: Iterable[str], systems: Sequence[str], link_of: LinkOf
) -> tuple[dict[str, str], dict[int, str]]:
    """What native ids would be in each system: ({turn id: reference}, {hash: reference})."""
    ordered = sorted(references)
    turns: dict[str, Any] = {stable_id(s, ref): ref for s in systems for ref in ordered}
    conversations: dict[int, Any] = {link_of(s, ref): ref for s in systems for ref in ordered}
    return turns, conversations
