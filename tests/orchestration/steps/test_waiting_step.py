"""Transcripts without a date wait for their call, join it in any order, and never get another date."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from deliveries import contents, deployment, put

from ingestion.conform.conformed import Conformed
from ingestion.connectors import amazon_connect
from ingestion.connectors.base import RejectedInput
from orchestration.run_lock import only_run
from orchestration.steps import conform_parts
from orchestration.steps.conform import conform_new_records
from orchestration.steps.conform_parts import FactsLost
from orchestration.steps.deployment import Deployment
from orchestration.steps.intake import take_in
from orchestration.steps.land import land_new_files
from warehouse.checks import (
    accepted_are_stored,
    every_call_is_dated,
    everything_accounted,
    unique_key,
)
from warehouse.waiting import skipped, waiting_files

SILVER = (
    "silver.interactions",
    "silver.turns",
    "silver.participants",
    "silver.recordings",
    "silver.waiting",
)
START = datetime(2026, 3, 2, 2, tzinfo=UTC)
CONTACT = "11111111-2222-4333-8444-555555555555"
GT, RE, CA, AC = (kind + "0123456789abcdef" * 2 for kind in ("GT", "RE", "CA", "AC"))
HELLO, DEAD = "Halo, ada yang bisa dibantu?", "Internet saya mati total"


def segment(number: int, role: str, text: str, start: int | None) -> str:
    said: dict[str, Any] = {"Id": f"t{number}", "ParticipantRole": role, "Content": text}
    said |= {} if start is None else {"BeginOffsetMillis": start, "EndOffsetMillis": start + 900}
    event = {"Channel": "VOICE", "AccountId": "1", "InstanceId": "i", "ContactId": CONTACT}
    return json.dumps(event | {"EventType": "SEGMENTS", "Segments": [{"Transcript": said}]})


def contact(start: str = "2026-03-02T02:00:00Z", updated: str = "2026-03-02T02:06:00Z") -> str:
    record = {"AWSContactTraceRecordFormatVersion": "1", "ContactId": CONTACT, "Channel": "VOICE"}
    times = {"InitiationTimestamp": start, "LastUpdateTimestamp": updated}
    return json.dumps(record | times | {"InitiationMethod": "INBOUND"})


def page(*sentences: tuple[int, str, str | None], first: int = 0) -> str:
    listed = [
        {"sid": f"GX{first + number}", "media_channel": channel, "sentence_index": first + number,
         "transcript": text, "start_time": start}
        for number, (channel, text, start) in enumerate(sentences)
    ]  # fmt: skip
    url = f"https://intelligence.twilio.com/v2/Transcripts/{GT}/Sentences?PageSize=50&Page=0"
    return json.dumps({"sentences": listed, "meta": {"url": url, "key": "sentences"}})


TRANSCRIPT = json.dumps(
    {"sid": GT, "account_sid": AC, "service_sid": "GA", "status": "completed", "customer_key": None,
     "date_created": "2026-03-02T02:30:00Z", "channel": {"media_properties": {"source_sid": RE}}}
)  # fmt: skip
RECORDING = json.dumps(
    {"sid": RE, "call_sid": CA, "account_sid": AC, "duration": "85", "channels": 2,
     "status": "completed", "start_time": "2026-03-02T02:00:00Z", "media_url": "x"}
)  # fmt: skip
VTT = (
    f"WEBVTT\n\n00:00:01.000 --> 00:00:03.000\n<v Agent>{HELLO}</v>\n\n"
    f"00:00:04.000 --> 00:00:06.000\n<v Customer>{DEAD}</v>\n"
)
VCON = json.dumps(
    {"vcon": "0.0.1", "uuid": "0190b0f0-0000-8000-8000-000000000017",
     "created_at": "2026-03-02T03:00:00Z", "analysis": [],
     "parties": [{"tel": "+628110000002", "role": "customer"}, {"name": "Rina", "role": "agent"}],
     "dialog": [{"type": "recording", "start": "2026-03-02T02:00:00Z", "duration": 60.0,
                 "parties": [0, 1], "filename": "helpdesk-78812.wav"}]}
)  # fmt: skip
LIVE = {"live-1": segment(1, "AGENT", HELLO, 1000), "live-2": segment(2, "CUSTOMER", DEAD, 4000)}
UNDATED = LIVE | {
    "sentences": page((1, HELLO, "1.0"), (2, DEAD, "4.0")),
    "helpdesk-78812.id.vtt": VTT,
}
"""Transcripts of three calls."""
DATED = {"records": contact(), "recording": RECORDING, "call.vcon.json": VCON}
"""What dates each of them."""


def run(at: Deployment) -> None:
    with only_run(at.settings.lake):
        for step in (land_new_files, take_in, conform_new_records):
            step(at)


def turns(at: Deployment) -> list[tuple[Any, ...]]:
    rows = at.lake.read("silver.turns", order_by=["role", "sent_at"]).to_pylist()
    return [(row["role"], row["sent_at"] and row["sent_at"] - START) for row in rows]


def sound(at: Deployment) -> None:
    """The laws of landing hold, nothing is skipped, and no table knows a day of 1970."""
    laws = (everything_accounted, accepted_are_stored)
    assert all(law(at.lake).passed for law in laws) and unique_key(at.lake, "silver.waiting").passed
    assert skipped(at.lake) == 0
    for name in ("bronze.records", *SILVER[:-1]):
        days = [file.values["event_date"] for file in at.lake.files(name)]
        assert all(day is None or day.year == 2026 for day in days)
        assert name == "bronze.records" or None not in days
    assert "1970" not in "".join(
        path.read_text() for path in at.lake.ledger("bronze.records").folder.rglob("*.json")
    )


def test_any_order_and_any_number_of_runs_is_as_at_once(tmp_path: Path) -> None:
    files = UNDATED | {"transcript": TRANSCRIPT} | DATED
    names, found = list(files), []
    for number, cuts in enumerate(
        ([names], [names[:4], names[4:5], names[5:]], [names[5:], names[:5]])
    ):
        at = deployment(tmp_path / str(number))
        for cut in cuts:
            for name in cut:
                put(at, name, files[name])
            run(at)
        sound(at)
        found.append(contents(at, SILVER))
    assert found[1] == found[0] and found[2] == found[0]
    assert every_call_is_dated(at.lake).passed
    calls = at.lake.read("silver.interactions").to_pylist()
    assert [(call["started_at"], call["event_date"]) for call in calls] == [
        (START, START.date())
    ] * 3
    seconds = [timedelta(seconds=1), timedelta(seconds=4)]
    assert turns(at) == [("agent", seconds[0])] * 3 + [("customer", seconds[1])] * 3


def test_what_nobody_dates_stays_visible_until_a_call_of_long_ago_comes(tmp_path: Path) -> None:
    at = deployment(tmp_path)
    for name in ("live-1", "live-2"):
        put(at, name, LIVE[name])
    put(at, "a/helpdesk-78812.vtt", VTT)
    run(at)
    put(at, "other.vcon.json", VCON.replace("78812", "78813"))
    run(at)
    sound(at)
    (call,) = at.lake.read("silver.interactions").to_pylist()
    assert call["source_system"] == "vcon" and turns(at) == []
    found = {file.name: (file.source_system, file.waits_for, file.conversations, file.records)
             for file in waiting_files(at.lake)}  # fmt: skip
    assert found == {
        "a/helpdesk-78812.vtt": ("captions", "date", 1, 3),
        "live-1": ("amazon_connect", "date", 1, 2),
        "live-2": ("amazon_connect", "date", 1, 1),  # both state the same about the call
    }
    since = at.lake.read("bronze.landed_files", columns=["landed_at"])["landed_at"].to_pylist()
    assert {file.since for file in waiting_files(at.lake)} <= set(since)
    outcome = every_call_is_dated(at.lake)
    assert (outcome.passed, outcome.detail["files"]) == (False, 3)
    assert "records 3, files 2, since" in str(outcome.detail["amazon_connect"])
    put(at, "records", contact("2025-12-24T02:00:00Z", "2025-12-24T03:00:00Z"))
    run(at)
    assert [file.name for file in waiting_files(at.lake)] == ["a/helpdesk-78812.vtt"]
    assert skipped(at.lake) == 0
    moments = at.lake.read("silver.turns", order_by=["sent_at"])["sent_at"].to_pylist()
    assert moments == [datetime(2025, 12, 24, 2, 0, second, tzinfo=UTC) for second in (1, 4)]


def test_a_transcript_that_comes_twice_is_said_once(tmp_path: Path) -> None:
    at = deployment(tmp_path)
    put(at, "live-1", LIVE["live-1"])
    put(at, "stream-2026-03-02-02-01-00-a", LIVE["live-1"] + "\n")  # dated by its name
    put(at, "page", page((1, HELLO, "1.0")))
    run(at)
    assert [call["source_system"] for call in at.lake.read("silver.interactions").to_pylist()] == [
        "amazon_connect"
    ]
    put(at, "again", page((1, HELLO, "1.0")) + "\n")
    whole = json.loads(TRANSCRIPT) | json.loads(page((1, HELLO, "1.0")))
    whole |= {"media_start_time": "2026-03-02T02:00:00Z"}
    put(at, "whole", json.dumps(whole))
    run(at)
    sound(at)
    texts = at.lake.read("silver.turns", order_by=["redacted_text"])["redacted_text"].to_pylist()
    assert texts == [HELLO, HELLO]  # one of each call
    again = at.lake.read("bronze.coverage", where="name = 'again'").to_pylist()
    assert [(row["accepted"], row["duplicates"]) for row in again] == [(0, 2)]


def test_captions_are_dated_by_a_better_name(tmp_path: Path) -> None:
    at = deployment(tmp_path)
    put(at, "call-17.vtt", VTT)
    run(at)
    put(at, "call-17_2026-03-02T02:00:00Z.vtt", VTT)
    run(at)
    sound(at)
    assert every_call_is_dated(at.lake).passed
    assert turns(at) == [("agent", timedelta(seconds=1)), ("customer", timedelta(seconds=4))]


def test_a_fact_that_conforming_loses_stops_the_run_before_anything_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = deployment(tmp_path)
    put(at, "live-1", LIVE["live-1"])
    put(at, "call.vcon.json", VCON)
    with monkeypatch.context() as broken:
        broken.setattr(conform_parts, "conform", lambda *_: Conformed(accounted=3))
        with pytest.raises(FactsLost, match="of 4 facts 3 are shown or waiting"):
            run(at)
    assert not any(at.lake.exists(name) for name in SILVER)
    run(at)
    sound(at)
    assert len(waiting_files(at.lake)) == 1


def test_words_wait_again_when_what_dated_them_is_taken_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = deployment(tmp_path)
    put(at, "live-1", LIVE["live-1"]), put(at, "records", contact())
    run(at)
    assert turns(at) == [("agent", timedelta(seconds=1))]

    def refuse(*_: Any) -> list[Any]:
        raise RejectedInput("bad_id", "no longer read")

    monkeypatch.setattr(amazon_connect, "contact_record", refuse)
    monkeypatch.setattr(amazon_connect.AmazonConnectConnector, "version", "next")
    run(at)
    sound(at)
    assert turns(at) == [] and at.lake.read("silver.interactions").num_rows == 0
    assert [file.name for file in waiting_files(at.lake)] == ["live-1"]
