"""Which instance of a conversation counts when a source sent corrected or redacted ones.

An interaction may state the native keys that it `supersedes`. What supersedes one another is a
chain: its last instance speaks for the conversation, its first one names it, so that the
conversation keeps its id. Nothing depends on the order of arrival; bronze keeps all.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from ingestion.conform.components import Components
from ingestion.conform.facts import Fact


@dataclass(frozen=True, slots=True)
class Instances:
    """`replaced` keys no longer count; `first` is the first key of the chain of each key."""

    replaced: frozenset[str] = frozenset()
    first: Mapping[str, str] = field(default_factory=dict)


def instances(conversation: Sequence[Fact]) -> Instances:
    """Read the chains among the facts of one conversation."""
    if not any(fact.data.get("supersedes") for fact in conversation):
        return Instances()
    newest: dict[str, datetime] = {}
    chains: Components[str] = Components()
    older, newer = set(), set()
    for fact in conversation:
        if fact.kind != "interaction":
            continue
        key = fact.conversation_key
        newest[key] = max(fact.place, newest.get(key, fact.place))
        for replaced in fact.data.get("supersedes") or ():
            if replaced != key:
                chains.join(key, replaced)
                older.add(replaced)
                newer.add(key)
    replaced_keys: set[str] = set()
    first: dict[str, str] = {}
    for chain in chains.members().values():
        present = chain & newest.keys()
        # Two corrections of one original, or two that name each other: the newest is right.
        last = max(present - older or present, key=lambda key: (newest[key], key))
        replaced_keys |= chain - {last}
        first |= dict.fromkeys(chain, min(chain - newer or chain))
    return Instances(frozenset(replaced_keys), first)
