"""Twilio Voice: calls, recordings, transcripts, as JSON and as webhook forms."""

from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest

from ingestion.connectors.twilio import TwilioConnector
from tests.ingestion.connectors.reading_records import of_kind, parsed, read_file, reasons

CONNECTOR = TwilioConnector()
CALL, RECORDING, PLAIN, TRANSCRIPT, ACCOUNT = (
    kind + "0123456789abcdef" * 2 for kind in ("CA", "RE", "TR", "GT", "AC")
)
START, END = "Mon, 02 Mar 2026 02:00:00 +0000", "Mon, 02 Mar 2026 02:01:30 +0000"


def call(**fields: Any) -> dict[str, Any]:
    base = {
        "sid": CALL, "account_sid": ACCOUNT, "from": "+628110000001", "to": "+622100000001",
        "status": "completed", "direction": "inbound", "start_time": START, "end_time": END,
        "duration": "90", "answered_by": None, "queue_time": "0", "date_created": START,
    }  # fmt: skip
    return {key: value for key, value in (base | fields).items() if value is not ...}


def recording(**fields: Any) -> dict[str, Any]:
    base = {
        "sid": RECORDING, "account_sid": ACCOUNT, "call_sid": CALL, "duration": "85",
        "channels": 2, "status": "completed", "start_time": START, "media_url": "x",
    }  # fmt: skip
    return {key: value for key, value in (base | fields).items() if value is not ...}


def plain(**fields: Any) -> dict[str, Any]:
    base = {
        "sid": PLAIN, "account_sid": ACCOUNT, "recording_sid": RECORDING, "status": "completed",
        "transcription_text": "Internet saya mati", "date_created": END,
    }  # fmt: skip
    return {key: value for key, value in (base | fields).items() if value is not ...}


PEOPLE = [
    {"channel_participant": 1, "role": "Agent", "full_name": "Dimas Uji", "user_id": "AG-7"},
    {
        "channel_participant": 2, "role": "Customer", "full_name": "Rahayu Contoh",
        "media_participant_id": "+628110000001",
    },
]  # fmt: skip


def transcript(*sentences: Any, people: Any = PEOPLE, **fields: Any) -> dict[str, Any]:
    base = {
        "sid": TRANSCRIPT, "account_sid": ACCOUNT, "service_sid": "GA", "status": "completed",
        "channel": {"media_properties": {"source_sid": RECORDING}, "participants": people},
        "customer_key": None, "date_created": "2026-03-02T02:05:00Z", "duration": 85,
        "media_start_time": "2026-03-02T02:00:05Z", "language_code": "id-ID", "redaction": False,
        "sentences": list(sentences),
    }  # fmt: skip
    return {key: value for key, value in (base | fields).items() if value is not ...}


def sentence(channel: Any, text: str, start: Any = "1.50", **fields: Any) -> dict[str, Any]:
    base = {
        "media_channel": channel, "sentence_index": 0, "start_time": start, "end_time": None,
        "transcript": text, "confidence": "0.9",
    }  # fmt: skip
    return base | fields


def page(*sentences: Any, **fields: Any) -> dict[str, Any]:
    """A page of sentences as the interface answers it; only its address names the transcript."""
    url = f"https://intelligence.twilio.com/v2/Transcripts/{TRANSCRIPT}/Sentences?Page=0"
    meta = {"key": "sentences", "page": 0, "first_page_url": url, "url": url}
    return {"sentences": list(sentences), "meta": meta} | fields


def form(**fields: str) -> bytes:
    return urlencode({"AccountSid": ACCOUNT, **fields}).encode()


def facts(value: Any) -> dict[str, Any]:
    return of_kind(parsed(CONNECTOR, value), "interaction")[0].data


def test_a_call():
    found = parsed(CONNECTOR, call())
    told = found[0].data
    assert (told["direction"], told["talk_seconds"], told["disconnect_reason"]) == (
        "inbound", 90, "answered",
    )  # fmt: skip
    assert told["started_at"].isoformat() == "2026-03-02T02:00:00+00:00"
    assert told["ended_at"].isoformat() == "2026-03-02T02:01:30+00:00"
    assert [(h.data["handle_type"], h.data["handle"]) for h in of_kind(found, "handle")] == [
        ("phone", "+628110000001")
    ]


@pytest.mark.parametrize(
    ("fields", "direction", "handle"),
    [
        ({}, "inbound", "+628110000001"),
        ({"direction": "outbound-api"}, "outbound", "+622100000001"),
        ({"direction": "outbound-dial"}, "outbound", "+622100000001"),
        ({"direction": "outbound-dial", "parent_call_sid": "CA1"}, "outbound", None),
        ({"from": "client:rahayu"}, "inbound", "rahayu"),
        ({"from": ""}, "inbound", None),
    ],
)
def test_who_is_the_customer(fields: dict[str, Any], direction: str, handle: str | None):
    found = parsed(CONNECTOR, call(**fields))
    assert found[0].data["direction"] == direction
    assert [h.data["handle"] for h in of_kind(found, "handle")] == ([handle] if handle else [])


