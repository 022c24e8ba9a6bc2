"""Who took part in an interaction, by every handle the source names, and what the vault keeps."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from ingestion.conform.facts import Fact, HandleKey, KeyOf
from ingestion.conform.turns import Turn

CUSTOMER = "customer"


@dataclass(frozen=True, slots=True)
class Participant:
    """One handle of one side of a conversation."""

    role: str
    handle_type: str
    keyed: HandleKey
    name: str | None
    record_id: str

    def row(self) -> dict[str, Any]:
        """The columns of contracts.PARTICIPANTS that are the participant's own."""
        return {
            "role": self.role,
            "handle_type": self.handle_type,
            "handle_key": self.keyed.key,
            "record_id": self.record_id,
        }

    def vault_row(self, known: dict[str, Any] | None) -> dict[str, Any]:
        """The clear handle for the vault, joined with what is known of it already."""
        row = {
            "handle_key": self.keyed.key,
            "handle_type": self.handle_type,
            "handle": self.keyed.handle,
            "name": self.name,
        }
        return row if known is None else row | {"name": better_name(known["name"], self.name)}


def better_name(left: str | None, right: str | None) -> str | None:
    """The longer name, then the alphabetically first: the same for any order of arrival."""
    return min((name for name in (left, right) if name), key=_by_length, default=None)


def _by_length(name: str) -> tuple[int, str]:
    return (-len(name), name)


def customer_handles(facts: Iterable[Fact]) -> list[Fact]:
    """The facts that state a handle of the customer.

    An agent's own handles stay out: they say nothing about the customer and are personal too.
    """
    return [fact for fact in facts if fact.kind == "handle" and fact.data["role"] == CUSTOMER]


def handles_of(
    stated: Iterable[Fact], turns: Iterable[Turn], key_of: KeyOf
) -> Iterator[Participant]:
    """Each handle of the customer once: those `stated` and those of the turns' senders."""
    seen: dict[tuple[str, str], list[Fact]] = {}
    for fact in stated:
        place = (fact.data["handle_type"], fact.data["handle"])
        seen.setdefault(place, []).append(fact)
    for turn in turns:
        if turn.role == CUSTOMER and turn.sender_type and turn.sender:
            seen.setdefault((turn.sender_type, turn.sender), []).append(turn.fact)
    found: dict[tuple[str, HandleKey], list[Fact]] = {}
    for (handle_type, handle), facts in seen.items():
        key = key_of(handle_type, handle)
        if key is not None:
            found.setdefault((handle_type, key), []).extend(facts)
    for (handle_type, key), facts in sorted(found.items(), key=lambda item: item[0]):
        named = [name for fact in facts if (name := fact.data.get("name"))]
        best = min(named, key=_by_length, default=None)
        yield Participant(CUSTOMER, handle_type, key, best, min(f.record_id for f in facts))
