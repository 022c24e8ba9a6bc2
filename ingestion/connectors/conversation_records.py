"""Records of one conversation, which share its key, links, names and place in the payload."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingestion.connectors.base import Record, RecordKind


@dataclass(slots=True)
class Talk:
    """One conversation as a payload shows it; `links` beyond its own key join it with others."""

    source_system: str
    key: str
    links: tuple[str, ...] = ()
    names: tuple[str, ...] = ()

    def record(
        self, kind: RecordKind, native_id: str, event_at: datetime, data: Any, pointer: str
    ) -> Record:
        """A record of any kind in this conversation."""
        # In the order of its fields: keywords take a third longer, and this is for every fact.
        return Record(
            kind, self.source_system, self.key, native_id, event_at, data, self.links, self.names,
            pointer,
        )  # fmt: skip

    def handle(
        self,
        handle: tuple[str, str],
        event_at: datetime,
        pointer: str,
        name: str | None = None,
        role: str = "customer",
    ) -> Record:
        """Who takes part: `handle` is (handle type, clear value)."""
        kind, value = handle
        data = {"role": role, "handle_type": kind, "handle": value, "name": name}
        return self.record("handle", f"{self.key}#{kind}:{value}", event_at, data, pointer)

    def deletion(self, turn_id: str, event_at: datetime, pointer: str) -> Record:
        """The message `turn_id` was taken back or blanked."""
        data = {"action": "deleted", "turn_id": turn_id, "role": None}
        return self.record("turn", f"{turn_id}#deleted", event_at, data, pointer)


def contact_card(
    source_system: str,
    own: tuple[str, str],
    event_at: datetime,
    pointer: str,
    row: dict[str, str | None],
) -> Record:
    """A help desk's card of a person: `own` is its (handle type, id), `row` may hold crm_id,
    phone, email and name. It joins no conversations, so it is a key of its own.
    """
    key = f"{own[0]}:{own[1]}"
    told = {"handle_type": own[0], "handle": own[1], **row}
    return Record(
        kind="crm",
        source_system=source_system,
        conversation_key=key,
        native_id=key,
        event_at=event_at,
        data={"table": "contacts", "key": key, "row": told},
        names=names_of(row.get("name")),
        pointer=pointer,
    )


def names_of(*names: str | None) -> tuple[str, ...]:
    """The known names, each once."""
    return tuple(dict.fromkeys(name for name in names if name))


def without_nothing(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata without what the source left empty."""
    return {key: value for key, value in metadata.items() if value not in (None, "", [], {})}
