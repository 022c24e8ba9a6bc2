"""Chatwoot: webhooks and API answers give the same conversation; what is refused by name."""

from itertools import permutations
from typing import Any

import orjson
import pytest

from ingestion.connectors.base import Record
from ingestion.connectors.chatwoot import ChatwootConnector
from tests.ingestion.conform.facts_of import conformed
from tests.ingestion.connectors.reading_records import of_kind, parsed, reasons

CONNECTOR = ChatwootConnector()
BEGAN = 1_760_000_000
CONTACT = {
    "id": 12, "name": "Rahayu Contoh", "email": "rahayu@example.com",
    "phone_number": "+628110000001", "identifier": "C-1", "type": "contact",
}  # fmt: skip
AGENT = {"id": 3, "name": "Dewi Contoh", "email": "dewi@toko.example", "type": "user"}


def conversation(**more: Any) -> dict[str, Any]:
    base = {
        "id": 44, "inbox_id": 9, "channel": "Channel::Whatsapp", "status": "open",
        "can_reply": True, "labels": ["vip"], "priority": None, "messages": [],
        "meta": {"sender": CONTACT, "assignee": AGENT, "team": {"id": 1, "name": "billing"}},
        "created_at": BEGAN, "last_activity_at": BEGAN + 60, "first_reply_created_at": None,
    }  # fmt: skip
    return base | more


def message(**more: Any) -> dict[str, Any]:
    """As the API lists it."""
    base = {
        "id": 501, "content": "paket belum sampai", "inbox_id": 9, "conversation_id": 44,
        "message_type": 0, "content_type": "text", "content_attributes": {}, "private": False,
        "created_at": BEGAN + 10, "source_id": None, "sender": CONTACT, "status": "sent",
    }  # fmt: skip
    return base | more


def webhook(event: str = "message_created", **more: Any) -> dict[str, Any]:
    """As a webhook carries it."""
    base = {
        "event": event, "id": 501, "content": "paket belum sampai", "message_type": "incoming",
        "content_type": "text", "content_attributes": {}, "private": False,
        "created_at": "2025-10-09T08:53:30Z", "sender": CONTACT, "conversation": conversation(),
        "inbox": {"id": 9, "name": "WhatsApp"}, "account": {"id": 1, "name": "Toko"},
    }  # fmt: skip
    return base | more


def listed(*messages: Any) -> dict[str, Any]:
    return {"meta": {"labels": []}, "payload": list(messages)}


def records(value: Any) -> list[Record]:
    found = parsed(CONNECTOR, value)
    assert not reasons(found)
    return found


def turn(value: Any) -> Record:
    return of_kind(records(value), "turn")[0]


@pytest.mark.parametrize("value", [webhook(), listed(message()), message(), [webhook()]])
def test_a_message_is_the_same_turn_from_everywhere(value: Any):
    said = turn(value)
    assert (said.conversation_key, said.native_id) == ("9:44", "message:501")
    assert said.event_at.timestamp() == BEGAN + 10
    assert (said.data["role"], said.data["sender"]) == ("customer", "12")
    assert said.data["text"] == "paket belum sampai"
    assert "Rahayu Contoh" in said.names
    handles = {(h.data["handle_type"], h.data["handle"]) for h in of_kind(records(value), "handle")}
    assert handles == {
        ("chatwoot_contact_id", "12"),
        ("crm_id", "C-1"),
        ("phone", "+628110000001"),
        ("email", "rahayu@example.com"),
    }


@pytest.mark.parametrize(
    ("stamp"), [BEGAN, str(BEGAN), "2025-10-09 08:53:20 UTC", "2025-10-09T15:53:20+07:00"]
)
def test_times_of_every_kind(stamp: Any):
    assert turn(message(created_at=stamp)).event_at.timestamp() == BEGAN


@pytest.mark.parametrize(
    ("more", "role", "text", "event"),
    [
        ({"message_type": 1, "sender": AGENT}, "agent", "paket belum sampai", None),
        ({"message_type": "outgoing", "sender": AGENT}, "agent", "paket belum sampai", None),
        ({"message_type": 1, "sender": {"id": 1, "type": "agent_bot"}}, "bot", "paket belum sampai", None),
        (
            {"message_type": 1, "content_attributes": {"automation_rule_id": 4}},
            "bot",
            "paket belum sampai",
            None,
        ),
        ({"message_type": 3, "content": "Rate us"}, "bot", "Rate us", None),
        ({"message_type": 2, "content": "Conversation was resolved"}, "system", None, "activity"),
        ({"message_type": 1, "private": True, "sender": AGENT}, "system", None, "internal_note"),
    ],
)  # fmt: skip
def test_who_speaks(more: dict[str, Any], role: str, text: str | None, event: str | None):
    data = turn(message(**more)).data
    assert (data["role"], data["text"]) == (role, text)
    assert data["metadata"].get("event") == event
    if event == "internal_note":
        assert "paket" not in str(data)


