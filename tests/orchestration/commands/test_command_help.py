"""Every command explains itself, and says what to do where nothing is yet."""

import pytest
from calling import call_in
from typer.main import get_command

from orchestration.cli import app

COMMANDS = sorted(get_command(app).commands)
READING = {
    "query": ["select 1"],
    "customer": ["C-000001"],
    "trace": ["customer_360", "P1", "churn_level"],
    "verify": [],
    "rejects": [],
}


def test_the_commands_of_the_design_exist():
    assert set(COMMANDS) >= {
        "run",
        "query",
        "customer",
        "annotate",
        "trace",
        "verify",
        "rejects",
        "doctor",
    }


@pytest.mark.parametrize("command", COMMANDS)
def test_help_shows_an_example(call, command):
    done = call(command, "--help")
    assert done.exit_code == 0
    assert f"Example: lakehouse {command}" in done.stdout or "| lakehouse" in done.stdout
    assert "--help" in done.stdout


def test_without_arguments_the_help_lists_all(call):
    done = call()
    assert all(command in done.output for command in COMMANDS)


@pytest.mark.parametrize("command", READING)
def test_no_lake_yet(nowhere, command):
    done = call_in(nowhere, command, *READING[command])
    assert done.exit_code == 1
    assert str(nowhere.lake) in done.stderr
    assert "lakehouse run" in done.stderr
    assert "--lake" in done.stderr
    assert not nowhere.root.exists(), "a question made files"


@pytest.mark.parametrize("command", ["query", "trace"])
def test_nothing_published_yet(nowhere, command):
    nowhere.lake.mkdir(parents=True)
    done = call_in(nowhere, command, *READING[command])
    assert done.exit_code == 1
    assert "nothing is published yet; run `lakehouse run`" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [["query"], ["trace", "customer_360"], ["nope"], ["rejects", "--limit", "-1"]],
    ids=lambda arguments: " ".join(arguments),
)
def test_wrong_usage_exits_2(call, arguments):
    assert call(*arguments).exit_code == 2
