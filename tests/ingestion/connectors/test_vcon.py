"""vCons of every generation: timing, roles, transcripts, mails inside, and refusals."""

import base64
from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from ingestion.connectors.vcon import VconConnector
from tests.ingestion.connectors.reading_records import of_kind, parsed, reasons

CONNECTOR = VconConnector(company_mail_domains=("toko.example",), company_phones=("+62210001",))
UUID = "0190aaaa-0000-8000-8000-000000000001"
START = "2026-03-02T09:00:00+07:00"
CUSTOMER = {"tel": "+628110000001", "name": "Rahayu Contoh", "role": "customer"}
AGENT = {"tel": "+62210001", "mailto": "dimas@toko.example", "name": "Dimas Uji", "role": "agent"}


def vcon(**fields: Any) -> dict[str, Any]:
    base: dict[str, Any] = {
        "vcon": "0.4.0",
        "uuid": UUID,
        "created_at": START,
        "parties": [CUSTOMER, AGENT],
        "dialog": [{"type": "recording", "start": START, "duration": 60, "parties": [0, 1]}],
    }
    return base | fields


def transcript(body: Any, **fields: Any) -> dict[str, Any]:
    return vcon(analysis=[{"type": "transcript", "dialog": 0, "body": body, **fields}])


def said(value: dict[str, Any]) -> list[tuple[str, str]]:
    turns = of_kind(parsed(CONNECTOR, value), "turn")
    return [(turn.data["role"], turn.data["text"]) for turn in turns]


def call(value: dict[str, Any]) -> dict[str, Any]:
    return of_kind(parsed(CONNECTOR, value), "interaction")[0].data


EXPECTED = [("agent", "Halo, ada yang bisa dibantu?"), ("customer", "Internet saya mati")]
WORDS = [text for _, text in EXPECTED]


@pytest.mark.parametrize(
    ("body", "encoding"),
    [
        ([{"speaker": "Agent", "message": WORDS[0]}, {"speaker": "Customer", "message": WORDS[1]}], "none"),
        ([{"speaker": "Dimas Uji", "text": WORDS[0]}, {"speaker": "Rahayu", "text": WORDS[1]}], "json"),
        ([{"party": 1, "text": WORDS[0]}, {"party": 0, "text": WORDS[1]}], "json"),
        ({"segments": [{"parties": 1, "text": WORDS[0]}, {"parties": [0], "text": WORDS[1]}]}, None),
        ({"segments": [{"speaker": 0, "text": WORDS[0]}, {"speaker": 1, "text": WORDS[1]}]}, "json"),
        (f"Agen: {WORDS[0]}\nPelanggan: {WORDS[1]}", "none"),
        (f"**Agent**: {WORDS[0]}\n\n**Customer**: {WORDS[1]}", "none"),
        ({"transcript": f"{WORDS[0]}\n\n{WORDS[1]}", "confidence": 0.9}, "none"),
        (
            orjson.dumps([{"speaker": "agent", "text": WORDS[0]}, {"speaker": "customer", "text": WORDS[1]}]).decode(),
            "json",
        ),
        (base64.urlsafe_b64encode(f"Agent: {WORDS[0]}\nCustomer: {WORDS[1]}".encode()).decode(), "base64url"),
        (
            {
                "results": {
                    "channels": [
                        {
                            "alternatives": [
                                {
                                    "paragraphs": {
                                        "paragraphs": [
                                            {"speaker": 0, "start": 1.0, "sentences": [{"text": WORDS[0]}]},
                                            {"speaker": 1, "start": 4.0, "sentences": [{"text": WORDS[1]}]},
                                        ]
                                    }
                                }
                            ]
                        }
                    ]
                }
            },
            "json",
        ),
    ],
)  # fmt: skip
def test_every_transcript_shape_gives_the_same_turns(body: Any, encoding: str | None):
    assert said(transcript(body, encoding=encoding)) == EXPECTED


def test_assumed_roles_are_marked():
    turns = of_kind(parsed(CONNECTOR, transcript(f"{WORDS[0]}\n\n{WORDS[1]}")), "turn")
    assert all(turn.data["metadata"] == {"role_assumed": True} for turn in turns)
    labelled = of_kind(parsed(CONNECTOR, transcript(f"Agent: {WORDS[0]}")), "turn")
    assert labelled[0].data["metadata"] == {}


def test_segment_times_become_offsets_and_moments():
    body = [{"party": 0, "start": 2.5, "end": 4.0, "text": "halo"}]
    turn = of_kind(parsed(CONNECTOR, transcript(body)), "turn")[0]
    assert turn.data["start_seconds"] == 2.5
    assert turn.data["end_seconds"] == 4.0
    assert turn.data["sent_at"].isoformat() == "2026-03-02T02:00:02.500000+00:00"
    assert turn.native_id == f"{UUID}#0"
    assert turn.data["sender"] == "+628110000001"


