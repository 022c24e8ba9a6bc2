"""Amazon Transcribe Call Analytics and parsed calls of the post-call-analytics solution."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from ingestion.connectors.base import Payload
from ingestion.connectors.transcribe import TranscribeConnector
from tests.ingestion.connectors.reading_records import of_kind, reasons

CONNECTOR = TranscribeConnector()
NAME = "out/order-77_2026-03-02T09:00:00+07:00.json"


def analysis(**fields: Any) -> dict[str, Any]:
    base = {
        "JobStatus": "COMPLETED", "LanguageCode": "id-ID", "Channel": "VOICE", "JobName": "job-77",
        "Participants": [{"ParticipantRole": "AGENT"}, {"ParticipantRole": "CUSTOMER"}],
        "ContentMetadata": {"Output": "Raw"},
        "Categories": {"MatchedCategories": ["janji"], "MatchedDetails": {}},
        "ConversationCharacteristics": {
            "NonTalkTime": {"TotalTimeMillis": 2500, "Instances": []},
            "Interruptions": {"TotalCount": 1, "TotalTimeMillis": 700},
            "TotalConversationDurationMillis": 30000,
        },
        "Transcript": [
            said("AGENT", "Halo, ada yang bisa dibantu?", 500),
            said("CUSTOMER", "Internet saya mati", 3000),
        ],
    }  # fmt: skip
    return {key: value for key, value in (base | fields).items() if value is not ...}


def said(role: str, text: str, begin: int) -> dict[str, Any]:
    return {
        "Content": text, "BeginOffsetMillis": begin, "EndOffsetMillis": begin + 1000,
        "ParticipantRole": role, "Id": f"{role}{begin}", "Items": [], "LoudnessScores": [70.1],
    }  # fmt: skip


def parsed_call(*segments: Any, **fields: Any) -> dict[str, Any]:
    header = {
        "Agent": "AG-7", "Cust": "+628110000001", "GUID": "guid-77",
        "ConversationTime": "2026-03-02T09:00:00.000000", "ConversationLocation": "Asia/Jakarta",
        "Duration": 30.5, "LanguageCode": "id-ID",
        "SpeakerLabels": [
            {"Speaker": "spk_0", "DisplayText": "Customer"},
            {"Speaker": "spk_1", "DisplayText": "Agent"},
        ],
        "SpeakerTime": {
            "spk_0": {"TotalTimeSecs": 4.5}, "spk_1": {"TotalTimeSecs": 6.0},
            "NonTalkTime": {"TotalTimeSecs": 2.5, "Instances": []},
        },
        "CategoriesDetected": [{"Name": "janji", "Instances": 1}],
        "SourceInformation": [
            {"TranscribeJobInfo": {"TranscriptionJobName": "job-77", "RedactedTranscript": True,
                                   "MediaOriginalUri": "s3://b/calls/77.wav"}}
        ],
    }  # fmt: skip
    merged = {key: value for key, value in (header | fields).items() if value is not ...}
    return {"ConversationAnalytics": merged, "SpeechSegments": list(segments or SEGMENTS)}


def segment(speaker: str, text: str, start: float, **fields: Any) -> dict[str, Any]:
    base = {
        "SegmentStartTime": start, "SegmentEndTime": start + 1, "SegmentSpeaker": speaker,
        "OriginalText": text, "DisplayText": text, "SegmentInterruption": False,
    }  # fmt: skip
    return base | fields


SEGMENTS = (
    segment("spk_1", "Halo, ada yang bisa dibantu?", 0.5),
    segment("spk_0", "Internet saya [PII] mati", 3.0, SegmentInterruption=True),
)


def read(value: Any, name: str = NAME) -> list[Any]:
    context = orjson.dumps({"name": name}).decode()
    return list(CONNECTOR.parse(Payload(orjson.dumps(value), "document", context=context)))


def facts(found: list[Any]) -> dict[str, Any]:
    return of_kind(found, "interaction")[0].data


@pytest.mark.parametrize("value", [analysis(), parsed_call()])
def test_both_give_the_same_turns(value: Any):
    found = read(value)
    turns = of_kind(found, "turn")
    assert [turn.data["role"] for turn in turns] == ["agent", "customer"]
    assert [turn.data["start_seconds"] for turn in turns] == [0.5, 3.0]
    assert turns[1].data["sent_at"].isoformat() == "2026-03-02T02:00:03+00:00"
    told = facts(found)
    assert told["started_at"].isoformat() == "2026-03-02T02:00:00+00:00"
    assert told["disconnect_reason"] == "answered"
    assert (told["metadata"]["silence_seconds"], told["metadata"]["interruptions"]) == (2.5, 1)
    assert told["metadata"]["categories"] == ["janji"]


def test_a_parsed_call_takes_the_place_of_its_analysis():
    plain, parsed = read(analysis()), read(parsed_call())
    assert parsed[0].links == (plain[0].conversation_key,) == ("job-77",)
    assert all(turn.data["provisional"] for turn in of_kind(plain, "turn"))
    assert not any(turn.data.get("provisional") for turn in of_kind(parsed, "turn"))


def test_a_parsed_call_knows_its_people_and_recording():
    found = read(parsed_call())
    told = facts(found)
    assert (told["agent_id"], told["recordings"]) == ("AG-7", ["s3://b/calls/77.wav"])
    assert told["metadata"]["speech_seconds"] == 10.5
    assert told["metadata"]["output"] == "redacted"
    assert of_kind(found, "handle")[0].data["handle"] == "+628110000001"
    assert of_kind(found, "turn")[1].data["text"] == "Internet saya [PII] mati"
    assert of_kind(found, "turn")[1].data["metadata"] == {"interrupts": True}


def test_unlabelled_speakers_are_told_apart_by_the_greeting():
    found = read(parsed_call(SpeakerLabels=[]))
    turns = of_kind(found, "turn")
    assert [turn.data["role"] for turn in turns] == ["agent", "customer"]
    assert all(turn.data["metadata"]["role_assumed"] for turn in turns)


def test_interruptions_that_nobody_marked_are_unknown():
    bare = {key: value for key, value in SEGMENTS[0].items() if key != "SegmentInterruption"}
    assert "interruptions" not in facts(read(parsed_call(bare)))["metadata"]


def test_a_redacted_analysis_counts_more():
    raw = read(analysis())
    hidden = read(analysis(ContentMetadata={"Output": "Redacted"}))
    assert raw[1].native_id == hidden[1].native_id
    assert raw[1].event_at < hidden[1].event_at


@pytest.mark.parametrize(
    ("value", "name", "reason"),
    [
        (analysis(), "out/job-77.json", "missing_date"),
        (analysis(), "out/2026-03-02_090000.json", "missing_date"),
        (analysis(JobStatus="FAILED"), NAME, "no_transcript"),
        (analysis(JobName=...), "", "missing_field"),
        (analysis(Transcript=[said("PARROT", "a", 0)]), NAME, "unknown_role"),
        (analysis(Transcript=[said("AGENT", "a", -1)]), NAME, "negative_duration"),
        (parsed_call(ConversationTime=...), NAME, "missing_field"),
        (parsed_call(ConversationLocation=...), NAME, "naive_time"),
        (parsed_call(ConversationLocation="Mars/Base"), NAME, "naive_time"),
        (parsed_call(ConversationTime="today"), NAME, "bad_time"),
        (parsed_call(5), NAME, "wrong_type"),
        ({"ConversationAnalytics": 5, "SpeechSegments": []}, NAME, "wrong_type"),
        ([], NAME, "no_records"),
    ],
)
def test_refusals_have_a_reason(value: Any, name: str, reason: str):
    assert reasons(read(value, name)) == [reason]


def test_an_aware_conversation_time_needs_no_place():
    value = parsed_call(ConversationTime="2026-03-02T02:00:00Z", ConversationLocation=...)
    assert facts(read(value))["started_at"].isoformat() == "2026-03-02T02:00:00+00:00"


def test_the_name_of_the_file_reaches_the_parser(tmp_path: Path):
    path = tmp_path / "hash"
    path.write_bytes(orjson.dumps(analysis()))
    payload = next(iter(CONNECTOR.fetch_named(path, NAME)))
    assert isinstance(payload, Payload)
    assert facts(list(CONNECTOR.parse(payload)))["started_at"].year == 2026
