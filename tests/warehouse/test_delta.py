"""Writes happen once, durably and as contracted; reads give exactly the contract's columns."""

import json
from datetime import date

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from deltalake.exceptions import CommitFailedError
from lake_rows import DAY, NEXT_DAY, NOON, make_rows, records

from warehouse import catalog, contracts, delta, manifest
from warehouse.delta import ConcurrentWrite, Lake
from warehouse.door import ContractViolation
from warehouse.manifest import DamagedTable

TURNS = "silver.turns"


def turns(*days):
    ids = [f"i{number}" for number in range(len(days))]
    return make_rows(
        TURNS,
        len(days),
        interaction_id=ids,
        turn_no=0,
        event_date=list(days),
        sent_at=NOON,
        redactions=[[{"type": "PHONE", "start": 0, "end": 7, "raw_start": 0, "raw_end": 12}]]
        * len(days),
    )


def replace(lake, data, partitions, sequence):
    return lake.overwrite_partitions(
        TURNS, data, partitions=partitions, app="test", sequence=sequence
    )


@pytest.mark.parametrize("name", sorted(catalog.TABLES))
def test_a_table_never_written_reads_as_empty_in_its_contract(lake, name):
    assert lake.read(name).schema.equals(catalog.table(name).schema)
    assert lake.read(name).num_rows == 0
    assert lake.version(name) is None
    assert not lake.exists(name)
    assert lake.cursor(name, "test") is None


@pytest.mark.parametrize("name", sorted(catalog.TABLES))
def test_every_table_gives_back_what_was_written(lake, name):
    given = make_rows(name, 3)
    lake.overwrite_partitions(name, given, partitions=None, app="t", sequence=1) if not (
        catalog.table(name).append_only
    ) else lake.append(name, given, app="t", sequence=1)
    assert lake.read(name).equals(given)


def test_values_of_every_type_survive(lake):
    given = turns(DAY, NEXT_DAY, None)
    replace(lake, given, None, 1)
    assert lake.read(TURNS, order_by=["interaction_id"]).equals(given)


def test_a_sequence_is_committed_once(lake):
    assert lake.append("bronze.records", records(1, 5), app="land", sequence=1).rows == 5
    assert lake.append("bronze.records", records(1, 5), app="land", sequence=1) is None
    assert lake.append("bronze.records", records(0, 5), app="land", sequence=0) is None
    assert lake.append("bronze.records", records(2, 5), app="land", sequence=2).rows == 5
    assert lake.append("bronze.records", records(1, 5), app="other", sequence=1).rows == 5
    assert lake.read("bronze.records").num_rows == 15
    assert lake.cursor("bronze.records", "land") == 2


@pytest.mark.parametrize(
    ("largest", "groups"), [(None, 4), (32 * 1024 * 1024, 4), (200_000, 2), (100, 1)]
)
def test_groups_of_wide_rows_are_as_large_as_memory_allows(lake, largest, groups):
    rows = make_rows("bronze.payloads", 200, payload_id="p", batch=1, raw=b"x")
    lake.append("bronze.payloads", rows, app="test", sequence=1, largest_row=largest)
    (file,) = lake.files("bronze.payloads")
    assert pq.ParquetFile(file.path).num_row_groups == groups


def test_rows_are_found_among_many_values(lake):
    lake.append("bronze.records", records(1, 3), app="test", sequence=1)
    lake.append("bronze.records", records(2, 2, NEXT_DAY), app="test", sequence=2)

    def found(*ids, where=None):
        among = ("record_id", pa.array(ids, pa.string()))
        rows = lake.read("bronze.records", columns=["record_id"], where=where, among=among)
        return sorted(rows["record_id"].to_pylist())

    assert found("1-0", "2-1", "3-0") == ["1-0", "2-1"]
    assert found("1-0", "2-1", where="batch < 2 OR batch > 7") == ["1-0"]
    assert found() == []


