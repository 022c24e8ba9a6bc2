"""The code location loads from both entry points and holds what the design names."""

import os
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from ingestion.collect.journal import Journal, journal_folder
from ingestion.collect.records import Entry
from orchestration.resources import LakehouseResource
from warehouse.catalog import TABLES

ROOT = Path(__file__).parents[2]
GROUPS = {"landing", "bronze", "silver", "gold", "published"}


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    from orchestration.definitions import defs

    return defs()


@pytest.fixture(scope="module")
def graph(definitions):
    return definitions.resolve_asset_graph()


def _keys(graph) -> set[str]:
    return {key.to_user_string() for key in graph.materializable_asset_keys}


def test_every_table_of_the_catalogue_is_an_asset(graph):
    assert {name.replace(".", "/") for name in TABLES} <= _keys(graph)


def test_marts_and_published_copies_are_assets(graph):
    marts = {"customer_360", "customer_timeline", "contact_drivers_daily", "churn_watchlist"}
    assert {f"gold/{name}" for name in marts} <= _keys(graph)
    assert {f"published/{name}" for name in marts} | {"published/snapshot"} <= _keys(graph)


def test_assets_are_grouped_owned_and_described(graph):
    for key in graph.materializable_asset_keys:
        node = graph.get(key)
        assert node.group_name in GROUPS, key
        assert node.description, key
        assert node.owners, key
        assert node.kinds, key


def test_lake_assets_carry_their_columns(graph):
    for name in TABLES:
        metadata = graph.get(dg.AssetKey(name.split("."))).metadata
        schema = metadata["dagster/column_schema"]
        assert [column.name for column in schema.columns] == TABLES[name].schema.names
        assert all(column.description for column in schema.columns)


def test_lineage_reaches_from_the_customer_360_to_the_landed_files(graph):
    wanted, seen = [dg.AssetKey(["gold", "customer_360"])], set()
    while wanted:
        key = wanted.pop()
        if key not in seen:
            seen.add(key)
            wanted += graph.get(key).parent_keys
    assert dg.AssetKey(["bronze", "landed_files"]) in seen
    assert dg.AssetKey(["silver", "annotations"]) in seen


def test_checks_block_and_dbt_tests_are_checks(graph):
    checks = {(k.asset_key.to_user_string(), k.name) for k in graph.asset_check_keys}
    assert ("bronze/coverage", "received_is_accounted") in checks
    assert {(name.replace(".", "/"), "unique_key") for name in TABLES} <= checks
    assert any(asset == "gold/customer_360" for asset, _ in checks)


def test_every_writer_has_a_pool_and_retries(definitions):
    for asset in definitions.resolve_asset_graph().assets_defs:
        if not asset.is_materializable:
            continue
        assert asset.op.pool, asset.op.name
        policy = asset.op.retry_policy
        assert policy.backoff is dg.Backoff.EXPONENTIAL
        assert policy.jitter is not None


def test_schedule_runs_daily_in_jakarta(definitions):
    schedule = definitions.resolve_schedule_def("daily")
    assert (schedule.cron_schedule, schedule.execution_timezone) == ("0 2 * * *", "Asia/Jakarta")


def test_landing_sensor_asks_once_per_state(definitions, tmp_path, monkeypatch):
    monkeypatch.setenv("LAKEHOUSE_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("LAKEHOUSE_LANDING", str(tmp_path / "landing"))
    sensor = definitions.resolve_sensor_def("landing")

    def evaluate():
        with (
            dg.DagsterInstance.ephemeral() as instance,
            dg.build_sensor_context(
                instance=instance, resources={"lakehouse": LakehouseResource()}
            ) as context,
        ):
            return sensor.evaluate_tick(context)

    assert "does not exist" in evaluate().skip_message
    (tmp_path / "landing").mkdir()
    assert evaluate().skip_message == "no new file"
    (tmp_path / "landing" / "one.eml").write_text("Subject: a\n\nb")
    first, again = evaluate().run_requests, evaluate().run_requests
    assert first[0].run_key == again[0].run_key
    (tmp_path / "landing" / "two.eml").write_text("Subject: a\n\nb")
    second = evaluate().run_requests[0].run_key
    assert second != first[0].run_key
    # A body that a killed collector had acknowledged is new as any file is.
    journal_folder(tmp_path / "landing").mkdir()
    journal = Journal(journal_folder(tmp_path / "landing"))
    journal.append([Entry("zendesk", b"", b'{"a":1}')])
    journal.seal()
    assert evaluate().run_requests[0].run_key != second
    assert list((tmp_path / "landing" / "webhooks" / "zendesk").iterdir())


@pytest.mark.parametrize(
    "command",
    [
        ["dagster", "definitions", "validate", "-w", "workspace.yaml"],
        ["dg", "check", "defs"],
    ],
    ids=["workspace.yaml", "[tool.dg]"],
)
def test_loads_from_both_entry_points(command, tmp_path):
    executable = Path(sys.executable).with_name(command[0])
    done = subprocess.run(
        [str(executable), *command[1:]],
        cwd=ROOT,
        env={**os.environ, "DAGSTER_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
