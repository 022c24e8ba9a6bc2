"""`lakehouse rejects`: what was refused and where, and reading it again after a fix."""

import fcntl
import json

from calling import call_in

from ingestion.connectors.email import EmailConnector
from orchestration.steps.deployment import Deployment
from orchestration.steps.intake import take_in
from orchestration.steps.land import land_new_files
from tests.end_to_end.running import Home
from warehouse.checks import accepted_are_stored, everything_accounted, unique_key
from warehouse.readings import coverage, rejects
from warehouse.settings import Settings


def test_rejects_are_counted_as_in_coverage(call, made):
    _, facts = made
    found = json.loads(call("rejects", "--json", "--limit", "10000").stdout)
    counted = {
        (row["kind"], reason): count
        for row in facts["coverage"]
        for reason, count in row["reasons"].items()
    }
    assert {(r["connector"], r["reason"]): r["count"] for r in found["by_reason"]} == counted
    assert all(1 <= row["files"] <= row["count"] for row in found["by_reason"])
    assert found["total"] == len(found["rejects"]) == sum(counted.values())
    assert sum(row["rejected"] for row in facts["coverage"]) == found["total"]


def test_rejects_of_one_reason(call):
    found = json.loads(call("rejects", "--json", "--reason", "bad_json").stdout)
    assert found["total"] > 0
    assert {row["reason"] for row in found["rejects"]} == {"bad_json"}


def test_unknown_reason_lists_the_known(call):
    done = call("rejects", "--reason", "nope")
    assert done.exit_code == 0
    assert "no reject has reason nope; there are bad_" in done.stdout


def test_limit(call):
    done = call("rejects", "--limit", "2")
    assert done.exit_code == 0
    assert "more; see --limit and --reason" in done.stdout
    assert len(json.loads(call("rejects", "--limit", "0", "--json").stdout)["rejects"]) == 0


def test_rejects_show_places_but_no_content(call, leaks, home):
    shown = call("rejects", "--limit", "10000").output
    shown += call("rejects", "--limit", "10000", "--json").output
    assert "truncated.vcon.json" in shown
    assert leaks(shown) == []
    broken = next(home.landing.rglob("truncated.vcon.json")).read_text("utf-8")
    assert broken[100:140] not in shown


def test_nothing_rejected(nowhere):
    nowhere.lake.mkdir(parents=True)
    done = call_in(nowhere, "rejects")
    assert (done.exit_code, done.stdout) == (0, "nothing was rejected\n")


def test_replay_reads_what_is_known_now(home, tmp_path, monkeypatch):
    landing = tmp_path / "landing"
    landing.mkdir()
    for number in (1, 2):
        lines = [
            f"From: Sari Dewi <sari{number}@example.com>",
            "To: bantuan@telivara.example",
            "Date: Fri, 10 Oct 2025 09:00:00 +0700",
            f"Message-ID: <mail-{number}@example.com>",
            "Subject: Tagihan",
        ]
        (landing / f"{number}.eml").write_text("\r\n".join([*lines, "", "tagihan dua kali", ""]))
    (landing / "foto.jpg").write_bytes(b"\xff\xd8")
    at = Home(tmp_path, landing, home.key_file)
    with monkeypatch.context() as patch:
        patch.setattr(EmailConnector, "recognises", lambda self, name, head: False)
        lake = deployment_of(at)
        land_new_files(lake)
        take_in(lake)
        done = call_in(at, "rejects", "--replay")
        assert "3 files are still of no known format" in done.stdout
    done = call_in(at, "rejects", "--replay", "--reason", "unsupported_format", "--json")
    found = json.loads(done.stdout)
    assert (found["rejects"], found["files"], found["unknown"]) == (3, 3, 1)
    assert (found["accepted"], found["duplicates"], found["still"]) == (4, 0, {})
    left = json.loads(call_in(at, "rejects", "--json").stdout)
    assert [row["name"] for row in left["rejects"]] == ["foto.jpg"]


def test_replay_after_a_raised_limit_counts_nothing_twice(home, tmp_path, monkeypatch):
    """One long row of three was refused; its neighbours stay accepted and are not doubled."""
    landing = tmp_path / "landing"
    landing.mkdir()
    header = "crm_id,name,email,updated_at\n"
    rows = [
        f"C-{n},Sari{' Dewi' * (60 * n)},s{n}@example.com,2026-10-01T09:00:00+07:00\n"
        for n in range(3)
    ]
    (landing / "crm.csv").write_text(header + "".join(rows))
    at = Home(tmp_path, landing, home.key_file)
    lake = deployment_of(at)
    land_new_files(lake)
    with monkeypatch.context() as patch:
        patch.setattr("ingestion.connectors.tabular_reading.ROW_BYTES", 500)
        take_in(lake)
        (reject,) = rejects(lake.lake)
        assert (reject["reason"], reject["position"]) == ("too_large", "row 3")
        again = json.loads(call_in(at, "rejects", "--replay", "--json").stdout)
        assert again == {"rejects": 1, "files": 1, "unknown": 0, "accepted": 0, "duplicates": 0,
                         "still": {"too_large": 1}}  # fmt: skip
        assert "too_large 1" in call_in(at, "rejects", "--replay").stdout
    shown = call_in(at, "rejects", "--replay", "--reason", "too_large").stdout
    assert "1 items more are accepted, 0 more are duplicates" in shown
    (row,) = coverage(lake.lake)
    assert [row[n] for n in ("received", "accepted", "duplicates", "rejected")] == [3, 3, 0, 0]
    for check in (everything_accounted(lake.lake), accepted_are_stored(lake.lake)):
        assert check.passed, check.detail
    assert unique_key(lake.lake, "bronze.payloads").passed
    assert "no such reject" in call_in(at, "rejects", "--replay", "--reason", "too_large").stdout


def test_replay_waits_for_no_run(copy):
    folder = copy.lake / "_locks"
    folder.mkdir(exist_ok=True)
    with (folder / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = call_in(copy, "rejects", "--replay")
    assert done.exit_code == 3
    assert "another run" in done.stderr


def test_replay_needs_a_lake(nowhere):
    assert call_in(nowhere, "rejects", "--replay").exit_code == 1


def deployment_of(at: Home) -> Deployment:
    at.key_file.parent.mkdir(parents=True, exist_ok=True)
    return Deployment(Settings(at.lake, at.landing, at.key_file))
