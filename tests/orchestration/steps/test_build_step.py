"""What dbt is to build: nothing, some days or everything; and what readers then see."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest
from deliveries import deployment, put, run, said, webhook

from orchestration.steps import build
from orchestration.steps.deployment import Deployment
from orchestration.steps.publish import PUBLIC, publish_marts, trace_rules
from warehouse.publish import current
from warehouse.query import run as query
from warehouse.releases import promote

DAY = 24 * 60


@pytest.fixture(scope="module")
def one_chat(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a lake with one chat."""
    folder = tmp_path_factory.mktemp("one-chat")
    found = deployment(folder)
    put(found, "chat.json", webhook(messages=[said(1, 0, "halo")]))
    run(found)
    promote(found.lake.root, "r1", {})
    return folder


@pytest.fixture
def at(one_chat: Path, tmp_path: Path) -> Deployment:
    """A copy of that lake; nothing is built yet."""
    shutil.copytree(one_chat, tmp_path, dirs_exist_ok=True)
    return deployment(tmp_path)


def built(at: Deployment) -> build.Plan:
    """As the gold asset does, with plain SQL in place of dbt."""
    planned = build.plan(at)
    build.prepare(at, planned)
    with duckdb.connect(str(at.build_file)) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS marts")
        for name in PUBLIC:
            connection.execute(
                f"CREATE OR REPLACE TABLE marts.{name} AS"
                " SELECT turn_id, redacted_text FROM lake.turns ORDER BY ALL"
            )
    build.finish(at, planned)
    return planned


def published(at: Deployment, tmp_path: Path) -> None:
    manifest = tmp_path / "manifest.json"
    manifest.write_text(json.dumps({"nodes": {}}))
    publish_marts(at, manifest)


def news(at: Deployment, number: int, minutes: float) -> None:
    put(at, f"more-{number}.json", webhook(messages=[said(number, minutes, "lagi")]))
    run(at)


def test_the_first_build_is_of_everything(at: Deployment) -> None:
    planned = built(at)
    assert (planned.changed_dates, planned.needed, planned.release) == (None, True, "r1")
    with duckdb.connect(str(at.build_file), read_only=True) as connection:
        assert connection.execute("SELECT release FROM lake.parameters").fetchall() == [("r1",)]
        assert connection.execute("FROM lake.changed_dates").fetchall() == []
        rules = connection.execute("SELECT rule_id FROM lake.contact_rules").fetchall()
        assert rules == [("collection_too_often",)]


def test_a_build_that_nobody_sees_yet_is_published_and_then_rests(
    at: Deployment, tmp_path: Path
) -> None:
    built(at)
    assert (build.plan(at).changed_dates, build.plan(at).needed) == ((), True)
    published(at, tmp_path)
    assert not build.plan(at).needed


def test_only_changed_days_are_built_again(at: Deployment) -> None:
    built(at)
    news(at, 2, 3 * DAY)
    news(at, 3, 5 * DAY)
    assert build.plan(at).changed_dates == ("2025-10-12", "2025-10-14")
    built(at)
    assert build.plan(at).changed_dates == ()


def test_a_build_that_failed_leaves_its_days_to_the_next(at: Deployment) -> None:
    built(at)
    news(at, 2, 3 * DAY)
    build.prepare(at, build.plan(at))
    news(at, 3, 5 * DAY)
    assert build.plan(at).changed_dates == ("2025-10-12", "2025-10-14")


def test_a_full_build_that_failed_is_full_again(at: Deployment) -> None:
    built(at)
    promote(at.lake.root, "r2", {})
    build.prepare(at, build.plan(at))
    promote(at.lake.root, "r1", {})
    assert build.plan(at).changed_dates is None


def lose(path: Path) -> None:
    path.unlink()


def garble(path: Path) -> None:
    path.write_bytes(b"\xff\xfe" + b"garbage" * 9)


def list_(path: Path) -> None:
    path.write_text("[]")


def forget(path: Path) -> None:
    state = json.loads(path.read_text())
    del state["release"]
    path.write_text(json.dumps(state))


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        *(("state.json", damage) for damage in (lose, garble, list_, forget)),
        *(("build.duckdb", damage) for damage in (lose, garble)),
    ],
)
def test_lost_or_broken_build_files_mean_a_full_build(
    at: Deployment, name: str, damage: Callable[[Path], None]
) -> None:
    built(at)
    damage(at.build_file.with_name(name))
    assert build.plan(at).changed_dates is None
    built(at)
    assert build.plan(at).changed_dates == ()


def test_another_release_zone_or_project_means_a_full_build(
    at: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(at)
    assert build.plan(deployment(tmp_path, timezone="Asia/Makassar")).changed_dates is None
    with monkeypatch.context() as patch:
        patch.setattr(build, "project_hash", lambda: "other")
        assert build.plan(at).changed_dates is None
    promote(at.lake.root, "r2", {})
    assert build.plan(at).changed_dates is None


def test_the_project_s_hash_follows_its_files(tmp_path: Path) -> None:
    model = tmp_path / "models" / "a.sql"
    model.parent.mkdir()
    (tmp_path / "dbt_project.yml").write_text("name: x")
    model.write_text("select 1")
    before = build.project_hash(tmp_path)
    assert build.project_hash(tmp_path) == before
    model.write_text("select 2")
    assert build.project_hash(tmp_path) != before


def test_marts_are_not_built_from_a_lake_that_was_changed(at: Deployment) -> None:
    part = next((at.lake.root / "silver" / "turns").rglob("*.parquet"))
    part.write_bytes(part.read_bytes() + b"x")
    with pytest.raises(build.UnverifiedLake, match="lakehouse verify"):
        build.plan(at)


# --- publishing ---------------------------------------------------------------------------


def test_nothing_built_is_nothing_to_publish(at: Deployment, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="nothing is built"):
        published(at, tmp_path)


def test_readers_see_what_was_built_and_publishing_again_changes_nothing(
    at: Deployment, tmp_path: Path
) -> None:
    planned = built(at)
    published(at, tmp_path)
    published(at, tmp_path)
    rows = query(at.published, "select redacted_text from marts.customer_360").to_pylist()
    assert rows == [{"redacted_text": "halo"}]
    (found,) = query(at.published, "select number, metadata from meta.snapshot").to_pylist()
    assert found["number"] == planned.snapshot.number
    assert json.loads(found["metadata"])["release"] == "r1"
    assert at.lake.read("gold.customer_360").num_rows == 1
    news(at, 2, 1)
    before = current(at.published)
    built(at)
    assert current(at.published) == before
    published(at, tmp_path)
    assert query(at.published, "from marts.customer_360").num_rows == 2


def test_trace_rules_are_read_from_the_models_columns() -> None:
    columns = {
        "a": {"config": {"meta": {"trace": {"kind": "crm"}}}},
        "b": {"meta": {"trace": {"kind": "row"}}},
        "c": {},
    }
    nodes = {
        "1": {"resource_type": "model", "name": "mart", "columns": columns},
        "2": {"resource_type": "test", "name": "t", "columns": columns},
    }
    assert trace_rules({"nodes": nodes}) == {"mart": {"a": {"kind": "crm"}, "b": {"kind": "row"}}}
