"""Facts of an interaction: what sources state, what turns show, and what stays unknown."""

from datetime import timedelta

import pytest
from facts_of import START, conformed, handle, stated, status, turn

from ingestion.conform.participants import better_name


def test_the_newest_statement_wins_and_silence_changes_nothing() -> None:
    (row,) = conformed(
        stated("c", 5, queue="teknis", wait_seconds=12, csat=None),
        stated("c", 1, queue="tagihan", csat=4, metadata={"old": 1}),
        stated("c", 9, queue=None, metadata={"new": 2}),
    ).interactions
    assert (row["queue"], row["wait_seconds"], row["csat"]) == ("teknis", 12.0, 4.0)
    assert row["source_metadata"] == '{"new":2,"old":1}'
    assert row["hold_seconds"] is None


def test_a_call_without_words_is_still_an_interaction() -> None:
    (row,) = conformed(stated("c", disconnect_reason="missed", direction="inbound")).interactions
    assert (row["disconnect_reason"], row["started_at"], row["ended_at"]) == ("missed", START, None)


def test_business_days_are_those_of_the_business_zone() -> None:
    late = stated("c", started_at=START.replace(hour=17, minute=30))
    assert conformed(late).interactions[0]["event_date"].isoformat() == "2026-11-03"


@pytest.mark.parametrize(
    ("roles", "direction", "answered"),
    [
        (["customer", "agent"], "inbound", 1),
        (["agent", "customer", "agent"], "outbound", 2),
        (["system", "customer"], "inbound", None),
        (["customer", "bot"], "inbound", None),
        (["system"], None, None),
    ],
)
def test_who_wrote_first_and_when_a_human_answered(
    roles: list[str], direction: str | None, answered: int | None
) -> None:
    messages = [turn("a", n, n, role=role) for n, role in enumerate(roles)]
    (row,) = conformed(*messages).interactions
    assert row["direction"] == direction
    moment = None if answered is None else START + timedelta(minutes=answered)
    assert row["answered_at"] == moment


def test_on_the_phone_the_first_word_says_nothing_about_direction() -> None:
    said = turn("c", 1, 0, role="agent", system="voice", channel="voice")
    (row,) = conformed(stated("c"), said).interactions
    assert (row["direction"], row["answered_at"]) == (None, None)


@pytest.mark.parametrize("agent", ["A-07", "agent_12", "tim.tagihan", "7"])
def test_plain_ids_of_agents_are_kept(agent: str) -> None:
    assert conformed(stated("c", agent_id=agent)).interactions[0]["agent_id"] == agent


@pytest.mark.parametrize(
    "agent", ["rina@contoh.id", "Rina Wati", "081234567890", "rina.wati", "+62812", "ini " * 20]
)
def test_personal_ids_of_agents_become_keys(agent: str) -> None:
    call = stated("c", agent_id=agent)
    call.names = ("Rina Wati",)
    found = conformed(call).interactions[0]["agent_id"]
    assert found.startswith("agent:") and agent not in found
    assert found == conformed(call).interactions[0]["agent_id"]


def test_the_agent_who_wrote_most_is_named() -> None:
    messages = [turn("a", n, n, role="agent", agent_id=f"A-{min(n, 1)}") for n in range(3)]
    told = [status("a", 0, 3, "read", agent_id="A-1")]
    assert conformed(*messages, *told).interactions[0]["agent_id"] == "A-1"


# --- participants and the vault -----------------------------------------------------------


def test_each_handle_takes_part_once_and_keeps_its_best_name() -> None:
    told = [handle("a", "phone", "08a", "Sari"), handle("a", "phone", " 08A ", "Sari Dewi")]
    result = conformed(turn("a", 1, 0), *told)
    assert len(result.participants) == 1
    (kept,) = result.handles.values()
    assert (kept["handle"], kept["name"]) == ("08a", "Sari Dewi")


def test_agents_handles_are_no_participants() -> None:
    own = handle("a", "email", "rina@contoh.id", role="agent")
    result = conformed(turn("a", 1, 0, role="agent"), own)
    assert (result.participants, result.handles) == ([], {})


@pytest.mark.parametrize(
    ("left", "right", "best"),
    [
        (None, None, None),
        ("Sari", None, "Sari"),
        ("", "Sari", "Sari"),
        ("Sari", "Sari Dewi", "Sari Dewi"),
        ("Sari", "Dewi", "Dewi"),
    ],
)
def test_the_better_name_is_the_same_in_any_order(
    left: str | None, right: str | None, best: str | None
) -> None:
    assert better_name(left, right) == better_name(right, left) == best
