"""Checks must pass for sound tables and fail for each kind of unsound one."""

from typing import Any

import pytest
from lake_rows import DAY, NEXT_DAY, make_rows, records

from warehouse.checks import accepted_are_stored, everything_accounted, row_count, unique_key
from warehouse.delta import Lake


def cover(lake: Lake, batch: int, received: int, accepted: int, duplicates: int, rejected: int):
    names = {"file_sha256": f"sha-{batch}", "name": f"{batch}.csv", "batch": batch}
    counts = {"received": received, "accepted": accepted, "duplicates": duplicates}
    table = make_rows("bronze.coverage", 1, **names, **counts, rejected=rejected)
    lake.append("bronze.coverage", table, app="test", sequence=batch)
    landed = make_rows("bronze.landed_files", 1, **names)
    lake.append("bronze.landed_files", landed, app="test", sequence=batch)


def turns(lake: Lake, sequence: int, day: Any, numbers: list[int]) -> None:
    table = make_rows(
        "silver.turns", len(numbers), interaction_id="i", turn_no=numbers, event_date=day
    )
    lake.overwrite_partitions(
        "silver.turns", table, partitions=[{"event_date": day}], app="test", sequence=sequence
    )


def test_an_empty_lake_breaks_no_rule(lake: Lake) -> None:
    assert everything_accounted(lake).passed and accepted_are_stored(lake).passed
    assert unique_key(lake, "silver.turns").passed
    assert row_count(lake, "silver.turns") == 0


@pytest.mark.parametrize(
    ("counts", "passed"),
    [
        ((3, 1, 1, 1), True),
        ((1, 0, 0, 1), True),
        ((3, 1, 1, 0), False),
        ((1, 1, 1, 0), False),
        ((0, 0, 0, 0), False),
    ],
)
def test_the_law_of_landing(lake: Lake, counts: tuple[int, ...], passed: bool) -> None:
    cover(lake, 1, 2, 2, 0, 0)
    cover(lake, 2, *counts)
    assert everything_accounted(lake).passed is passed


def test_a_landed_file_without_account_is_noticed(lake: Lake) -> None:
    cover(lake, 1, 1, 1, 0, 0)
    landed = make_rows("bronze.landed_files", 1, file_sha256="other", name="b", batch=2)
    lake.append("bronze.landed_files", landed, app="test", sequence=2)
    assert not everything_accounted(lake).passed


@pytest.mark.parametrize(("stored", "passed"), [(2, True), (1, False), (3, False)])
def test_accepted_records_are_those_that_are_stored(lake: Lake, stored: int, passed: bool) -> None:
    cover(lake, 1, 2, 2, 0, 0)
    lake.append("bronze.records", records(1, stored), app="test", sequence=1)
    outcome = accepted_are_stored(lake)
    assert (outcome.passed, outcome.detail) == (passed, {"accepted": 2, "stored": stored})


def test_repeated_keys_are_counted(lake: Lake) -> None:
    turns(lake, 1, DAY, [1, 2, 2, 2])
    outcome = unique_key(lake, "silver.turns")
    assert (outcome.passed, outcome.detail) == (False, {"keys": 2, "duplicates": 2})


def test_only_partitions_written_last_are_read(lake: Lake) -> None:
    turns(lake, 1, DAY, [1, 2])
    turns(lake, 2, NEXT_DAY, [1])
    assert unique_key(lake, "silver.turns").detail["keys"] == 1
    assert row_count(lake, "silver.turns") == 3


def test_tables_without_partitions_are_read_whole(lake: Lake) -> None:
    for batch in (1, 2):
        payloads = make_rows("bronze.payloads", 1, payload_id="same", batch=batch)
        lake.append("bronze.payloads", payloads, app="test", sequence=batch)
    assert not unique_key(lake, "bronze.payloads").passed
