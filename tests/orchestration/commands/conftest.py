"""One small lake made by the real commands, and calls of the command line in this process."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from calling import call_in
from click.testing import Result

from tests.end_to_end.running import Home

Call = Callable[..., Result]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, dict[str, Any]]:
    """A home after `lakehouse sample` and `lakehouse run --json`, and what the run printed."""
    root = tmp_path_factory.mktemp("commands")
    home = Home(root, root / "landing", root / "keys" / "handles.key")
    done = home.call("sample", "--customers", "30", "--interactions", "100")
    assert done.returncode == 0, done.stderr
    return home, home.run()


@pytest.fixture(scope="session")
def home(made) -> Home:
    return made[0]


@pytest.fixture(scope="session")
def truth(home: Home) -> Callable[[str], list[dict[str, Any]]]:
    """Rows of one truth file of the sample."""

    def rows(name: str) -> list[dict[str, Any]]:
        lines = (home.root / "landing-truth" / f"{name}.jsonl").read_text("utf-8").splitlines()
        return [json.loads(line) for line in lines]

    return rows


@pytest.fixture(scope="session")
def leaks(home: Home) -> Callable[[str], list[str]]:
    """Invented personal data of the sample that a text shows."""
    lines = (home.root / "landing-truth" / "canaries.txt").read_text("utf-8").splitlines()
    canaries = [line.strip().lower() for line in lines if len(line.strip()) >= 6]
    assert len(canaries) > 50

    def found(text: str) -> list[str]:
        lowered = text.lower()
        return [
            canary
            for canary in canaries
            if canary in lowered
            and re.search(rf"(?<![0-9a-z]){re.escape(canary)}(?![0-9a-z])", lowered)
        ]

    return found


@pytest.fixture
def call(home: Home) -> Call:
    return lambda *arguments, **more: call_in(home, *arguments, **more)


@pytest.fixture
def ask(call: Call) -> Callable[[str], list[dict[str, Any]]]:
    """Rows of a query."""

    def rows(sql: str) -> list[dict[str, Any]]:
        done = call("query", sql, "--format", "json")
        assert done.exit_code == 0, done.stderr
        return [json.loads(line) for line in done.stdout.splitlines()]

    return rows


@pytest.fixture
def copy(home: Home, tmp_path: Path) -> Home:
    """The same lake at another place, for tests that damage it."""
    shutil.copytree(home.lake, tmp_path / "lake", symlinks=True)
    return Home(tmp_path, home.landing, home.key_file)


@pytest.fixture
def nowhere(home: Home, tmp_path: Path) -> Home:
    """No lake, no key, no landing folder."""
    return Home(tmp_path / "new", tmp_path / "new" / "landing", tmp_path / "new" / "key")
