"""Figures of the marts against sums done by hand from the story."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from small_lake import PROJECT, day, one, rows

FACTS: dict[str, dict[str, Any]] = {
    "ani-1": {
        "person_id": "p-ani",
        "business_date": day("2026-11-02"),
        "started_hour": 23,
        "customer_turns": 2,
        "agent_turns": 2,
        "first_response_seconds": 15.0,
        "language": "id",
        "sentiment_begin": "neg",
        "sentiment_end": "neu",
        "sentiment_shift": 0.6,
        "sentiment_mean": -0.3,
        "primary_driver": "billing",
        "primary_driver_score": 0.8,
        "secondary_driver": "product_info",
        "churn_level": "none",
        "churn_score": None,
        "follow_up": True,
        "quote": "tagihan",
        "is_repeat_contact": False,
        "is_first_contact_resolved": False,
    },
    "ani-2": {
        "first_response_seconds": 7.5,
        "csat": 2.0,
        "compliance_findings": 1,
        "is_repeat_contact": True,
        "is_first_contact_resolved": True,
    },
    "ani-3": {
        "person_id": "p-ani",
        "customer_turns": 2,
        "bot_turns": 1,
        "first_response_seconds": None,
        "primary_driver": "termination",
        "churn_level": "explicit",
        "churn_score": 0.95,
        "asked_human": True,
        "human_honoured": False,
        "human_after_turns": None,
        "csat": 1.0,
        "is_first_contact_resolved": None,
    },
    "ben-1": {
        "person_id": "p-ben",
        "language": "en",
        "sentiment_mean": 0.9,
        "primary_driver": "praise_thanks",
        "nps": 10.0,
        "ces": None,
        "wait_seconds": None,
    },
    "missed": {
        "person_id": None,
        "primary_driver": None,
        "churn_level": None,
        "language": None,
        "complaint": False,
        "is_repeat_contact": None,
    },
    "dunning": {"primary_driver": "billing", "is_repeat_contact": None},
}

PEOPLE: dict[str, dict[str, Any]] = {
    "p-ani": {
        "as_of_date": day("2026-11-20"),
        "customer_keys": 1,
        "segment": "gold",
        "consent_channels": "email;whatsapp",
        "preferred_language": "id",
        "preferred_channel": "voice",
        "monthly_fee": 350000.0,
        "active_subscriptions": 2,
        "orders_90d": 1,
        "interactions_total": 5,
        "interactions_30d": 4,
        "interactions_90d": 4,
        "last_interaction_driver": "termination",
        "top_driver_90d": "billing",
        "fcr_rate": pytest.approx(2 / 3, abs=1e-6),
        "sentiment_mean_90d": -0.6,
        "repeat_contacts_90d": 1,
        "transfers_90d": 1,
        "wait_seconds_mean_90d": 45.0,
        "human_not_honoured_90d": 1,
        "open_follow_ups": 0,
        "compliance_findings_90d": 1,
        "csat_last": 1.0,
        "nps_last": None,
        "churn_level": "explicit",
        "churn_score": 0.93,
    },
    "p-ben": {
        "consent_marketing": False,
        "consent_channels": None,
        "lifetime_value": None,
        "monthly_fee": None,
        "orders_90d": 0,
        "sentiment_last": "pos",
        "transfers_90d": None,
        "wait_seconds_mean_90d": None,
        "nps_last": 10.0,
        "ces_last": 3.0,
        "churn_level": "none",
        "churn_score": 0.0,
        "churn_reasons": None,
    },
    "p-citra": {
        "interactions_total": 0,
        "preferred_channel": None,
        "fcr_rate": None,
        "sentiment_mean_90d": None,
        "churn_level": None,
        "churn_score": None,
        "churned_on": day("2026-10-31"),
    },
}


@pytest.mark.parametrize("key", FACTS)
def test_interaction(built: Path, key: str) -> None:
    found = one(built, f"from marts.fct_interaction where interaction_id = '{key}'")
    assert {column: found[column] for column in FACTS[key]} == FACTS[key]


@pytest.mark.parametrize("person", PEOPLE)
def test_customer_360(built: Path, person: str) -> None:
    found = one(built, f"from marts.customer_360 where person_id = '{person}'")
    assert {column: found[column] for column in PEOPLE[person]} == PEOPLE[person]


RECORDED = {
    "ani-1": (1, 100.5, 60.5, 40.0, 9.0, 1.5, 2, 90.0),
    "ani-2": (2, 9030.0, None, None, 9.0, None, None, None),
    "dunning": (2, 60.0, 40.0, 20.0, 4.0, None, None, None),
    "ben-1": (None,) * 8,
}


@pytest.mark.parametrize("key", RECORDED)
def test_recordings_of_a_call(built: Path, key: str) -> None:
    found = one(
        built,
        "select recordings, recorded_seconds, speech_seconds, silence_seconds,"
        " longest_silence_seconds, overlap_seconds, interruptions, words_per_minute"
        f" from marts.fct_interaction where interaction_id = '{key}'",
    )
    assert tuple(found.values()) == RECORDED[key]


def test_every_recording_is_shown_with_what_is_missing(built: Path) -> None:
    found = rows(built, "from marts.fct_recording order by recording_id")
    assert len(found) == 7
    (lone,) = (row for row in found if row["interaction_id"] is None)
    assert (lone["business_date"], lone["started_at"], lone["talk_seconds"]) == (None, None, 3.0)
    assert lone["not_analysed"] == ["no_speaker_separation"]
    assert sum(row["business_date"] == day("2026-11-02") for row in found) == 2


def test_agents_are_not_customers(built: Path) -> None:
    people = {row["person_id"] for row in rows(built, "from marts.dim_customer")}
    assert people == {"p-ani", "p-ben", "p-citra"}


def test_churn_reasons_are_readable_and_strongest_first(built: Path) -> None:
    reasons = one(built, "from marts.customer_360 where person_id = 'p-ani'")["churn_reasons"]
    assert reasons.split("; ")[:2] == ["explicit: 2026-11-15 chat", "1 contact about termination"]
    assert "3 negative contacts" in reasons


def test_watchlist_holds_ani_only(built: Path) -> None:
    watched = one(built, "from marts.churn_watchlist")
    assert watched["person_id"] == "p-ani"
    assert watched["revenue_at_risk"] == 4200000.0
    assert watched["quote"] == "saya berhenti langganan"
    assert watched["may_be_contacted"]


def test_timeline_of_ani_is_complete_and_local(built: Path) -> None:
    events = rows(built, "from marts.customer_timeline where person_id = 'p-ani' order by event_at")
    kinds = [event["event_type"] for event in events]
    assert {kind: kinds.count(kind) for kind in set(kinds)} == {
        "interaction": 5,
        "order": 3,
        "subscription_start": 3,
        "subscription_end": 1,
        "survey": 1,
    }
    assert events[0]["business_date"] == day("2025-01-01")
    assert events[0]["event_at"] == datetime(2024, 12, 31, 17, tzinfo=UTC)
    chat = next(event for event in events if event["source_id"] == "ani-3")
    assert chat["summary"].startswith("termination · neg · churn explicit · asked for a human")
    orders = {event["summary"] for event in events if event["event_type"] == "order"}
    assert all(summary.endswith(" IDR 450,000") for summary in orders), orders
    survey = next(event for event in events if event["event_type"] == "survey")
    assert survey["summary"] == "csat 2"


def test_only_the_promoted_release_is_read(built: Path) -> None:
    releases = {row["release"] for row in rows(built, "from marts.fct_annotation")}
    assert releases == {"base"}


def test_finding_has_quote_speaker_clock_and_versions(built: Path) -> None:
    finding = one(built, "from marts.compliance_findings")
    assert (finding["rule_id"], finding["role"], finding["agent_id"]) == (
        "recording_notice",
        "agent",
        "a-8",
    )
    assert finding["found_local"].isoformat() == "2026-11-05T09:00:09.500000"
    assert finding["rulebook_version"] == "1"


def test_coverage_counts_files_nobody_could_read(built: Path) -> None:
    found = {row["connector"]: row for row in rows(built, "from marts.source_coverage")}
    assert (found["vcon"]["received"], found["vcon"]["accepted"]) == (15, 13)
    assert found["none"]["rejected_share"] == 1.0


def test_files_that_wait_are_named(built: Path) -> None:
    (row,) = rows(built, "from marts.waiting_files")
    assert (row["source_system"], row["file_name"]) == ("captions", "more.json")
    assert (row["waits_for"], row["conversations"], row["records"]) == ("date", 2, 6)
    assert row["waiting_since"] is not None and row["days_waiting"] == 0


@pytest.mark.parametrize("query", sorted((PROJECT / "queries").glob("*.sql")), ids=lambda q: q.stem)
def test_example_query_answers(built: Path, query: Path) -> None:
    assert rows(built, query.read_text().rstrip().removesuffix(";"))
