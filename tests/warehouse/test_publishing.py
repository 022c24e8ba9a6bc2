"""Readers see one whole snapshot at a time, whatever the publisher does or fails to do."""

import os
import stat
import threading
import time

import duckdb
import pytest

from warehouse import durability, query
from warehouse import publish as publishing
from warehouse.delta import Lake
from warehouse.publish import current, export_public, publish
from warehouse.snapshot import Snapshot, pin
from warehouse.verify import verify


@pytest.fixture
def build(tmp_path):
    return tmp_path / "build.duckdb"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "published"


def make_build(path, number, rows=10):
    """Two tables that both carry `number`, so that a mixed state would show."""
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA IF NOT EXISTS marts")
        for table in ("one", "two"):
            connection.execute(
                f"CREATE OR REPLACE TABLE marts.{table} AS "
                f"SELECT {number} AS number, range AS id, 'a' || range AS word FROM range({rows})"
            )
        connection.execute("CREATE OR REPLACE VIEW marts.shown AS SELECT * FROM marts.one")
        connection.execute("CREATE OR REPLACE TABLE main.private AS SELECT 1 AS x")
        connection.execute("COMMENT ON TABLE marts.one IS 'It''s one'")
        connection.execute("COMMENT ON COLUMN marts.one.id IS 'Identifier; say \"id\"'")


def snapshot_of(lake, number):
    return Snapshot(number, {"silver.turns": number}, pin(lake).created_at)


def test_only_tables_of_the_named_schemas_are_published(lake, build, out):
    make_build(build, 1)
    made = publish(build, out, snapshot_of(lake, 4), metadata={"release": "r1"})
    assert made.tables == {"marts.one": 10, "marts.two": 10}
    assert current(out).path == made.path
    assert current(out).snapshot == made.snapshot == 4
    assert stat.S_IMODE(made.path.stat().st_mode) == 0o444
    tables = query.run(
        out, "SELECT table_schema || '.' || table_name AS t FROM information_schema.tables"
    )
    assert set(tables["t"].to_pylist()) == {
        "marts.one",
        "marts.two",
        "meta.snapshot",
        "meta.columns",
    }
    (row,) = query.run(out, "FROM meta.snapshot").to_pylist()
    assert (row["number"], row["versions"], row["metadata"]) == (
        4,
        '{"silver.turns": 4}',
        '{"release": "r1"}',
    )


def test_comments_of_models_reach_the_analyst(lake, build, out):
    make_build(build, 1)
    publish(build, out, snapshot_of(lake, 1))
    sql = "SELECT description FROM meta.columns WHERE table_name = 'one' AND column_name = 'id'"
    assert query.run(out, sql)["description"].to_pylist() == ['Identifier; say "id"']
    sql = "SELECT comment FROM duckdb_tables() WHERE table_name = 'one'"
    assert query.run(out, sql)["comment"].to_pylist() == ["It's one"]


def test_a_missing_build_is_an_error_and_leaves_readers_alone(lake, build, out):
    make_build(build, 1)
    made = publish(build, out, snapshot_of(lake, 1))
    with pytest.raises(FileNotFoundError):
        publish(build.with_name("none.duckdb"), out, snapshot_of(lake, 2))
    assert current(out).path == made.path


@pytest.mark.parametrize("step", ["_copy", "sync_file", "sha256_file", "_point_to", "_prune"])
def test_a_crash_at_any_step_leaves_a_whole_snapshot(lake, build, out, monkeypatch, step):
    make_build(build, 1)
    publish(build, out, snapshot_of(lake, 1))
    make_build(build, 2)

    def crash(*_):
        raise SystemExit("crash")

    with monkeypatch.context() as patch:
        place = durability if step == "sync_file" else publishing
        patch.setattr(place, step, crash)
        with pytest.raises(SystemExit):
            publish(build, out, snapshot_of(lake, 2))
    (seen,) = query.run(out, "SELECT DISTINCT number FROM marts.one").to_pylist()
    assert seen["number"] == (2 if step == "_prune" else 1)
    publish(build, out, snapshot_of(lake, 2))
    (seen,) = query.run(out, "SELECT DISTINCT number FROM marts.one").to_pylist()
    assert seen["number"] == 2
    assert not list(out.glob(".draft*"))


def test_old_files_go_but_never_young_ones_nor_the_current(lake, build, out):
    made = []
    for number in range(1, 7):
        make_build(build, number)
        made.append(publish(build, out, snapshot_of(lake, number)).path)
        old = time.time() - 7200 + number
        os.utime(made[-1], (old, old))
    os.utime(made[3])
    make_build(build, 7)
    made.append(publish(build, out, snapshot_of(lake, 7), keep=2).path)
    left = {path for path in made if path.exists()}
    assert left == {made[3], made[6]}


