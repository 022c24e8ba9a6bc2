"""The law of intake: each item received is accepted, a duplicate or rejected, per file."""

import hashlib
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.registry import connectors, recognise
from ingestion.identifiers import hash64
from ingestion.intake import UNSUPPORTED, Intake, LandedFile, head_of
from ingestion.record_rows import record_row
from warehouse.contracts import PAYLOADS, RECORDS, REJECTS
from warehouse.settings import Settings

AT = datetime(2026, 11, 1, tzinfo=UTC)
KNOWN = pa.schema([("record_id", pa.string()), ("payload_id", pa.string())])
NONE_KNOWN = KNOWN.empty_table()
HEADER = "crm_id,name,email,updated_at\n"
GOOD = "C-1,Sari Dewi,sari@contoh.id,2026-10-01T09:00:00+07:00\n"
OTHER = "C-2,Budi Hartono,budi@contoh.id,2026-10-02T09:00:00+07:00\n"
BAD = "C-3,Tono,tono@contoh.id,kemarin\n"


class Scripted(Connector):
    """Reads any file as one payload a line; each line says what the parser does."""

    name: ClassVar[str] = "scripted"
    version: ClassVar[str] = "1"
    source_system: ClassVar[str] = "scripted"
    broken: ClassVar[dict[str, Any]] = {
        "surrogate": {"data": {"text": "\ud800"}},
        "huge": {"data": {"number": 2**70}},
        "naive": {"event_at": AT.replace(tzinfo=None)},
        "late": {"event_at": datetime.max.replace(tzinfo=UTC)},
        "key": {"conversation_key": "a\udcff"},
        "link": {"links": ("\udcff",)},
        "pointer": {"pointer": "/\udcff"},
        "object": {"data": {"text": object()}},
        "no text": {"native_id": None},
    }

    def recognises(self, name: str, head: bytes) -> bool:
        return True

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            if line == b"fetch raises":
                raise ValueError("rahasia")
            if line == b"disk fails":
                raise OSError(5, "Input/output error")
            if line == b"fetch rejects":
                yield RejectedInput("too_large", "cut the file", f"line {number}")
            else:
                yield Payload(line, f"line {number}")

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        text = payload.raw.decode()
        yield record(text)
        if text == "parse raises":
            raise RecursionError("rahasia")
        if text == "rejects":
            yield RejectedInput("bad_cell", "column score must be a number")
        if text in self.broken:
            yield record(text, **self.broken[text])


class Whole(Scripted):
    """A format whose files are not copied into a table, read by the name they came under."""

    name: ClassVar[str] = "whole"

    def fetch_named(self, path: Path, name: str) -> Iterator[Payload | RejectedInput]:
        yield Payload(b"", "file", 0, path.stat().st_size, name, whole_file=True)

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        yield record("whole", conversation_key=payload.context)


def record(identity: str, **changes: Any) -> Record:
    fields: dict[str, Any] = {
        "kind": "turn",
        "source_system": "scripted",
        "conversation_key": "c",
        "native_id": identity,
        "event_at": AT,
        "data": {"action": "sent", "turn_id": identity},
    }
    return Record(**fields | changes)


def landed(folder: Path, name: str, content: str, connector: str | None = None) -> LandedFile:
    path = folder / name
    path.write_bytes(content.encode())
    if connector is None:
        found = recognise(name, head_of(path))
        connector = found.name if found else UNSUPPORTED
    sha = hashlib.sha256(path.read_bytes()).hexdigest()
    return LandedFile(sha, name, path, connector, repeats=False)


def intake(folder: Path, batch: int = 1) -> Intake:
    settings = Settings(folder, folder, folder / "key")
    readers = {connector.name: connector for connector in (*connectors(), Scripted(), Whole())}
    return Intake(batch, settings, readers, hash64, at=AT)