def test_new_rows_and_changed_partitions_between_versions(lake):
    first = lake.append("bronze.records", records(1, 2), app="land", sequence=1)
    second = lake.append("bronze.records", records(2, 3, NEXT_DAY), app="land", sequence=2)
    lake.append("bronze.records", records(3, 4, None), app="land", sequence=3)
    new = lake.read("bronze.records", columns=["record_id"], since=first.version)
    assert new.num_rows == 7
    middle = lake.read("bronze.records", since=first.version, version=second.version)
    assert set(middle["batch"].to_pylist()) == {2}
    assert lake.changed_partitions("bronze.records", first.version, second.version) == [
        {"event_date": NEXT_DAY}
    ]
    assert len(lake.changed_partitions("bronze.records", None)) == 3
    assert lake.changed_partitions("bronze.records", second.version, second.version) == []


@pytest.mark.parametrize(
    ("partitions", "data", "left"),
    [
        ([{"event_date": DAY}], [DAY], {DAY: 1, NEXT_DAY: 1, None: 1}),
        ([{"event_date": DAY}], [], {NEXT_DAY: 1, None: 1}),
        ([{"event_date": None}], [], {DAY: 1, NEXT_DAY: 1}),
        ([{"event_date": DAY}, {"event_date": None}], [None, None], {NEXT_DAY: 1, None: 2}),
        ([{"event_date": date(2030, 1, 1)}], [], {DAY: 1, NEXT_DAY: 1, None: 1}),
        ([], [], {DAY: 1, NEXT_DAY: 1, None: 1}),
        (None, [NEXT_DAY], {NEXT_DAY: 1}),
        (None, [], {}),
    ],
)
def test_overwriting_partitions_replaces_those_and_no_others(lake, partitions, data, left):
    replace(lake, turns(DAY, NEXT_DAY, None), None, 1)
    commit = replace(lake, turns(*data), partitions, 2)
    assert commit.version == 2, "one commit"
    found: dict = {}
    for day in lake.read(TURNS, columns=["event_date"])["event_date"].to_pylist():
        found[day] = found.get(day, 0) + 1
    assert found == left
    assert replace(lake, turns(DAY), None, 2) is None
    assert lake.read(TURNS, version=1).num_rows == 3, "the old version stays readable"


@pytest.mark.parametrize("release", ["r1", "2026/03 a'b", 'x"y', "50%", "a=b", "[*]?", "rilis é"])
def test_partition_values_are_escaped(lake, release):
    name = "silver.annotations"
    one = make_rows(name, 1, release=release, event_date=DAY, tag="a")
    other = make_rows(name, 1, release="other", event_date=DAY, tag="b")
    lake.overwrite_partitions(
        name, pa.concat_tables([one, other]), partitions=None, app="t", sequence=1
    )
    assert lake.read(name, partitions=[{"release": release}]).equals(one)
    lake.overwrite_partitions(
        name, one.slice(0, 0), partitions=[{"release": release}], app="t", sequence=2
    )
    assert lake.read(name).equals(other)


def test_rows_outside_the_replaced_partitions_are_refused(lake):
    replace(lake, turns(DAY), None, 1)
    for partitions in ([{"event_date": DAY}], []):
        with pytest.raises(ContractViolation, match="outside"):
            replace(lake, turns(DAY, NEXT_DAY), partitions, 2)
    assert lake.version(TURNS) == 1


