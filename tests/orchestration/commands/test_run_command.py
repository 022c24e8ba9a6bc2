"""`lakehouse run` and `lakehouse sample`: what they print and what they refuse."""

import fcntl
import hashlib
import signal
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from calling import call_in

from orchestration.commands.report import print_account
from orchestration.commands.run import _reason
from tests.end_to_end.running import COMMAND
from warehouse.catalog import TABLES
from warehouse.settings import Settings

SMALL = ("--customers", "20", "--interactions", "20")


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def test_json_accounts_for_everything(made):
    home, facts = made
    files = sum(1 for path in home.landing.rglob("*") if path.is_file())
    assert facts["failures"] == []
    assert facts["work"] is True
    assert sum(row["files"] for row in facts["coverage"]) == files
    for row in facts["coverage"]:
        assert row["received"] == row["accepted"] + row["duplicates"] + row["rejected"]
        assert row["rejected"] == sum(row["reasons"].values())
    assert set(facts["tables"]) == set(TABLES)
    assert facts["marts"]["customer_360"] > 0


def test_people_are_told_what_next(made, capsys):
    home, facts = made
    settings = Settings(home.lake, home.landing, home.key_file)
    print_account(settings, facts | {"work": False})
    shown = capsys.readouterr().out
    assert "received = accepted + duplicates + rejected" in shown
    assert "silver.turns" in shown
    assert "marts.customer_360" in shown
    assert "no work was done twice" in shown
    for command in ("lakehouse query", "lakehouse customer P", "lakehouse trace", "make ui"):
        assert command in shown


def test_what_waits_for_a_date_is_told(made, capsys):
    home, facts = made
    file = {"source_system": "captions", "name": "a.vtt", "conversations": 1, "records": 3}
    file |= {"waits_for": "date", "since": "2026-03-02T02:00:00+00:00"}
    status = file | {"source_system": "x", "waits_for": "message"}
    settings = Settings(home.lake, home.landing, home.key_file)
    print_account(settings, facts | {"waiting": [file, status]})
    shown = capsys.readouterr().out
    assert "waiting captions: 3 records of 1 file for a date, since 2026-03-02" in shown
    assert "waiting x" not in shown
    print_account(settings, facts | {"waiting": []})
    assert "  waiting " not in capsys.readouterr().out


def test_failures_are_named(made, capsys):
    home, facts = made
    settings = Settings(home.lake, home.landing, home.key_file)
    name = "silver/turns: unique_key"
    print_account(settings, facts | {"failures": [name], "reasons": {name: "the [check] failed"}})
    shown = capsys.readouterr().out
    assert f"failed: {name}\n    the [check] failed" in shown
    assert "Done" not in shown


def test_the_reason_of_a_failed_step_is_its_root():
    root = SimpleNamespace(
        message="orchestration.steps.build.Odd: one. two: three\nmore", cause=None
    )
    outer = SimpleNamespace(message="dagster.Retry: x", cause=root)
    assert _reason(outer) == "Odd: one. two: three"
    assert _reason(SimpleNamespace(message="plain words", cause=None)) == "plain words"
    assert _reason(None) == "see Dagster's log"


def test_suggested_commands_work(call, made, capsys):
    home, facts = made
    print_account(Settings(home.lake, home.landing, home.key_file), facts)
    shown = capsys.readouterr().out.splitlines()
    commands = [line.strip() for line in shown if line.startswith("  lakehouse ")]
    assert len(commands) == 3
    for command in commands:
        first, rest = command.removeprefix("lakehouse ").split(" ", 1)
        arguments = [rest.strip('"')] if first == "query" else rest.split()
        assert call(first, *arguments).exit_code == 0, command


def test_missing_landing_folder(nowhere):
    done = call_in(nowhere, "run")
    assert done.exit_code == 1
    assert "lakehouse sample" in done.stderr
    assert not nowhere.root.exists()


def test_second_run_at_the_same_time(home, call):
    with (home.lake / "_locks" / "run.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = call("run", "--json")
    assert (done.exit_code, done.stdout) == (3, "")
    assert "another run is working on this lake" in done.stderr


def test_sample_is_written_once(nowhere):
    assert call_in(nowhere, "sample", *SMALL).exit_code == 0
    before = _digest(nowhere.landing)
    again = call_in(nowhere, "sample", *SMALL, "--seed", "8")
    assert again.exit_code == 0
    assert "already holds files; nothing written" in again.stderr
    assert _digest(nowhere.landing) == before


def test_sample_into_an_empty_folder(nowhere):
    nowhere.landing.mkdir(parents=True)
    assert call_in(nowhere, "sample", *SMALL).exit_code == 0
    assert any(nowhere.landing.iterdir())


@pytest.mark.parametrize("wrong", [("--customers", "3"), ("--interactions", "0")])
def test_sample_of_no_size(nowhere, wrong):
    done = call_in(nowhere, "sample", *wrong)
    assert done.exit_code == 2
    assert "at least 20 customers" in done.stderr
    assert not nowhere.landing.exists()


def test_interrupted_sample_leaves_no_half(nowhere):
    process = subprocess.Popen(
        [COMMAND, "sample", "--interactions", "600"],
        env=nowhere.environment,
        stderr=subprocess.DEVNULL,
    )
    unfinished = nowhere.landing.with_name("landing.unfinished")
    while process.poll() is None and not unfinished.exists():
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert unfinished.exists() != nowhere.landing.exists()
    done = call_in(nowhere, "sample", "--interactions", "600")
    assert done.exit_code == 0
    assert not unfinished.exists()
    whole = nowhere.root / "whole"
    assert (
        call_in(nowhere, "sample", "--interactions", "600", "--landing", str(whole)).exit_code == 0
    )
    assert _digest(nowhere.landing) == _digest(whole)