def taken(folder: Path, *files: LandedFile, known: pa.Table = NONE_KNOWN) -> dict[str, Any]:
    """Everything that one batch gives, and the law checked on the way."""
    with intake(folder) as batch:
        for file in files:
            batch.read(file)
        batch.count_known(known)
        result: dict[str, Any] = {
            "records": pa.Table.from_batches(batch.statements.records(), RECORDS).to_pylist(),
            "restated": batch.statements.restatements().to_pylist(),
            "readings": batch.readings(),
            "rejects": pa.Table.from_batches(batch.rejects.batches(), REJECTS).to_pylist(),
            "payloads": pa.Table.from_batches(batch.payloads.batches(), PAYLOADS).to_pylist(),
            "coverage": batch.coverage(),
        }
    counts = result["coverage"]
    for row in counts:
        assert row["received"] == row["accepted"] + row["duplicates"] + row["rejected"]
        assert row["received"] >= 1 and min(row["accepted"], row["duplicates"]) >= 0
    assert sum(row["accepted"] for row in counts) == len(result["records"])
    assert sum(row["rejected"] for row in counts) == len(result["rejects"])
    ids = [row["reject_id"] for row in result["rejects"]]
    assert len(ids) == len(set(ids))
    return result


def counts(row: dict[str, Any]) -> tuple[int, int, int, int]:
    return row["received"], row["accepted"], row["duplicates"], row["rejected"]


CASES = [
    ("pelanggan.csv", HEADER + GOOD, (1, 1, 0, 0), []),
    ("pelanggan.csv", HEADER + GOOD + OTHER + GOOD, (3, 2, 1, 0), []),
    ("pelanggan.csv", HEADER + GOOD + BAD, (2, 1, 0, 1), ["bad_time"]),
    ("pelanggan.csv", HEADER, (1, 0, 0, 1), ["no_records"]),
    ("foto.jpg", "\x00\x01", (1, 0, 0, 1), ["unsupported_format"]),
    ("kosong.csv", "", (1, 0, 0, 1), ["empty_file"]),
    ("catatan.txt", "halo", (1, 0, 0, 1), ["unsupported_format"]),
]


@pytest.mark.parametrize(("name", "content", "expected", "reasons"), CASES)
def test_every_item_of_a_real_file_is_counted_once(
    tmp_path: Path, name: str, content: str, expected: tuple[int, ...], reasons: list[str]
) -> None:
    found = taken(tmp_path, landed(tmp_path, name, content))
    assert counts(found["coverage"][0]) == expected
    assert [row["reason"] for row in found["rejects"]] == reasons


@pytest.mark.parametrize(
    ("line", "expected", "stage", "reason"),
    [
        ("fetch raises", (1, 0, 0, 1), "fetch", "parser_error"),
        ("fetch rejects", (1, 0, 0, 1), "fetch", "too_large"),
        ("parse raises", (2, 1, 0, 1), "parse", "parser_error"),
        ("rejects", (2, 1, 0, 1), "parse", "bad_cell"),
        *((name, (2, 1, 0, 1), "parse", "unstorable_record") for name in Scripted.broken),
    ],
)
def test_what_fails_costs_one_reject_and_never_the_batch(
    tmp_path: Path, line: str, expected: tuple[int, ...], stage: str, reason: str
) -> None:
    bad = landed(tmp_path, "bad.txt", line, "scripted")
    good = landed(tmp_path, "good.txt", "fine", "scripted")
    found = taken(tmp_path, bad, good)
    assert [counts(row) for row in found["coverage"]] == [expected, (1, 1, 0, 0)]
    (reject,) = found["rejects"]
    assert (reject["stage"], reject["reason"]) == (stage, reason)
    assert "rahasia" not in str(reject)
    if stage == "parse":
        payload = next(p for p in found["payloads"] if p["file_sha256"] == bad.file_sha256)
        assert (reject["payload_id"], reject["payload_sha256"]) == (
            payload["payload_id"],
            payload["payload_sha256"],
        )


def test_a_failing_disk_is_no_fault_of_the_file(tmp_path: Path) -> None:
    """Counted as rejected it would never be read again; raised, the batch is."""
    file = landed(tmp_path, "a.txt", "fine\ndisk fails", "scripted")
    with pytest.raises(OSError, match="Input/output"):
        taken(tmp_path, file)
    file.path.unlink()
    with pytest.raises(FileNotFoundError):
        taken(tmp_path, file)


def test_a_connector_that_is_gone_is_a_reject(tmp_path: Path) -> None:
    found = taken(tmp_path, landed(tmp_path, "a.txt", "x", "no_such_connector"))
    assert [row["reason"] for row in found["rejects"]] == ["unsupported_format"]


