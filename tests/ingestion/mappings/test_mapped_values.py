"""Single values: times as the mapping states them, numbers, ids, value maps; never a guess."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from ingestion.connectors.base import RejectedInput
from ingestion.mappings.rows import find
from ingestion.mappings.times import Clock, check_format
from ingestion.mappings.values import read_id
from tests.ingestion.connectors.reading_records import of_kind, reasons
from tests.ingestion.mappings.mapped_files import read

JAKARTA = ZoneInfo("Asia/Jakarta")
EIGHT = datetime(2026, 11, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("form", "value"),
    [
        ("iso", "2026-11-05T08:00:00"),
        ("iso", "2026-11-05 08:00"),
        ("iso", "2026-11-05T01:00:00Z"),
        ("iso", datetime(2026, 11, 5, 8)),  # noqa: DTZ001
        ("unix", 1793840400),
        ("unix", "1793840400"),
        ("unix_ms", 1793840400000),
        ("%d/%m/%Y %H:%M", "05/11/2026 08:00"),
        ("%d/%m/%Y %H.%M WIB", "05/11/2026 08.00 WIB"),
        ("%d %B %Y %H:%M", "5 November 2026 08:00"),
        ("%d %b %Y %H:%M", " 5 Nop 2026 08:00 "),
        ("%Y-%m-%dT%H:%M:%S%z", "2026-11-05T08:00:00+0700"),
        ("%m/%d/%Y %I:%M %p", "11/05/2026 08:00 AM"),
    ],
)
def test_times(form: str, value: Any):
    check_format(form)
    assert Clock((form,), zone=JAKARTA).moment(value, "sent_at") == EIGHT


@pytest.mark.parametrize(
    ("month", "number"),
    [("Januari", 1), ("Mei", 5), ("Agustus", 8), ("Oktober", 10), ("Desember", 12), ("May", 5)],
)
def test_months_in_both_languages(month: str, number: int):
    assert Clock(day_format="%d %B %Y").day(f"7 {month} 2026", "day") == f"2026-{number:02}-07"


def test_the_first_fitting_format_counts():
    clock = Clock(("%d/%m/%Y %H:%M", "iso"), zone=JAKARTA)
    assert clock.moment("05/11/2026 08:00", "x") == clock.moment("2026-11-05 08:00", "x") == EIGHT


@pytest.mark.parametrize(
    ("form", "value", "reason"),
    [
        ("iso", "2026-11-05T08:00:00", "naive_time"),
        ("%d/%m/%Y %H:%M", "05/11/2026 08:00", "naive_time"),
        ("iso", "2026-11-05", "bad_time"),
        ("iso", "kemarin", "bad_time"),
        ("iso", 1793840400, "bad_time"),
        ("unix", "1793840400.5", "bad_time"),
        ("unix", True, "bad_time"),
        ("unix", -1, "bad_time"),
        ("unix", 10**15, "bad_time"),
        ("%d/%m/%Y", "31/02/2026", "bad_time"),
        ("%d/%m/%Y", "1" * 100, "bad_time"),
        ("%d/%m/%Y %z", "01/01/1900 +0700", "bad_time"),
    ],
)
def test_refused_times(form: str, value: Any, reason: str):
    with pytest.raises(RejectedInput) as caught:
        Clock((form,)).moment(value, "sent_at")
    assert caught.value.reason == reason
    assert str(value) not in str(caught.value)


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("a", {"b": [{"c": 1}], "x": None}),
        ("a.b.0.c", 1),
        ("a.b.1.c", None),
        ("a.x.y", None),
        ("d.e", 2),
        ("a.b.c", None),
    ],
)
def test_paths(path: str, found: Any):
    assert find({"a": {"b": [{"c": 1}], "x": None}, "d.e": 2}, path) == found


@pytest.mark.parametrize("value", [1.0, True, None, {}, []])
def test_ids_are_texts_or_whole_numbers(value: Any):
    assert read_id(7, "id") == "7" and read_id(" a ", "id") == "a"
    with pytest.raises(RejectedInput):
        read_id(value, "id")


CALLS = """\
name: calls
match: calls.csv
format: csv
delimiter: "|"
decimal: ","
kind: conversations
channel: voice
columns:
  conversation: uid
  started_at: start
  wait_seconds: wait
  csat: score
  transfers: moves
  direction: way
  disconnect_reason: {value: answered}
values:
  direction: {masuk: inbound, keluar: outbound, "": inbound}
"""
START = "2026-11-05T08:00:00+07:00"


@pytest.mark.parametrize(
    ("cells", "field", "value"),
    [
        ("00:01:30|4,5|2|masuk", "wait_seconds", 90.0),
        ("90|4,5|2|Masuk", "csat", 4.5),
        ("1.250,5|4|2|KELUAR", "wait_seconds", 1250.5),
        ("90||2|", "csat", None),
        ("90|4|2|", "direction", "inbound"),
        ("90|4|2|keluar", "direction", "outbound"),
        ("90|4|2|masuk", "transfers", 2),
        ("90|4|2|masuk", "disconnect_reason", "answered"),
    ],
)
def test_numbers_and_words(tmp_path: Path, cells: str, field: str, value: Any):
    found = read(tmp_path, CALLS, f"uid|start|wait|score|moves|way\nU-1|{START}|{cells}\n")
    assert of_kind(found, "interaction")[0].data[field] == value


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        ("-5|4|2|masuk", "negative_duration"),
        ("01:99:00|4|2|masuk", "bad_cell"),
        ("90|4.5.1|2|masuk", "bad_cell"),
        ("90|4|dua|masuk", "bad_cell"),
        ("90|4|2|samping", "unknown_value"),
        ("90|4|2", "wrong_columns"),
        ('90|"4|2|masuk', "bad_csv"),
    ],
)
def test_refused_cells(tmp_path: Path, cells: str, reason: str):
    found = read(tmp_path, CALLS, f"uid|start|wait|score|moves|way\nU-1|{START}|{cells}\n")
    assert reasons(found) == [reason]
    assert "samping" not in str(found[0]) and "dua" not in str(found[0])


JOINED = """\
name: j
match: j
format: jsonl
kind: conversations
channel: chat
time: {format: "%d/%m/%Y %H:%M", zone: Asia/Jakarta}
columns:
  conversation: id
  sent_at: [day, clock]
  role: {value: customer}
  text: [subject, body.text]
"""


@pytest.mark.parametrize(
    ("line", "text", "refused"),
    [
        (b'{"subject": "Tagihan", "body": {"text": " naik "}}', "Tagihan naik", []),
        (b'{"subject": null, "body": {"text": "naik"}}', "naik", []),
        (b'{"subject": " "}', None, []),
        (b'{"subject": 5, "body": {"text": "naik"}}', None, ["wrong_type"]),
        (b'{"clock": null, "subject": "x"}', None, ["bad_time"]),
    ],
)
def test_joined_columns(tmp_path: Path, line: bytes, text: str | None, refused: list[str]):
    base = b'{"id": 1, "day": "05/11/2026", "clock": "08:00", '
    found = read(tmp_path, JOINED, base + line[1:] + b"\n")
    assert reasons(found) == refused
    if not refused:
        (said,) = of_kind(found, "turn")
        assert (said.event_at, said.data["text"]) == (EIGHT, text)
