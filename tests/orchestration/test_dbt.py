"""dbt as Dagster sees it: when the manifest is stale, and which keys models and sources have."""

import os
from pathlib import Path

import dagster as dg
import pytest

from orchestration import dbt
from orchestration.dbt import Translator
from orchestration.steps.dbt_command import environment


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A dbt project of one model, all files an hour old; where its manifest is to lie."""
    for part in ("models/marts", "macros", "seeds", "tests", "target"):
        (tmp_path / part).mkdir(parents=True)
    names = ("dbt_project.yml", "profiles.yml", "models/marts/a.sql", "seeds/s.csv", "macros/m.sql")
    for name in names:
        (tmp_path / name).write_text("select 1")
        _age(tmp_path / name, 3600)
    monkeypatch.setattr(dbt, "PROJECT", tmp_path)
    return tmp_path / "target" / "manifest.json"


def _age(path: Path, seconds: int) -> None:
    at = 1_790_000_000 - seconds
    os.utime(path, (at, at))


def test_no_manifest_is_not_fresh(small):
    assert not dbt._is_fresh(small)


def test_manifest_younger_than_all_files_is_fresh(small):
    small.write_text("{}")
    _age(small, 60)
    assert dbt._is_fresh(small)


@pytest.mark.parametrize(
    "name",
    ["dbt_project.yml", "profiles.yml", "models/marts/a.sql", "models/new.yml", "seeds/s.csv",
     "tests/t.sql"],
)  # fmt: skip
def test_a_changed_or_new_file_makes_it_stale(small, name):
    small.write_text("{}")
    _age(small, 60)
    (small.parents[1] / name).write_text("select 2")
    _age(small.parents[1] / name, 30)
    assert not dbt._is_fresh(small)


def test_files_outside_the_sources_do_not_matter(small):
    small.write_text("{}")
    _age(small, 60)
    (small.parents[1] / "target" / "run_results.json").write_text("{}")
    (small.parents[1] / "README.md").write_text("x")
    assert dbt._is_fresh(small)


def test_a_project_that_does_not_parse_is_explained(small, tmp_path, monkeypatch):
    monkeypatch.setenv("LAKEHOUSE_LAKE", str(tmp_path / "lake"))
    (small.parents[1] / "dbt_project.yml").write_text("name: [")
    with pytest.raises(RuntimeError, match="the dbt project does not parse"):
        dbt._parse()
    assert not (tmp_path / "lake").exists()


def test_the_projects_own_manifest_is_fresh_and_names_the_marts():
    project = dbt.project()
    assert project.manifest_path.exists()
    assert dbt._is_fresh(project.manifest_path)
    assert '"model.lakehouse.customer_360"' in project.manifest_path.read_text("utf-8")


def test_models_seeds_and_sources_have_their_keys():
    translator = Translator()
    model = {"resource_type": "model", "name": "customer_360", "meta": {}, "config": {}}
    assert translator.get_asset_key(model) == dg.AssetKey(["gold", "customer_360"])
    assert translator.get_group_name(model) == "gold"
    source = {
        "resource_type": "source",
        "name": "turns",
        "source_name": "lake",
        "meta": {"dagster": {"asset_key": ["silver", "turns"]}},
        "config": {},
    }
    assert translator.get_asset_key(source) == dg.AssetKey(["silver", "turns"])


def test_environment_is_what_the_profile_reads():
    profile = (dbt.PROJECT / "profiles.yml").read_text("utf-8")
    for name in environment(Path("build.duckdb"), "Asia/Jakarta"):
        assert name in profile
