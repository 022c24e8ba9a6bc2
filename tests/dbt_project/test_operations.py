"""Marts of operations against the story: effort, requests for a human, quality, coaching."""

from pathlib import Path
from typing import Any

import pytest
from small_lake import one, rows

EFFORT: dict[str, tuple[float | None, str | None]] = {
    "ani-old": (0.45, "transferred; waited"),
    "ani-1": (0.35, "asked_again; transferred"),
    "ani-2": (0.5, "contacted_before; repeat_contact"),
    "ani-3": (None, None),
    "ben-1": (None, None),
    "missed": (None, None),
}


@pytest.mark.parametrize("key", EFFORT)
def test_effort_is_null_without_a_sign(built: Path, key: str) -> None:
    found = one(
        built,
        "select effort_score, effort_reasons from marts.fct_interaction"
        f" where interaction_id = '{key}'",
    )
    assert tuple(found.values()) == EFFORT[key]


def test_every_reason_leads_to_words_or_a_fact(built: Path) -> None:
    found = {
        (row["interaction_id"], row["reason"]): row["quote"] or row["detail"]
        for row in rows(built, "from marts.fct_effort")
    }
    assert found == {
        ("ani-old", "waited"): "wait_seconds = 600.0",
        ("ani-old", "transferred"): "transfers = 5",
        ("ani-1", "transferred"): "transfers = 1",
        ("ani-1", "asked_again"): "nomor HP lagi",
        ("ani-2", "contacted_before"): "sudah dua kali telepon",
        ("ani-2", "repeat_contact"): "after ani-1",
    }


def test_moods_are_kept_apart_by_role(built: Path) -> None:
    found = one(
        built,
        "select sentiment_shift, agent_sentiment_begin, agent_sentiment_end,"
        " agent_sentiment_shift, agent_sentiment_mean"
        " from marts.fct_interaction where interaction_id = 'ani-1'",
    )
    assert tuple(found.values()) == (0.6, "pos", "neu", -0.5, 0.25)


def test_a_request_nobody_honoured_stands_with_its_words(built: Path) -> None:
    found = one(built, "from marts.fct_human_request")
    expected: dict[str, Any] = {
        "interaction_id": "ani-3",
        "turn_no": 1,
        "quote": "bicara sama orang",
        "asked_of": "nobody",
        "is_honoured": False,
        "human_after_turns": None,
        "human_after_seconds": None,
    }
    assert {name: found[name] for name in expected} == expected


def test_facts_given_again_in_the_contact_and_in_the_next(built: Path) -> None:
    found = [
        (row["interaction_id"], row["fact"], row["scope"], row["first_interaction_id"])
        for row in rows(built, "from marts.fct_repeated_information order by interaction_id")
    ]
    assert found == [
        ("ani-1", "phone", "after_handover", "ani-1"),
        ("ani-2", "phone", "next_contact", "ani-1"),
    ]


def test_the_form_covers_every_interaction(built: Path) -> None:
    found = {
        (row["interaction_id"], row["criterion"]): row["outcome"]
        for row in rows(built, "from marts.fct_quality")
    }
    assert len(found) == 7 * 2
    judged = {key: outcome for key, outcome in found.items() if outcome != "not_applicable"}
    assert judged == {
        ("ani-1", "greeting"): "met",
        ("ani-1", "next_step"): "not_met",
        ("ani-2", "greeting"): "not_met",
    }
    scores = {
        row["interaction_id"]: (row["machine_score"], row["missed"])
        for row in rows(built, "from marts.quality_scores")
    }
    assert scores["ani-1"] == (0.4, "next_step")
    assert scores["ani-2"] == (0.0, "greeting")
    assert scores["ani-3"] == (None, None)


def test_coaching_quotes_what_was_missed_and_gives_no_rate_for_a_handful(built: Path) -> None:
    found = {(row["agent_id"], row["criterion"]): row for row in rows(built, "from marts.coaching")}
    assert set(found) == {("a-7", "greeting"), ("a-7", "next_step"), ("a-8", "greeting")}
    missed = found["a-8", "greeting"]
    assert (missed["assessed"], missed["missed"], missed["missed_rate"]) == (1, 1, None)
    assert (missed["newest_quotes"], missed["newest_interaction_ids"]) == (["Ya?"], ["ani-2"])
    assert found["a-7", "greeting"]["newest_quotes"] == []


def test_talk_and_silence_of_agents_come_from_recordings(built: Path) -> None:
    found = {row["agent_id"]: row for row in rows(built, "from marts.agent_conduct")}
    assert found["a-7"]["interactions"] == 2
    assert found["a-7"]["silence_share"] == pytest.approx(40.0 / 100.5, abs=1e-6)
    assert found["a-8"]["silence_share"] is None
