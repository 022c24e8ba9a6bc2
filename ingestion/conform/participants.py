"""Who took part in an interaction, by every handle the source names, and what the vault keeps."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from ingestion.conform.facts import Fact, HandleKey, KeyOf
from ingestion.conform.turns import Turn

CUSTOMER = "customer"


class Participant(NamedTuple):
    """One handle of one side of a conversation, and the first fact that states it.

    The first one, because it stays: what comes later must not change rows of long ago.
    """

    role: str
    handle_type: str
    keyed: HandleKey
    name: str | None
    first: tuple[datetime, str]

    def row(self) -> dict[str, Any]:
        """The columns of contracts.PARTICIPANTS that are the participant's own."""
        return {
            "role": self.role,
            "handle_type": self.handle_type,
            "handle_key": self.keyed.key,
            "record_id": self.first[1],
        }

    def vault_row(self, known: dict[str, Any] | None) -> dict[str, Any]:
        """The clear handle for the vault, joined with what is known of it already."""
        if known is not None and (self.name is None or self.name == known["name"]):
            return known
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


class Handles:
    """The customer's handles of one conversation, read once for all its sessions."""

    def __init__(self, stated: Sequence[Fact], key_of: KeyOf) -> None:
        self._key_of = key_of
        self._stated: dict[tuple[str, HandleKey], Participant] = {}
        for fact in stated:
            _add(self._stated, fact.data["handle_type"], fact.data["handle"], fact, key_of)

    def of(self, turns: Iterable[Turn]) -> Iterator[Participant]:
        """Each handle of the customer once: those stated and those of the turns' senders."""
        found = self._stated.copy()
        for turn in turns:
            if turn.role == CUSTOMER and turn.sender_type and turn.sender:
                _add(found, turn.sender_type, turn.sender, turn.fact, self._key_of)
        for place in sorted(found):
            yield found[place]


def _add(
    found: dict[tuple[str, HandleKey], Participant],
    handle_type: str,
    handle: str,
    fact: Fact,
    key_of: KeyOf,
) -> None:
    """Join one statement of a handle with those before; what is no handle adds nothing."""
    key = key_of(handle_type, handle)
    if key is None:
        return
    place, name = (handle_type, key), fact.data.get("name") or None
    at = (fact.place, fact.record_id)
    known = found.get(place)
    if known is None:
        found[place] = Participant(CUSTOMER, handle_type, key, name, at)
    elif at < known.first or (name and name != known.name):
        best = better_name(known.name, name)
        found[place] = Participant(CUSTOMER, handle_type, key, best, min(known.first, at))
