"""A run that Dagster's page or daemon starts holds the lake's lock like the command does."""

import subprocess
import sys

import dagster as dg
import pytest

from orchestration.dead_runs import LAKE_TAG
from orchestration.resources import LakehouseResource
from orchestration.run_lock import is_working, only_run

ASKING = """
import sys
from pathlib import Path
from orchestration.run_lock import is_working
print(is_working(Path(sys.argv[1])))
"""


@dg.op
def ask(context, lakehouse: LakehouseResource):
    done = subprocess.run(
        [sys.executable, "-c", ASKING, lakehouse.lake], capture_output=True, text=True, check=True
    )
    return done.stdout.strip()


@dg.job(executor_def=dg.in_process_executor)
def asking():
    ask()


@pytest.fixture
def lake(tmp_path):
    return tmp_path / "lake"


@pytest.fixture
def run(lake):
    def execute():
        resources = {"lakehouse": LakehouseResource(lake=str(lake))}
        with dg.instance_for_test() as instance:
            result = asking.execute_in_process(instance=instance, resources=resources)
            return result.output_for_node("ask"), instance.get_run_by_id(result.run_id)

    return execute


def test_others_are_locked_out_while_the_run_works(lake, run):
    answer, recorded = run()
    assert answer == "True"
    assert recorded.tags[LAKE_TAG] == str(lake)
    with only_run(lake) as alone:
        assert alone


def test_the_command_that_started_the_run_is_no_hindrance(lake, run):
    with only_run(lake):
        answer, _ = run()
        assert answer == "True"
    assert not is_working(lake)


def test_sensors_do_not_take_the_lock(lake):
    with (
        dg.build_resources({"lakehouse": LakehouseResource(lake=str(lake))}) as resources,
    ):
        assert resources.lakehouse.deployment().settings.lake == lake
    assert not lake.exists()
