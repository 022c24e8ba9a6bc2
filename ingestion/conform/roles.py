"""Who speaks, where a message names its writer but not on whose side the writer is.

Exports of single tables are like that: the message knows a user id, the ticket knows which user
is the customer. Both belong to one conversation, so the answer is found there. As long as nothing
names the customer, whoever wrote first is taken for the customer, as in most tickets.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingestion.conform.facts import Fact

UNKNOWN = "system"


@dataclass(frozen=True, slots=True)
class Roles:
    """The stated role of each (handle type, handle) of one conversation."""

    stated: dict[tuple[str, str], str]

    @classmethod
    def of(cls, conversation: Iterable[Fact]) -> "Roles":
        """From all handles that the conversation states; a customer stays a customer."""
        stated: dict[tuple[str, str], str] = {}
        first: dict[str, Fact] = {}
        for fact in conversation:
            if fact.kind == "handle":
                place = (fact.data["handle_type"], fact.data["handle"])
                if stated.get(place) != "customer":
                    stated[place] = fact.data["role"]
            elif fact.kind == "turn" and _is_open(fact.data):
                kind = fact.data["sender_type"]
                first[kind] = min(first.get(kind, fact), fact, key=_moment)
        for kind, fact in first.items():
            if (kind, "customer") not in _sides(stated):
                stated.setdefault((kind, fact.data["sender"]), "customer")
        return cls(stated)

    def of_turn(self, data: dict[str, Any]) -> str:
        """The role of a turn: its own, its sender's, or agent when the customer is another.

        A turn that names no sender at all is `system`.
        """
        kind, sender = data.get("sender_type"), data.get("sender")
        if data.get("role") or not kind or not sender:
            return data.get("role") or UNKNOWN
        if (kind, sender) in self.stated:
            return self.stated[kind, sender]
        return "agent" if (kind, "customer") in _sides(self.stated) else UNKNOWN


def _is_open(data: dict[str, Any]) -> bool:
    """Whether a turn names its sender but no side."""
    return not data.get("role") and bool(data.get("sender_type") and data.get("sender"))


def _moment(fact: Fact) -> tuple[datetime, int, str]:
    return (fact.place, fact.data.get("order") or 0, fact.record_id)


def _sides(stated: dict[tuple[str, str], str]) -> set[tuple[str, str]]:
    return {(kind, role) for (kind, _), role in stated.items()}
