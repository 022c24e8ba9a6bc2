"""What counts as a new delivery, and what of it is read."""

import os
import shutil
from pathlib import Path

import pytest
from chat_story import story
from deliveries import contents, customer, deployment, put, said, table, webhook

from ingestion.collect.journal import Journal, journal_folder, journals, owned
from ingestion.collect.records import Entry
from ingestion.landing import stored_path
from orchestration.steps.deployment import Deployment
from orchestration.steps.intake import take_in
from orchestration.steps.land import land_new_files
from warehouse.checks import accepted_are_stored, everything_accounted, unique_key

CHAT = webhook(messages=[said(1, 0, "halo")])
CRM = table([customer("C-1", "2025-10-01T00:00:00Z")])


@pytest.fixture
def at(tmp_path: Path) -> Deployment:
    return deployment(tmp_path)


def taken(at: Deployment) -> tuple[int, ...]:
    land_new_files(at)
    report = take_in(at)
    for check in (everything_accounted(at.lake), accepted_are_stored(at.lake)):
        assert check.passed, check.detail
    for name in ("landed_files", "payloads", "records", "rejects", "coverage"):
        assert unique_key(at.lake, f"bronze.{name}").passed
    return report.received, report.accepted, report.duplicates, report.rejected


def test_an_empty_folder_and_an_empty_lake_are_fine(at: Deployment) -> None:
    assert taken(at) == (0, 0, 0, 0)
    report = land_new_files(at)
    assert (report.seen, report.landed, report.batch) == (0, 0, 0)


def test_a_missing_folder_is_an_error(at: Deployment) -> None:
    at.settings.landing.rmdir()
    with pytest.raises(FileNotFoundError):
        land_new_files(at)


def test_the_same_file_copied_again_under_its_name_is_no_delivery(at: Deployment) -> None:
    path = put(at, "chat.json", CHAT)
    assert taken(at) == (2, 2, 0, 0)
    os.utime(path, ns=(1, 1))
    assert taken(at) == (0, 0, 0, 0)
    assert land_new_files(at).landed == 0


def test_the_same_bytes_under_another_name_are_a_duplicate(at: Deployment) -> None:
    put(at, "chat.json", CHAT)
    taken(at)
    put(at, "chat (1).json", CHAT)
    assert taken(at) == (2, 0, 2, 0)


@pytest.mark.parametrize(
    ("name", "first"),
    [("call-17_2026-03-02T09:00.vtt", (1, 0, 0, 1)), ("call-17.vtt", (2, 2, 0, 0))],
)
def test_what_its_name_did_not_date_is_read_under_a_better_one(
    at: Deployment, name: str, first: tuple[int, ...]
) -> None:
    words = "WEBVTT\n\n00:00:00.000 --> 00:00:02.000\n<v Agent>Halo</v>\n"
    put(at, name, words)
    assert taken(at) == first
    put(at, f"2026/03/02/{name}", words)  # in which zone? It says no more than the first one
    assert taken(at)[1] == 0
    put(at, "call-17_2026-03-02T09:00:00+07:00.vtt", words)
    assert taken(at) == (2, 2, 0, 0)
    put(at, "call-17_2026-03-02T09:00:00+07:00 (1).vtt", words)
    assert taken(at) == (2, 0, 2, 0)


def test_what_was_refused_for_its_content_is_not_read_again(at: Deployment) -> None:
    put(at, "a.json", '{"uuid": "u", "parties": [], "dialog": [')
    assert taken(at) == (1, 0, 0, 1)
    put(at, "b.json", '{"uuid": "u", "parties": [], "dialog": [')
    assert taken(at) == (1, 0, 1, 0)


def test_two_equal_files_in_one_batch_are_read_once(at: Deployment) -> None:
    put(at, "a.json", CHAT)
    put(at, "b.json", CHAT)
    assert taken(at) == (4, 2, 2, 0)


def test_a_file_that_goes_back_and_forth_is_landed_once_per_content(at: Deployment) -> None:
    for number, content in enumerate((CHAT, CRM, CHAT, CRM), start=1):
        path = put(at, "daily", content)
        os.utime(path, ns=(number, number))
        taken(at)
    rows = at.lake.read("bronze.landed_files").to_pylist()
    assert len(rows) == len({row["file_sha256"] for row in rows}) == 2


