"""Persons are a function of the evidence: its order, cuts and repetitions change nothing."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.contracts import IDENTITY_EDGES, PERSONS
from warehouse.identity import OBSERVATIONS, resolve
from warehouse.identity_components import components

KINDS = {
    "c": "crm_id",
    "p": "phone",
    "e": "email",
    "w": "whatsapp_user_id",
    "u": "x_user_id",
    "n": "x_username",
}


def seen(*evidence):
    """Observations from texts such as "crm r1: c1 p1" or "interaction i1 @5: p1 e1"."""
    rows = []
    for text in evidence:
        head, handles = text.split(":")
        kind, name, *at = head.split()
        hours = int(at[0][1:]) if at else 0
        for handle in handles.split():
            moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
            rows.append((kind, name, KINDS[handle[0]], handle, moment))
    return table(rows)


def table(rows):
    columns = list(zip(*rows, strict=True)) if rows else [[] for _ in OBSERVATIONS]
    return pa.table([list(column) for column in columns], schema=OBSERVATIONS)


def persons(observations):
    """The handles of each person."""
    groups: dict[str, set[str]] = {}
    for row in resolve(observations)[1].to_pylist():
        groups.setdefault(row["person_id"], set()).add(row["handle_key"])
    return sorted(sorted(group) for group in groups.values())


def reasons(observations):
    return {
        f"{row['left_key']}-{row['right_key']}": row["inactive_reason"]
        for row in resolve(observations)[0].to_pylist()
    }


@pytest.mark.parametrize(
    ("evidence", "expected"),
    [
        ([], []),
        (["interaction i1: p1"], [["p1"]]),
        (["interaction i1: p1 e1"], [["e1", "p1"]]),
        (["interaction i1: p1 e1", "interaction i2: e1 u1"], [["e1", "p1", "u1"]]),
        (["crm r1: c1 p1 e1", "interaction i1: p1 w1"], [["c1", "e1", "p1", "w1"]]),
        (["crm r1: c1 p1 p2"], [["c1", "p1", "p2"]]),  # one customer, two phones
        # a household's phone joins nobody and is a person of its own
        (["crm r1: c1 p1", "crm r2: c2 p1"], [["c1"], ["c2"], ["p1"]]),
        (["crm r1: c1 p1 e1", "crm r2: c2 p1 e2"], [["c1", "e1"], ["c2", "e2"], ["p1"]]),
        # the same phone and the same mail: one customer entered twice
        (["crm r1: c1 p1 e1", "crm r2: c2 p1 e1"], [["c1", "c2", "e1", "p1"]]),
        # phone and WhatsApp account are one line, not two proofs; so are two phones
        (["crm r1: c1 p1 w1", "crm r2: c2 p1 w1"], [["c1"], ["c2"], ["p1"], ["w1"]]),
        (["crm r1: c1 u1 n1", "crm r2: c2 u1 n1"], [["c1"], ["c2"], ["n1"], ["u1"]]),
        # a third customer on the shared phone does not undo what the mail proves
        (
            ["crm r1: c1 p1 e1", "crm r2: c2 p1 e1", "crm r3: c3 p1"],
            [["c1", "c2", "e1"], ["c3"], ["p1"]],
        ),
        # two customers met through an interaction: not one person
        (["crm r1: c1 p1", "crm r2: c2 e2", "interaction i: p1 e2"], [["c1", "p1"], ["c2", "e2"]]),
        # nor through a handle that no CRM row knows
        (
            ["crm r1: c1 p1", "crm r2: c2 e2", "interaction i: p1 u1", "interaction j: u1 e2"],
            [["c1", "p1"], ["c2", "e2"], ["u1"]],
        ),
        # a thread of several people joins nobody; each alone is joined
        (["interaction i: u1 n1 u2 n2"], [["n1"], ["n2"], ["u1"], ["u2"]]),
        (
            ["interaction i: u1 n1 u2 n2", "interaction j: u1 n1", "interaction k: u2 n2"],
            [["n1", "u1"], ["n2", "u2"]],
        ),
        (["interaction i: c1 c2 p1"], [["c1"], ["c2"], ["p1"]]),
    ],
)
def test_rules(evidence, expected):
    assert persons(seen(*evidence)) == expected


@pytest.mark.parametrize(
    ("evidence", "edge", "reason"),
    [
        (["crm r1: c1 p1"], "c1-p1", None),
        (["crm r1: c1 p1", "crm r2: c2 p1"], "c1-p1", "shared_handle"),
        (["crm r1: c1 p1", "crm r2: c2 e2", "interaction i: p1 e2"], "e2-p1", "crm_conflict"),
        (["interaction i: u1 u2"], "u1-u2", "several_of_one_type"),
        (["crm r1: c1 c2"], "c1-c2", "two_crm_ids"),
    ],
)
def test_every_pair_says_why_it_does_not_join(evidence, edge, reason):
    assert reasons(seen(*evidence))[edge] == reason


def test_edges_carry_the_first_sighting_and_their_number():
    edges, _ = resolve(
        seen("interaction b @9: p1 e1", "interaction a @3: e1 p1", "crm r @5: p1 e1")
    )
    (edge,) = edges.to_pylist()
    assert (edge["evidence_kind"], edge["evidence_id"], edge["observations"]) == (
        "interaction",
        "a",
        3,
    )
    assert (edge["left_type"], edge["right_type"], edge["rule"]) == (
        "email",
        "phone",
        "same_interaction",
    )


def test_tables_have_the_contracts_schemas():
    for observations in (seen(), seen("crm r1: c1 p1 e1")):
        edges, people = resolve(observations)
        assert edges.schema.equals(IDENTITY_EDGES)
        assert people.schema.equals(PERSONS)


def test_other_columns_are_an_error():
    with pytest.raises(ValueError, match="observations must"):
        resolve(seen("crm r: c1").drop(["first_seen_at"]))


def person_of(observations, handle):
    rows = resolve(observations)[1].to_pylist()
    return next(row["person_id"] for row in rows if row["handle_key"] == handle)


def test_the_anchor_is_the_crm_id_then_the_oldest_handle():
    phone_first = seen("interaction i @1: p1", "interaction j @5: p1 e1")
    assert person_of(phone_first, "e1") == person_of(seen("interaction i @1: p1"), "p1")
    known = seen("interaction i @1: p1", "crm r @9: c1 p1")
    assert person_of(known, "p1") == person_of(seen("crm r @9: c1"), "c1")


def test_growth_keeps_the_id_unless_a_stronger_anchor_arrives():
    start = ["crm r1 @1: c1 p1"]
    before = person_of(seen(*start), "p1")
    grown = seen(*start, "interaction i @5: p1 e1", "interaction j @6: e1 u1", "interaction k: n9")
    assert {person_of(grown, handle) for handle in ("c1", "p1", "e1", "u1")} == {before}


def test_missing_times_and_ids_do_no_harm():
    rows = [("crm", "r", "crm_id", "c1", None), ("crm", "r", "phone", "p1", None)]
    assert persons(table(rows)) == [["c1", "p1"]]
    assert persons(table([("interaction", None, "phone", "p1", None)])) == [["p1"]]


def test_a_sighting_of_a_crowd_costs_nothing_and_joins_nobody():
    crowd = "crm r: " + " ".join(f"p{number}" for number in range(3000))
    assert len(persons(seen(crowd))) == 3000


handles = st.sampled_from([f"{kind}{number}" for kind in "cpewun" for number in range(3)])
evidence = st.builds(
    lambda kind, name, hour, found: f"{kind} {name} @{hour}: {' '.join(sorted(found))}",
    st.sampled_from(["crm", "interaction"]),
    st.uuids(version=4).map(lambda value: value.hex),
    st.integers(0, 5),
    st.sets(handles, min_size=1, max_size=4),
)
worlds = st.lists(evidence, max_size=9)


def as_sets(observations):
    return [sorted(map(str, part.to_pylist())) for part in resolve(observations)]


@given(worlds, st.randoms(use_true_random=False))
@settings(max_examples=20, deadline=None)
def test_order_and_repetition_change_nothing(world, chance):
    given_once = seen(*world)
    shuffled = seen(*world, *world[:3]).to_pylist()
    chance.shuffle(shuffled)
    again = pa.Table.from_pylist(shuffled, schema=OBSERVATIONS)
    assert as_sets(again) == as_sets(given_once)


@given(worlds)
@settings(max_examples=20, deadline=None)
def test_persons_are_what_active_edges_join_and_customers_stay_apart(world):
    edges, people = resolve(seen(*world))
    person = {row["handle_key"]: row["person_id"] for row in people.to_pylist()}
    assert len(person) == people.num_rows, "one person per handle"
    assert set(person) == {handle for text in world for handle in text.split(":")[1].split()}
    for edge in edges.to_pylist():
        assert edge["left_key"] < edge["right_key"]
        assert edge["active"] == (edge["inactive_reason"] is None)
        if edge["active"]:
            assert person[edge["left_key"]] == person[edge["right_key"]]
    touches = {}
    for edge in edges.to_pylist():
        for crm, other in (("left", "right"), ("right", "left")):
            if edge[f"{crm}_type"] == "crm_id" and edge["active"]:
                touches.setdefault(edge[f"{crm}_key"], set()).add(edge[f"{other}_key"])
    for one in touches:
        joined = {other for other in touches if person[other] == person[one]} - {one}
        if joined:
            assert any(touches[one] & touches[other] for other in joined), "no shared handle"


@given(worlds)
@settings(max_examples=20, deadline=None)
def test_unrelated_evidence_changes_no_person(world):
    before = {row["handle_key"]: row["person_id"] for row in resolve(seen(*world))[1].to_pylist()}
    grown = seen(*world, "crm other @1: c77 p77 e77", "interaction more @2: e77 u77")
    after = {row["handle_key"]: row["person_id"] for row in resolve(grown)[1].to_pylist()}
    assert before.items() <= after.items()


@given(st.integers(1, 30), st.data())
@settings(max_examples=200, deadline=None)
def test_components_against_a_plain_search(count, data):
    node = st.integers(0, count - 1)
    links = data.draw(st.lists(st.tuples(node, node), max_size=60))
    found = components(
        count, np.array([a for a, _ in links], int), np.array([b for _, b in links], int)
    )
    neighbours: dict[int, set[int]] = {number: set() for number in range(count)}
    for a, b in links:
        neighbours[a].add(b)
        neighbours[b].add(a)
    for start in range(count):
        reached, waiting = {start}, [start]
        while waiting:
            new = neighbours[waiting.pop()] - reached
            reached |= new
            waiting.extend(new)
        assert found[start] == min(reached)


def test_components_of_a_long_chain():
    count = 200_000
    order = np.random.default_rng(5).permutation(count)
    assert set(components(count, order[:-1], order[1:]).tolist()) == {0}
