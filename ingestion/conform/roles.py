"""Who speaks, where a message names its writer but not on whose side the writer is.

Exports of single tables are like that: the message knows a user id, the ticket knows which user
is the customer. Both belong to one conversation, so the answer is found there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
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
        for fact in conversation:
            if fact.kind == "handle":
                place = (fact.data["handle_type"], fact.data["handle"])
                if stated.get(place) != "customer":
                    stated[place] = fact.data["role"]
        return cls(stated)

    def of_turn(self, data: dict[str, Any]) -> str:
        """The role of a turn: its own, its sender's, or agent when the customer is another.

        A conversation whose customer is not known yet leaves such a turn without a side; it is
        `system` until the customer becomes known.
        """
        kind, sender = data.get("sender_type"), data.get("sender")
        if data.get("role") or not kind or not sender:
            return data.get("role") or UNKNOWN
        if (kind, sender) in self.stated:
            return self.stated[kind, sender]
        same_kind = (role for (known, _), role in self.stated.items() if known == kind)
        return "agent" if "customer" in same_kind else UNKNOWN
