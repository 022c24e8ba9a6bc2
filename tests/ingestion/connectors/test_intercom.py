"""Intercom: conversations with their parts, tickets, contacts, and what is refused by name."""

from itertools import permutations
from typing import Any

import pytest

from ingestion.connectors.base import Record
from ingestion.connectors.intercom import IntercomConnector
from tests.ingestion.conform.facts_of import conformed
from tests.ingestion.connectors.reading_records import (
    SHARED,
    of_kind,
    parsed,
    read_file,
    reasons,
)

CONNECTOR = IntercomConnector()
BEGAN = 1_760_000_000
ADMIN = {"type": "admin", "id": "900", "name": "Dewi Contoh", "email": "dewi@toko.example"}
USER = {"type": "user", "id": "u1", "name": "Rahayu Contoh", "email": "rahayu@example.com"}
BOT = {"type": "bot", "id": "901", "name": "Fin"}


def part(number: int, kind: str = "comment", author: Any = None, **more: Any) -> dict[str, Any]:
    base = {
        "type": "conversation_part", "id": str(number), "part_type": kind, "body": None,
        "created_at": BEGAN + 60 * number, "updated_at": BEGAN + 60 * number,
        "assigned_to": None, "author": author or ADMIN, "attachments": [], "redacted": False,
    }  # fmt: skip
    return base | more


def assigned(number: int, kind: str, target: str, **more: Any) -> dict[str, Any]:
    return part(number, "assignment", assigned_to={"type": kind, "id": target}, **more)


def conversation(*parts: Any, **more: Any) -> dict[str, Any]:
    source = {
        "type": "conversation", "id": "5001", "delivered_as": "customer_initiated",
        "subject": "", "body": "<p>Paket saya <b>belum</b> sampai</p>", "author": USER,
        "attachments": [], "redacted": False,
    }  # fmt: skip
    base = {
        "type": "conversation", "id": "77", "created_at": BEGAN, "updated_at": BEGAN + 9000,
        "waiting_since": None, "snoozed_until": None, "source": source,
        "contacts": {"contacts": [{"type": "contact", "id": "u1", "external_id": "C-1"}]},
        "admin_assignee_id": 900, "team_assignee_id": 31, "open": True, "state": "open",
        "tags": {"tags": [{"name": "vip"}]}, "statistics": None, "conversation_rating": None,
        "conversation_parts": {"conversation_parts": list(parts), "total_count": len(parts)},
    }  # fmt: skip
    return base | more


def contact(**more: Any) -> dict[str, Any]:
    base = {
        "type": "contact", "id": "u1", "workspace_id": "w", "external_id": "C-1", "role": "user",
        "email": "rahayu@example.com", "phone": "+628110000001", "name": "Rahayu Contoh",
        "created_at": BEGAN, "updated_at": BEGAN + 5,
    }  # fmt: skip
    return base | more


def records(value: Any) -> list[Record]:
    found = parsed(CONNECTOR, value)
    assert not reasons(found)
    return found


def facts(value: Any) -> dict[str, Any]:
    return of_kind(records(value), "interaction")[0].data


def test_a_conversation_is_one_interaction_with_its_words():
    found = records(conversation(part(1, body="<p>Halo kak<br>kami cek ya</p>")))
    told = of_kind(found, "interaction")[0].data
    assert (told["channel"], told["direction"]) == ("chat", "inbound")
    assert (told["agent_id"], told["queue"], told["disposition"]) == ("900", "31", "open")
    assert told["started_at"].timestamp() == BEGAN
    assert told["metadata"]["tags"] == ["vip"]
    said = of_kind(found, "turn")
    assert [(turn.data["role"], turn.data["text"]) for turn in said] == [
        ("customer", "Paket saya belum sampai"),
        ("agent", "Halo kak\nkami cek ya"),
    ]
    assert said[0].data["sender"] == "u1"
    assert said[1].data["agent_id"] == "900"
    assert said[1].pointer == "/conversation_parts/conversation_parts/0"
    handles = {(h.data["handle_type"], h.data["handle"]) for h in of_kind(found, "handle")}
    assert handles == {
        ("intercom_contact_id", "u1"),
        ("crm_id", "C-1"),
        ("email", "rahayu@example.com"),
    }
    assert said[0].names == ("Rahayu Contoh",)


@pytest.mark.parametrize(
    ("kind", "channel"),
    [("email", "email"), ("whatsapp", "chat"), ("phone_call", "voice"), ("twitter", "social")],
)
def test_the_first_message_decides_the_channel(kind: str, channel: str):
    value = conversation()
    value["source"]["type"] = kind
    assert facts(value)["channel"] == channel


