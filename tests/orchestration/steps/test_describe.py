"""Row counts and column lineage of a build."""

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.steps.deployment import Deployment
from orchestration.steps.describe import lineage_of, row_counts
from warehouse.settings import Settings


def _built(root: Path, columns: str = "1 AS a, 'x' AS b") -> Deployment:
    deployment = Deployment(Settings(root / "lake", root / "landing", root / "keys" / "key"))
    deployment.build_file.parent.mkdir(parents=True)
    with duckdb.connect(str(deployment.build_file)) as connection:
        connection.execute("CREATE SCHEMA lake; CREATE SCHEMA marts")
        connection.execute(f"CREATE TABLE lake.turns AS SELECT {columns}")
        connection.execute("CREATE TABLE marts.facts AS SELECT unnest(range(3)) AS n")
    return deployment


class _Compute:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.asked: list[dict] = []

    def __call__(self, manifest, columns):
        self.asked.append(columns)
        return {
            "model.facts": {"n": [["lake", "turns", name] for name in columns["lake"]["turns"]]}
        }


@pytest.fixture
def manifest(tmp_path) -> Path:
    path = tmp_path / "manifest.json"
    path.write_text(json.dumps({"nodes": {}}))
    return path


def test_only_what_dbt_made_is_counted(tmp_path):
    assert row_counts(_built(tmp_path)) == {"facts": 3}


def test_lakes_of_one_project_share_the_lineage(tmp_path, manifest):
    compute, kept = _Compute(), tmp_path / "target"
    one, two = _built(tmp_path / "one"), _built(tmp_path / "two")
    first = lineage_of(one, "project 1", manifest, compute, kept)
    assert first["model.facts"]["n"] == [["lake", "turns", "a"], ["lake", "turns", "b"]]
    assert lineage_of(two, "project 1", manifest, compute, kept) == first
    assert len(compute.asked) == 1


@pytest.mark.parametrize(
    ("project", "columns"),
    [
        ("project 2", "1 AS a, 'x' AS b"),
        ("project 1", "1 AS a"),
        ("project 1", "1.5 AS a, 'x' AS b"),
    ],
    ids=["another project", "a column less", "another type"],
)
def test_lineage_is_worked_out_again_when_its_grounds_change(tmp_path, manifest, project, columns):
    compute, kept = _Compute(), tmp_path / "target"
    lineage_of(_built(tmp_path / "one"), "project 1", manifest, compute, kept)
    other = _built(tmp_path / "two", columns)
    found = lineage_of(other, project, manifest, compute, kept)
    assert len(compute.asked) == 2
    assert len(found["model.facts"]["n"]) == columns.count(" AS ")
    assert len(list(kept.iterdir())) == 1
