"""What `run`, `rejects` and `verify` say of files that wait."""

import json

import pytest
from calling import call_in

from orchestration.commands.waiting import listing, summary
from orchestration.steps.conform import conform_new_records
from orchestration.steps.deployment import Deployment
from orchestration.steps.intake import take_in
from orchestration.steps.land import land_new_files
from tests.end_to_end.running import Home
from warehouse.settings import Settings

WORDS = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n<v Agent>Halo</v>\n"


def file(name: str, source: str = "captions", records: int = 1, waits_for: str = "date") -> dict:
    return {
        "source_system": source, "name": name, "waits_for": waits_for, "records": records,
        "conversations": 1, "since": "2026-03-02T02:00:00+00:00",
    }  # fmt: skip


def test_a_line_for_each_source_and_missing_thing():
    assert list(summary([])) == []
    files = [file("b", "x", 2, "message"), file("a"), file("c", "captions", 1200)]
    assert list(summary(files)) == [
        "waiting captions: 1,201 records of 2 files for a date, since 2026-03-02",
        "waiting x: 2 records of 1 file for a message, since 2026-03-02",
    ]
    assert list(listing(files[1:], 1)) == [
        "waiting captions: 1,201 records of 2 files for a date, since 2026-03-02",
        "  deliver what dates the call: its contact record, call object, recording or vCon",
        "  a: 1 record since 2026-03-02T02:00:00+00:00",
        "  ... and 1 more file; see --limit",
    ]


@pytest.fixture
def waiting_home(tmp_path) -> Home:
    home = Home(tmp_path, tmp_path / "landing", tmp_path / "keys" / "handles.key")
    home.landing.mkdir()
    (home.landing / "helpdesk-78812.vtt").write_text(WORDS)
    deployment = Deployment(Settings(home.lake, home.landing, home.key_file))
    for step in (land_new_files, take_in, conform_new_records):
        step(deployment)
    return home


def test_rejects_and_verify_tell_of_what_waits(waiting_home):
    done = call_in(waiting_home, "rejects")
    assert done.exit_code == 0
    assert "nothing was rejected" in done.stdout
    assert "  helpdesk-78812.vtt: 2 records since 20" in done.stdout
    (found,) = json.loads(call_in(waiting_home, "rejects", "--json").stdout)["waiting"]
    assert (found["name"], found["waits_for"], found["records"]) == (
        "helpdesk-78812.vtt",
        "date",
        2,
    )
    assert "helpdesk" not in call_in(waiting_home, "rejects", "--reason", "bad_json").stdout
    assert "none was skipped" in call_in(waiting_home, "verify").stdout


def test_verify_finds_records_that_are_nowhere(waiting_home, monkeypatch):
    monkeypatch.setattr("warehouse.waiting.skipped", lambda lake: 3)
    done = call_in(waiting_home, "verify")
    assert done.exit_code == 1
    assert "3 accepted records are neither in silver nor waiting" in done.stdout
    assert call_in(waiting_home, "verify", "--quick").exit_code == 0