def test_early_webhooks_name_the_customer_as_contact():
    early = webhook(
        id="501",
        created_at="2020-03-03 13:05:57 UTC",
        sender={"id": "1", "name": "Agent", "email": "agent@toko.example"},
        contact={"id": "12", "name": "Rahayu Contoh"},
        conversation={"display_id": "44", "additional_attributes": {}},
    )
    said = turn(early)
    assert (said.conversation_key, said.data["sender"]) == ("9:44", "12")
    assert [h.data["handle"] for h in of_kind(records(early), "handle")] == ["12"]


def test_a_webhook_of_a_message_tells_its_conversation_too():
    found = records(webhook(message_type="outgoing", sender=AGENT))
    assert of_kind(found, "interaction")[0].data["queue"] == "billing"
    assert ("crm_id", "C-1") in {
        (h.data["handle_type"], h.data["handle"]) for h in of_kind(found, "handle")
    }
    automated = conversation(event="automation_event.conversation_created")
    assert CONNECTOR.recognises("f", orjson.dumps(automated | {"account": {"id": 1}}))
    assert of_kind(records(automated), "interaction")


def test_replies_attachments_and_subjects():
    data = turn(
        message(
            content=None,
            content_attributes={"in_reply_to": 500, "email": {"subject": "Tagihan"}},
            attachments=[{"id": 1, "file_type": "image", "data_url": "https://example.com/x"}],
        )
    ).data
    assert (data["text"], data["reply_to"]) == (None, "message:500")
    assert data["metadata"]["attachments"] == ["image"]
    assert data["metadata"]["subject"] == "Tagihan"
    assert "https" not in str(data)


def test_a_deleted_message_loses_its_words_in_any_order():
    gone = webhook(
        "message_updated", content="This message was deleted", content_attributes={"deleted": True}
    )
    for order in permutations([webhook(), gone, message()]):
        rows = conformed(*(record for value in order for record in records(value))).turns
        assert [(row["state"], row["redacted_text"]) for row in rows] == [("deleted", None)]


def test_the_later_wording_counts_where_the_event_has_no_time_of_its_own():
    later = webhook("message_updated", content="paket sudah sampai")
    for order in permutations([webhook(), later]):
        rows = conformed(*(record for value in order for record in records(value))).turns
        assert [row["redacted_text"] for row in rows] == ["paket sudah sampai"]


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        ([{"title": "Tagihan", "value": "bill"}], "Tagihan"),
        ([{"name": "kota", "value": "Medan"}], "kota: Medan"),
    ],
)
def test_what_a_customer_chose_is_the_customer_s_turn(values: Any, answer: str):
    item = message(message_type=1, content_attributes={"submitted_values": values})
    asked, chosen = of_kind(records(item), "turn")
    assert (asked.data["role"], chosen.data["role"]) == ("agent", "customer")
    assert (chosen.data["text"], chosen.data["reply_to"]) == (answer, "message:501")


def test_a_survey_answer_is_the_satisfaction_of_the_conversation():
    values = {"csat_survey_response": {"rating": 2, "feedback_message": "lama"}}
    item = webhook(
        "message_updated",
        message_type="template",
        content_attributes={"submitted_values": values},
    )
    told = of_kind(records(item), "interaction")[-1].data
    assert (told["csat"], told["metadata"]) == (2.0, {"csat_comment": "lama"})


@pytest.mark.parametrize("status", ["delivered", "read", "failed"])
def test_deliveries_of_the_company_s_messages(status: str):
    found = records(message(message_type=1, sender=AGENT, status=status))
    assert of_kind(found, "status")[0].data == {"turn_id": "message:501", "status": status}
    assert not of_kind(records(message(status=status)), "status")