@pytest.mark.parametrize(
    ("name", "words"),
    [("calls/a.MP3", "the name says recording (.mp3)"), ("a.wav", "export it as WAV"),
     ("a.docx", "no connector reads this kind of file (.docx)"), ("a", "(no ending)")],
)  # fmt: skip
def test_what_nobody_reads_says_why(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "calls").mkdir()
    (reject,) = taken(tmp_path, landed(tmp_path, name, "x", UNSUPPORTED))["rejects"]
    assert (reject["reason"], words in reject["message"]) == ("unsupported_format", True)


def test_a_payload_that_is_the_whole_file_is_not_copied(tmp_path: Path) -> None:
    file = landed(tmp_path, "a.bin", "0123456789", "whole")
    found = taken(tmp_path, file)
    (payload,), (record,) = found["payloads"], found["records"]
    assert (payload["raw"], payload["byte_start"], payload["byte_end"]) == (b"", 0, 10)
    assert payload["payload_sha256"] == file.file_sha256
    assert record["conversation_key"] == "a.bin"  # the name under which it was delivered


def test_links_of_recordings_are_the_same_for_every_source() -> None:
    def links(kind: Any, system: str, names: list[str]) -> list[int]:
        data = {"recordings": names}
        record = Record(kind, system, f"{system}-1", "n", AT, data, links=("other",))
        return record_row(record, ZoneInfo("UTC"), hash64)["link_hashes"]

    first = links("interaction", "vcon", ["https://example.com/rec/call-8812.mp3"])
    second = links("interaction", "recording", ["call-8812.mp3", "audio.wav"])
    assert first[:2] == [hash64("vcon", "vcon-1"), hash64("vcon", "other")]
    assert first[2:] == second[2:] == [hash64("recording", "name:call-8812")]
    assert len(links("turn", "vcon", ["call-8812.mp3"])) == 2


def test_the_same_fact_in_two_files_of_a_batch_is_one_record(tmp_path: Path) -> None:
    files = [landed(tmp_path, n, HEADER + r) for n, r in (("a.csv", GOOD), ("b.csv", OTHER + GOOD))]
    found = taken(tmp_path, *files)
    assert [counts(row) for row in found["coverage"]] == [(1, 1, 0, 0), (2, 1, 1, 0)]


def test_records_of_earlier_batches_are_duplicates_of_their_file(tmp_path: Path) -> None:
    files = [landed(tmp_path, n, HEADER + r) for n, r in (("a.csv", GOOD), ("b.csv", OTHER))]
    earlier = taken(tmp_path, files[0])["records"]
    known = known_from(earlier)
    found = taken(tmp_path, *files, known=known)
    assert [counts(row) for row in found["coverage"]] == [(1, 0, 1, 0), (1, 1, 0, 0)]


def known_from(records: list[dict[str, Any]]) -> pa.Table:
    return pa.Table.from_pylist(
        [{name: row[name] for name in KNOWN.names} for row in records], KNOWN
    )


def pointers(*results: dict[str, Any]) -> dict[str, str]:
    """The payload that counts for each fact after some batches."""
    found: dict[str, str] = {}
    for row in (row for result in results for row in (*result["records"], *result["restated"])):
        found[row["record_id"]] = min(row["payload_id"], found.get(row["record_id"], "z"))
    return found


def test_a_fact_points_at_the_same_payload_whatever_came_first(tmp_path: Path) -> None:
    """Three files state one fact, each with another neighbour; every order, one or two batches."""
    rows = [GOOD + OTHER.replace("C-2", f"C-{n}") for n in range(3, 6)]
    names = ("a.csv", "b.csv", "c.csv")
    found = []
    for order in permutations(rows):
        files = [landed(tmp_path, n, HEADER + row) for n, row in zip(names, order, strict=True)]
        once = taken(tmp_path, *files)
        found.append(pointers(once))
        first = taken(tmp_path, *files[:2])
        known = known_from([{"record_id": r, "payload_id": p} for r, p in pointers(first).items()])
        second = taken(tmp_path, *files[2:], known=known)
        assert len(second["restated"]) <= 1
        found.append(pointers(first, second))
    assert all(pointer == found[0] for pointer in found)


