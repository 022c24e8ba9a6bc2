"""Files in the landing folder: whole or not at all, once, and before their cursor."""

import os
from pathlib import Path

import pytest

from ingestion.landing import listing
from ingestion.pull import delivery as module
from ingestion.pull.base import Answer
from ingestion.pull.delivery import Delivery


def answers(count):
    return [Answer("pages", "json", f'{{"n": {n}}}'.encode(), 1) for n in range(count)]


@pytest.mark.parametrize("count", [0, 1, 3, 40])
def test_every_answer_is_one_listed_file(tmp_path, count):
    found = Delivery(tmp_path, "desk").deliver(answers(count))
    assert (found.files, found.repeats) == (count, 0)
    listed = listing(tmp_path)
    assert sorted(a.path.read_bytes() for a in listed) == sorted(a.content for a in answers(count))
    assert all(a.name.startswith("desk/pages/") and a.name.endswith(".json") for a in listed)


def test_equal_answers_are_one_file(tmp_path):
    target = Delivery(tmp_path, "desk")
    found = target.deliver([*answers(2), *answers(1)])
    assert (found.files, found.repeats, found.size_bytes) == (2, 1, 16)
    again = target.deliver(answers(2))
    assert (again.files, again.repeats, again.size_bytes) == (0, 2, 0)


def test_a_file_without_its_bytes_is_written_again(tmp_path):
    target = Delivery(tmp_path, "desk")
    target.deliver(answers(1))
    target.path(answers(1)[0]).write_bytes(b"")
    assert target.deliver(answers(1)).files == 1
    assert target.path(answers(1)[0]).read_bytes() == answers(1)[0].content


def test_what_a_killed_pull_left_is_hidden_and_goes(tmp_path):
    half = tmp_path / "desk" / ".unfinished" / "abc.json"
    half.parent.mkdir(parents=True)
    half.write_bytes(b"{")
    assert listing(tmp_path) == []
    Delivery(tmp_path, "desk").deliver(answers(1))
    assert not half.exists()


@pytest.mark.parametrize("count", [3, 40])
def test_bytes_are_durable_before_they_get_their_name(tmp_path, monkeypatch, count):
    """Every rename comes after the sync of its file, every return after that of its folder."""
    told = []
    real_replace, real_fsync, real_sync = type(tmp_path).replace, os.fsync, os.sync

    def fsync(handle):
        told.append(("sync", str(Path(f"/proc/self/fd/{handle}").readlink())))
        real_fsync(handle)

    def replace(path, target):
        told.append(("name", str(path), str(target)))
        return real_replace(path, target)

    def sync():
        told.append(("sync all",))
        real_sync()

    monkeypatch.setattr(module.os, "fsync", fsync)
    monkeypatch.setattr(module.os, "sync", sync)
    monkeypatch.setattr(type(tmp_path), "replace", replace)
    Delivery(tmp_path, "desk").deliver(answers(count))
    names = [entry for entry in told if entry[0] == "name"]
    assert len(names) == count
    for entry in names:
        before, after = told[: told.index(entry)], told[told.index(entry) :]
        assert ("sync", entry[1]) in before or ("sync all",) in before
        folders = {str(parent) for parent in type(tmp_path)(entry[2]).parents}
        assert {("sync", f) for f in folders if f.startswith(str(tmp_path))} <= set(after)
