"""Who took part in an interaction, by every handle the source names, and what the vault keeps."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ingestion.conform.facts import Fact, HandleKey, KeyOf
from ingestion.conform.turns import Turn


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
    names = [name for name in (left, right) if name]
    return min(names, key=lambda name: (-len(name), name)) if names else None


def handles_of(
    conversation: Sequence[Fact], turns: Sequence[Turn], key_of: KeyOf
) -> Iterator[Participant]:
    """Each handle once per role: those stated for the conversation and the turns' senders.

    An agent's own handles stay out: they say nothing about the customer and are personal too.
    """
    found: dict[tuple[str, str, str], Participant] = {}
    stated = [
        (fact.data["role"], fact.data["handle_type"], fact.data["handle"], fact)
        for fact in conversation
        if fact.kind == "handle"
    ]
    sent = [
        (turn.role, turn.sender_type, turn.sender, turn.fact)
        for turn in turns
        if turn.sender_type and turn.sender
    ]
    for role, handle_type, handle, fact in stated + sent:
        keyed = key_of(handle_type, handle) if role == "customer" else None
        if keyed is None:
            continue
        place = (role, handle_type, keyed.key)
        name = fact.data.get("name")
        before = found.get(place)
        if before is None:
            found[place] = Participant(role, handle_type, keyed, name, fact.record_id)
        else:
            found[place] = Participant(
                role,
                handle_type,
                keyed,
                better_name(before.name, name),
                min(before.record_id, fact.record_id),
            )
    yield from (found[place] for place in sorted(found))
