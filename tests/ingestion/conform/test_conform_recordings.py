"""A recording and its call become one interaction, whichever is known first, and never wrongly."""

import random
from datetime import date
from typing import Any

import pytest
from facts_of import START, conformed, rows, stated, turn

from ingestion.connectors.base import Record
from ingestion.connectors.recording import UNKNOWN_TIME

MEASURES = {
    "container": "wav", "codec": "PCM_16", "sample_rate": 8000, "channels": 2,
    "duration_seconds": 60.0, "talk_seconds": 30.0, "non_talk_seconds": 30.0,
    "longest_silence_seconds": 9.0, "channel_talk_seconds": [12.0, 20.0], "overlap_seconds": 2.0,
    "interruptions": [0, 3], "loudness_dbfs": [-20.5, None], "clipped": [1, 2], "version": "1",
    "not_analysed": ["no_transcript_engine"], "channel_roles": ["customer", "agent"],
    "engine": None,
}  # fmt: skip


def recording(sha: str, name: str, *, dated: bool = False, **measures: Any) -> Record:
    """The fact that a recording states; its name says when it began, if `dated`."""
    began = START if dated else None
    data = {
        "channel": "voice", "started_at": began, "ended_at": began, "talk_seconds": 60.0,
        "recordings": [name, f"sha256-{sha * 64}"], "recording": MEASURES | measures,
    }  # fmt: skip
    return Record("interaction", "recording", sha, sha, began or UNKNOWN_TIME, data)


def heard(sha: str, number: int, text: str, role: str = "customer") -> Record:
    """What a speech engine heard in it."""
    data = {"action": "sent", "turn_id": f"{sha}#{number}", "role": role, "text": text}
    data |= {"start_seconds": float(number), "order": number, "channel": "voice"}
    return Record("turn", "recording", sha, f"{sha}#{number}", UNKNOWN_TIME, data)


def call(key: str, *names: str, **data: Any) -> list[Record]:
    """A call of four words that names its recordings."""
    words = turn(key, int(key[1:]), 0, "internet saya mati total", system="voice", channel="voice")
    return [stated(key, recordings=list(names), started_at=START, **data), words]


def one(*records: Record) -> tuple[Any, list[dict[str, Any]]]:
    """The only interaction, and the recordings."""
    result = conformed(*records)
    (interaction,) = result.interactions
    return interaction, result.recordings


@pytest.mark.parametrize(
    ("named", "how"),
    [("https://example.com/rec/c-8812.mp3?x=1", "name"), ("C-8812.wav", "name"),
     (f"sha256-{'a' * 64}", "content_hash")],
)  # fmt: skip
def test_call_and_recording_are_one_interaction(named: str, how: str):
    interaction, (row,) = one(recording("a", "c-8812.wav"), *call("k1", named))
    assert interaction["source_system"] == "voice"
    assert interaction["started_at"] == START
    assert (row["interaction_id"], row["tied_by"]) == (interaction["interaction_id"], how)
    assert (row["started_at"], row["event_date"]) == (START, interaction["event_date"])
    assert row["conversation_hash"] == interaction["conversation_hash"]
    assert (row["words"], row["words_per_minute"]) == (4, 8.0)
    assert (row["transcript_source"], row["not_analysed"]) == ("voice", [])


def test_the_call_is_the_same_with_and_without_its_recording():
    alone, none = one(*call("k1", "c-8812.wav"))
    with_it, _ = one(recording("a", "c-8812.wav", dated=True), *call("k1", "c-8812.wav"))
    assert none == []
    # Only what no other source says is taken from the recording.
    assert with_it == alone | {"talk_seconds": 60.0, "ended_at": with_it["ended_at"]}


def test_what_the_call_states_stands():
    said = {"talk_seconds": 55.0, "direction": "inbound", "ended_at": START}
    interaction, _ = one(
        recording("a", "c-8812.wav", dated=True), *call("k1", "c-8812.wav", **said)
    )
    assert {name: interaction[name] for name in said} == said


def test_measures_by_side():
    _, (row,) = one(recording("a", "c-8812.wav", dated=True))
    assert (row["customer_talk_seconds"], row["agent_talk_seconds"]) == (12, 20)
    assert (row["interruptions"], row["agent_interruptions"], row["clipped_samples"]) == (3, 3, 3)
    swapped = {"channel_roles": ["agent", "customer"]}
    _, (row,) = one(recording("a", "c-8812.wav", dated=True, **swapped))
    assert (row["customer_talk_seconds"], row["customer_interruptions"]) == (20, 3)
    shared = {"channel_roles": None, "channel_talk_seconds": None, "interruptions": None}
    _, (row,) = one(recording("a", "c-8812.wav", dated=True, **shared))
    assert (row["agent_talk_seconds"], row["interruptions"]) == (None, None)


def test_a_dated_recording_is_an_interaction_of_its_own():
    interaction, (row,) = one(recording("a", "c-8812.wav", dated=True))
    assert (interaction["source_system"], interaction["channel"]) == ("recording", "voice")
    assert (interaction["started_at"], interaction["talk_seconds"]) == (START, 60)
    assert (row["interaction_id"], row["tied_by"]) == (interaction["interaction_id"], None)
    assert row["not_analysed"] == ["no_call", "no_transcript_engine"]


