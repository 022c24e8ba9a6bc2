"""Every command, option and make target that a page names exists."""

import re

import pytest
import typer
from pages import PAGES, README, ROOT, code_lines, text_of

from orchestration.cli import app

_COMMANDS = typer.main.get_command(app).commands
_CALL = re.compile(r"(?:^|\| |\$ ?)lakehouse ([a-z][a-z-]*)(.*)")
_OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)")


def options_of(name):
    """Options of a command and of the commands that it has."""
    command = _COMMANDS[name]
    parts = [command, *getattr(command, "commands", {}).values()]
    options = {option for part in parts for parameter in part.params for option in parameter.opts}
    return options | {"--help", "--"}


def calls():
    for page in PAGES:
        for line in code_lines(page):
            found = _CALL.search(line)
            if found:
                words = re.sub(r'"[^"]*"', "", found[2])
                yield pytest.param(found[1], _OPTION.findall(words), id=f"{page.stem}: {line[:50]}")


@pytest.mark.parametrize(("command", "options"), list(calls()))
def test_commands_and_their_options_exist(command, options):
    assert command in _COMMANDS
    assert set(options) <= options_of(command)


def test_the_command_table_is_complete_and_names_only_real_options():
    rows = re.findall(r"^\| `lakehouse (\w+)[^`]*` \| (.*) \|$", text_of(README), re.MULTILINE)
    assert [name for name, _ in rows] == list(_COMMANDS)
    for name, does in rows:
        assert set(_OPTION.findall(does)) <= options_of(name), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_make_targets_exist(page):
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    named = re.findall(r"(?:^|`)make ([a-z]+)", text_of(page), re.MULTILINE)
    assert set(named) <= set(targets)


def test_settings_are_those_of_the_code():
    pattern = re.compile(r"(?:DBT_ENV_SECRET_)?LAKEHOUSE_[A-Z_]*[A-Z]|DAGSTER_HOME")
    sources = [path for name in ("ingestion", "enrichment", "warehouse", "orchestration")
               for path in (ROOT / name).rglob("*.py")]  # fmt: skip
    read = {name for path in sources for name in pattern.findall(path.read_text("utf-8"))}
    read -= {"LAKEHOUSE_PROGRESS", "LAKEHOUSE_COMPANY"}  # set by the command; a prefix in a text
    stated = set(re.findall(r"^\| `([A-Z_]+)` \|", text_of(README), re.MULTILINE))
    assert stated == read