def test_text_dialogs_are_turns_in_order():
    dialogs = [
        {"type": "text", "start": "2026-03-02T09:00:30+07:00", "originator": 0, "body": "kedua"},
        {"type": "text", "start": START, "originator": 1, "body": "pertama"},
    ]
    assert said(vcon(dialog=dialogs)) == [("agent", "pertama"), ("customer", "kedua")]


def test_timing_comes_from_the_party_history():
    def at(seconds: int) -> str:
        return f"2026-03-02T09:{seconds // 60:02}:{seconds % 60:02}+07:00"

    history = [
        {"party": 0, "event": "join", "time": at(0)},
        {"party": 1, "event": "join", "time": at(20)},
        {"party": 0, "event": "hold", "time": at(60)},
        {"party": 0, "event": "unhold", "time": at(90)},
        {"party": 0, "event": "drop", "time": at(120)},
    ]
    dialog = {"type": "recording", "start": START, "duration": 120, "parties": [0, 1]}
    facts = call(vcon(dialog=[dialog | {"party_history": history}, {"type": "transfer"}]))
    assert facts["wait_seconds"] == 20
    assert facts["hold_seconds"] == 30
    assert facts["talk_seconds"] == 70
    assert facts["transfers"] == 1
    assert facts["disconnect_reason"] == "answered"
    assert facts["ended_at"].isoformat() == "2026-03-02T02:02:00+00:00"


@pytest.mark.parametrize(
    ("disposition", "reason", "wait"),
    [
        ("hung-up", "abandoned", 45),
        ("no-answer", "missed", None),
        ("busy", "missed", None),
        ("voicemail-no-message", "missed", None),
        ("failed", "dropped", None),
        ("congestion", "dropped", None),
        ("NO ANSWER", "missed", None),
        ("ANSWERED", "answered", None),
        ("something-new", None, None),
    ],
)
def test_incomplete_calls(disposition: str, reason: str | None, wait: float | None):
    dialog = {"type": "incomplete", "start": START, "duration": 45, "disposition": disposition}
    facts = call(vcon(dialog=[dialog]))
    assert facts["disconnect_reason"] == reason
    assert facts["wait_seconds"] == wait
    assert facts["talk_seconds"] is None


def test_an_agent_knows_better_than_the_exchange_that_voicemail_answered():
    meta = {"disposition": "ANSWERED", "agent_selected_disposition": "VM Left"}
    silent = vcon(dialog=[{"type": "recording", "start": START, "parties": [0, 1], "meta": meta}])
    assert call(silent)["disconnect_reason"] == "missed"
    assert call(silent)["disposition"] == "VM Left"
    body = [{"party": 0, "text": "halo"}]
    spoken = silent | {"analysis": [{"type": "transcript", "dialog": 0, "body": body}]}
    assert call(spoken)["disconnect_reason"] == "answered"


@pytest.mark.parametrize("key", ["type", "purpose"])
@pytest.mark.parametrize("as_text", [False, True])
def test_tags_state_facts_about_the_call(key: str, as_text: bool):
    tags = ["direction:outbound", "queue:billing", "campaign:lebaran", "agent:AG-014",
            "disposition:resolved", "disconnect:dropped", "after_work_seconds:12", "odd"]  # fmt: skip
    body = orjson.dumps(tags).decode() if as_text else tags
    facts = call(vcon(attachments=[{key: "tags", "body": body}]))
    assert facts["direction"] == "outbound"
    assert facts["queue"] == "billing"
    assert facts["campaign"] == "lebaran"
    assert facts["agent_id"] == "AG-014"
    assert facts["disposition"] == "resolved"
    assert facts["disconnect_reason"] == "dropped"
    assert facts["after_work_seconds"] == 12


@pytest.mark.parametrize(
    ("parties", "roles"),
    [
        ([{"tel": "1", "meta": {"role": "agent"}}, {"tel": "2"}], ["agent", "customer"]),
        ([{"mailto": "a@x.example"}, {"mailto": "b@toko.example"}], ["customer", "agent"]),
        ([{"tel": "+62210001"}, {"tel": "2"}], ["agent", "customer"]),
        ([{"tel": "1"}, {"tel": "2"}], ["customer", "agent"]),
        ([{"tel": "1", "role": "contact"}, {"tel": "2", "role": "ai"}], ["customer", "bot"]),
    ],
)
def test_roles_of_parties(parties: list[dict[str, Any]], roles: list[str]):
    handles = of_kind(parsed(CONNECTOR, vcon(parties=parties)), "handle")
    assert [handle.data["role"] for handle in handles] == roles