@pytest.mark.parametrize(
    ("item", "role", "text", "event"),
    [
        (part(1, body="<p>ok</p>", author=USER), "customer", "ok", None),
        (part(1, body="<p>ok</p>", author=USER | {"type": "lead"}), "customer", "ok", None),
        (part(1, body="Hi there", author=BOT), "bot", "Hi there", None),
        (part(1, body="a &lt; b", author=ADMIN), "agent", "a &lt; b", None),
        (part(1, "close", body="<p>Sampai jumpa</p>"), "agent", "Sampai jumpa", None),
        (part(1, "open", body="<p>masih rusak</p>", author=USER), "customer", "masih rusak", None),
        (part(1, "note", body="<p>pelanggan sulit</p>"), "system", None, "internal_note"),
        (part(1, "close"), "system", None, "close"),
        (part(1, "snoozed"), "system", None, "snoozed"),
        (assigned(1, "team", "31"), "system", None, "assignment"),
    ],
)
def test_parts_are_words_or_events(item: Any, role: str, text: str | None, event: str | None):
    said = of_kind(records(conversation(item)), "turn")[1]
    assert (said.data["role"], said.data["text"]) == (role, text)
    assert said.data["metadata"].get("event") == event
    assert "sulit" not in str(said.data)


def test_attribute_changes_are_left_out():
    changed = part(1, "conversation_attribute_updated_by_admin", author=BOT)
    assert len(of_kind(records(conversation(changed)), "turn")) == 1


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        ((), 0),
        ((assigned(1, "admin", "900"),), 0),
        ((assigned(1, "admin", "900"), assigned(2, "admin", "900")), 0),
        ((assigned(1, "admin", "900"), assigned(2, "team", "32")), 1),
        ((part(1, body="Hai", author=BOT), assigned(2, "admin", "900")), 1),
        ((assigned(1, "nobody_admin", ""), assigned(2, "admin", "900")), 0),
    ],
)
def test_hand_overs_are_counted_and_from_bot_to_human_is_one(parts: Any, expected: int):
    assert facts(conversation(*parts))["transfers"] == expected


@pytest.mark.parametrize(
    ("parts", "statistics", "expected"),
    [
        ((), None, 0),
        ((part(1, "open"),), None, 0),
        ((part(1, "close"), part(2, "open"), part(3, "close"), part(4, "open")), None, 2),
        ((part(1, "close"), assigned(2, "admin", "9", part_type="assign_and_reopen")), None, 1),
        ((part(1, "close"), part(2, "open")), {"count_reopens": 5}, 5),
    ],
)
def test_reopenings_are_counted(parts: Any, statistics: Any, expected: int):
    told = facts(conversation(*parts, statistics=statistics))
    assert told["metadata"]["reopens"] == expected


def test_lists_without_parts_say_nothing_about_hands():
    value = conversation()
    del value["conversation_parts"]
    told = facts({"type": "conversation.list", "conversations": [value]})
    assert told["transfers"] is None
    assert "reopens" not in told["metadata"]


def test_rating_and_first_response():
    told = facts(
        conversation(
            conversation_rating={"rating": 4, "remark": "cepat"},
            statistics={"time_to_admin_reply": 120, "first_admin_reply_at": BEGAN + 120},
        )
    )
    assert told["csat"] == 4.0
    assert told["metadata"]["csat_comment"] == "cepat"
    assert told["metadata"]["first_response_seconds"] == 120
    assert told["answered_at"].timestamp() == BEGAN + 120


def test_a_redacted_part_is_a_deletion_of_the_turn():
    before = conversation(part(1, body="<p>kartu 4111</p>", author=USER))
    after = conversation(
        part(1, body="<p>This message was deleted</p>", author=USER, redacted=True),
        updated_at=BEGAN + 9999,
    )
    for order in ((before, after), (after, before), (after,)):
        rows = conformed(*(record for value in order for record in records(value))).turns
        assert [(row["role"], row["state"]) for row in rows] == [
            ("customer", "sent"),
            ("customer", "deleted"),
        ]
        assert rows[1]["redacted_text"] is None


def test_snapshots_in_any_order_give_the_latest_state():
    snapshots = [
        conversation(part(1, body="Halo"), state="closed", updated_at=BEGAN + 100),
        conversation(part(1, body="Halo"), part(2, "open"), state="open", updated_at=BEGAN + 200),
        {"type": "user_message", "id": "5001", "created_at": BEGAN, "body": "Paket saya belum sampai",
         "message_type": "inapp", "conversation_id": "77"},
    ]  # fmt: skip
    for order in permutations(snapshots):
        found = conformed(*(record for value in order for record in records(value)))
        assert [row["disposition"] for row in found.interactions] == ["open"]
        assert [row["role"] for row in found.turns] == ["customer", "agent", "system"]


