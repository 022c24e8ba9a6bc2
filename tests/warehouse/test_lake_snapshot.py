"""One number names one set of versions, for ever."""

import duckdb
import pytest
from lake_rows import DAY, NOON, make_rows, records

from warehouse import catalog, snapshot
from warehouse.snapshot import DamagedSnapshot, attach, latest, load, pin


def test_the_number_grows_only_with_the_tables(lake):
    assert latest(lake) is None
    empty = pin(lake)
    assert (empty.number, empty.versions) == (1, {})
    lake.append("bronze.records", records(1, 5), app="t", sequence=1)
    first = pin(lake)
    assert first.number == 2
    assert first.versions == {"bronze.records": 1}
    assert pin(lake) == first == load(lake, 2) == latest(lake)
    lake.append("bronze.records", records(1, 5), app="t", sequence=1)  # skipped
    assert pin(lake) == first
    lake.append("bronze.records", records(2, 5), app="t", sequence=2)
    assert pin(lake).number == 3
    assert load(lake, 2) == first


def test_numbers_that_do_not_exist_are_errors(lake):
    with pytest.raises(DamagedSnapshot):
        load(lake, 4)


def described(connection, view):
    rows = connection.execute(f"DESCRIBE lake.{view}").fetchall()
    return {name: kind for name, kind, *_ in rows}


def test_views_have_the_same_columns_and_types_with_and_without_rows(lake):
    empty, full = duckdb.connect(), duckdb.connect()
    attach(empty, lake, pin(lake))
    for name in snapshot.VIEWS:
        lake_rows = make_rows(
            name, 2, **{"event_date": DAY} if "event_date" in columns(name) else {}
        )
        if catalog.table(name).append_only:
            lake.append(name, lake_rows, app="t", sequence=1)
        else:
            lake.overwrite_partitions(name, lake_rows, partitions=None, app="t", sequence=1)
    attach(full, lake, pin(lake))
    for name in snapshot.VIEWS:
        view = catalog.table(name).short_name
        assert described(empty, view) == described(full, view)
        assert full.execute(f"SELECT count(*) FROM lake.{view}").fetchone() == (2,)
        assert empty.execute(f"SELECT count(*) FROM lake.{view}").fetchone() == (0,)


def columns(name):
    return catalog.table(name).schema.names


def test_views_show_neither_payloads_nor_the_vault_nor_reject_messages(lake):
    connection = duckdb.connect()
    attach(connection, lake, pin(lake))
    views = {row[0] for row in connection.execute("SHOW TABLES FROM lake").fetchall()}
    assert not views & {"payloads", "records", "landed_files", "handles"}
    assert {"interactions", "turns", "coverage", "rejects"} <= views
    assert "message" not in described(connection, "rejects")


def test_views_stay_on_their_version(lake):
    def write(sequence, *ids):
        data = make_rows(
            "silver.interactions",
            len(ids),
            interaction_id=list(ids),
            started_at=NOON,
            event_date=DAY,
        )
        lake.overwrite_partitions(
            "silver.interactions", data, partitions=None, app="t", sequence=sequence
        )

    write(1, "a", "b")
    old = pin(lake)
    write(2, "c")
    connection = duckdb.connect()
    attach(connection, lake, old)
    attach(connection, lake, pin(lake), schema="newer")
    query = "SELECT list(interaction_id ORDER BY interaction_id) FROM {}.interactions WHERE event_date = ?"
    assert connection.execute(query.format("lake"), [DAY]).fetchone() == (["a", "b"],)
    assert connection.execute(query.format("newer"), [DAY]).fetchone() == (["c"],)