def retyped(column, kind):
    index = contracts.COVERAGE.get_field_index(column)
    return contracts.COVERAGE.set(index, pa.field(column, kind)).empty_table()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (retyped("received", pa.float64()), "'received' must be int64, not double"),
        (retyped("received", pa.int32()), "'received' must be int64, not int32"),
        (retyped("received", pa.string()), "'received' must be int64, not string"),
        (retyped("name", pa.large_string()), "'name' must be string"),
        (retyped("counted_at", pa.timestamp("us")), "'counted_at' must be timestamp"),
        (retyped("counted_at", pa.timestamp("ns", "UTC")), "'counted_at' must be timestamp"),
        (retyped("counted_at", pa.timestamp("us", "Asia/Jakarta")), "'counted_at' must be"),
        (contracts.COVERAGE.empty_table().drop(["name"]), "missing columns \\['name'\\]"),
        (
            contracts.COVERAGE.empty_table().append_column("more", pa.array([], pa.int8())),
            "unknown columns \\['more'\\]",
        ),
        (
            contracts.COVERAGE.empty_table().select(contracts.COVERAGE.names[::-1]),
            "in this order",
        ),
    ],
)
def test_nothing_is_coerced(lake, data, words):
    with pytest.raises(ContractViolation, match=words):
        lake.append("bronze.coverage", data, app="t", sequence=1)
    assert lake.cursor("bronze.coverage", "t") is None


def test_a_wrong_batch_in_a_stream_leaves_nothing_behind(lake):
    lake.append("bronze.records", records(0, 1), app="t", sequence=0)

    def stream():
        yield from records(1, 5).to_batches()
        yield from contracts.COVERAGE.empty_table().to_batches()
        yield pa.RecordBatch.from_pydict({"secret": ["0812-0000-0000"]})

    with pytest.raises(ContractViolation) as caught:
        lake.append("bronze.records", stream(), app="t", sequence=1)
    assert "0812" not in str(caught.value)
    assert lake.read("bronze.records").num_rows == 1
    assert lake.append("bronze.records", records(1, 5), app="t", sequence=1).rows == 5


def test_an_error_of_the_source_reaches_the_caller_as_it_is(lake):
    def stream():
        yield from records(1, 5).to_batches()
        raise KeyError("gone")

    with pytest.raises(KeyError, match="gone"):
        lake.append("bronze.records", stream(), app="t", sequence=1)


def test_streams_are_consumed_batch_by_batch(lake):
    """A source that never holds more than one batch is enough for a write and for a read."""
    alive = 0

    def stream():
        nonlocal alive
        for number in range(40):
            alive = number + 1
            yield from records(number, 1000).to_batches()

    reader = pa.RecordBatchReader.from_batches(contracts.RECORDS, stream())
    assert lake.append("bronze.records", reader, app="t", sequence=1).rows == 40_000
    assert alive == 40
    scan = lake.scan("bronze.records", columns=["record_id"], where="batch >= 20")
    assert sum(batch.num_rows for batch in scan) == 20_000


def test_bronze_refuses_to_be_overwritten(lake):
    lake.append("bronze.records", records(1, 5), app="t", sequence=1)
    with pytest.raises(ContractViolation, match="append-only"):
        lake.overwrite_partitions(
            "bronze.records", records(2, 1), partitions=None, app="t", sequence=2
        )
    log = lake.ledger("bronze.records").commit_file(0).read_text()
    assert "delta.appendOnly" in log, "other writers are stopped by the table itself"
    assert lake.read("bronze.records").num_rows == 5


def test_the_log_holds_no_personal_words(lake):
    name = "vault.handles"
    given = make_rows(
        name, 1, handle_key="k1", handle_type="phone", handle="+6280000000001", name="Canary"
    )
    lake.overwrite_partitions(name, given, partitions=None, app="t", sequence=1)
    folder = lake.ledger(name).log
    text = "".join(path.read_text() for path in folder.glob("*.json"))
    text += lake.ledger(name).chain.read_text()
    assert "Canary" not in text
    assert "80000000001" not in text
    assert "enableChangeDataFeed" not in text
    assert "deletionVectors" not in text


