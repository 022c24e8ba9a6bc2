"""One fact, many payloads: stored once, counted as repeated, pointing at the smallest of them."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise
from typing import Any

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.statements import Statements
from warehouse.contracts import RECORDS

DAY = date(2026, 10, 1)
KNOWN = pa.schema([("record_id", pa.string()), ("payload_id", pa.string())])


def row(record: str, payload: str, file: str = "f", batch: int = 1) -> dict[str, Any]:
    found: dict[str, Any] = dict.fromkeys(RECORDS.names)
    return found | {
        "record_id": record,
        "payload_id": payload,
        "pointer": f"in {payload}",
        "link_hashes": [1],
        "file_sha256": file,
        "event_date": DAY,
        "data": "{}",
        "batch": batch,
    }


def rows(dictionaries: Iterable[dict[str, Any]]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pylist(list(dictionaries), schema=RECORDS)


def known(pointers: dict[str, str]) -> pa.Table:
    rows = [{"record_id": record, "payload_id": payload} for record, payload in pointers.items()]
    return pa.Table.from_pylist(rows, schema=KNOWN)


def batch(
    stated: list[tuple[str, str]], earlier: dict[str, str]
) -> tuple[dict[str, str], dict[str, str], int]:
    """(stored, restated, repeats) of the (fact, payload) pairs of one batch."""
    with Statements() as statements:
        for part in (stated[:2], stated[2:]):
            statements.add(rows(row(*pair) for pair in part))
        repeats = statements.settle().total() + statements.compare(known(earlier)).total()
        fresh = pa.Table.from_batches(statements.records(), RECORDS).to_pylist()
        again = statements.restatements().to_pylist()
    assert all(item["pointer"] == f"in {item['payload_id']}" for item in again)
    pointers = ({r["record_id"]: r["payload_id"] for r in rows} for rows in (fresh, again))
    return next(pointers), next(pointers), repeats


def test_the_first_is_stored_and_a_smaller_one_restated() -> None:
    stated = [("a", "p5"), ("b", "p5"), ("a", "p3"), ("a", "p4"), ("a", "p2")]
    assert batch(stated, {}) == ({"a": "p5", "b": "p5"}, {"a": "p2"}, 3)


def test_known_facts_are_restated_only_by_a_smaller_payload() -> None:
    stated = [("a", "p5"), ("b", "p5"), ("b", "p1"), ("c", "p5"), ("c", "p4"), ("d", "p5")]
    earlier = {"a": "p9", "b": "p3", "c": "p2", "z": "p1"}
    assert batch(stated, earlier) == ({"d": "p5"}, {"a": "p5", "b": "p1"}, 5)


def test_repeats_are_counted_for_their_own_file() -> None:
    with Statements() as statements:
        stated = (("a", "one"), ("b", "one"), ("b", "two"), ("c", "two"))
        statements.add(rows(row(record, "p5", file) for record, file in stated))
        assert statements.settle() == {"two": 1}
        assert statements.compare(known({"b": "p1", "c": "p1"})) == {"one": 1, "two": 1}


@settings(deadline=None, max_examples=60)
@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("123456")), max_size=12),
    st.lists(st.integers(0, 12), max_size=3),
)
def test_however_statements_are_cut_into_batches_the_smallest_counts(
    stated: list[tuple[str, str]], cuts: list[int]
) -> None:
    pointers: dict[str, str] = {}
    accepted = 0
    edges = [0, *sorted(cuts), len(stated)]
    for start, end in pairwise(edges):
        part = stated[start:end]
        stored, again, repeats = batch(part, pointers)
        assert len(stored) + repeats == len(part)
        accepted += len(stored)
        pointers |= stored
        for record, payload in again.items():
            assert payload < pointers[record], "only what is smaller is written"
            pointers[record] = payload
    assert accepted == len({record for record, _ in stated})
    assert pointers == {r: min(p for s, p in stated if s == r) for r, _ in stated}
