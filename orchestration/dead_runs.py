"""Settles what a killed run leaves in Dagster's books.

Dagster gives a pool's slot back when a step ends. A process that is killed ends nothing: its run
stays `STARTED`, its slots stay taken and every later run would wait for ever. The lake's run lock
tells which of these runs still live.
"""

from pathlib import Path

import dagster as dg
from dagster import DagsterRunStatus, RunsFilter

from orchestration.run_lock import is_working

LAKE_TAG = "lakehouse/lake"
"""Tag of a Dagster run: the folder of the lake that it works on."""

_UNFINISHED = [
    DagsterRunStatus.STARTING,
    DagsterRunStatus.STARTED,
    DagsterRunStatus.CANCELING,
]


def lake_tags(lake: Path) -> dict[str, str]:
    """Tags that say which lake a run works on."""
    return {LAKE_TAG: str(lake.resolve())}


def settle_dead_runs(instance: dg.DagsterInstance, lake: Path, *, own: str = "") -> list[str]:
    """Close the books of runs whose process is gone; call while holding the lock of `lake`.

    `own` is the id of the run that asks. Returns the ids of the runs that were marked as failed.
    """
    mine = str(lake.resolve())
    dead = []
    for run in instance.get_runs(RunsFilter(statuses=_UNFINISHED)):
        place = run.tags.get(LAKE_TAG)
        if run.run_id == own or place is None or (place != mine and is_working(Path(place))):
            continue
        instance.report_run_failed(run, "the process of this run was killed")
        dead.append(run.run_id)
    _free_slots(instance)
    return dead


def _free_slots(instance: dg.DagsterInstance) -> None:
    storage = instance.event_log_storage
    for run_id in storage.get_concurrency_run_ids():
        run = instance.get_run_by_id(run_id)
        if run is None or run.is_finished:
            storage.free_concurrency_slots_for_run(run_id)
