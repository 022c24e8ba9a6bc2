"""Files that wait, and the proof that no accepted fact is nowhere."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from lake_rows import DAY, NOON, make_rows

from warehouse.checks import every_call_is_dated
from warehouse.delta import Lake
from warehouse.waiting import WaitingFile, skipped, waiting_files
from warehouse.writers import app_of

AT = datetime(2026, 3, 4, tzinfo=UTC)


def landed(lake: Lake, number: int, file: str, name: str) -> None:
    at = AT + timedelta(days=number)
    row = {"batch": number, "file_sha256": file, "name": name, "landed_at": at, "repeats": False}
    lake.append(
        "bronze.landed_files", make_rows("bronze.landed_files", 1, **row), app="t", sequence=number
    )


def waiting(
    lake: Lake, *rows: tuple[int, str, int], sequence: int = 1, waits_for: str = "date"
) -> None:
    table = make_rows(
        "silver.waiting",
        len(rows),
        conversation_hash=[link for link, _, _ in rows],
        file_sha256=[file for _, file, _ in rows],
        records=[count for _, _, count in rows],
        source_system="captions",
        waits_for=waits_for,
    )
    app = app_of(lake, "silver.waiting", "conform", "r")
    lake.overwrite_partitions("silver.waiting", table, partitions=None, app=app, sequence=sequence)


def facts(lake: Lake, batch: int, *links: list[int], **given: Any) -> None:
    given = {"record_kind": "turn", "event_at": NOON, "event_date": DAY, "file_sha256": "f"} | given
    ids = [f"{batch}-{number}" for number in range(len(links))]
    table = make_rows(
        "bronze.records", len(links), record_id=ids, link_hashes=list(links), batch=batch, **given
    )
    lake.append("bronze.records", table, app="t", sequence=batch)


def shown(lake: Lake, *links: int) -> None:
    table = make_rows(
        "silver.interactions", len(links), conversation_hash=list(links), event_date=DAY
    )
    lake.append("silver.interactions", table, app="t", sequence=1)


def test_nothing_waits_in_an_empty_lake(lake: Lake) -> None:
    assert waiting_files(lake) == [] and skipped(lake) == 0
    assert every_call_is_dated(lake).passed


def test_only_what_waits_for_a_date_is_warned_of(lake: Lake) -> None:
    landed(lake, 1, "a", "a.json")
    waiting(lake, (1, "a", 2), waits_for="message")
    assert [file.waits_for for file in waiting_files(lake)] == ["message"]
    assert every_call_is_dated(lake).passed


def test_files_come_with_name_and_age_the_oldest_first(lake: Lake) -> None:
    landed(lake, 1, "b", "b.vtt"), landed(lake, 2, "a", "a.vtt"), landed(lake, 3, "b", "again.vtt")
    waiting(lake, (1, "a", 2), (2, "b", 3), (3, "b", 4))
    assert waiting_files(lake) == [
        WaitingFile("captions", "again.vtt", "date", 2, 7, AT + timedelta(days=1)),
        WaitingFile("captions", "a.vtt", "date", 1, 2, AT + timedelta(days=2)),
    ]
    outcome = every_call_is_dated(lake)
    assert not outcome.passed
    assert outcome.detail == {
        "files": 2,
        "captions": "records 9, files 2, since 2026-03-05 00:00 UTC: again.vtt",
    }


@pytest.mark.parametrize(
    ("calls", "waits", "missing"),
    [([1, 4], [], 0), ([3], [4], 0), ([], [1, 4], 0), ([1], [], 1), ([4], [], 3), ([9], [], 4)],
)
def test_every_fact_is_shown_or_waits(
    lake: Lake, calls: list[int], waits: list[int], missing: int
) -> None:
    # 1, 2 and 3 are one conversation through their links; 4 is another, without a date.
    facts(lake, 1, [1, 2], [2], [3, 2])
    facts(lake, 2, [4], event_at=None, event_date=None)
    facts(lake, 3, [7], record_kind="crm")
    shown(lake, *calls)
    waiting(lake, *((link, "f", 1) for link in waits), sequence=lake.version("bronze.records") or 0)
    assert skipped(lake) == missing


def test_facts_that_no_longer_count_or_are_not_conformed_yet_are_not_asked_for(lake: Lake) -> None:
    facts(lake, 1, [1], file_sha256="f")
    facts(lake, 2, [2], file_sha256="f")
    for batch in (1, 2):
        for name in ("bronze.readings", "bronze.coverage"):
            row = make_rows(name, 1, batch=batch, file_sha256="f")
            lake.append(name, row, app="t", sequence=batch)
    waiting(lake, (2, "f", 1), sequence=lake.version("bronze.records") or 0)
    assert skipped(lake) == 0
    facts(lake, 3, [3], file_sha256="g")
    assert skipped(lake) == 0
    waiting(lake, (2, "f", 1), sequence=lake.version("bronze.records") or 0)
    assert skipped(lake) == 1