def test_a_recording_without_call_and_time_waits():
    result = conformed(recording("a", "c-8812.wav"), heard("a", 0, "halo"))
    (row,) = result.recordings
    assert (result.interactions, result.turns, row["interaction_id"]) == ([], [], None)
    assert row["not_analysed"] == ["no_call", "unknown_time"]
    assert row["event_date"] == date(1970, 1, 1)


@pytest.mark.parametrize(
    "records",
    [
        [recording("a", "0001.wav"), *call("k1", "0001.wav"), *call("k2", "0001.wav")],
        [recording("a", "0001.wav"), recording("b", "0001.wav"), *call("k1", "0001.mp3")],
        [recording("a", "0001.wav"), *call("k1", "0001.mp3"), *call("k2", "0001.ogg")],
    ],
)
def test_a_name_that_may_mean_several_ties_nothing(records: list[Record]):
    result = conformed(*records)
    assert {row["interaction_id"] for row in result.recordings} == {None}
    assert all("ambiguous_name" in row["not_analysed"] for row in result.recordings)
    calls = {record.conversation_key for record in records if record.source_system == "voice"}
    assert len(result.interactions) == len(calls)


def test_the_content_decides_where_names_do_not():
    named = [*call("k1", "0001.wav", f"sha256-{'a' * 64}"), *call("k2", "0001.wav")]
    result = conformed(recording("a", "0001.wav"), recording("b", "0001.wav"), *named)
    assert [row["tied_by"] for row in result.recordings] == ["content_hash", None]


def test_the_whole_name_decides_before_its_stem():
    named = [*call("k1", "ab-call.wav"), *call("k2", "ab-call.mp3")]
    result = conformed(recording("a", "ab-call.wav"), recording("b", "ab-call.mp3"), *named)
    assert len({row["interaction_id"] for row in result.recordings}) == 2
    assert {row["tied_by"] for row in result.recordings} == {"name"}


@pytest.mark.parametrize("name", ["recording.wav", "call-1.mp3", "audio.ogg"])
def test_names_that_say_nothing_tie_nothing(name: str):
    result = conformed(recording("a", name), *call("k1", name))
    (row,) = result.recordings
    assert (row["interaction_id"], row["not_analysed"]) == (
        None, ["no_call", "no_transcript_engine", "unknown_time"],
    )  # fmt: skip


def test_two_formats_count_once_and_two_parts_twice():
    formats = [recording("a", "c-8812.wav"), recording("b", "c-8812.mp3")]
    _, found = one(*formats, *call("k1", "c-8812"))
    assert [row["words_per_minute"] for row in found] == [8, 8]
    assert len({row["name_hash"] for row in found}) == 1
    parts = [recording("a", "c-8812.wav"), recording("b", "c-9913.wav")]
    _, found = one(*parts, *call("k1", "c-8812.wav", "c-9913.wav"))
    assert [row["words_per_minute"] for row in found] == [4, 4]


def test_words_that_were_heard_give_way_to_a_transcript():
    engine = {"engine": {"name": "e", "version": "1"}, "not_analysed": []}
    sound = [recording("a", "c-8812.wav", **engine), heard("a", 0, "halo halo")]
    result = conformed(*sound, *call("k1", "c-8812.wav"))
    assert [row["redacted_text"] for row in result.turns] == ["internet saya mati total"]
    assert result.recordings[0]["transcript_engine"] is None
    silent = stated("k1", recordings=["c-8812.wav"], started_at=START)
    result = conformed(*sound, silent)
    assert [row["redacted_text"] for row in result.turns] == ["halo halo"]
    (interaction,) = result.interactions
    assert interaction["source_system"] == "voice"
    (row,) = result.recordings
    assert (row["transcript_source"], row["transcript_engine"], row["words"]) == (
        "recording", "e 1", 2,
    )  # fmt: skip


@pytest.mark.parametrize(("system", "words"), [("recording", 2), ("voice", None)])
def test_words_of_nobody_known_count_only_when_heard(system: str, words: int | None):
    sound = recording("a", "c-8812.wav", dated=True, channel_roles=None, interruptions=None)
    if system == "recording":
        result = conformed(sound, heard("a", 0, "halo halo", role="system"))
    else:
        silent = stated("k1", recordings=["c-8812.wav"], started_at=START)
        notice = turn("k1", 1, 0, "panggilan direkam", system="voice", role="system")
        result = conformed(sound, silent, notice)
    assert [row["words"] for row in result.recordings] == [words]


def test_any_order_gives_the_same_rows():
    records = [
        recording("a", "c-8812.wav"), recording("b", "c-9913.wav", dated=True), heard("b", 0, "ya"),
        recording("c", "0001.wav"), *call("k1", "c-8812.wav"), *call("k2", "0001.wav"),
        *call("k3", "0001.wav"), *call("k4"),
    ]  # fmt: skip
    expected = rows(conformed(*records))
    for seed in range(8):
        random.Random(seed).shuffle(records)
        assert rows(conformed(*records)) == expected


def test_calls_that_name_one_recording_stay_apart_without_it():
    result = conformed(*call("k1", "0001.wav"), *call("k2", "0001.wav"))
    assert len(result.interactions) == 2
    assert result.recordings == []
