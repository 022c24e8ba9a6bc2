"""WhatsApp calls: one voice interaction from all that the events of a call say."""

from itertools import permutations
from typing import Any

import pytest

from ingestion.connectors.base import Record
from ingestion.connectors.whatsapp import WhatsAppConnector
from tests.ingestion.conform.facts_of import conformed
from tests.ingestion.connectors.reading_records import (
    SHARED,
    of_kind,
    parsed,
    read_file,
    reasons,
)
from tests.ingestion.connectors.test_whatsapp import body

CONNECTOR = WhatsAppConnector()
PERSON, OWN = "628110000001", "62210000111"
CONTACTS = {"contacts": [{"wa_id": PERSON, "user_id": "ID.7", "profile": {"name": "R. Contoh"}}]}


def call(event: str, outbound: bool = False, **more: Any) -> dict[str, Any]:
    ends = {"from": OWN, "to": PERSON} if outbound else {"from": PERSON, "to": OWN}
    direction = "BUSINESS_INITIATED" if outbound else "USER_INITIATED"
    told = {"id": "wacid.1", "event": event, "direction": direction, "timestamp": "1760000000"}
    return ends | told | more


def webhook(item: dict[str, Any], kind: str = "calls", **value: Any) -> dict[str, Any]:
    return body({kind: [item], **CONTACTS, **value}, "calls")


ENDED = {"timestamp": "1760000100", "status": "COMPLETED"}
ANSWERED = ENDED | {"start_time": "1760000010", "end_time": "1760000099", "duration": 89}


def records(*webhooks: dict[str, Any]) -> list[Record]:
    found = [item for one in webhooks for item in parsed(CONNECTOR, one)]
    assert not reasons(found)
    return found


def only(*webhooks: dict[str, Any]) -> dict[str, Any]:
    (row,) = conformed(*records(*webhooks)).interactions
    return row


@pytest.mark.parametrize("outbound", [False, True])
def test_an_answered_call_is_one_interaction_in_any_order(outbound: bool):
    events = [
        webhook(call("connect", outbound)),
        webhook(call("terminate", outbound, **ANSWERED)),
        webhook(call("terminate", outbound, **ANSWERED)),
    ]
    for order in permutations(events):
        row = only(*order)
        assert (row["channel"], row["direction"]) == (
            "voice",
            "outbound" if outbound else "inbound",
        )
        assert row["started_at"].timestamp() == 1_760_000_000
        assert row["answered_at"].timestamp() == 1_760_000_010
        assert row["ended_at"].timestamp() == 1_760_000_099
        assert (row["talk_seconds"], row["disconnect_reason"]) == (89.0, "answered")
    people = conformed(*records(*events)).participants
    assert {row["handle_type"] for row in people} == {"phone", "whatsapp_user_id"}


def test_without_its_beginning_a_call_starts_when_it_was_answered():
    assert only(webhook(call("terminate", **ANSWERED)))["started_at"].timestamp() == 1_760_000_010


@pytest.mark.parametrize("status", ["FAILED", "COMPLETED"])
def test_a_call_that_nobody_picked_up_was_missed(status: str):
    row = only(webhook(call("connect")), webhook(call("terminate", **(ENDED | {"status": status}))))
    assert (row["disconnect_reason"], row["talk_seconds"]) == ("missed", None)
    assert row["answered_at"] is None
    assert row["ended_at"].timestamp() == 1_760_000_100


def test_errors_of_a_call_are_facts_of_it():
    found = records(webhook(call("terminate", **ANSWERED), errors=[{"code": 138012}]))
    assert of_kind(found, "interaction")[0].data["metadata"]["error_codes"] == [138012]


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("RINGING", (None, None)),
        ("ACCEPTED", (1_760_000_000, None)),
        ("REJECTED", (None, "missed")),
    ],
)
def test_statuses_tell_how_an_outbound_call_went_on(status: str, expected: tuple[Any, Any]):
    item = {
        "id": "wacid.1", "type": "call", "status": status, "timestamp": "1760000000",
        "recipient_id": PERSON, "biz_opaque_callback_data": "agent=AG-7;queue=sales",
    }  # fmt: skip
    row = only(webhook(item, "statuses"))
    answered = row["answered_at"].timestamp() if row["answered_at"] else None
    assert (answered, row["disconnect_reason"]) == expected
    assert (row["direction"], row["agent_id"], row["queue"]) == ("outbound", "AG-7", "sales")


def test_a_call_is_apart_from_the_chat_with_the_same_person():
    message = {"from": PERSON, "id": "w", "timestamp": "1760000000", "type": "text"}
    chat = body({"messages": [message | {"text": {"body": "halo"}}], **CONTACTS})
    rows = conformed(*records(chat, webhook(call("connect")))).interactions
    assert sorted(row["channel"] for row in rows) == ["chat", "voice"]


def test_a_caller_may_have_a_user_id_only():
    item = call("connect") | {"from": None, "from_user_id": "ID.9"}
    found = records(body({"calls": [item]}, "calls"))
    handles = [record.data["handle"] for record in of_kind(found, "handle")]
    assert handles == ["ID.9"]


@pytest.mark.parametrize(
    ("item", "kind", "reason"),
    [
        (call("ringing"), "calls", "unsupported_event"),
        (call("connect", timestamp="x"), "calls", "bad_time"),
        (call("connect", id=None), "calls", "missing_field"),
        (call("terminate", duration=-1), "calls", "negative_duration"),
        (call("terminate", duration="89"), "calls", "wrong_type"),
        (
            {"id": "w", "type": "call", "status": "MUTED", "timestamp": "1760000000"},
            "statuses",
            "unsupported_status",
        ),
    ],
)
def test_refusals_have_a_reason(item: dict[str, Any], kind: str, reason: str):
    assert reasons(parsed(CONNECTOR, webhook(item, kind))) == [reason]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")
@pytest.mark.parametrize(
    ("name", "rows"),
    [
        ("call_connect", [("inbound", None, None)]),
        ("call_status", [("outbound", None, None)]),
        ("call_terminate", [("outbound", 120.0, "answered")]),
    ],
)
def test_what_each_sample_becomes(name: str, rows: list[Any]):
    path = SHARED / "chat/whatsapp_updates" / f"{name}.json"
    found = read_file(CONNECTOR, path)
    assert not reasons(found)
    made = conformed(*found).interactions
    assert [(r["direction"], r["talk_seconds"], r["disconnect_reason"]) for r in made] == rows
    assert {row["channel"] for row in made} == {"voice"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")
def test_what_the_samples_of_chats_become():
    """Per file: turns and the reasons of refusals, by name where there are any."""
    refused: dict[str, list[str]] = {}
    turns = 0
    for path in sorted((SHARED / "chat/meta_wac").glob("*.json")):
        found = read_file(CONNECTOR, path)
        turns += len(of_kind(found, "turn"))
        refused |= {path.stem: reasons(found)} if reasons(found) else {}
    assert turns == 20
    assert refused == {
        "error_errors": ["source_error"],
        "ignore_status": ["unsupported_status"],
        "invalid_from": ["missing_sender"],
        "invalid_status": ["unsupported_status"],
        "invalid_timestamp": ["missing_sender"],
        "no_from": ["missing_sender"],
    }
