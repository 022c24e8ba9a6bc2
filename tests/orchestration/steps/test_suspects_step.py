"""A file that ends the process is set aside by the next run; all others are read."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deliveries import deployment, put, run, said, webhook

from ingestion.connectors.whatsapp import WhatsAppConnector
from ingestion.trial import main
from orchestration.steps import intake as step
from orchestration.steps.deployment import Deployment
from orchestration.steps.intake import take_in
from orchestration.steps.land import land_new_files
from orchestration.steps.suspects import REASON, Suspects
from warehouse.checks import accepted_are_stored, everything_accounted
from warehouse.readings import coverage, rejects

FILES = {f"{name}.json": webhook(messages=[said(n, n, "halo")]) for n, name in enumerate("abc")}


@pytest.fixture
def at(tmp_path: Path) -> Deployment:
    made = deployment(tmp_path)
    for name, content in FILES.items():
        put(made, name, content)
    land_new_files(made)
    return made


DEADLY = """
import os, signal, sys
from pathlib import Path
from ingestion.connectors.whatsapp import WhatsAppConnector
from orchestration.steps.deployment import Deployment
from orchestration.steps.intake import take_in
from warehouse.settings import Settings

lake, landing, key, content = sys.argv[1:]
fetch = WhatsAppConnector.fetch

def deadly(self, path):
    if path.read_text() == content:
        os.kill(os.getpid(), signal.SIGKILL)
    return fetch(self, path)

WhatsAppConnector.fetch = deadly
take_in(Deployment(Settings(Path(lake), Path(landing), Path(key))))
"""


def killed_while_reading(at: Deployment, name: str) -> None:
    """Another process takes the batch in and is killed while it reads this file."""
    places = (at.settings.lake, at.settings.landing, at.settings.key_file)
    done = subprocess.run(
        [sys.executable, "-c", DEADLY, *map(str, places), FILES[name]],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        check=False,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr


def counted(at: Deployment) -> dict[str, tuple[int, int]]:
    return {row["name"]: (row["accepted"], row["rejected"]) for row in coverage(at.lake)}


def test_a_run_that_was_killed_for_another_reason_loses_nothing(at: Deployment) -> None:
    killed_while_reading(at, "b.json")
    assert not at.lake.exists("bronze.coverage")
    run(at)
    assert counted(at) == {"a.json": (2, 0), "b.json": (2, 0), "c.json": (2, 0)}
    assert not (at.lake.root / "_control" / "reading").exists()


def test_a_file_that_ends_the_process_is_set_aside(
    at: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed_while_reading(at, "b.json")
    # The trial stands for any death: it has too little memory to start.
    monkeypatch.setattr(step, "Suspects", lambda root: Suspects(root, (1 << 20,)))
    run(at)
    assert counted(at) == {"a.json": (2, 0), "b.json": (0, 1), "c.json": (2, 0)}
    (reject,) = rejects(at.lake)
    assert (reject["reason"], reject["name"]) == (REASON, "b.json")
    for check in (everything_accounted(at.lake), accepted_are_stored(at.lake)):
        assert check.passed, check.detail
    noted = json.loads((at.lake.root / "_control" / "suspects.json").read_text())
    assert noted == [reject["file_sha256"]]


def test_an_error_that_the_program_sees_makes_no_suspect(
    at: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(step, "_commit", lambda *args: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        take_in(at)
    assert not (at.lake.root / "_control" / "reading").exists()
    monkeypatch.undo()
    run(at)
    assert not (at.lake.root / "_control" / "suspects.json").exists()


@pytest.mark.parametrize(
    ("connector", "content", "code"),
    [("whatsapp", FILES["a.json"], 0), ("whatsapp", "{", 0), ("no such", "{", 0)],
)
def test_a_trial_of_a_file_that_ends_is_passed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, connector: str, content: str, code: int
) -> None:
    monkeypatch.setattr("resource.setrlimit", lambda *args: None)
    path = tmp_path / "file"
    path.write_text(content)
    assert main(connector, path, "a.json") == code


@pytest.mark.parametrize(("error", "code"), [(MemoryError(), 1), (RecursionError(), 0)])
def test_only_exhausted_memory_fails_a_trial(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, code: int
) -> None:
    def failing(self: Any, payload: Any) -> Iterator[Any]:
        raise error

    monkeypatch.setattr("resource.setrlimit", lambda *args: None)
    monkeypatch.setattr(WhatsAppConnector, "parse", failing)
    path = tmp_path / "file"
    path.write_text(FILES["a.json"])
    assert main("whatsapp", path, "a.json") == code