def test_mail_dialogs_lose_their_quotes():
    dialog = {
        "type": "text",
        "start": START,
        "parties": [0, 1],
        "mediatype": "text/plain",
        "message_id": "<1@x.example>",
        "body": "Sudah beres.\n\nPada Sen, 2 Mar 2026 08.00 Dimas <d@toko.example> menulis:\n> Halo",
    }
    found = parsed(CONNECTOR, vcon(dialog=[dialog]))
    assert of_kind(found, "interaction")[0].data["channel"] == "email"
    assert of_kind(found, "turn")[0].data["text"] == "Sudah beres."


@pytest.mark.parametrize(
    ("fields", "channel"),
    [
        ({}, "voice"),
        ({"dialog": [{"type": "text", "start": START, "body": "a", "originator": 0}]}, "voice"),
        ({"dialog": [{"type": "text", "start": START, "body": "a", "application": "SMS"}]}, "chat"),
        ({"attachments": [{"type": "tags", "body": ["channel:chat"]}]}, "chat"),
    ],
)
def test_channels(fields: dict[str, Any], channel: str):
    assert call(vcon(**fields))["channel"] == channel


def test_signed_vcons_are_read_and_noted():
    payload = base64.urlsafe_b64encode(orjson.dumps(vcon())).decode().rstrip("=")
    facts = call({"payload": payload, "signatures": [{"protected": "e30"}]})
    assert facts["metadata"]["signature"] == "not verified"


def test_earlier_instances_are_linked():
    for key in ("redacted", "amended", "appended"):
        record = parsed(CONNECTOR, vcon(**{key: {"uuid": "before"}}))[0]
        assert (record.links, record.data["supersedes"]) == (("before",), ["before"])
    grouped = parsed(CONNECTOR, vcon(group=[{"uuid": "other"}], redacted={}))[0]
    assert (grouped.links, grouped.data["supersedes"]) == (("other",), [])


def test_an_instance_that_replaces_another_dates_from_its_making():
    made = "2026-03-09T00:00:00Z"
    first = parsed(CONNECTOR, vcon(created_at=made))[0]
    later = parsed(CONNECTOR, vcon(created_at=made, amended={"uuid": "before"}))[0]
    assert first.event_at < later.event_at == datetime(2026, 3, 9, tzinfo=UTC)


def test_a_later_update_orders_after_the_first_delivery():
    first, second = parsed(CONNECTOR, vcon())[0], None
    second = parsed(CONNECTOR, vcon(updated_at="2026-03-05T00:00:00Z"))[0]
    assert first.event_at < second.event_at
    assert first.data["started_at"] == second.data["started_at"]


def test_times_without_offset():
    early = vcon(created_at="2024-03-16T16:09:20.70", vcon=None)
    early["dialog"][0]["start"] = "2024-03-16T16:09:20.70"
    assert call(early)["metadata"] == {"naive_time_assumed": "UTC"}
    versioned = vcon()
    versioned["dialog"][0]["start"] = "2026-03-02T09:00:00"
    facts = call(versioned)
    assert facts["started_at"].isoformat() == "2026-03-02T02:00:00+00:00"
    assert facts["metadata"]["start_from"] == "created_at"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"uuid": "x", "vcon": "0.0.1", "created_at": "2024-01-01T00:00:00"}, "naive_time"),
        (vcon(uuid=""), "missing_field"),
        (vcon(uuid=5), "wrong_type"),
        (vcon(dialog="x"), "wrong_type"),
        (vcon(parties={"a": 1}), "wrong_type"),
        (vcon(analysis="x"), "wrong_type"),
        (vcon(created_at="yesterday"), "bad_time"),
        (vcon(created_at="0001-01-01T00:00:00+14:00"), "bad_time"),
        (vcon(dialog=[], created_at=None), "missing_field"),
        (vcon(dialog=[{"type": "recording", "start": START, "duration": "long"}]), "wrong_type"),
        (vcon(dialog=[{"type": "recording", "start": START, "duration": -3}]), "negative_duration"),
        (vcon(dialog=[{"type": "recording", "start": START, "parties": [9]}]), "bad_party_reference"),
        (vcon(dialog=[{"type": "telepathy", "start": START}]), "unknown_dialog_type"),
        (vcon(parties=[{}] * 201), "too_many_parties"),
        ({"ciphertext": "x", "recipients": [], "iv": "y"}, "encrypted"),
        ({"payload": "@@@", "signatures": []}, "bad_encoding"),
        ([], "no_records"),
        ("text", "wrong_type"),
    ],
)  # fmt: skip
def test_refusals_have_a_reason(value: Any, reason: str):
    assert reasons(parsed(CONNECTOR, orjson.dumps(value))) == [reason]


def test_one_bad_dialog_does_not_cost_the_call():
    value = vcon()
    value["dialog"].append({"type": "recording", "start": START, "parties": [7]})
    found = parsed(CONNECTOR, value)
    assert reasons(found) == ["bad_party_reference"]
    assert of_kind(found, "interaction")
