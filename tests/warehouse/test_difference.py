"""Rows that differ, between tables in memory and between versions of a lake table."""

from typing import Any

import pyarrow as pa
import pytest
from lake_rows import DAY, NEXT_DAY, NOON, make_rows

from warehouse.delta import Lake
from warehouse.difference import changed, difference

TURNS = "silver.turns"


def turns(*texts: str | None, **more: Any) -> pa.Table:
    count = len(texts)
    ids = [str(number) for number in range(count)]
    given = {"interaction_id": ids, "turn_no": 1, "redacted_text": list(texts), "event_date": DAY}
    return make_rows(TURNS, count, **(given | more))


def spans(at: int) -> list[dict[str, Any]]:
    return [{"type": "PHONE", "start": at, "end": 7, "raw_start": at, "raw_end": 9}]


def test_rows_are_compared_with_nulls_times_and_nested_columns() -> None:
    before = turns("a", None, "c", "d", redactions=[[], None, spans(0), spans(1)], sent_at=NOON)
    now = turns("a", None, "c", "new", redactions=[[], None, spans(2), spans(1)], sent_at=NOON)
    found = difference(before, now)
    assert found.added.schema.equals(now.schema) and found.removed.schema.equals(now.schema)
    assert sorted(found.added["redacted_text"].to_pylist()) == ["c", "new"]
    assert sorted(found.removed["redacted_text"].to_pylist()) == ["c", "d"]


@pytest.mark.parametrize("empty", ["before", "now", "neither"])
def test_nothing_is_added_to_or_removed_from_an_empty_table(empty: str) -> None:
    full, none = turns("a", "b"), turns()
    before, now = (none if empty == side else full for side in ("before", "now"))
    found = difference(before, now)
    expected = {"before": (2, 0), "now": (0, 2), "neither": (0, 0)}[empty]
    assert (found.added.num_rows, found.removed.num_rows) == expected


def test_between_versions_only_keys_with_other_values_are_named(lake: Lake) -> None:
    days = [DAY, DAY, NEXT_DAY]
    first = turns("a", "b", "c", event_date=days)
    second = turns("a", "other", "c", event_date=days, record_id="another")
    for sequence, table in enumerate((first, second), start=1):
        lake.overwrite_partitions(TURNS, table, partitions=None, app="t", sequence=sequence)
    key = ("interaction_id", "event_date")
    since, until = 1, lake.version(TURNS)
    assert until == 2

    def named(columns: tuple[str, ...], before: int | None = since) -> list[str]:
        rows = changed(lake, TURNS, key, columns, before, until).to_pylist()
        return sorted(row["interaction_id"] for row in rows)

    assert named(("redacted_text",)) == ["1"]
    assert named(("role",)) == []
    assert named(("record_id",)) == ["0", "1", "2"]
    assert named(("role",), None) == ["0", "1", "2"]
