"""Lookups over whole conversations: what news touches, what taggers and identity read."""

from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lake_rows import DAY, NEXT_DAY, NOON, make_rows

from warehouse.contracts import ANNOTATION_INPUT
from warehouse.conversations import (
    TurnReader,
    locate,
    observations,
    records_of_kinds,
)
from warehouse.delta import Lake
from warehouse.identity import OBSERVATIONS
from warehouse.touched import told_since, touched_since

RECORDS = "bronze.records"


def news(
    lake: Lake, batch: int, links: list[list[int]], day: date = DAY, kind: str = "turn"
) -> int:
    """Append one record per list of links and return the version."""
    ids = [f"{batch}-{number}" for number in range(len(links))]
    table = make_rows(
        RECORDS, len(links), record_id=ids, link_hashes=links, record_kind=kind, event_date=day,
        event_at=NOON, batch=batch,
    )  # fmt: skip
    commit = lake.append(RECORDS, table, app="test", sequence=batch)
    assert commit is not None
    return commit.version


def ids(table: pa.Table) -> list[str]:
    return sorted(table["record_id"].to_pylist())


def put(lake: Lake, name: str, count: int, **values: object) -> None:
    table = make_rows(name, count, **values)
    sequence = (lake.cursor(name, "test") or 0) + 1
    lake.overwrite_partitions(name, table, partitions=None, app="test", sequence=sequence)


# --- closure ------------------------------------------------------------------------------


def test_news_touch_their_conversations_over_any_chain_of_links(lake: Lake) -> None:
    news(lake, 1, [[1], [2, 3], [9]])
    since = news(lake, 2, [[3, 4]], NEXT_DAY)
    until = news(lake, 3, [[1, 2]], NEXT_DAY + timedelta(days=1))
    touched = touched_since(lake, since, until)
    assert set(touched.links.to_pylist()) == {1, 2, 3, 4}
    assert ids(touched.records()) == ["1-0", "1-1", "2-0", "3-0"]
    assert touched.dates == [DAY, NEXT_DAY, NEXT_DAY + timedelta(days=1)]


def test_the_first_time_everything_is_touched(lake: Lake) -> None:
    until = news(lake, 1, [[1], [2]])
    touched = touched_since(lake, None, until)
    assert touched.everything and len(ids(touched.records())) == 2
    assert touched.present("silver.turns").read_all().num_rows == 0  # nothing to compare with


def test_records_after_the_pinned_version_are_not_read(lake: Lake) -> None:
    since = news(lake, 1, [[1]])
    until = news(lake, 2, [[1, 2]])
    news(lake, 3, [[1, 3]])
    assert ids(touched_since(lake, since, until).records()) == ["1-0", "2-0"]
    assert ids(touched_since(lake, None, until).records()) == ["1-0", "2-0"]


@pytest.mark.parametrize("kind", ["crm", "survey"])
def test_reference_rows_touch_no_conversation(lake: Lake, kind: str) -> None:
    since = news(lake, 1, [[1]])
    until = news(lake, 2, [[1]], kind=kind)
    touched = touched_since(lake, since, until)
    assert (len(touched.links), ids(touched.records())) == (0, [])
    assert ids(records_of_kinds(lake, [kind], until)) == ["2-0"]


def test_old_rows_of_touched_conversations_are_found_on_any_day(lake: Lake) -> None:
    since = news(lake, 1, [[1]])
    until = news(lake, 2, [[1, 2]])
    put(lake, "silver.turns", 3, interaction_id=["a", "b", "c"], turn_no=1,
        conversation_hash=[2, 2, 8], event_date=[DAY, NEXT_DAY, date(2026, 9, 9)])  # fmt: skip
    touched = touched_since(lake, since, until)
    present = touched.present("silver.turns").read_all()
    assert sorted(present["event_date"].to_pylist()) == [DAY, NEXT_DAY]


def components(links: list[list[int]], new: list[list[int]]) -> set[int]:
    found = {link for item in new for link in item}
    while True:
        wider = found | {link for item in links if found & set(item) for link in item}
        if wider == found:
            return found
        found = wider


LINKS = st.lists(
    st.lists(st.integers(0, 9), min_size=1, max_size=3, unique=True), min_size=1, max_size=9
)


@settings(max_examples=8, deadline=None)
@given(LINKS, LINKS)
def test_closure_is_that_of_the_graph(old: list[list[int]], new: list[list[int]]) -> None:
    with TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        since, until = news(lake, 1, old), news(lake, 2, new, NEXT_DAY)
        touched = touched_since(lake, since, until)
        expected = components([*old, *new], new)
        assert set(touched.links.to_pylist()) == expected
        assert touched.records().num_rows == sum(bool(expected & set(x)) for x in [*old, *new])


