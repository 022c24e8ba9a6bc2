"""Amazon Connect: contact records, analyses, live segments, and how they meet."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from ingestion.connectors.amazon_connect import AmazonConnectConnector
from ingestion.connectors.base import Payload
from tests.ingestion.connectors.reading_records import of_kind, parsed, read_file, reasons

CONNECTOR = AmazonConnectConnector()
CONTACT = "11111111-2222-4333-8444-555555555555"
NAME = f"Analysis/Voice/2026/03/02/{CONTACT}_analysis_2026-03-02T02:00:20Z.json"
AGENT = {
    "ARN": "arn:aws:connect:ap-southeast-1:1:instance/1/agent/1",
    "AfterContactWorkDuration": 12,
    "AgentInteractionDuration": 239,
    "ConnectedToAgentTimestamp": "2026-03-02T02:00:20Z",
    "CustomerHoldDuration": 21,
    "NumberOfHolds": 2,
    "Username": "ag-014",
}
QUEUE = {"ARN": "x", "Name": "billing", "Duration": 15, "EnqueueTimestamp": "2026-03-02T02:00:05Z"}


def record(**fields: Any) -> dict[str, Any]:
    base = {
        "AWSContactTraceRecordFormatVersion": "2017-03-10",
        "Agent": AGENT,
        "Attributes": {},
        "Channel": "VOICE",
        "ContactId": CONTACT,
        "CustomerEndpoint": {"Address": "+628110000001", "Type": "TELEPHONE_NUMBER"},
        "DisconnectReason": "CUSTOMER_DISCONNECT",
        "DisconnectTimestamp": "2026-03-02T02:04:40Z",
        "InitiationMethod": "INBOUND",
        "InitiationTimestamp": "2026-03-02T02:00:00Z",
        "LastUpdateTimestamp": "2026-03-02T02:06:00Z",
        "Queue": QUEUE,
    }
    return {key: value for key, value in (base | fields).items() if value is not ...}


def analysis(**fields: Any) -> dict[str, Any]:
    base = {
        "AccountId": "1",
        "Channel": "VOICE",
        "ContentMetadata": {"Output": "Raw"},
        "ConversationCharacteristics": {
            "Interruptions": {"TotalCount": 2, "TotalTimeMillis": 1500},
            "NonTalkTime": {"TotalTimeMillis": 4000, "Instances": []},
            "Sentiment": {"OverallSentiment": {"AGENT": 0, "CUSTOMER": -2.5}},
            "TalkSpeed": {"DetailsByParticipant": {"AGENT": {"AverageWordsPerMinute": 140}}},
            "TalkTime": {"TotalTimeMillis": 50000},
            "TotalConversationDurationMillis": 60000,
        },
        "CustomerMetadata": {"ContactId": CONTACT},
        "LanguageCode": "id-ID",
        "Participants": [
            {"ParticipantId": "CUSTOMER", "ParticipantRole": "CUSTOMER"},
            {"ParticipantId": "AGENT", "ParticipantRole": "AGENT"},
        ],
        "Transcript": [
            spoken("t1", "AGENT", "Halo, ada yang bisa dibantu?", 0),
            spoken("t2", "CUSTOMER", "Internet saya mati", 2500),
        ],
        "Version": "1.1.0",
    }
    return base | fields


def spoken(key: str, who: str, text: str, begin: int) -> dict[str, Any]:
    return {
        "BeginOffsetMillis": begin, "Content": text, "EndOffsetMillis": begin + 2000,
        "Id": key, "ParticipantId": who, "Sentiment": "NEUTRAL",
    }  # fmt: skip


def written(key: str, role: str, text: str | None, second: int, **fields: Any) -> dict[str, Any]:
    kind = "MESSAGE" if text is not None else "EVENT"
    base = {
        "AbsoluteTime": f"2026-03-02T02:00:{second:02}.000Z", "ContentType": "text/plain",
        "DisplayName": role.title(), "Id": key, "ParticipantId": role, "ParticipantRole": role,
        "Type": kind,
    }  # fmt: skip
    return base | ({} if text is None else {"Content": text}) | fields


ENDED = "application/vnd.amazonaws.connect.event.chat.ended"
JOINED = "application/vnd.amazonaws.connect.event.participant.joined"


def chat(*items: Any, **fields: Any) -> dict[str, Any]:
    people = [
        {"DisplayName": "Rahayu", "ParticipantId": "c", "ParticipantRole": "CUSTOMER"},
        {"DisplayName": "Dimas", "ParticipantId": "a", "ParticipantRole": "AGENT"},
    ]
    return analysis(Channel="CHAT", Participants=people, Transcript=list(items)) | fields


def segments(*items: Any, **fields: Any) -> dict[str, Any]:
    base = {
        "Channel": "VOICE", "ContactId": CONTACT, "EventType": "SEGMENTS", "InstanceId": "i",
        "LanguageCode": "id-ID", "Segments": list(items), "Version": "1.0.0",
    }  # fmt: skip
    return base | fields


def live(key: str, role: str, text: str, begin: int) -> dict[str, Any]:
    return {"Transcript": spoken(key, role, text, begin) | {"ParticipantRole": role}}


def read(value: Any, name: str = NAME) -> list[Any]:
    raw = value if isinstance(value, bytes) else orjson.dumps(value)
    context = orjson.dumps({"name": name}).decode()
    return list(CONNECTOR.parse(Payload(raw, "document", context=context)))


def facts(value: Any, name: str = NAME) -> dict[str, Any]:
    return of_kind(read(value, name), "interaction")[0].data


def test_a_contact_record_states_the_facts():
    found = read(record())
    told = found[0].data
    assert {key: told[key] for key in ("channel", "direction", "queue", "agent_id")} == {
        "channel": "voice", "direction": "inbound", "queue": "billing", "agent_id": "ag-014",
    }  # fmt: skip
    seconds = ("wait_seconds", "hold_seconds", "talk_seconds", "after_work_seconds")
    assert [told[key] for key in seconds] == [15, 21, 239, 12]
    assert (told["disconnect_reason"], told["transfers"]) == ("answered", 0)
    assert told["answered_at"].isoformat() == "2026-03-02T02:00:20+00:00"
    assert told["metadata"]["vendor_disconnect"] == "CUSTOMER_DISCONNECT"
    assert of_kind(found, "handle")[0].data["handle"] == "+628110000001"


@pytest.mark.parametrize(
    ("fields", "outcome"),
    [
        ({}, "answered"),
        ({"DisconnectReason": "TELECOM_PROBLEM"}, "dropped"),
        ({"Agent": None}, "abandoned"),
        ({"Agent": None, "DisconnectReason": "CONTACT_FLOW_DISCONNECT"}, "abandoned"),
        ({"Agent": None, "Queue": None}, None),
        ({"Agent": None, "Queue": None, "InitiationMethod": "OUTBOUND"}, "missed"),
        ({"Agent": None, "DisconnectReason": "OUTBOUND_ATTEMPT_FAILED"}, "missed"),
        ({"Agent": None, "InitiationMethod": "CALLBACK"}, "missed"),
        ({"Agent": None, "DisconnectReason": None}, None),
        (
            {"InitiationMethod": "OUTBOUND", "AnsweringMachineDetectionStatus": "VOICEMAIL_BEEP"},
            "missed",
        ),
    ],
)
def test_how_a_contact_ended(fields: dict[str, Any], outcome: str | None):
    assert facts(record(**fields))["disconnect_reason"] == outcome


@pytest.mark.parametrize(
    ("method", "channel", "direction"),
    [
        ("INBOUND", "VOICE", "inbound"),
        ("OUTBOUND", "VOICE", "outbound"),
        ("CALLBACK", "VOICE", "outbound"),
        ("API", "CHAT", "inbound"),
        ("API", "VOICE", "outbound"),
        ("TRANSFER", "VOICE", None),
        ("QUEUE_TRANSFER", "VOICE", None),
    ],
)
def test_who_opened_the_contact(method: str, channel: str, direction: str | None):
    assert facts(record(InitiationMethod=method, Channel=channel))["direction"] == direction


def test_transfers_and_recordings():
    told = facts(
        record(
            TransferCompletedTimestamp="2026-03-02T02:03:00Z",
            NextContactId="next",
            Recordings=[{"Location": "b/r/a.wav"}],
            Recording={"Location": "b/r/a.wav"},
            Campaign={"CampaignId": "lebaran"},
        )
    )
    assert (told["transfers"], told["recordings"]) == (1, ["b/r/a.wav"])
    assert told["metadata"]["next_contact"] == "next"
    assert told["campaign"] == "lebaran"


def test_a_call_analysis_is_dated_by_its_name():
    found = read(analysis())
    said = of_kind(found, "turn")
    assert [(turn.data["role"], turn.data["text"]) for turn in said] == [
        ("agent", "Halo, ada yang bisa dibantu?"),
        ("customer", "Internet saya mati"),
    ]
    assert said[1].data["start_seconds"] == 2.5
    assert said[1].data["sent_at"].isoformat() == "2026-03-02T02:00:22.500000+00:00"
    told = of_kind(found, "interaction")[0].data
    assert told["ended_at"].isoformat() == "2026-03-02T02:01:20+00:00"
    metadata = told["metadata"]
    assert metadata["silence_seconds"] == 4.0
    assert (metadata["interruptions"], metadata["interruption_seconds"]) == (2, 1.5)
    assert metadata["vendor_sentiment"] == {"agent": 0, "customer": -2.5}
    assert metadata["words_per_minute"] == {"agent": 140}


def test_the_recordings_name_dates_it_too():
    place = f"s3://b/CallRecordings/2026/03/02/{CONTACT}_20260302T02:00_UTC.wav"
    value = analysis(CustomerMetadata={"ContactId": CONTACT, "InputS3Uri": place})
    told = facts(value, "renamed.json")
    assert told["started_at"].isoformat() == "2026-03-02T02:00:00+00:00"
    assert told["recordings"] == [place]


def test_the_name_may_tell_the_contact():
    found = read(analysis(CustomerMetadata=None))
    assert {item.conversation_key for item in found} == {CONTACT}


def test_as_printed_in_the_manual_but_under_its_own_name():
    raw = orjson.dumps(analysis(Transcript=[spoken("the ID", "AGENT", "Okay.", 0)] * 2))
    found = read(b"{ // a remark\n" + raw[1:] + b"\n}")
    assert len(of_kind(found, "turn")) == 2
    assert len({turn.native_id for turn in of_kind(found, "turn")}) == 2
    overlooked = of_kind(found, "interaction")[0].data["metadata"]["json_overlooked"]
    assert overlooked == ["comments", "surplus_brackets"]


def test_a_redacted_analysis_counts_more_than_the_raw_one():
    hidden = [spoken("t1", "AGENT", "Halo [PII]", 0) | {"Redaction": {"RedactedTimestamps": []}}]
    raw = read(analysis())
    redacted = read(analysis(ContentMetadata={"Output": "Redacted"}, Transcript=hidden))
    first, second = of_kind(raw, "turn")[0], of_kind(redacted, "turn")[0]
    assert first.native_id == second.native_id
    assert first.event_at < second.event_at
    assert second.data["text"] == "Halo [PII]"


def test_a_chat_gives_messages_wait_and_answer():
    attached = {"Type": "ATTACHMENT", "Attachments": [{"ContentType": "image/png"}]}
    list_picker = orjson.dumps({"data": {"content": {"title": "Pilih layanan"}}}).decode()
    media = "application/vnd.amazonaws.connect.message.interactive"
    found = read(
        chat(
            written("1", "CUSTOMER", None, 0, ContentType=JOINED),
            written("2", "SYSTEM", "Mohon tunggu", 1),
            written("3", "AGENT", None, 20, ContentType=JOINED),
            written("4", "AGENT", "Selamat pagi", 21),
            written("5", "CUSTOMER", "Pagi", 25, Redaction={"CharacterOffsets": []}),
            written("6", "CUSTOMER", None, 26, **attached),
            written("7", "CUSTOM_BOT", list_picker, 27, ContentType=media),
            {"AbsoluteTime": "2026-03-02T02:01:00Z", "ContentType": ENDED, "Type": "EVENT"},
        ),
        "any.json",
    )
    said = of_kind(found, "turn")
    assert [turn.data["role"] for turn in said] == [
        "system",
        "agent",
        "customer",
        "customer",
        "bot",
    ]
    assert said[3].data["metadata"]["attachments"] == ["image/png"]
    assert said[4].data["text"] == "Pilih layanan"
    told = of_kind(found, "interaction")[0].data
    assert (told["channel"], told["wait_seconds"]) == ("chat", 20)
    assert told["direction"] == "inbound"
    assert told["disconnect_reason"] == "answered"
    assert told["ended_at"].isoformat() == "2026-03-02T02:01:00+00:00"
    assert (told["agent_id"], set(said[0].names)) == ("Dimas", {"Rahayu", "Dimas"})


def test_a_chat_that_hides_its_people():
    people = [{"DisplayName": "[PII]", "ParticipantId": "c"}]
    found = read(chat(written("1", "CUSTOMER", "Halo [PII]", 0), Participants=people))
    assert of_kind(found, "turn")[0].names == ()
    assert of_kind(found, "interaction")[0].data["agent_id"] is None


def test_one_bad_message_does_not_cost_the_chat():
    found = read(chat(written("1", "CUSTOMER", "a", 0), {"Type": "MESSAGE"}, 5))
    assert reasons(found) == ["wrong_type", "wrong_type"]
    assert len(of_kind(found, "turn")) == 1


def test_live_segments_are_provisional():
    name = "stream/2026/03/02/02/contact-1-2026-03-02-02-01-00-a1"
    partial = {"Utterance": {"PartialContent": "Ha", "ParticipantRole": "AGENT"}}
    found = read(segments(partial, live("a", "AGENT", "Halo", 0), {"Categories": {}}), name)
    turn = of_kind(found, "turn")[0]
    assert turn.data["provisional"] and turn.data["sent_at"] is None
    assert (turn.data["start_seconds"], turn.data["order"]) == (0.0, 0)
    assert turn.native_id == f"{CONTACT}#live:a"


def test_live_segments_without_any_date_are_undated():
    found = read(segments(live("a", "AGENT", "Halo", 1500)), "x.json")
    assert [record.event_at for record in found] == [None, None]
    assert "start_from" not in of_kind(found, "interaction")[0].data["metadata"]
    turn = of_kind(found, "turn")[0].data
    assert (turn["sent_at"], turn["start_seconds"]) == (None, 1.5)


@pytest.mark.parametrize(
    ("value", "name", "reason"),
    [
        (record(ContactId=...), NAME, "missing_field"),
        (record(ContactId="the ID of the contact"), NAME, "bad_id"),
        (record(Channel="TASK"), NAME, "not_a_conversation"),
        (record(InitiationMethod="MONITOR"), NAME, "not_a_conversation"),
        (record(InitiationTimestamp=...), NAME, "missing_field"),
        (record(InitiationTimestamp="2026-03-02T02:00:00"), NAME, "naive_time"),
        (record(Agent=AGENT | {"CustomerHoldDuration": -1}), NAME, "negative_duration"),
        (record(Agent=AGENT | {"CustomerHoldDuration": "21"}), NAME, "wrong_type"),
        (analysis(), "renamed.json", "missing_date"),
        (analysis(CustomerMetadata=None), "renamed.json", "missing_field"),
        (analysis(Transcript=[spoken("x", "PARROT", "a", 0)]), NAME, "unknown_role"),
        (analysis(Transcript=[spoken("x", "AGENT", "a", -5)]), NAME, "negative_duration"),
        (analysis(Channel="EMAIL"), NAME, "unsupported_channel"),
        (chat(), NAME, "no_records"),
        (segments(EventType="STARTED"), NAME, "not_a_conversation"),
        (segments({"Utterance": {}}), NAME, "not_a_conversation"),
        (
            {"evaluationId": "e", "metadata": {"contactId": CONTACT}, "questions": []},
            NAME,
            "not_a_conversation",
        ),
        ([], NAME, "no_records"),
        (b'{"ContactId": ', NAME, "bad_json"),
    ],
)
def test_refusals_have_a_reason(value: Any, name: str, reason: str):
    assert reasons(read(value, name)) == [reason]


def test_messages_repeat_no_content():
    for value in (analysis(), record(ContactId="budi contoh id")):
        for item in read(value, "rahayu.json"):
            if hasattr(item, "reason"):
                assert "budi" not in str(item) and "rahayu" not in str(item)


def test_a_stream_of_records_without_line_breaks(tmp_path: Path):
    path = tmp_path / "firehose"
    other = record(ContactId="22222222-2222-4333-8444-555555555555")
    path.write_bytes(orjson.dumps(record()) + orjson.dumps(other))
    found = read_file(CONNECTOR, path)
    assert len({item.conversation_key for item in found}) == 2


def test_arrays_say_the_place():
    found = parsed(CONNECTOR, [record(), record(ContactId=...)])
    assert found[0].pointer == "/0"
    assert found[-1].position == "/1"
