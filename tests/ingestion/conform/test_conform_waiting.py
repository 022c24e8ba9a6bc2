"""Undated facts: what dates them, what they wait for, and that nothing else dates them."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from facts_of import (
    RULES,
    START,
    conformed,
    delete,
    edit,
    handle,
    rows,
    stated,
    status,
    table,
    turn,
)

from ingestion.audio.names import RECORDING_SYSTEM
from ingestion.conform.conform import conform
from ingestion.connectors.base import Record


def undated(number: int, start: float | None, text: str = "halo", **more: Any) -> Record:
    """A word of call `k` whose source has no date."""
    told = turn("k", number, 0, text, system="voice", sent_at=None, start_seconds=start, **more)
    return replace(told, event_at=None)


def waits(*records: Record) -> list[tuple[str, int]]:
    result = conformed(*records)
    assert (result.interactions, result.turns, result.participants) == ([], [], [])
    assert result.accounted == len(records)
    return [(row["waits_for"], row["records"]) for row in result.waiting]


def moments(*records: Record) -> list[float | None]:
    """Seconds after START of the turns, all of one call; nothing waits."""
    result = conformed(*records)
    assert len(result.interactions) == 1 and result.waiting == []
    assert result.accounted == len(records)
    sent = [row["sent_at"] for row in result.turns]
    return [at and (at - START).total_seconds() for at in sent]


def test_without_any_date_it_waits():
    facts = replace(stated("k", direction="inbound"), event_at=None)
    assert waits(undated(1, 2.0), undated(2, None), facts) == [("date", 3)]
    assert waits(status("x", 1, 0, "read"), delete("x", 2, 1)) == [("message", 2)]


@pytest.mark.parametrize(
    ("facts", "seconds"),
    [
        ({"started_at": START}, 2),
        ({"started_at": START, "media_started_at": START + timedelta(seconds=9)}, 11),
        ({"media_started_at": START}, 2),
        ({"started_at": START, "metadata": {"start_precision": "day"}}, None),
        ({}, None),  # dated, but nothing tells what offsets count from
    ],
)
def test_offsets_count_from_the_recording_else_from_the_start(
    facts: dict[str, Any], seconds: float | None
):
    call = stated("k", 30, **facts)
    assert moments(undated(1, 2.0), call) == [seconds]
    both = moments(call, undated(1, 2.0), undated(2, None))
    assert both.count(None) == (2 if seconds is None else 1)


def test_an_exact_start_counts_where_another_source_knows_the_day_only():
    day = stated("k", 60, started_at=START, metadata={"start_precision": "day"})
    exact = stated("k", 0, started_at=START + timedelta(seconds=5))
    assert moments(undated(1, 2.0), day, exact) == moments(exact, day, undated(1, 2.0)) == [7]


def test_only_what_has_no_date_is_dated_by_its_offset():
    dated = turn("k", 1, 0, system="voice", sent_at=None, start_seconds=2.0)
    assert moments(dated, stated("k", started_at=START)) == [None]


def test_the_newest_of_two_starts_counts_in_any_order():
    early = stated("k", 0, started_at=START)
    late = stated("k", 5, started_at=START + timedelta(seconds=60))
    assert moments(undated(1, 2.0), early, late) == moments(late, early, undated(1, 2.0)) == [62]


def test_a_dated_statement_outweighs_an_undated_one():
    guess = replace(stated("k", queue="guess", agent_id="a-1"), event_at=None)
    call = stated("k", 0, queue="billing", started_at=START)
    (row,) = conformed(guess, undated(1, 2.0), call).interactions
    assert (row["queue"], row["agent_id"], row["started_at"]) == ("billing", "a-1", START)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_edits_and_deletions_of_undated_words(place: int):
    call, said = stated("k", started_at=START), undated(1, 2.0, "salah")
    for later, expected in (
        (replace(edit("k", 1, 3, "benar"), source_system="voice"), ("edited", "benar")),
        (replace(delete("k", 1, 4), source_system="voice"), ("deleted", None)),
    ):
        told = [call, said]
        told.insert(place, later)
        result = conformed(*told)
        (row,) = result.turns
        assert (row["state"], row["redacted_text"]) == expected
        assert row["sent_at"] == START + timedelta(seconds=2)
        assert row["changed_at"] == later.event_at


def test_the_dated_delivery_of_a_sentence_tells_more():
    dated = turn("k", 1, 0, system="voice", role="agent", sent_at=START, start_seconds=2.0)
    call = stated("k", started_at=START)
    for order in ((dated, undated(1, 2.0), call), (call, undated(1, 2.0), dated)):
        (row,) = conformed(*order).turns
        assert (row["role"], row["sent_at"]) == ("agent", START)


def test_a_dated_recording_dates_the_words_beside_it():
    data = {"channel": "voice", "recordings": ["c-8812.wav", f"sha256-{'a' * 64}"]}
    data |= {"started_at": START, "recording": _MEASURES}
    sound = Record("interaction", RECORDING_SYSTEM, "a", "a", START, data)
    words = replace(stated("k", recordings=["C-8812.vtt"]), event_at=None)
    assert moments(sound, words, undated(1, 2.0)) == [2]
    silent = replace(sound, event_at=None, data=data | {"started_at": None})
    assert sorted(waits(silent, words, undated(1, 2.0))) == [("date", 1), ("date", 2)]


def test_order_and_repetition_do_not_matter():
    told = [
        undated(1, 2.0),
        undated(2, 5.0),
        stated("k", 1, started_at=START),
        handle("z", "phone", "1"),
    ]
    assert (
        rows(conformed(*told)) == rows(conformed(*reversed(told))) == rows(conformed(*told, *told))
    )


def test_files_are_those_that_the_records_name():
    records = table([undated(1, 2.0), undated(2, 5.0)])
    files = records.schema.get_field_index("file_sha256")
    named = records.set_column(files, "file_sha256", [["one", "two"]])
    waiting = conform(named, RULES).waiting
    assert sorted((row["file_sha256"], row["records"]) for row in waiting) == [
        ("one", 1),
        ("two", 1),
    ]


_MEASURES = {
    "container": "wav", "codec": "PCM_16", "sample_rate": 8000, "channels": 1,
    "duration_seconds": 60.0, "talk_seconds": 30.0, "non_talk_seconds": 30.0,
    "longest_silence_seconds": 9.0, "channel_talk_seconds": None, "overlap_seconds": None,
    "interruptions": None, "loudness_dbfs": [-20.5], "clipped": [0], "version": "1",
    "not_analysed": [], "channel_roles": None, "engine": None,
}  # fmt: skip