@settings(max_examples=8, deadline=None)
@given(LINKS, LINKS)
def test_links_of_one_conversation_are_in_one_bucket(
    old: list[list[int]], new: list[list[int]]
) -> None:
    with TemporaryDirectory() as folder:
        lake = Lake(Path(folder))
        since, until = news(lake, 1, old), news(lake, 2, new, NEXT_DAY)
        for touched in (touched_since(lake, since, until), touched_since(lake, None, until)):
            rows = touched.scan().read_all()["link_hashes"].to_pylist()
            assert touched.rows == len(rows)
            for first in {link for row in rows for link in row}:
                mine = sorted(components([*old, *new], [[first]]))
                found = touched.bucket(pa.array(mine, pa.int64()), 3).to_pylist()
                assert len(set(found)) == 1 and 0 <= found[0] < 3


def test_whether_anything_of_a_kind_was_told_since(lake: Lake) -> None:
    since = news(lake, 1, [[1]], kind="crm")
    chat = news(lake, 2, [[1]])
    crm = news(lake, 3, [[1]], kind="crm")
    assert not told_since(lake, ("crm",), since, chat)
    assert told_since(lake, ("survey", "crm"), since, crm)
    again = make_rows("bronze.restatements", 1, record_id="1-0", link_hashes=[[1]], batch=4)
    lake.append("bronze.restatements", again, app="test", sequence=4)
    assert told_since(lake, ("crm",), crm, crm)


# --- surveys ------------------------------------------------------------------------------


def test_references_are_found_by_turn_or_conversation(lake: Lake) -> None:
    put(lake, "silver.turns", 1, turn_id="t1", conversation_hash=5, event_date=DAY)
    put(lake, "silver.interactions", 1, conversation_hash=6, event_date=DAY)
    found = locate(lake, {"t1": "mail", "t2": "lost"}, {6: "call", 7: "gone"})
    assert found == {"mail": 5, "call": 6}
    assert locate(lake, {}, {}) == {}


# --- taggers ------------------------------------------------------------------------------


def test_taggers_read_whole_interactions_in_order(lake: Lake) -> None:
    put(lake, "silver.interactions", 2, interaction_id=["b", "a"], channel=["chat", "voice"],
        started_at=NOON, direction="inbound", event_date=[DAY, NEXT_DAY])  # fmt: skip
    put(lake, "silver.turns", 4, interaction_id=["b", "b", "b", "a"], turn_no=[3, 1, 2, 1],
        redacted_text=["tiga", None, "dua", "halo"], role="customer",
        sent_at=[NOON, NOON, NOON, None], event_date=[DAY, DAY, DAY, NEXT_DAY])  # fmt: skip
    table, day_of = TurnReader.pinned(lake).read([DAY, NEXT_DAY])
    assert table.schema.equals(ANNOTATION_INPUT)
    places = table.select(["interaction_id", "turn_no"]).to_pylist()
    assert [tuple(row.values()) for row in places] == [("a", 1), ("b", 1), ("b", 2), ("b", 3)]
    assert table["text"].to_pylist() == ["halo", None, "dua", "tiga"]
    # A transcript without times has the time of its call.
    assert table["sent_at"].null_count == 0
    assert day_of == {"a": NEXT_DAY, "b": DAY}
    only, _ = TurnReader.pinned(lake).read([NEXT_DAY])
    assert only["interaction_id"].to_pylist() == ["a"]


def test_rows_written_after_pinning_are_not_read(lake: Lake) -> None:
    readers = []
    for text in ("old", "new"):
        put(lake, "silver.interactions", 1, interaction_id="a", started_at=NOON, event_date=DAY)
        put(lake, "silver.turns", 1, interaction_id="a", turn_no=1, redacted_text=text,
            event_date=DAY)  # fmt: skip
        readers.append(TurnReader.pinned(lake))
    texts = [reader.read([DAY])[0]["text"].to_pylist() for reader in readers]
    assert texts == [["old"], ["new"]]


def test_no_days_give_no_turns_of_the_right_types(lake: Lake) -> None:
    put(lake, "silver.interactions", 1, interaction_id="a", event_date=DAY)
    put(lake, "silver.turns", 1, interaction_id="a", turn_no=1, event_date=DAY)
    table, day_of = TurnReader.pinned(lake).read([])
    assert (table.num_rows, day_of) == (0, {}) and table.schema.equals(ANNOTATION_INPUT)


# --- identity -----------------------------------------------------------------------------


def test_identity_reads_customers_handles_with_their_evidence(lake: Lake) -> None:
    put(lake, "silver.interactions", 1, interaction_id="i", started_at=NOON, event_date=DAY)
    put(lake, "silver.participants", 2, interaction_id="i", role=["customer", "agent"],
        handle_type="phone", handle_key=["k1", "k2"], event_date=DAY)  # fmt: skip
    put(lake, "silver.crm_handles", 1, customer_key="c", handle_type="email", handle_key="k3")
    found = observations(lake)
    assert found.schema.equals(OBSERVATIONS)
    assert sorted(map(tuple, (row.values() for row in found.to_pylist()))) == [
        ("crm", "c", "email", "k3", None),
        ("interaction", "i", "phone", "k1", NOON),
    ]


def test_an_empty_lake_has_no_observations(lake: Lake) -> None:
    assert observations(lake).num_rows == 0
