"""Runs whose process is gone give back what they hold; living ones keep it."""

import dagster as dg
import pytest

from orchestration.dead_runs import lake_tags, settle_dead_runs
from orchestration.run_lock import only_run
from tests.orchestration.test_run_lock import _holder, _kill

POOL = "one_writer"
SETTINGS = {"concurrency": {"pools": {"default_limit": 1, "granularity": "op"}}}


@dg.op(pool=POOL)
def write():
    return None


@dg.job(executor_def=dg.in_process_executor)
def writing():
    write()


@pytest.fixture
def instance():
    with dg.instance_for_test(overrides=SETTINGS) as made:
        yield made


def _started(instance, lake):
    """A run as a killed process leaves it: started, with a slot of the pool."""
    run = instance.create_run_for_job(writing, tags=lake_tags(lake) if lake else {})
    instance.report_dagster_event(
        dg.DagsterEvent("PIPELINE_START", writing.name), run_id=run.run_id
    )
    storage = instance.event_log_storage
    storage.initialize_concurrency_limit_to_default(POOL)
    storage.claim_concurrency_slot(POOL, run.run_id, "write")
    return run.run_id


def _status(instance, run_id):
    return instance.get_run_by_id(run_id).status


def _holders(instance):
    info = instance.event_log_storage.get_concurrency_info(POOL)
    return {slot.run_id for slot in info.claimed_slots}


def test_killed_run_is_marked_and_its_slot_is_free(instance, tmp_path):
    dead = _started(instance, tmp_path)
    assert _holders(instance) == {dead}
    with only_run(tmp_path):
        assert settle_dead_runs(instance, tmp_path) == [dead]
        assert _status(instance, dead) == dg.DagsterRunStatus.FAILURE
        assert _holders(instance) == set()
        assert writing.execute_in_process(instance=instance).success
        assert settle_dead_runs(instance, tmp_path) == []


def test_own_run_is_left_alone(instance, tmp_path):
    own = _started(instance, tmp_path)
    with only_run(tmp_path):
        assert settle_dead_runs(instance, tmp_path, own=own) == []
    assert _status(instance, own) == dg.DagsterRunStatus.STARTED
    assert _holders(instance) == {own}


def test_run_on_another_lake_is_asked_whether_it_lives(instance, tmp_path):
    mine, other = tmp_path / "mine", tmp_path / "other"
    run = _started(instance, other)
    holder = _holder(other)
    with only_run(mine):
        assert settle_dead_runs(instance, mine) == []
        assert _holders(instance) == {run}
        _kill(holder)
        assert settle_dead_runs(instance, mine) == [run]
        assert _holders(instance) == set()


def test_run_that_has_not_reached_the_lake_is_not_judged(instance, tmp_path):
    run = _started(instance, None)
    with only_run(tmp_path):
        assert settle_dead_runs(instance, tmp_path) == []
    assert _status(instance, run) == dg.DagsterRunStatus.STARTED


def test_slot_of_a_finished_run_is_free(instance, tmp_path):
    run = _started(instance, tmp_path)
    instance.report_run_failed(instance.get_run_by_id(run))
    assert _holders(instance) == {run}
    with only_run(tmp_path):
        assert settle_dead_runs(instance, tmp_path) == []
    assert _holders(instance) == set()