@pytest.mark.parametrize(
    ("status", "outcome", "talk"),
    [
        ("completed", "answered", 90),
        ("busy", "missed", None),
        ("no-answer", "missed", None),
        ("canceled", "abandoned", None),
        ("failed", "dropped", None),
    ],
)
def test_how_a_call_went(status: str, outcome: str, talk: float | None):
    told = facts(call(status=status))
    assert (told["disconnect_reason"], told["talk_seconds"]) == (outcome, talk)


def test_a_machine_is_no_customer():
    for who, outcome in (("human", "answered"), ("machine_end_beep", "missed"), ("fax", "missed")):
        assert (
            facts(call(direction="outbound-api", answered_by=who))["disconnect_reason"] == outcome
        )
    dialled = facts(call(direction="outbound-api", queue_time="1500"))
    # Twilio's own queue of calls to place is no customer's wait.
    assert dialled["metadata"]["dial_queue_seconds"] == 1.5
    assert dialled.get("wait_seconds") is None


def test_a_recording_joins_its_transcription_to_the_call():
    taken, said = parsed(CONNECTOR, recording())[0], parsed(CONNECTOR, plain())
    assert (taken.conversation_key, taken.links) == (CALL, (RECORDING,))
    assert taken.data["recordings"] == [RECORDING]
    turn = of_kind(said, "turn")[0]
    assert turn.conversation_key == RECORDING
    assert turn.data["provisional"] and turn.data["metadata"]["role_assumed"]


def test_a_transcript_with_sentences():
    found = parsed(
        CONNECTOR,
        transcript(sentence(1, "Halo, ada yang bisa dibantu?"), sentence("2", "Mati", 3)),
    )
    said = of_kind(found, "turn")
    assert [(t.data["role"], t.data["start_seconds"]) for t in said] == [
        ("agent", 1.5),
        ("customer", 3.0),
    ]
    assert said[0].data["sent_at"].isoformat() == "2026-03-02T02:00:06.500000+00:00"
    assert set(said[0].names) == {"Dimas Uji", "Rahayu Contoh"}
    assert (RECORDING in said[0].links, said[0].conversation_key) == (True, RECORDING)
    assert found[0].data["agent_id"] == "AG-7"
    assert [h.data["handle"] for h in of_kind(found, "handle")] == ["+628110000001"]


def test_speakers_without_a_role_are_told_apart_by_the_greeting():
    words = (sentence(2, "Selamat pagi, ada yang bisa dibantu?"), sentence(1, "Internet mati"))
    said = of_kind(parsed(CONNECTOR, transcript(*words, people=[])), "turn")
    assert [turn.data["role"] for turn in said] == ["agent", "customer"]
    assert all(turn.data["metadata"] == {"role_assumed": True} for turn in said)


def test_a_transcript_beside_its_page_of_sentences():
    apart = {"transcript": transcript(sentences=...), "sentences": [sentence(1, "Halo")]}
    assert len(of_kind(parsed(CONNECTOR, apart), "turn")) == 1
    redacted = transcript(sentence(1, "Halo [PII]"), redaction=True)
    found = parsed(CONNECTOR, redacted)
    assert of_kind(found, "turn")[0].data["text"] == "Halo [PII]"
    assert found[0].data["metadata"]["output"] == "redacted"


def test_a_page_of_sentences_has_no_date():
    found = parsed(CONNECTOR, page(sentence(1, "Halo", sid="GX1"), sentence(2, "Mati", 3)))
    assert [(f.kind, f.event_at, f.conversation_key) for f in found] == [
        ("interaction", None, TRANSCRIPT), ("turn", None, TRANSCRIPT), ("turn", None, TRANSCRIPT),
    ]  # fmt: skip
    (first, second) = of_kind(found, "turn")
    assert (first.data["sent_at"], first.data["start_seconds"]) == (None, 1.5)
    assert (first.native_id, second.native_id) == (
        f"{TRANSCRIPT}#GX1", f"{TRANSCRIPT}#sentence1",
    )  # fmt: skip
    whole = of_kind(parsed(CONNECTOR, transcript(sentence(1, "Halo", sid="GX1"))), "turn")
    assert whole[0].data["turn_id"] == first.data["turn_id"]


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"meta": {}, "transcript_sid": TRANSCRIPT}, True),
        (
            {
                "meta": {
                    "first_page_url": f"https://x.example/v2/Transcripts/{TRANSCRIPT}/Sentences"
                }
            },
            True,
        ),
        ({"meta": {"url": f"https://x.example/{TRANSCRIPT}/Media"}}, False),
        ({"meta": {"url": "https://x.example/v2/Transcripts//Sentences"}}, False),
        ({"meta": None}, False),
    ],
)
def test_how_a_page_names_its_transcript(fields: dict[str, Any], named: bool):
    found = parsed(CONNECTOR, page(sentence(1, "a"), **fields))
    assert (len(found) == 2) if named else (reasons(found) == ["missing_date"])


