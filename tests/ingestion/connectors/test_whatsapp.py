"""WhatsApp webhooks: who said what, in which chat, and what is refused by name."""

from typing import Any

import pytest

from ingestion.connectors.whatsapp import WhatsAppConnector
from tests.ingestion.connectors.reading_records import of_kind, parsed, reasons

CONNECTOR = WhatsAppConnector()
NUMBER = "109000000000009"


def body(value: dict[str, Any], field: str = "messages") -> dict[str, Any]:
    head = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "+62 21 0000 111", "phone_number_id": NUMBER},
    }
    change = {"field": field, "value": head | value}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [change]}],
    }


def message(**extra: Any) -> dict[str, Any]:
    base = {"from": "628110000001", "id": "wamid.1", "timestamp": "1760000000"}
    return base | {"type": "text", "text": {"body": "Halo kak"}} | extra


def turn(item: dict[str, Any], **value: Any):
    return of_kind(parsed(CONNECTOR, body({"messages": [item], **value})), "turn")[0]


def test_a_text_becomes_a_turn_and_a_handle():
    contact = {"profile": {"name": "Rahayu Contoh"}, "wa_id": "628110000001"}
    found = parsed(CONNECTOR, body({"contacts": [contact], "messages": [message()]}))
    said, handle = of_kind(found, "turn")[0], of_kind(found, "handle")[0]
    assert said.conversation_key == f"{NUMBER}:628110000001"
    assert said.links == (f"wa:{NUMBER}:628110000001",)
    assert said.pointer == "/entry/0/changes/0/value/messages/0"
    assert said.names == ("Rahayu Contoh",)
    assert said.data["text"] == "Halo kak"
    assert said.data["role"] == "customer"
    assert said.data["direction"] == "inbound"
    assert said.event_at.isoformat() == "2025-10-09T08:53:20+00:00"
    assert handle.data["handle"] == "+628110000001"
    assert handle.data["name"] == "Rahayu Contoh"


@pytest.mark.parametrize(
    ("item", "text"),
    [
        ({"type": "button", "button": {"payload": "y", "text": "Ya, lanjut"}}, "Ya, lanjut"),
        ({"type": "image", "image": {"caption": "ini fotonya", "sha256": "x"}}, "ini fotonya"),
        ({"type": "image", "image": {"mime_type": "image/png"}}, None),
        (
            {
                "type": "interactive",
                "interactive": {
                    "type": "list_reply",
                    "list_reply": {"title": "Plan B", "description": "50 Mbps"},
                },
            },
            "Plan B\n50 Mbps",
        ),
        (
            {
                "type": "interactive",
                "interactive": {
                    "type": "nfm_reply",
                    "nfm_reply": {
                        "body": "Sent",
                        "response_json": '{"flow_token":"t","comment":"lambat sekali","age":3}',
                    },
                },
            },
            "Sent\ncomment: lambat sekali",
        ),
        ({"type": "interactive"}, None),
        ({"type": "location", "location": {"latitude": 1.5, "name": "Pasar"}}, "Pasar"),
        ({"type": "reaction", "reaction": {"message_id": "w.0", "emoji": "👍"}}, "👍"),
        ({"type": "reaction", "reaction": {"message_id": "w.0"}}, None),
        ({"type": "contacts", "contacts": [{"name": {"formatted_name": "X"}}]}, None),
        ({"type": "unsupported", "errors": [{"code": 131051}]}, None),
        ({"type": "hologram", "hologram": {"body": "?"}}, None),
        ({"text": {"body": "nul\u0000byte"}}, "nulbyte"),
    ],
)
def test_text_of_every_kind(item: dict[str, Any], text: str | None):
    assert turn(message(**item)).data["text"] == text


def test_coordinates_and_cards_stay_out_of_the_record():
    found = turn(message(type="location", location={"latitude": 1.23456, "longitude": 99.5}))
    assert "1.23456" not in str(found.data)


def test_unsupported_messages_say_so():
    found = turn(message(type="unsupported", errors=[{"code": 131051}]))
    assert found.data["metadata"]["unsupported"] is True
    assert found.data["metadata"]["error_codes"] == [131051]


def test_edit_and_revoke_name_the_first_message():
    edited = turn(
        message(
            id="wamid.2",
            type="edit",
            edit={
                "original_message_id": "wamid.1",
                "message": {"type": "text", "text": {"body": "Halo kakak"}},
            },
        )
    )
    gone = turn(message(id="wamid.3", type="revoke", revoke={"original_message_id": "wamid.1"}))
    assert (edited.data["action"], edited.data["turn_id"]) == ("edited", "wamid.1")
    assert edited.data["text"] == "Halo kakak"
    assert edited.native_id == "wamid.2"
    assert (gone.data["action"], gone.data["turn_id"]) == ("deleted", "wamid.1")
    assert "text" not in gone.data