def test_a_young_file_stays_even_beyond_the_kept_number(lake, build, out):
    for number in range(1, 6):
        make_build(build, number)
        publish(build, out, snapshot_of(lake, number), keep=1)
    assert len(list(out.glob("lakehouse-*.duckdb"))) == 5


def test_readers_looping_during_publications_see_no_error_and_no_mixed_state(lake, build, out):
    make_build(build, 0)
    publish(build, out, snapshot_of(lake, 1))
    done = threading.Event()
    problems: list[str] = []
    seen: set[int] = set()
    sql = (
        "SELECT (SELECT list(DISTINCT number) FROM marts.one) || "
        "(SELECT list(DISTINCT number) FROM marts.two) AS numbers"
    )

    def read():
        last = -1
        while not done.is_set():
            try:
                (row,) = query.run(out, sql).to_pylist()
            except Exception as error:
                problems.append(repr(error))
                return
            one, two = row["numbers"]
            if one != two or one < last:
                problems.append(f"mixed or older: {row}, last {last}")
            last = one
            seen.add(one)

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for number in range(1, 16):
        make_build(build, number, rows=2000)
        publish(build, out, snapshot_of(lake, number + 1), keep=1)
    done.set()
    for reader in readers:
        reader.join()
    assert problems == []
    assert len(seen) > 1


def test_a_connection_keeps_its_snapshot(lake, build, out):
    make_build(build, 1)
    publish(build, out, snapshot_of(lake, 1))
    with query.open_published(out) as old:
        first = current(out).path
        make_build(build, 2)
        publish(build, out, snapshot_of(lake, 2))
        first.unlink()
        assert old.execute("SELECT DISTINCT number FROM marts.one").fetchone() == (1,)
        with query.open_published(out) as new:
            assert new.execute("SELECT DISTINCT number FROM marts.one").fetchone() == (2,)


def test_public_marts_are_written_only_when_they_change(lake, build):
    make_build(build, 1)
    snapshot = pin(lake)
    assert export_public(build, lake, ["one", "two"], snapshot) == ["one", "two"]
    assert export_public(build, lake, ["one", "two"], snapshot) == []
    with duckdb.connect(str(build)) as connection:
        connection.execute("UPDATE marts.two SET word = 'b' WHERE id = 3")
    assert export_public(build, lake, ["one", "two"], snapshot) == ["two"]
    with duckdb.connect(str(build)) as connection:
        connection.execute("UPDATE marts.two SET word = 'a3' WHERE id = 3")
    assert export_public(build, lake, ["one", "two"], snapshot) == ["two"], "and back again"
    again = Lake(lake.root)
    assert again.read("gold.two", where="id = 3")["word"].to_pylist() == ["a3"]
    assert '"snapshot":"1"' in again.ledger("gold.two").commit_file(1).read_text()
    assert verify(again, full=True) == []


def test_a_mart_with_other_columns_replaces_its_copy(lake, build):
    make_build(build, 1)
    export_public(build, lake, ["one"], pin(lake))
    with duckdb.connect(str(build)) as connection:
        connection.execute("ALTER TABLE marts.one ADD COLUMN more DOUBLE")
    assert export_public(build, lake, ["one"], pin(lake)) == ["one"]
    assert Lake(lake.root).read("gold.one").column_names == ["number", "id", "word", "more"]


def test_types_that_delta_lacks_are_carried_without_loss(lake, build):
    with duckdb.connect(str(build)) as connection:
        connection.execute("CREATE SCHEMA marts")
        connection.execute(
            "CREATE TABLE marts.kinds AS SELECT 5::HUGEINT AS h, 6::UTINYINT AS u, "
            "'{\"a\": 1}'::JSON AS j, 'x'::ENUM ('x', 'y') AS e, TIMESTAMP '2026-01-01 10:00' AS n, "
            "TIMESTAMPTZ '2026-01-01 10:00+07' AS z, 1.25::DECIMAL(9, 2) AS d, [1, 2] AS l, "
            "{'k': 'v'} AS s, NULL::DATE AS none"
        )
    export_public(build, lake, ["kinds"], pin(lake))
    (row,) = lake.read("gold.kinds").to_pylist()
    assert (row["h"], row["u"], row["j"], row["e"]) == (5, 6, '{"a": 1}', "x")
    assert row["n"].isoformat() == "2026-01-01T10:00:00+00:00"
    assert row["z"].isoformat() == "2026-01-01T03:00:00+00:00"
    assert (str(row["d"]), row["l"], row["s"], row["none"]) == ("1.25", [1, 2], {"k": "v"}, None)
