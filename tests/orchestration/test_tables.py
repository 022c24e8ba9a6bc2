"""Assets and checks generated from the catalogue, and what the checks say of a broken lake."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import dagster as dg
import pyarrow as pa
import pytest

from orchestration.steps.deployment import Deployment
from orchestration.tables import asset_key, check_specs, results, spec
from warehouse.catalog import TABLES, table
from warehouse.settings import Settings


@pytest.fixture
def deployment(tmp_path: Path) -> Deployment:
    """An empty lake."""
    return Deployment(Settings(tmp_path / "lake", tmp_path / "landing", tmp_path / "key"))


def _rows(name: str, rows: list[dict[str, Any]]) -> pa.Table:
    schema = table(name).schema
    return pa.Table.from_pylist([dict.fromkeys(schema.names) | row for row in rows], schema=schema)


def _append(at: Deployment, name: str, *rows: dict[str, Any]) -> None:
    at.lake.append(name, _rows(name, list(rows)), app="test", sequence=rows[0].get("batch", 1))


def _file(batch: int, **counts: int) -> tuple[dict[str, Any], dict[str, Any]]:
    """A landed file and its line of account; what is not given is nothing."""
    place = {"file_sha256": f"{batch:064x}", "name": f"{batch}.csv", "batch": batch}
    nothing = dict.fromkeys(("received", "accepted", "duplicates", "rejected"), 0)
    return place, place | nothing | counts


def _outcomes(at: Deployment, *names: str) -> dict[tuple[str, str], dg.AssetCheckResult]:
    yielded = list(results(at, names, {}))
    checks = [one for one in yielded if isinstance(one, dg.AssetCheckResult)]
    return {(".".join(check.asset_key.path), check.check_name): check for check in checks}


@pytest.mark.parametrize("name", TABLES)
def test_specs_say_what_the_catalogue_says(name):
    definition, made = table(name), spec(name, ["bronze.records"])
    assert made.key == asset_key(name) == dg.AssetKey(name.split("."))
    assert made.owners == [f"team:{definition.owner}"]
    assert made.tags["personal_data"] == definition.pii
    assert made.description.startswith(definition.grain)
    assert [dep.asset_key for dep in made.deps] == [dg.AssetKey(["bronze", "records"])]
    columns = made.metadata["dagster/column_schema"].columns
    assert [(c.name, c.type) for c in columns] == [
        (field.name, str(field.type)) for field in definition.schema
    ]
    assert {c.name: c.description for c in columns} == dict(definition.column_descriptions)
    assert "dagster/column_lineage" not in made.metadata


def test_the_vault_is_shown_with_silver():
    assert spec("vault.handles", []).group_name == "silver"
    assert spec("bronze.records", []).group_name == "bronze"


def test_unknown_tables_are_refused():
    with pytest.raises(KeyError, match="known: "):
        spec("silver.nope", [])


def test_lineage_names_source_columns():
    lineage = {"tag": [("silver.turns", "redacted_text")], "score": []}
    made = spec("silver.annotations", ["silver.turns"], lineage=lineage)
    found = made.metadata["dagster/column_lineage"].deps_by_column
    assert found["tag"] == [dg.TableColumnDep(dg.AssetKey(["silver", "turns"]), "redacted_text")]
    assert found["score"] == []


@pytest.mark.parametrize("name", TABLES)
def test_every_check_but_the_one_that_only_tells_blocks_and_names_the_key(name):
    specs = check_specs([name])
    assert all(check.blocking is (check.name != "every_call_is_dated") for check in specs)
    assert all(check.asset_key == asset_key(name) for check in specs)
    assert specs[0].name == "unique_key"
    assert all(column in specs[0].description for column in table(name).key)


def test_law_of_landing_is_checked_where_it_is_written():
    names = {(".".join(s.asset_key.path), s.name) for s in check_specs(list(TABLES))}
    assert {name for name in names if name[1] != "unique_key"} == {
        ("bronze.coverage", "received_is_accounted"),
        ("bronze.records", "accepted_are_stored"),
        ("silver.waiting", "every_call_is_dated"),
    }


def test_empty_lake_passes(deployment):
    found = _outcomes(deployment, *TABLES)
    assert len(found) == len(TABLES) + 3
    assert all(check.passed for check in found.values())


def test_results_carry_rows_and_version(deployment):
    landed, _ = _file(1)
    _append(deployment, "bronze.landed_files", landed)
    made, *_ = results(deployment, ["bronze.landed_files"], {"new": 1})
    assert made.metadata["dagster/row_count"] == 1
    assert made.metadata["new"].text == "1"
    version = deployment.lake.version("bronze.landed_files")
    assert made.metadata["delta_version"] == version
    assert made.data_version.value == str(version)
    again, *_ = results(deployment, ["bronze.landed_files"], {})
    assert again.data_version == made.data_version


def _duplicate_key(at: Deployment) -> None:
    landed, _ = _file(1)
    _append(at, "bronze.landed_files", landed, landed)


def _duplicate_turn(at: Deployment) -> None:
    day = {"event_date": date(2026, 3, 1)}
    turn = {"interaction_id": "i", "turn_no": 1} | day
    at.lake.overwrite_partitions(
        "silver.turns",
        _rows("silver.turns", [turn, turn]),
        partitions=[day],
        app="test",
        sequence=1,
    )


def _lost_item(at: Deployment) -> None:
    landed, account = _file(1, received=3, accepted=1, rejected=1)
    _append(at, "bronze.landed_files", landed)
    _append(at, "bronze.coverage", account)


def _file_without_account(at: Deployment) -> None:
    _append(at, "bronze.landed_files", _file(1)[0])


def _lost_record(at: Deployment) -> None:
    _append(at, "bronze.coverage", _file(1, received=1, accepted=1)[1])


BROKEN: dict[tuple[str, str], list[Callable[[Deployment], None]]] = {
    ("bronze.landed_files", "unique_key"): [_duplicate_key],
    ("silver.turns", "unique_key"): [_duplicate_turn],
    ("bronze.coverage", "received_is_accounted"): [_lost_item, _file_without_account],
    ("bronze.records", "accepted_are_stored"): [_lost_record],
}


@pytest.mark.parametrize(
    ("check", "damage"), [(check, damage) for check in BROKEN for damage in BROKEN[check]]
)
def test_broken_lakes_fail_with_an_error(deployment, check, damage):
    damage(deployment)
    outcome = _outcomes(deployment, check[0])[check]
    assert not outcome.passed
    assert outcome.severity is dg.AssetCheckSeverity.ERROR
    assert outcome.metadata, "says how many"


def test_a_failed_check_stops_what_is_made_from_the_table(deployment):
    _duplicate_key(deployment)
    built = []

    @dg.multi_asset(
        specs=[spec("bronze.landed_files", [])], check_specs=check_specs(["bronze.landed_files"])
    )
    def land():
        yield from results(deployment, ["bronze.landed_files"], {})

    @dg.asset(deps=[asset_key("bronze.landed_files")])
    def after():
        built.append(True)

    done = dg.materialize([land, after], raise_on_error=False)
    assert not done.success
    assert built == []
