"""People's judgements of the quality of contacts -> silver rows, the judge as a keyed handle."""

import re
from collections.abc import Sequence
from typing import Final

import pyarrow as pa

from ingestion.conform.crm import newest
from ingestion.conform.facts import Fact, HandleKey, KeyOf, Redact, read_facts
from ingestion.conform.surveys import Locate, candidates
from ingestion.identifiers import LinkOf, stable_id
from warehouse.contracts import QUALITY_JUDGEMENTS, VAULT_HANDLES

_OURS: Final = re.compile(r"[0-9a-f]{32}")


def conform_judgements(
    records: pa.Table,
    systems: Sequence[str],
    key_of: KeyOf,
    redact: Redact,
    locate: Locate,
    link_of: LinkOf,
) -> tuple[pa.Table, pa.Table]:
    """Tables silver.quality_judgements and vault.handles (of the judges) from all judgements.

    A judgement names its contact by our interaction id, as the marts show it, or by a native id,
    which is looked for in each of `systems` as for surveys. Both are kept as they are found, so
    that a judgement of a contact that is not here yet waits for it.
    """
    facts = newest(fact for fact in read_facts(records) if fact.kind == "judgement")
    named = {fact.data["interaction"] for fact in facts}
    found = locate(*candidates(named, systems, link_of))
    rows, vault = [], {}
    for fact in facts:
        told, judge = fact.data, _judge(fact, key_of)
        if judge is not None:
            kind = "email" if "@" in judge.handle else "agent_id"
            vault[judge.key] = {
                "handle_key": judge.key, "handle_type": kind, "handle": judge.handle, "name": None,
            }  # fmt: skip
        rows.append(
            {
                "judgement_id": _identity(fact, judge),
                "interaction_id": told["interaction"] if _is_ours(told["interaction"]) else None,
                "conversation_hash": found.get(told["interaction"]),
                "criterion": told["criterion"],
                "outcome": told["judgement"],
                "reviewer_key": judge.key if judge else None,
                "redacted_reason": redact(told["reason"], _names(told["judged_by"])).text,
                "judged_at": fact.event_at,
                "record_id": fact.record_id,
                "payload_id": fact.payload_id,
            }
        )
    return (
        pa.Table.from_pylist(rows, schema=QUALITY_JUDGEMENTS),
        pa.Table.from_pylist(list(vault.values()), schema=VAULT_HANDLES),
    )


def _identity(fact: Fact, judge: HandleKey | None) -> str:
    # Of the judge's key, because a plain hash of a colleague's address could be guessed.
    parts = (fact.data["interaction"], fact.data["criterion"], fact.place.isoformat())
    return stable_id(fact.source_system, *parts, judge.key if judge else "")


def _is_ours(reference: str) -> bool:
    return _OURS.fullmatch(reference) is not None


def _judge(fact: Fact, key_of: KeyOf) -> HandleKey | None:
    by = fact.data["judged_by"]
    return (key_of("email", by) if "@" in by else None) or key_of("agent_id", by)


def _names(by: str) -> tuple[str, ...]:
    """A judge who is given by name is hidden in the reason as well."""
    return () if "@" in by else (by,)