def test_a_resent_file_with_more_lines_brings_only_the_new_ones(at: Deployment) -> None:
    rows = [customer(f"C-{n}", "2025-10-01T00:00:00Z") for n in range(3)]
    put(at, "crm.csv", table(rows[:2]))
    assert taken(at) == (2, 2, 0, 0)
    put(at, "crm.csv", table(rows))
    assert taken(at) == (3, 1, 2, 0)


UNNAMED = '{"subject": "halo"}'  # only its name says that this is meant to be a vCon


def test_bytes_refused_under_one_name_are_read_under_a_better_one(at: Deployment) -> None:
    """Nothing may be lost because a file first came with a wrong ending."""
    put(at, "call.json", UNNAMED)
    taken(at)
    put(at, "call.vcon", UNNAMED)
    taken(at)
    put(at, "again.vcon", UNNAMED)
    put(at, "again.json", UNNAMED)
    assert taken(at)[2] == 2
    rejects = at.lake.read("bronze.rejects", order_by=["batch"]).to_pylist()
    assert [row["connector"] for row in rejects] == ["unsupported", "vcon"]
    assert rejects[0]["reason"] == "unsupported_format" != rejects[1]["reason"]


def test_bytes_refused_and_read_in_one_batch(at: Deployment) -> None:
    for name in ("a.json", "b.vcon", "c.vcon", "d.json"):
        put(at, name, UNNAMED)
    assert taken(at) == (4, 0, 2, 2)


def test_a_batch_of_known_facts_only_is_counted_and_closed(at: Deployment) -> None:
    put(at, "a.json", CHAT)
    taken(at)
    put(at, "b.json", CHAT + "\n")
    assert taken(at) == (2, 0, 2, 0)
    assert take_in(at).batches == 0


def test_landed_bytes_are_those_of_the_source(at: Deployment) -> None:
    for name, content in story().items():
        put(at, name, content)
    land_new_files(at)
    for row in at.lake.read("bronze.landed_files").to_pylist():
        stored = stored_path(at.store, row["file_sha256"]).read_bytes()
        assert stored == (at.settings.landing / row["name"]).read_bytes()


def test_a_landed_file_that_is_lost_stops_the_run_instead_of_being_rejected(
    at: Deployment,
) -> None:
    put(at, "crm.csv", CRM)
    land_new_files(at)
    shutil.rmtree(at.store)
    with pytest.raises(FileNotFoundError):
        take_in(at)
    land_new_files(at)
    assert at.lake.read("bronze.rejects").num_rows == 0


def test_a_run_that_lost_the_race_lands_its_files_next_time(
    at: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two runs read the same ledger; the slower one must not believe its batch was taken."""
    put(at, "mine.json", CHAT)
    other = deployment(at.settings.lake.parent)
    real = at.lake.append

    def late(*args, **kwargs):
        monkeypatch.setattr(at.lake, "append", real)
        mine = put(at, "theirs.csv", CRM)
        hidden = (at.settings.landing / "mine.json").rename(at.settings.landing / ".mine")
        assert land_new_files(other).landed == 1
        mine.unlink()
        hidden.rename(at.settings.landing / "mine.json")
        return real(*args, **kwargs)

    monkeypatch.setattr(at.lake, "append", late)
    assert land_new_files(at).landed == 0
    assert land_new_files(at).landed == 1
    assert taken(at) == (3, 3, 0, 0)


def test_no_message_of_a_reject_repeats_the_source(at: Deployment) -> None:
    put(at, "crm.csv", CRM.replace("2025-10-01T00:00:00Z", "kemarin sore"))
    put(at, "chat.json", CHAT.replace('"id": "wamid.1"', '"id": 7'))
    put(at, "cut.json", CHAT[:-9])
    taken(at)
    text = "\n".join(contents(at, ["bronze.rejects"])["bronze.rejects"])
    assert text
    for secret in ("Sari", "kemarin", "6281200000001", "contoh.id"):
        assert secret not in text


def left_by_a_killed_collector(at: Deployment) -> Path:
    folder = journal_folder(at.settings.landing)
    folder.mkdir()
    Journal(folder).append([Entry("whatsapp", b"", CHAT.encode())])
    return folder


def test_what_a_killed_collector_left_is_landed(at: Deployment) -> None:
    folder = left_by_a_killed_collector(at)
    assert taken(at) == (2, 2, 0, 0)
    assert journals(folder) == []
    assert taken(at) == (0, 0, 0, 0)


def test_the_journals_of_a_working_collector_are_left_alone(at: Deployment) -> None:
    folder = left_by_a_killed_collector(at)
    with owned(folder):
        assert taken(at) == (0, 0, 0, 0)
    assert len(journals(folder)) == 1