@pytest.mark.parametrize(
    "value",
    [
        conversation(messages=[message()]),
        {"data": {"meta": {"all_count": 1}, "payload": [conversation(messages=[message()])]}},
        {"payload": {"conversations": [conversation(messages=[message()])]}},
        conversation(event="conversation_created", messages=[message()], account={"id": 1}),
    ],
)
def test_conversations_are_interactions(value: Any):
    found = records(value)
    told = of_kind(found, "interaction")[0].data
    assert (told["channel"], told["queue"], told["agent_id"]) == ("chat", "billing", "3")
    assert (told["disposition"], told["started_at"].timestamp()) == ("open", BEGAN)
    assert told["metadata"]["labels"] == ["vip"]
    assert [item.native_id for item in of_kind(found, "turn")] == ["message:501"]


@pytest.mark.parametrize(
    ("kind", "channel"),
    [
        ("Channel::Email", "email"),
        ("Channel::WebWidget", "chat"),
        ("Channel::TwitterProfile", "social"),
        (None, "chat"),
    ],
)
def test_the_inbox_decides_the_channel(kind: str | None, channel: str):
    told = of_kind(records(conversation(channel=kind)), "interaction")[0].data
    assert told["channel"] == channel


@pytest.mark.parametrize(
    ("change", "event", "transfer"),
    [
        (("status", "resolved", "open"), "reopened", None),
        (("status", "open", "resolved"), "status_resolved", None),
        (("status", "pending", "open"), "status_open", True),
        (("assignee_id", None, 3), "assignee_changed", None),
        (("assignee_id", 3, 4), "assignee_changed", True),
        (("team_id", 1, 2), "team_changed", True),
    ],
)
def test_changes_are_system_turns_once(change: Any, event: str, transfer: bool | None):
    name, before, after = change
    told = [{name: {"previous_value": before, "current_value": after}}, {"updated_at": {}}]
    events = [
        conversation(event=kind, changed_attributes=told, account={"id": 1})
        for kind in ("conversation_updated", "conversation_status_changed")
    ]
    turns = [turn(item) for item in events]
    assert turns[0] == turns[1]
    assert turns[0].data["metadata"]["event"] == event
    assert turns[0].data["transfer"] is transfer


@pytest.mark.parametrize(
    "value",
    [
        CONTACT | {"event": "contact_updated", "account": {"id": 1}, "created_at": BEGAN},
        CONTACT
        | {
            "event": "contact_updated",
            "changed_attributes": [
                {"updated_at": {"previous_value": None, "current_value": "2025-10-09T08:53:20Z"}}
            ],
        },
        {"meta": {"count": 1}, "payload": [CONTACT | {"created_at": BEGAN, "thumbnail": ""}]},
    ],
)
def test_contacts_are_cards(value: Any):
    (card,) = records(value)
    assert (card.kind, card.event_at.timestamp()) == ("crm", BEGAN)
    assert card.data["row"]["crm_id"] == "C-1"
    assert card.data["row"]["handle"] == "12"


def test_an_address_is_no_crm_id():
    bridged = CONTACT | {"identifier": "628110000001@bridge.example", "created_at": BEGAN}
    (card,) = records({"payload": [bridged]})
    assert card.data["row"]["crm_id"] is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", ["empty"]),
        (b'{"event":"message_created"', ["bad_json"]),
        ([], ["no_records"]),
        ({"payload": [], "meta": {}}, ["no_records"]),
        ({"event": "webwidget_triggered", "id": 5, "account": {}}, ["not_a_conversation"]),
        (
            {"event": "conversation_typing_on", "conversation": conversation(), "user": AGENT},
            ["not_a_conversation"],
        ),
        (CONTACT | {"event": "contact_created", "account": {"id": 1}}, ["missing_field"]),
        (message(created_at="2025-10-09T08:53:20"), ["naive_time"]),
        (message(created_at="x"), ["bad_time"]),
        (message(id=None), ["missing_field"]),
        (message(inbox_id=None), ["missing_field"]),
        (message(message_type=7), ["unsupported_event"]),
        (message(content=5), ["wrong_type"]),
        (message(content="x" * 200_001), ["text_too_long"]),
        (message(sender=[]), ["wrong_type"]),
        (conversation(meta="x"), ["wrong_type"]),
        (conversation(messages=["x"]), ["wrong_type"]),
        (listed("x"), ["wrong_type"]),
    ],
)
def test_refusals_have_a_reason(value: Any, expected: list[str]):
    assert reasons(parsed(CONNECTOR, value)) == expected


def test_one_bad_message_does_not_cost_the_next():
    found = parsed(CONNECTOR, listed(message(id=None), message()))
    assert reasons(found) == ["missing_field"]
    assert len(of_kind(found, "turn")) == 1
