"""What every table must say about itself. Reading and writing live in `warehouse.delta`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pyarrow as pa

PersonalData = Literal["clear", "pseudonymous", "none"]
Layer = Literal["bronze", "silver", "vault", "gold"]


@dataclass(frozen=True)
class Table:
    """One table: its contract and its meaning.

    `key` identifies a row; `volatile` columns tell when or by which run a row was written and
    so differ between two otherwise equal runs; `unindexed` columns may hold words or handles
    of a person (or are large), so no statistics of them may enter the transaction log, where
    an erased value would outlive its row. `words` are the columns that hold what people said or
    wrote, or their handles in clear: the inventory of what an erasure must reach.
    """

    name: str
    schema: pa.Schema
    key: tuple[str, ...]
    grain: str
    owner: str
    pii: PersonalData
    description: str
    column_descriptions: Mapping[str, str]
    partition_by: tuple[str, ...] = ()
    volatile: frozenset[str] = field(default_factory=frozenset)
    unindexed: frozenset[str] = field(default_factory=frozenset)
    words: frozenset[str] = field(default_factory=frozenset)
    append_only: bool = False

    @property
    def layer(self) -> str:
        """The first half of the name: bronze, silver, vault or gold."""
        return self.name.partition(".")[0]

    @property
    def short_name(self) -> str:
        """The name without its layer."""
        return self.name.partition(".")[2]

    @property
    def wide(self) -> bool:
        """Whether one row may hold megabytes, so that rows must be handled a few at a time."""
        return any(pa.types.is_binary(column.type) for column in self.schema)

    @property
    def statistics_columns(self) -> tuple[str, ...]:
        """Columns whose least and greatest value may stand in the transaction log."""
        return tuple(
            column.name
            for column in self.schema
            if column.name not in self.unindexed
            and column.name not in self.partition_by
            and not pa.types.is_nested(column.type)
            and not pa.types.is_binary(column.type)
        )
