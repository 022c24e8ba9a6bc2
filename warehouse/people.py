"""Finding one person by any handle, and the card that the published marts hold about them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.delta import Lake
from warehouse.query import run
from warehouse.sql import literal
from warehouse.vocabulary import HANDLE_TYPES

KeyOfHandle = Callable[[str, str], str | None]
"""(handle type, clear handle) -> key, None when it cannot be such a handle."""


@dataclass(frozen=True)
class Card:
    """One row of customer_360 and the newest events of the timeline."""

    person_id: str
    facts: Mapping[str, Any]
    timeline: list[dict[str, Any]]


def persons_of(lake: Lake, key_of: KeyOfHandle, text: str) -> list[str]:
    """Person ids that `text` names: an id itself or any handle in any spelling."""
    keys = {key_of(handle_type, text) for handle_type in HANDLE_TYPES} - {None}
    condition = f"person_id = {literal(text)}"
    if keys:
        condition += (
            f" OR handle_key IN ({', '.join(literal(str(key)) for key in sorted(map(str, keys)))})"
        )
    rows = lake.read("silver.persons", columns=["person_id"], where=condition)
    return sorted(set(rows["person_id"].to_pylist()))


def card(published: Path, person_id: str, *, timezone: str, events: int) -> Card | None:
    """The published card of a person; None when marts do not know the person yet."""
    where = f"where person_id = {literal(person_id)}"
    rows = run(published, f"select * from marts.customer_360 {where}", timezone=timezone)
    if rows.num_rows == 0:
        return None
    timeline = run(
        published,
        f"select * from marts.customer_timeline {where} order by event_at desc limit {int(events)}",
        timezone=timezone,
    )
    return Card(person_id, rows.to_pylist()[0], timeline.to_pylist())
