"""Times in names of files and folders."""

from zoneinfo import ZoneInfo

import pytest

from ingestion.connectors.base import Payload, RejectedInput
from ingestion.connectors.call_names import name_of, time_in_name, with_name

JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize(
    ("name", "moment", "precision"),
    [
        ("a/b_analysis_2026-03-02T02:00:05Z.json", "2026-03-02T02:00:05", "second"),
        ("b_analysis_redacted_2026-03-02T02_00_05Z (1).json", "2026-03-02T02:00:05", "second"),
        ("b_20260302T02:00_UTC.wav", "2026-03-02T02:00:00", "minute"),
        ("x_2026-03-02T09:00:00+07:00.vtt", "2026-03-02T02:00:00", "second"),
        ("x_2026-03-02T09-00+0700.vtt", "2026-03-02T02:00:00", "minute"),
        ("20260302090000.vtt", "2026-03-02T02:00:00", "second"),
        ("calls/20260302-090000-0811.vtt", "2026-03-02T02:00:00", "second"),
        ("call 2026-03-02 09.00.00.srt", "2026-03-02T02:00:00", "second"),
        ("stream-1-2026-03-02-09-00-00-a1b2", "2026-03-02T02:00:00", "second"),
        ("2026/03/02/call7.vtt", "2026-03-01T17:00:00", "day"),
        ("export 2026-03-05/call_20260302_0900.vtt", "2026-03-02T02:00:00", "minute"),
        ("2026-03-05_call_2026-03-02T09:00.vtt", "2026-03-02T02:00:00", "minute"),
    ],
)
def test_a_name_tells_when(name: str, moment: str, precision: str):
    found = time_in_name(name, JAKARTA)
    assert found is not None
    assert (found.moment.replace(tzinfo=None).isoformat(), found.precision) == (moment, precision)


@pytest.mark.parametrize(
    "name",
    ["call.vtt", "2026-13-02.vtt", "620260302.vtt", "+6281100000777.mp3", "1772416800.vtt", "",
     "58805c4e-30c9-416e-b1cd-cb216a5b72d8.json"],
)  # fmt: skip
def test_a_name_without_a_time(name: str):
    assert time_in_name(name, JAKARTA) is None


def test_without_a_zone_only_offsets_count():
    assert time_in_name("x_2026-03-02T09:00:00.vtt", None) is None
    found = time_in_name("x_2026-03-02T09:00:00Z.vtt", None)
    assert found is not None and not found.zone_assumed
    assumed = time_in_name("x_2026-03-02.vtt", JAKARTA)
    assert assumed is not None and assumed.zone_assumed


def test_names_travel_with_payloads():
    named = with_name(Payload(b"x", "document"), "calls/a.vtt")
    assert isinstance(named, Payload) and name_of(named) == "calls/a.vtt"
    refused = RejectedInput("empty", "x")
    assert with_name(refused, "a") is refused


@pytest.mark.parametrize("context", ["", "[]", "{", '{"name": 5}'])
def test_other_contexts_hold_no_name(context: str):
    assert name_of(Payload(b"", "document", context=context)) == ""
