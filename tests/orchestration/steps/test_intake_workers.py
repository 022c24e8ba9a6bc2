"""Batches that are read in several processes: the same lake, also when a process is lost."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from deliveries import contents, deployment, put, said, webhook
from joserfc.jwk import RSAKey

from ingestion.connectors.vcon_keys import VconKeys
from orchestration.steps import intake as step
from orchestration.steps import workers
from orchestration.steps.deployment import Deployment
from orchestration.steps.intake import take_in
from orchestration.steps.land import land_new_files
from orchestration.steps.workers import WorkerLost, map_in_order

BRONZE = ("bronze.payloads", "bronze.records", "bronze.restatements", "bronze.rejects",
          "bronze.readings", "bronze.coverage")  # fmt: skip


def delivered(folder: Path) -> Deployment:
    """Two files with facts in common, one of lines with a bad one."""
    made = deployment(folder)
    lines = [webhook(messages=[said(n, n, "halo")]) for n in range(30)]
    put(made, "a.jsonl", "\n".join([*lines[:20], "{", *lines[5:9]]))
    put(made, "b.jsonl", "\n".join(lines[15:]))
    land_new_files(made)
    return made


@pytest.fixture
def cheap_pool(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two workers that load nothing in advance, and are gone afterwards."""
    monkeypatch.setattr(workers, "WORKERS", 2)
    monkeypatch.setattr(workers, "_PRELOADED", [])
    workers._pool.cache_clear()
    yield
    workers._pool().shutdown()
    workers._pool.cache_clear()


@pytest.mark.usefixtures("cheap_pool")
def test_workers_change_nothing_and_a_lost_one_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(WorkerLost):
        list(map_in_order(os._exit, [9]))
    # Those who come later get new workers.
    assert list(map_in_order(abs, range(-9, 0))) == list(range(9, 0, -1))
    here = delivered(tmp_path / "here")
    report = take_in(here)
    assert (report.accepted, report.rejected) == (60, 1)
    monkeypatch.setattr(step, "WORTH_WORKERS", 0)
    there = delivered(tmp_path / "there")
    assert take_in(there) == report
    assert contents(there, BRONZE) == contents(here, BRONZE)


def test_after_a_lost_worker_the_batch_is_read_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def lost(work: Any, parts: Any) -> Iterator[Any]:
        yield work(next(iter(parts)))
        raise WorkerLost

    monkeypatch.setattr(step, "WORTH_WORKERS", 0)
    monkeypatch.setattr(step, "map_in_order", lost)
    made = delivered(tmp_path)
    report = take_in(made)
    assert (report.received, report.accepted, report.rejected) == (79, 60, 1)
    assert not (made.lake.root / "_control" / "reading").exists()


def test_private_keys_stay_in_this_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = delivered(tmp_path)
    files = step._files(made, 1)
    monkeypatch.setattr(step, "WORTH_WORKERS", 0)
    assert step._worth_workers(files)
    keys = VconKeys(((RSAKey.generate_key(2048), ""),))
    (reader,) = [c for c in step.connectors() if c.name == "vcon"]
    object.__setattr__(reader, "keys", keys)
    for file in files:
        object.__setattr__(file, "connector", "vcon")
    monkeypatch.setattr(step, "connectors", lambda: (reader,))
    assert not step._worth_workers(files)
