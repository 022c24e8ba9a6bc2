"""The rows are a function of the set of records: no order, repetition or cut can change them."""

from collections import defaultdict

from facts_of import RULES, conformed, delete, edit, handle, rows, stated, status, table, turn
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.conform.conform import conform
from ingestion.conform.conversations import conversations
from ingestion.conform.facts import read_facts
from ingestion.connectors.base import Record

KEYS, NUMBERS = st.sampled_from("abc"), st.integers(0, 5)
MINUTES = st.integers(0, 6000)
LINKS = st.lists(st.sampled_from(("a", "b", "c", "x", "y")), max_size=2)


@st.composite
def records(draw: st.DrawFn) -> Record:
    key, number, minutes = draw(KEYS), draw(NUMBERS), draw(MINUTES)
    # A message belongs to one chat, so its number names the chat too.
    number += "abc".index(key) * 10
    kind = draw(st.sampled_from(("turn", "turn", "edit", "delete", "status", "handle", "stated")))
    if kind == "turn":
        role = draw(st.sampled_from(("customer", "agent")))
        return turn(key, number, minutes, f"teks {minutes}", links=draw(LINKS), role=role)
    if kind == "edit":
        return edit(key, number, minutes, f"ralat {minutes}")
    if kind == "delete":
        return delete(key, number, minutes)
    if kind == "status":
        state = draw(st.sampled_from(("sent", "read", "failed")))
        return status(key, number, minutes, state, role=draw(st.sampled_from((None, "bot"))))
    if kind == "handle":
        value = draw(st.sampled_from(("0811", "0822")))
        return handle(key, "phone", value, draw(st.sampled_from((None, "Sari", "Sari Dewi"))))
    queue = draw(st.sampled_from((None, "tagihan", "teknis")))
    return stated(key, minutes, system="chat", queue=queue, metadata={f"m{number}": minutes})


SETS = st.lists(records(), max_size=14)


@settings(max_examples=60, deadline=None)
@given(SETS.flatmap(lambda found: st.tuples(st.just(found), st.permutations(found))))
def test_order_does_not_matter(pair: tuple[list[Record], list[Record]]) -> None:
    assert rows(conformed(*pair[0])) == rows(conformed(*pair[1]))


@settings(max_examples=60, deadline=None)
@given(SETS)
def test_repetition_does_not_matter(found: list[Record]) -> None:
    unique = list({row["record_id"]: row for row in table(found).to_pylist()}.values())
    once = table(()).from_pylist(unique, schema=table(()).schema)
    assert rows(conform(once, RULES)) == rows(conformed(*found, *found))


@settings(max_examples=50, deadline=None)
@given(SETS)
def test_conversations_can_be_conformed_one_by_one(found: list[Record]) -> None:
    """This is what lets a run touch only the conversations that have news."""
    whole = conformed(*found)
    by_id = {row["record_id"]: row for row in table(found).to_pylist()}
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for group in conversations(read_facts(table(found))):
        own = [by_id[fact.record_id] for fact in group]
        part = conform(table(()).from_pylist(own, schema=table(()).schema), RULES)
        for name, lines in rows(part).items():
            parts[name] += lines
    for name, lines in rows(whole).items():
        if name != "vault.handles":  # one handle may be in two conversations
            assert sorted(parts[name]) == lines


@settings(max_examples=60, deadline=None)
@given(SETS)
def test_rows_have_unique_keys_and_whole_references(found: list[Record]) -> None:
    result = conformed(*found)
    ids = [row["interaction_id"] for row in result.interactions]
    places = [(row["interaction_id"], row["turn_no"]) for row in result.turns]
    turn_ids = [row["turn_id"] for row in result.turns]
    assert len(set(ids)) == len(ids)
    assert len(set(places)) == len(places)
    assert len(set(turn_ids)) == len(turn_ids)
    dates = {row["interaction_id"]: row["event_date"] for row in result.interactions}
    for row in (*result.turns, *result.participants):
        assert row["event_date"] == dates[row["interaction_id"]]


@settings(max_examples=60, deadline=None)
@given(SETS)
def test_every_message_that_was_sent_is_one_turn(found: list[Record]) -> None:
    written = {
        record.data["turn_id"]
        for record in found
        if record.kind == "turn" and record.data["action"] != "deleted"
    }
    deleted = {r.data["turn_id"] for r in found if r.data.get("action") == "deleted"}
    result = conformed(*found)
    assert len(result.turns) == len(written)
    states = [row["state"] for row in result.turns]
    assert states.count("deleted") == len(written & deleted)
    assert all(row["redacted_text"] is None for row in result.turns if row["state"] == "deleted")
