"""After which of its facts a conversation is named and pointed at."""

from collections.abc import Sequence

from ingestion.conform.facts import Fact
from ingestion.conform.same_call import telling
from ingestion.conform.turns import Turn


def anchor_of(facts: Sequence[Fact], said: Sequence[Turn]) -> Fact:
    """The fact after which the conversation is named."""
    found = telling(facts) or _naming(facts) or (said[0].fact if said else stating(facts))
    return found or facts[0]


def _naming(facts: Sequence[Fact]) -> Fact | None:
    """The fact whose key the source gives to the whole call, where its parts have their own."""
    told = (fact for fact in facts if fact.kind == "interaction" and fact.data.get("names_call"))
    return next(told, None)


def stating(facts: Sequence[Fact]) -> Fact | None:
    """The first fact that states the interaction, one with a date before those without."""
    stated = [fact for fact in facts if fact.kind == "interaction"]
    return next(
        (fact for fact in stated if fact.event_at is not None), stated[0] if stated else None
    )
