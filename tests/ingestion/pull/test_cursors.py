"""Cursors on disk: the old one or the new one, for the right account, and one pull at a time."""

import subprocess
import sys

import pytest

from ingestion.pull import cursors as module
from ingestion.pull.base import PullProblem
from ingestion.pull.cursors import AlreadyPulling, CursorStore
from tests.ingestion.pull.pulled import Killed

ME = {"kind": "x", "of": "5"}


@pytest.fixture
def store(tmp_path):
    return CursorStore(tmp_path / "pull")


def test_what_is_saved_is_loaded(store):
    assert store.load("desk", ME) == {}
    store.save("desk", ME, {"since_id": "7", "going": {"token": "ü"}})
    assert store.load("desk", ME) == {"since_id": "7", "going": {"token": "ü"}}
    assert store.load("other", ME) == {}


def test_another_account_starts_over(store):
    store.save("desk", ME, {"since_id": "7"})
    assert store.load("desk", ME | {"of": "6"}) == {}


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"{}", b'{"format": 2}', b"\xff"])
def test_a_damaged_file_says_what_to_do(store, raw):
    store.save("desk", ME, {})
    store.path("desk").write_bytes(raw)
    with pytest.raises(PullProblem, match="remove it to pull from the start"):
        store.load("desk", ME)


def test_a_crash_while_saving_keeps_the_old_one(store, monkeypatch):
    store.save("desk", ME, {"n": 1})

    def die(handle):
        raise Killed

    monkeypatch.setattr(module.os, "fsync", die)
    with pytest.raises(Killed):
        store.save("desk", ME, {"n": 2})
    assert store.load("desk", ME) == {"n": 1}


def test_two_pulls_of_one_source_exclude_each_other_and_other_sources_do_not(store):
    with store.held("desk"):
        with pytest.raises(AlreadyPulling), store.held("desk"):
            pass
        with store.held("mail"):
            pass
    with store.held("desk"):
        pass


def test_a_killed_process_holds_nothing(store, tmp_path):
    held = (
        "import os, sys; from pathlib import Path; from ingestion.pull.cursors import CursorStore\n"
        "with CursorStore(Path(sys.argv[1])).held('desk'): os._exit(9)"
    )
    done = subprocess.run([sys.executable, "-c", held, str(tmp_path / "pull")], check=False)
    assert done.returncode == 9
    with store.held("desk"):
        pass