def test_a_ticket_continues_its_conversation():
    ticket = {
        "type": "ticket", "id": "77", "ticket_id": "3", "ticket_state": "submitted",
        "ticket_attributes": {"_default_title_": "Rusak", "_default_description_": "Layar mati"},
        "contacts": {"contacts": [{"type": "contact", "id": "u1", "external_id": None}]},
        "admin_assignee_id": "0", "created_at": BEGAN, "updated_at": BEGAN + 9,
        "ticket_parts": {"ticket_parts": [part(1, author=USER, body="<p>tolong</p>")]},
    }  # fmt: skip
    found = records(ticket)
    told = of_kind(found, "interaction")[0].data
    assert (told["agent_id"], told["metadata"]["subject"]) == (None, "Rusak")
    assert [turn.data["text"] for turn in of_kind(found, "turn")] == ["Layar mati", "tolong"]
    assert found[0].conversation_key == "77"


def test_a_ticket_state_may_be_an_object():
    state = {"type": "ticket_state", "category": "resolved", "internal_label": "Done"}
    ticket = {"type": "ticket", "id": "9", "created_at": BEGAN, "ticket_state": state}
    assert facts(ticket)["disposition"] == "resolved"


@pytest.mark.parametrize(
    "value",
    [
        contact(),
        {"type": "list", "data": [contact()], "total_count": 1},
        {
            "type": "notification_event", "topic": "contact.created", "app_id": "w",
            "data": {"type": "notification_event_data", "item": contact()},
        },
        {"get contact": contact()},
    ],
)  # fmt: skip
def test_contacts_are_cards(value: Any):
    (card,) = records(value)
    assert (card.kind, card.data["table"]) == ("crm", "contacts")
    assert card.data["row"] == {
        "handle_type": "intercom_contact_id", "handle": "u1", "crm_id": "C-1",
        "phone": "+628110000001", "email": "rahayu@example.com", "name": "Rahayu Contoh",
    }  # fmt: skip
    assert card.event_at.timestamp() == BEGAN + 5


def test_events_carry_conversations():
    event = {
        "type": "notification_event", "topic": "conversation.user.replied", "app_id": "w",
        "data": {"type": "notification_event_data", "item": conversation()},
    }  # fmt: skip
    found = records(event)
    assert found[0].pointer == "/data/item"
    assert [record.native_id for record in found] == [
        record.native_id for record in records(conversation())
    ]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", ["empty"]),
        (b'{"type":"conversation"', ["bad_json"]),
        ([], ["no_records"]),
        ({"type": "list", "data": [], "total_count": 0}, ["no_records"]),
        ({"type": "company", "id": "1"}, ["not_a_conversation"]),
        ({"type": "contact", "id": "u1", "deleted": True}, ["not_a_conversation"]),
        ({"type": "list", "data": [5]}, ["wrong_type"]),
        (conversation(id=None), ["missing_field"]),
        (conversation(created_at="2026-01-01"), ["bad_time"]),
        (conversation(created_at=10**15), ["bad_time"]),
        (conversation(source=[]), ["wrong_type"]),
        (conversation(part(1, body=5)), ["wrong_type"]),
        (conversation(part(1, body="x" * 200_001)), ["text_too_long"]),
        (conversation(part(1, author="x")), ["wrong_type"]),
        (conversation("x"), ["wrong_type"]),
        (conversation(part(1, created_at=None)), ["bad_time"]),
        (contact(updated_at="x"), ["bad_time"]),
    ],
)
def test_refusals_have_a_reason(value: Any, expected: list[str]):
    assert reasons(parsed(CONNECTOR, value)) == expected


def test_one_bad_part_does_not_cost_the_others():
    found = parsed(CONNECTOR, conversation("x", part(2, body="Halo")))
    assert [item.position for item in found if not isinstance(item, Record)] == [
        "/conversation_parts/conversation_parts/0"
    ]
    assert len(of_kind(found, "turn")) == 2


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")
def test_what_the_sample_of_forty_answers_becomes():
    (path,) = (SHARED / "chat/intercom").glob("*.json")
    found = read_file(CONNECTOR, path)
    kinds = {kind: len(of_kind(found, kind)) for kind in ("interaction", "crm", "turn", "handle")}
    assert kinds == {"interaction": 14, "crm": 4, "turn": 25, "handle": 32}
    assert sorted(set(reasons(found))) == ["no_records", "not_a_conversation"]
    made = conformed(*(item for item in found if isinstance(item, Record)))
    assert len(made.interactions) == 15
    states = sorted(row["state"] for row in made.turns)
    assert (len(states), states.count("deleted")) == (24, 1)
    assert {row["role"] for row in made.turns} == {"agent", "customer", "system"}
