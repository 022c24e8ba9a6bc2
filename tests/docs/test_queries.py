"""Every SQL statement of a page runs, as pasted, on published marts of the declared columns."""

import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import duckdb
import pytest
import yaml
from pages import PAGES, ROOT, code_lines

from warehouse.publish import publish
from warehouse.query import run
from warehouse.snapshot import Snapshot

MODELS = ROOT / "dbt_project" / "models" / "marts"


@cache
def _models():
    """Name -> columns of every model on the marts' pages; parsing them takes a second."""
    found = {}
    for page in sorted(MODELS.rglob("_*.yml")):
        for model in (yaml.safe_load(page.read_text("utf-8")) or {}).get("models", []):
            found[model["name"]] = model["columns"]
    return found


def declared_marts():
    """Model name -> its columns with their types, from the enforced contracts."""
    return {
        name: [(column["name"], column["data_type"]) for column in columns]
        for name, columns in _models().items()
    }


def columns_with_words(mart):
    """Columns of a mart that its contract marks as holding what people said."""
    return [
        column["name"]
        for column in _models()[mart]
        if column.get("config", {}).get("meta", {}).get("words")
    ]


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("docs")
    with duckdb.connect(str(folder / "build.duckdb")) as build:
        build.execute("CREATE SCHEMA marts")
        for name, columns in declared_marts().items():
            listed = ", ".join(f'"{column}" {kind}' for column, kind in columns)
            build.execute(f"CREATE TABLE marts.{name} ({listed})")
    publish(
        folder / "build.duckdb",
        folder / "published",
        Snapshot(1, {}, datetime(2026, 1, 1, tzinfo=UTC)),
    )
    return folder / "published"


def statements():
    for page in PAGES:
        for line in code_lines(page):
            for sql in re.findall(r'lakehouse query "([^"]+)"', line):
                yield pytest.param(sql, id=f"{page.stem}: {sql[:40]}")
    for path in sorted((ROOT / "dbt_project" / "queries").glob("*.sql")):
        yield pytest.param(path.read_text("utf-8"), id=path.stem)


@pytest.mark.parametrize("sql", list(statements()))
def test_statement_runs(published, sql):
    assert run(published, sql, timezone="Asia/Jakarta").column_names


def test_a_wrong_column_would_be_noticed(published):
    with pytest.raises(Exception, match="mood_of_the_moon"):
        run(published, "select mood_of_the_moon from marts.customer_360")
