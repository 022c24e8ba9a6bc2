"""Incremental equals full refresh, for every table that dbt makes, whatever happened to the lake."""

from pathlib import Path

import duckdb
import pytest
from random_lake import RandomLake
from small_lake import Row, build, dbt, rows, write_lake
from story import STORY

TABLES = """
    select table_schema || '.' || table_name as name
    from information_schema.tables
    where table_schema in ('intermediate', 'marts') and table_type = 'BASE TABLE'
"""


def differences(left: Path, right: Path) -> dict[str, list[Row]]:
    """Rows of each table that only one of two build files holds."""
    names = {row["name"] for row in rows(left, TABLES)}
    assert names == {row["name"] for row in rows(right, TABLES)}
    with duckdb.connect() as connection:
        connection.execute(
            f"attach '{left}' as one (read_only); attach '{right}' as two (read_only)"
        )
        found = {
            name: connection.sql(
                f"(from one.{name} except all from two.{name}) union all by name"
                f" (from two.{name} except all from one.{name})"
            ).fetchall()
            for name in names
        }
    return {name: extra for name, extra in found.items() if extra}


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.soak) for n in (2, 3, 4))])
def test_incremental_equals_full_refresh(tmp_path: Path, seed: int) -> None:
    history = RandomLake(seed)
    grown, fresh = tmp_path / "grown.duckdb", tmp_path / "fresh.duckdb"
    write_lake(grown, history.lake())
    build(grown, "--exclude-resource-type", "unit_test", "test")
    touched = history.disturb(12)
    lake = history.lake()
    write_lake(grown, lake)
    build(grown, "--exclude-resource-type", "unit_test", changed_dates=sorted(map(str, touched)))
    write_lake(fresh, lake)
    build(fresh, "--exclude-resource-type", "unit_test", "test")
    assert differences(grown, fresh) == {}


def test_nothing_changed_reads_no_partition_again(tmp_path: Path) -> None:
    """With an empty list the heavy tables stay as they are, even when their source is gone."""
    file = tmp_path / "build.duckdb"
    write_lake(file, STORY)
    build(file, "--exclude-resource-type", "unit_test", "test")
    before = rows(file, "from intermediate.int_interaction_tags order by interaction_id")
    write_lake(file, {**STORY, "annotations": [], "turns": []})
    done = dbt("run", file, "--select", "int_interaction_tags", changed_dates=[])
    assert done.returncode == 0, done.stdout
    assert rows(file, "from intermediate.int_interaction_tags order by interaction_id") == before