def test_a_commit_that_landed_but_was_reported_lost_counts_as_done(lake, monkeypatch):
    lake.append("bronze.records", records(0, 1), app="t", sequence=0)
    write = delta.write_deltalake

    def lose_the_answer(*args, **options):
        write(*args, **options)
        raise CommitFailedError("Concurrent transaction failed")

    monkeypatch.setattr(delta, "write_deltalake", lose_the_answer)
    assert lake.append("bronze.records", records(1, 5), app="t", sequence=1).version == 2
    monkeypatch.undo()
    assert lake.append("bronze.records", records(1, 5), app="t", sequence=1) is None
    assert lake.read("bronze.records").num_rows == 6


def test_a_commit_that_failed_is_not_taken_for_done(lake, monkeypatch):
    lake.append("bronze.records", records(0, 1), app="t", sequence=0)

    def fail(*args, **options):
        raise CommitFailedError("Metadata changed")

    monkeypatch.setattr(delta, "write_deltalake", fail)
    with pytest.raises(ConcurrentWrite):
        lake.append("bronze.records", records(1, 5), app="t", sequence=1)
    monkeypatch.undo()
    assert lake.append("bronze.records", records(1, 5), app="t", sequence=1).rows == 5


def test_checkpoints_keep_everything_readable(lake, monkeypatch):
    monkeypatch.setattr(delta, "CHECKPOINT_EVERY", 5)
    for number in range(1, 13):
        lake.append("bronze.coverage", make_rows("bronze.coverage", 1), app="t", sequence=number)
    log = lake.ledger("bronze.coverage").log
    assert len(list(log.glob("*.checkpoint*.parquet"))) == 2
    again = Lake(lake.root)
    assert again.read("bronze.coverage").num_rows == 12
    assert again.read("bronze.coverage", version=3).num_rows == 3
    assert again.cursor("bronze.coverage", "t") == 12


def test_an_empty_commit_is_refused_by_readers_and_writers(lake):
    lake.append("bronze.records", records(1, 5), app="t", sequence=1)
    lake.append("bronze.records", records(2, 5), app="t", sequence=2)
    lake.ledger("bronze.records").commit_file(2).write_bytes(b"")
    with pytest.raises(DamagedTable):
        lake.read("bronze.records")
    with pytest.raises(DamagedTable):
        lake.append("bronze.records", records(3, 5), app="t", sequence=3)


def test_a_commit_that_a_crash_kept_out_of_the_manifest_is_entered_late(lake, monkeypatch):
    lake.append("bronze.records", records(1, 5), app="t", sequence=1)
    with monkeypatch.context() as patch:
        patch.setattr(manifest, "record", lambda *_, **__: 0)
        lake.append("bronze.records", records(2, 5), app="t", sequence=2)
    ledger = lake.ledger("bronze.records")
    assert manifest.recorded_version(ledger) == 1
    # The repeated batch is skipped, but only after what it wrote is durable.
    assert lake.append("bronze.records", records(2, 5), app="t", sequence=2) is None
    last = json.loads(manifest.last_line(ledger.chain))
    assert (last["version"], last["late"], last["rows"]) == (2, True, 5)
    assert lake.ensure("bronze.records") == 0


@pytest.mark.parametrize("name", ["lake[1]", "100%", "a?b", "x#y"])
def test_paths_that_the_table_library_cannot_hold_are_refused(tmp_path, name):
    with pytest.raises(ValueError, match="must not contain"):
        Lake(tmp_path / name)


@pytest.mark.parametrize("name", ["my lake", "o'lake", "danau-é", "a=b", "x&y;z"])
def test_unusual_paths_work(tmp_path, name):
    lake = Lake(tmp_path / name)
    replace(lake, turns(DAY, None), None, 1)
    assert lake.read(TURNS).num_rows == 2
    assert lake.read(TURNS, columns=["event_date"], order_by=["event_date"]).num_rows == 2


def test_columns_and_versions_that_do_not_exist_are_errors(lake):
    with pytest.raises(KeyError):
        lake.read(TURNS, columns=["no_such"])
    with pytest.raises(DamagedTable):
        lake.read(TURNS, version=3)
    with pytest.raises(KeyError):
        lake.read("silver.nothing")
