"""The rows that conforming gives, collected as they come and handed over as Arrow tables."""

from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa

from warehouse.contracts import (
    INTERACTIONS,
    PARTICIPANTS,
    RECORDINGS,
    TURNS,
    VAULT_HANDLES,
    WAITING,
)


@dataclass
class Conformed:
    """Rows per table, not yet in Arrow."""

    interactions: list[dict[str, Any]] = field(default_factory=list)
    turns: list[dict[str, Any]] = field(default_factory=list)
    participants: list[dict[str, Any]] = field(default_factory=list)
    recordings: list[dict[str, Any]] = field(default_factory=list)
    handles: dict[str, dict[str, Any]] = field(default_factory=dict)
    waiting: list[dict[str, Any]] = field(default_factory=list)
    accounted: int = 0
    """Facts whose conversation is among the interactions, and those in `waiting`: all of them."""

    def tables(self) -> dict[str, pa.Table]:
        """Arrow tables by catalogue name, exactly of the contract's types."""
        return {
            "silver.interactions": _table(self.interactions, INTERACTIONS),
            "silver.turns": _table(self.turns, TURNS),
            "silver.participants": _table(self.participants, PARTICIPANTS),
            "silver.recordings": _table(self.recordings, RECORDINGS),
            "silver.waiting": _table(self.waiting, WAITING),
            "vault.handles": _table(list(self.handles.values()), VAULT_HANDLES),
        }


def _table(rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    named = zip(schema.names, schema.types, strict=True)
    columns = [pa.array([row[name] for row in rows], kind) for name, kind in named]
    return pa.Table.from_arrays(columns, schema=schema)