@pytest.mark.parametrize(
    ("sender", "contact", "key", "links", "handles"),
    [
        (
            {"from": "62811", "from_user_id": "ID.77"},
            {},
            "ID.77",
            {"ID.77", "62811"},
            {("whatsapp_user_id", "ID.77"), ("phone", "+62811")},
        ),
        ({"from_user_id": "ID.77"}, {}, "ID.77", {"ID.77"}, {("whatsapp_user_id", "ID.77")}),
        ({"from": "ID.77"}, {}, "ID.77", {"ID.77"}, {("whatsapp_user_id", "ID.77")}),
        (
            {"from": "62811"},
            {"wa_id": "62811", "user_id": "ID.77"},
            "ID.77",
            {"ID.77", "62811"},
            {("whatsapp_user_id", "ID.77"), ("phone", "+62811")},
        ),
        ({"from": "62811"}, {"wa_id": "62899"}, "62811", {"62811"}, {("phone", "+62811")}),
        ({}, {"wa_id": "62811"}, "62811", {"62811"}, {("phone", "+62811")}),
        ({"from": "62811", "from_user_id": "foo"}, {}, "62811", {"62811"}, {("phone", "+62811")}),
    ],
)
def test_senders_with_and_without_a_phone(sender, contact, key, links, handles):
    item = {name: part for name, part in message().items() if name != "from"} | sender
    found = parsed(CONNECTOR, body({"contacts": [contact], "messages": [item]}))
    said = of_kind(found, "turn")[0]
    assert said.conversation_key == f"{NUMBER}:{key}"
    assert set(said.links) == {f"wa:{NUMBER}:{form}" for form in links}
    assert {
        (record.data["handle_type"], record.data["handle"]) for record in of_kind(found, "handle")
    } == handles


def test_a_group_is_its_own_conversation():
    said = turn(message(group_id="G1"))
    assert said.conversation_key == f"{NUMBER}:group:G1"
    assert said.links == ()


def test_echoes_are_the_company_in_the_customers_chat():
    echo = message(id="wamid.9") | {"from": "62210000111", "to": "628110000001"}
    found = parsed(CONNECTOR, body({"message_echoes": [echo]}, "smb_message_echoes"))
    said = of_kind(found, "turn")[0]
    assert said.data["role"] == "agent"
    assert said.data["sender"] is None
    assert said.conversation_key == f"{NUMBER}:628110000001"


def test_status_carries_what_the_company_sent_along():
    status = {
        "id": "wamid.9",
        "status": "delivered",
        "timestamp": "1760000000",
        "recipient_id": "628110000001",
        "biz_opaque_callback_data": "role=bot;agent=AG-014;queue=billing;campaign=lebaran",
    }
    record = parsed(CONNECTOR, body({"statuses": [status]}))[0]
    assert record.kind == "status"
    assert record.data == {
        "turn_id": "wamid.9",
        "status": "delivered",
        "role": "bot",
        "agent_id": "AG-014",
        "queue": "billing",
        "campaign": "lebaran",
    }
    plain = parsed(
        CONNECTOR, body({"statuses": [status | {"biz_opaque_callback_data": "free text"}]})
    )
    assert plain[0].data["role"] is None


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "empty"),
        (b'{"object":"whatsapp_business_account"', "bad_json"),
        (b"[" * 500 + b"]" * 500, "too_deep"),
        ([], "no_records"),
        ({"object": "page", "entry": []}, "no_records"),
        ({"object": "whatsapp_business_account", "entry": []}, "no_records"),
        ({"object": "whatsapp_business_account", "entry": "x"}, "wrong_type"),
        (body({"event": "ACCOUNT_DELETED"}, "account_update"), "not_a_conversation"),
        (body({"calls": [{"id": "c"}]}, "calls"), "missing_field"),
        (body({}), "no_records"),
        (body({"errors": [{"code": 0}]}), "source_error"),
        (body({"messages": [message(timestamp="asdf")]}), "bad_time"),
        (body({"messages": [message(timestamp=1.5)]}), "bad_time"),
        (body({"messages": [message(timestamp="99999999999999")]}), "bad_time"),
        (body({"messages": [message(id=None)]}), "missing_field"),
        (body({"messages": [message(**{"from": "bla"})]}), "missing_sender"),
        (body({"messages": [message(text="flat")], "metadata": {}}), "missing_field"),
        (body({"messages": [message(text={"body": 5})]}), "wrong_type"),
        (body({"messages": [message(text={"body": "x" * 200_001})]}), "text_too_long"),
        (body({"messages": ["text"]}), "wrong_type"),
        (
            body({"statuses": [{"id": "a", "status": "in_orbit", "recipient_id": "628"}]}),
            "unsupported_status",
        ),
    ],
)
def test_refusals_have_a_reason(payload: Any, reason: str):
    found = parsed(CONNECTOR, payload)
    assert reasons(found) == [reason]
    assert "asdf" not in str(found[0])


def test_one_bad_message_does_not_stop_the_next():
    found = parsed(CONNECTOR, body({"messages": [message(timestamp="x"), message()]}))
    assert reasons(found) == ["bad_time"]
    assert len(of_kind(found, "turn")) == 1


def test_named_cases_and_arrays_are_walked():
    one = body({"messages": [message()]})
    for payload in ({"text": one, "more": one}, [one, one]):
        assert len(of_kind(parsed(CONNECTOR, payload), "turn")) == 2
