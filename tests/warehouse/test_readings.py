"""Which bronze rows count after files were read again, and which payload a fact points at."""

from typing import Any

import pytest
from lake_rows import DAY, NOON, make_rows

from warehouse.conversations import records_of_kinds
from warehouse.delta import Lake
from warehouse.readings import (
    counting,
    coverage,
    records_by_id,
    rejects,
    replaced,
    retired,
)
from warehouse.touched import touched_since


def put(lake: Lake, name: str, batch: int, count: int = 1, /, **values: Any) -> None:
    table = make_rows(f"bronze.{name}", count, batch=batch, **values)
    lake.append(f"bronze.{name}", table, app="test", sequence=batch)


def read(
    lake: Lake, batch: int, file: str, facts: dict[str, str], *, refused: int = 0, **more: Any
) -> None:
    """A complete batch of one file: {record id: payload id} of its facts."""
    if facts:
        put(
            lake, "records", batch, len(facts), record_id=list(facts), record_kind="turn",
            payload_id=list(facts.values()), pointer=[f"in {p}" for p in facts.values()],
            link_hashes=[[ord(record)] for record in facts], file_sha256=file, event_date=DAY,
            event_at=NOON,
        )  # fmt: skip
    if refused:
        put(
            lake, "rejects", batch, refused, reject_id=[f"r{n}" for n in range(refused)],
            file_sha256=file, name=more.get("name", file),
        )  # fmt: skip
    if more.get("recorded", True):
        put(lake, "readings", batch, file_sha256=file, connector="x", version="1")
    put(
        lake, "coverage", batch, file_sha256=file, name=more.get("name", file),
        connector=more.get("connector", "x"), received=len(facts) + refused, accepted=len(facts),
        duplicates=0, rejected=refused,
    )  # fmt: skip


def facts(lake: Lake) -> dict[str, str]:
    rows = counting(lake, lake.read("bronze.records")).to_pylist()
    assert len(rows) == len({row["record_id"] for row in rows})
    assert all(row["pointer"] == f"in {row['payload_id']}" for row in rows)
    return {row["record_id"]: row["payload_id"] for row in rows}


def test_an_empty_lake_has_nothing_that_counts(lake: Lake) -> None:
    assert (len(replaced(lake)), retired(lake), coverage(lake), rejects(lake)) == (0, 0, [], [])
    assert records_by_id(lake, []) == {}


def test_the_newest_reading_of_each_file_counts(lake: Lake) -> None:
    read(lake, 1, "f", {"a": "p1", "b": "p1"}, refused=2)
    read(lake, 2, "g", {"c": "p2"})
    assert retired(lake) == 0
    read(lake, 3, "f", {"a": "p1", "d": "p3"}, refused=1)
    assert facts(lake) == {"a": "p1", "c": "p2", "d": "p3"}
    assert replaced(lake).to_pylist() == ["1/f"]
    assert retired(lake) == 3
    assert {row["name"]: row["accepted"] for row in coverage(lake)} == {"f": 2, "g": 1}
    assert [(row["reject_id"], row["batch"]) for row in rejects(lake)] == [("r0", 3)]
    version = lake.version("bronze.records")
    assert version is not None
    assert records_of_kinds(lake, ["turn"], version).num_rows == 3
    assert touched_since(lake, None, version).records().num_rows == 3


def test_a_reading_counts_only_when_its_batch_is_complete(lake: Lake) -> None:
    """Coverage comes last: until then nothing is taken back."""
    read(lake, 1, "f", {"a": "p1"})
    put(lake, "readings", 2, file_sha256="f", connector="x", version="2")
    assert facts(lake) == {"a": "p1"}
    put(lake, "coverage", 2, file_sha256="f", name="f", connector="x", received=1, accepted=0,
        duplicates=0, rejected=1)  # fmt: skip
    assert facts(lake) == {}


def test_batches_from_before_readings_were_recorded_are_replaced_too(lake: Lake) -> None:
    read(lake, 1, "f", {"a": "p1"}, recorded=False)
    assert facts(lake) == {"a": "p1"}
    read(lake, 2, "f", {"b": "p1"})
    assert (facts(lake), retired(lake)) == ({"b": "p1"}, 2)


@pytest.mark.parametrize("connector", ["unsupported", "x"])
def test_a_refused_file_took_no_fact_with_it(lake: Lake, connector: str) -> None:
    read(lake, 1, "f", {}, refused=1, recorded=connector == "x", connector=connector)
    read(lake, 2, "f", {"a": "p1"})
    assert (facts(lake), retired(lake)) == ({"a": "p1"}, 0)
    assert rejects(lake) == []


def test_the_same_bytes_under_two_names_are_counted_by_name(lake: Lake) -> None:
    read(lake, 1, "f", {}, refused=1, recorded=False, connector="unsupported", name="wrong")
    read(lake, 2, "f", {"a": "p1"}, name="right")
    assert sorted((row["name"], row["batch"]) for row in coverage(lake)) == [
        ("right", 2),
        ("wrong", 1),
    ]
    assert [row["name"] for row in rejects(lake)] == ["wrong"]


def restate(lake: Lake, batch: int, record: str, payload: str, file: str) -> None:
    put(lake, "restatements", batch, record_id=record, payload_id=payload, file_sha256=file,
        pointer=f"in {payload}", link_hashes=[[ord(record)]])  # fmt: skip


def test_the_smallest_payload_that_counts_is_pointed_at(lake: Lake) -> None:
    read(lake, 1, "f", {"a": "p5", "b": "p5"})
    read(lake, 2, "g", {})
    restate(lake, 2, "a", "p3", "g")
    read(lake, 3, "h", {})
    restate(lake, 3, "a", "p2", "h")
    assert facts(lake) == {"a": "p2", "b": "p5"}
    assert records_by_id(lake, ["a"])["a"]["pointer"] == "in p2"
    read(lake, 4, "h", {"c": "p1"})
    assert facts(lake) == {"a": "p3", "b": "p5", "c": "p1"}, "what h said before is taken back"


def test_a_fact_that_is_stated_again_touches_its_conversation(lake: Lake) -> None:
    read(lake, 1, "f", {"a": "p5", "b": "p5"})
    since = lake.version("bronze.records")
    restate(lake, 2, "a", "p3", "g")
    read(lake, 2, "g", {"c": "p3"})
    until = lake.version("bronze.records")
    assert since is not None and until is not None
    assert set(touched_since(lake, since, until).links.to_pylist()) == {ord("a"), ord("c")}