def test_each_file_that_is_read_says_by_which_version(tmp_path: Path) -> None:
    files = [landed(tmp_path, "a.csv", HEADER + GOOD), landed(tmp_path, "b.txt", "x", UNSUPPORTED)]
    (reading,) = taken(tmp_path, *files)["readings"]
    assert (reading["file_sha256"], reading["connector"]) == (files[0].file_sha256, "tabular")
    assert reading["version"] == "1"


def test_a_repeated_file_counts_as_all_duplicate(tmp_path: Path) -> None:
    file = landed(tmp_path, "salinan.csv", HEADER + GOOD)
    with intake(tmp_path) as batch:
        batch.repeat(file, 7)
        batch.count_known(NONE_KNOWN)
        assert [counts(row) for row in batch.coverage()] == [(7, 0, 7, 0)]
        assert list(batch.statements.records()) == []


def test_payloads_point_at_their_bytes(tmp_path: Path) -> None:
    file = landed(tmp_path, "pelanggan.csv", HEADER + GOOD + OTHER)
    content = file.path.read_bytes()
    for row in taken(tmp_path, file)["payloads"]:
        assert content[row["byte_start"] : row["byte_end"]] == row["raw"]
        assert hashlib.sha256(row["raw"]).hexdigest() == row["payload_sha256"]


def test_records_beyond_one_spool_are_all_kept(tmp_path: Path) -> None:
    lines = [f"m-{number}" for number in range(17_000)]
    found = taken(tmp_path, landed(tmp_path, "big.txt", "\n".join(lines), "scripted"))
    assert [row["native_id"] for row in found["records"]] == lines
    assert counts(found["coverage"][0]) == (17_000, 17_000, 0, 0)


# --- one record ---------------------------------------------------------------------------

UTC_ZONE = Settings(Path(), Path(), Path(), timezone="UTC").zone
JAKARTA = Settings(Path(), Path(), Path()).zone


def test_ids_do_not_depend_on_file_place_or_time_of_loading(tmp_path: Path) -> None:
    one = taken(tmp_path, landed(tmp_path, "a.csv", HEADER + GOOD))["records"]
    two = taken(tmp_path, landed(tmp_path, "b.csv", HEADER + OTHER + GOOD))["records"]
    assert one[0]["record_id"] in {row["record_id"] for row in two}


def test_business_days_begin_in_the_business_zone() -> None:
    evening = record("m", event_at=datetime(2026, 10, 31, 17, 30, tzinfo=UTC))
    assert record_row(evening, UTC_ZONE, hash64)["event_date"].isoformat() == "2026-10-31"
    assert record_row(evening, JAKARTA, hash64)["event_date"].isoformat() == "2026-11-01"


def test_one_moment_in_two_zones_is_one_record() -> None:
    rows = [record_row(record("m", event_at=AT.astimezone(zone)), JAKARTA, hash64)
            for zone in (UTC, JAKARTA)]  # fmt: skip
    assert rows[0] == rows[1]


@given(st.dictionaries(st.text(), st.one_of(st.text(), st.integers(), st.floats(), st.none())))
def test_any_data_is_stored_or_refused_and_its_order_is_nothing(data: dict[str, Any]) -> None:
    names = ("b", "a")
    try:
        row = record_row(record("m", data=data, names=names), JAKARTA, hash64)
    except (TypeError, ValueError, OverflowError):
        return
    turned = dict(reversed(data.items()))
    again = record_row(record("m", data=turned, names=names[::-1]), JAKARTA, hash64)
    assert row == again
    assert json.loads(row["data"])["names"] == ["a", "b"]


def test_links_begin_with_the_own_conversation_and_hold_each_once() -> None:
    row = record_row(record("m", links=("d", "c", "d")), JAKARTA, hash64)
    assert row["link_hashes"] == [hash64("scripted", "c"), hash64("scripted", "d")]


def test_the_same_fact_with_another_link_is_another_record() -> None:
    """Else the first delivery would decide which conversations meet."""
    rows = [
        record_row(record("m", links=links), JAKARTA, hash64)
        for links in ((), ("d",), ("d", "e"), ("e", "d", "e"))
    ]
    assert len({row["record_id"] for row in rows}) == 3
    assert rows[2]["record_id"] == rows[3]["record_id"]