def test_later_pages_count_on():
    pages = [
        page(sentence(1, "a", sentence_index=at), sentence(1, "b", sentence_index=at + 1))
        for at in (0, 2)
    ]
    keys = [turn.native_id for one in pages for turn in of_kind(parsed(CONNECTOR, one), "turn")]
    assert keys == [f"{TRANSCRIPT}#sentence{number}" for number in range(4)]


@pytest.mark.parametrize("key", ["calls", "recordings", "transcriptions", "transcripts"])
def test_pages(key: str):
    item = {
        "calls": call(), "recordings": recording(), "transcriptions": plain(),
        "transcripts": transcript(),
    }[key]  # fmt: skip
    found = parsed(CONNECTOR, {key: [item, item], "page": 0})
    assert len(of_kind(found, "interaction")) == 2
    assert found[-1].pointer.startswith(f"/{key}/1")


def test_webhook_forms(tmp_path: Path):
    status = form(
        CallSid=CALL, CallStatus="completed", Direction="inbound", CallDuration="90",
        Timestamp=END, From="+628110000001", To="+622100000001",
    )  # fmt: skip
    taken = form(
        RecordingSid=RECORDING, CallSid=CALL, RecordingStatus="completed",
        RecordingDuration="85", RecordingStartTime=START,
    )  # fmt: skip
    path = tmp_path / "hooks"
    path.write_bytes(status + b"\n" + taken + b"\n")
    assert CONNECTOR.recognises("any", path.read_bytes())
    found = read_file(CONNECTOR, path)
    assert {item.conversation_key for item in found} == {CALL}
    told = of_kind(found, "interaction")[0].data
    assert told["started_at"].isoformat() == "2026-03-02T02:00:00+00:00"
    assert told["ended_at"].isoformat() == "2026-03-02T02:01:30+00:00"
    assert told["talk_seconds"] == 90


def test_a_transcription_webhook_needs_a_time():
    fields = {"TranscriptionSid": PLAIN, "RecordingSid": RECORDING, "CallSid": CALL}
    words = {"TranscriptionText": "Internet saya mati", "TranscriptionStatus": "completed"}
    assert reasons(parsed(CONNECTOR, form(**fields, **words))) == ["missing_date"]
    dated = parsed(CONNECTOR, form(**fields, **words, Timestamp=END))
    assert of_kind(dated, "turn")[0].data["text"] == "Internet saya mati"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (call(status="in-progress"), "not_finished"),
        (call(start_time=..., end_time=..., date_created=...), "missing_field"),
        (call(start_time="Mon, 02 Mar 2026 02:00:00"), "naive_time"),
        (call(start_time="yesterday at noon"), "bad_time"),
        (call(duration="long"), "wrong_type"),
        (call(duration="9" * 20), "bad_duration"),
        (call(status=...), "missing_field"),
        (recording(status="absent"), "no_recording"),
        (recording(start_time=...), "missing_date"),
        (plain(status="failed"), "no_transcript"),
        (plain(recording_sid=...), "missing_field"),
        (plain(transcription_text=""), "missing_field"),
        (transcript(status="failed"), "no_transcript"),
        (transcript(sentence(1, "a", "soon")), "bad_offset"),
        (transcript(sentence(1, "a", -1)), "bad_offset"),
        ({"sentences": [sentence(1, "a")], "meta": {}}, "missing_date"),
        (page(), "no_records"),
        (page(sentence(1, "a", -1)), "bad_offset"),
        ({"sid": "SM1", "body": "x"}, "unsupported_resource"),
        ({"calls": []}, "no_records"),
        (form(CallSid=CALL, CallStatus="completed") + b"&x=%zz%ff", "bad_form"),
    ],
)
def test_refusals_have_a_reason(value: Any, reason: str):
    assert reasons(parsed(CONNECTOR, value)) == [reason]


@pytest.mark.parametrize(
    "head",
    [b"a=b&c=d", b"CallSid=CA1", b"AccountSid=" + ACCOUNT.encode(), b"x,y\n1,2", b"", b"{"],
)
def test_other_texts_are_no_webhook(head: bytes):
    assert not CONNECTOR.recognises("twilio/hook.txt", head)
