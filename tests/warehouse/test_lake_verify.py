"""Whatever happens to the files of a table, `verify` sees it; and it sees nothing else."""

import json
import random

import pytest
from lake_rows import DAY, NEXT_DAY, make_rows, records

from warehouse import manifest, snapshot
from warehouse.verify import verify

NAME = "bronze.records"


@pytest.fixture
def written(lake):
    for batch in range(1, 6):
        day = DAY if batch % 2 else NEXT_DAY
        lake.append(NAME, records(batch, 20, day), app="t", sequence=batch)
    for sequence in (1, 2):
        rows = make_rows("silver.crm_orders", 3, order_id=["a", "b", "c"])
        lake.overwrite_partitions(
            "silver.crm_orders", rows, partitions=None, app="t", sequence=sequence
        )
    snapshot.pin(lake)
    return lake


def kinds(lake, *, full=True, tables=None):
    return {finding.kind for finding in verify(lake, tables, full=full)}


def flip_bit(path, chooser):
    content = bytearray(path.read_bytes())
    content[chooser.randrange(len(content))] ^= 1 << chooser.randrange(8)
    path.write_bytes(content)


def rewrite_chain(lake, change):
    chain = lake.ledger(NAME).chain
    lines = chain.read_bytes().splitlines(keepends=True)
    chain.write_bytes(b"".join(change(lines)))


def test_an_untouched_lake_has_no_findings(written, lake):
    assert verify(lake, full=True) == []
    assert verify(lake, full=False) == []
    assert verify(lake, ["silver.turns"], full=True) == [], "a table that does not exist yet"


@pytest.mark.parametrize("version", [0, 3, 5])
@pytest.mark.parametrize("full", [True, False])
def test_damaged_commits(written, lake, version, full):
    commit = lake.ledger(NAME).commit_file(version)
    whole = commit.read_bytes()
    for content, kind in (
        (b"", "empty_commit"),
        (whole[: len(whole) // 2], "changed_commit"),
        (bytes(len(whole)), "changed_commit"),
        (whole.replace(b'"version":', b'"version": '), "changed_commit"),
    ):
        if content == whole:
            continue
        commit.write_bytes(content)
        assert kind in kinds(lake, full=full)
    commit.unlink()
    assert "missing_commit" in kinds(lake, full=full)
    commit.write_bytes(whole)
    assert kinds(lake, full=full) == set()


def test_every_flipped_bit_in_a_data_file_is_found(written, lake):
    chooser = random.Random(7)
    files = [file.path for file in lake.files(NAME)]
    for _ in range(40):
        path = chooser.choice(files)
        whole = path.read_bytes()
        flip_bit(path, chooser)
        found = [f for f in verify(lake, [NAME], full=True) if f.kind == "changed_file"]
        assert len(found) == 1
        assert path.name in found[0].detail
        path.write_bytes(whole)
    assert kinds(lake) == set()


@pytest.mark.parametrize("full", [True, False])
def test_truncated_and_deleted_data_files(written, lake, full):
    path = lake.files(NAME)[0].path
    path.write_bytes(path.read_bytes()[:-1])
    assert kinds(lake, full=full) == {"truncated_file"}
    path.unlink()
    assert kinds(lake, full=full) == {"missing_file"}


def test_a_lost_file_of_an_old_version_is_told_apart(written, lake):
    lake.files("silver.crm_orders", 1)[0].path.unlink()
    assert kinds(lake) == {"missing_superseded_file"}


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (lambda lines: lines[1:], "chain_broken"),
        (lambda lines: lines[:2] + lines[3:], "chain_broken"),
        (lambda lines: lines[:-1], "unrecorded_commit"),
        (lambda lines: [*lines[:2], lines[3], lines[2], *lines[4:]], "chain_broken"),
        (lambda lines: lines[:3] + lines[2:], "version_gap"),
        (lambda lines: [], "unrecorded_commit"),
        (lambda lines: [*lines[:-1], lines[-1][:-9]], "torn_line"),
        (lambda lines: [*lines[:2], b"not json\n", *lines[2:]], "chain_broken"),
        (lambda lines: [*lines[:2], b"[1]\n", *lines[2:]], "chain_broken"),
        (lambda lines: [lines[0].replace(b'"rows":0', b'"rows":1'), *lines[1:]], "row_mismatch"),
        (
            lambda lines: [*lines[:2], lines[2].replace(b"late", b"Late"), *lines[3:]],
            "chain_broken",
        ),
    ],
)
def test_every_change_of_the_chain_is_found(written, lake, change, kind):
    rewrite_chain(lake, change)
    assert kind in kinds(lake, full=False)


def test_a_forged_line_with_a_matching_hash_is_found(written, lake):
    """Someone edits a data file and its line; the line after still tells."""

    def forge(lines):
        entry = json.loads(lines[2])
        entry["files"][0]["sha256"] = "0" * 64
        return [*lines[:2], json.dumps(entry).encode() + b"\n", *lines[3:]]

    rewrite_chain(lake, forge)
    assert {"chain_broken", "changed_file"} <= kinds(lake)


def test_a_table_rolled_back_with_its_chain_contradicts_the_snapshot(written, lake):
    ledger = lake.ledger(NAME)
    ledger.commit_file(5).unlink()
    rewrite_chain(lake, lambda lines: lines[:-1])
    assert kinds(lake) == {"lost_version"}


def test_a_changed_checkpoint_is_found(lake, monkeypatch):
    monkeypatch.setattr("warehouse.delta.CHECKPOINT_EVERY", 3)
    for number in range(1, 5):
        lake.append(NAME, records(number, 2), app="t", sequence=number)
    assert kinds(lake) == set()
    checkpoint = next(lake.ledger(NAME).log.glob("*.checkpoint.parquet"))
    checkpoint.write_bytes(b"")
    assert kinds(lake) == {"unreadable_table"}


def test_a_changed_or_deleted_snapshot_is_found(written, lake):
    lake.append(NAME, records(9, 1), app="t", sequence=9)
    snapshot.pin(lake)
    first, second = sorted((lake.root / "_snapshots").glob("*.json"))
    first.write_text(first.read_text().replace('"number": 1', '"number": 7'))
    assert kinds(lake) == {"damaged_snapshot"}
    first.unlink()
    assert kinds(lake) == {"damaged_snapshot"}
    second.write_bytes(b"")
    assert len(verify(lake, full=False)) == 2


def test_a_crash_between_commit_and_manifest_heals_and_says_so(written, lake):
    rewrite_chain(lake, lambda lines: [*lines[:-1], lines[-1][:20]])
    assert {"torn_line", "unrecorded_commit"} == kinds(lake)
    assert lake.ensure(NAME) == 1
    assert kinds(lake) == set()
    assert json.loads(manifest.last_line(lake.ledger(NAME).chain))["late"] is True


def test_findings_name_no_content(written, lake):
    lake.files(NAME)[0].path.unlink()
    for finding in verify(lake, full=True):
        assert finding.remedy
        assert str(lake.root) not in finding.detail
