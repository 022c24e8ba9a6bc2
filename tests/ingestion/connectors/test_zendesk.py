"""Zendesk over its API: tickets, comments, audits, chats, users, events; refusals by name."""

from itertools import permutations
from typing import Any

import pytest

from ingestion.connectors.base import Record
from ingestion.connectors.zendesk import ZendeskConnector
from tests.ingestion.conform.facts_of import conformed
from tests.ingestion.connectors.reading_records import of_kind, parsed, reasons

CONNECTOR = ZendeskConnector()
BEGAN = "2026-01-05T08:00:00Z"
REQUESTER, AGENT, GROUP = 101, 900, 31


def at(minute: int) -> str:
    return f"2026-01-05T08:{minute:02}:00Z"


def ticket(**more: Any) -> dict[str, Any]:
    base = {
        "id": 7, "created_at": BEGAN, "updated_at": at(30), "subject": "Tagihan salah",
        "description": "Tagihan saya dobel", "status": "open", "priority": "high",
        "requester_id": REQUESTER, "submitter_id": REQUESTER, "assignee_id": AGENT,
        "group_id": GROUP, "tags": ["billing"], "is_public": True,
        "via": {"channel": "email", "source": {"rel": None, "from": {
            "address": "rahayu@example.com", "name": "Rahayu Contoh"}}},
        "satisfaction_rating": {"score": "unoffered"},
    }  # fmt: skip
    return base | more


def comment(number: int = 1, author: int = REQUESTER, **more: Any) -> dict[str, Any]:
    base = {
        "id": 5000 + number, "type": "Comment", "author_id": author, "public": True,
        "body": f"pesan {number}", "html_body": "<p>x</p>", "plain_body": "x", "audit_id": 1,
        "created_at": at(number), "attachments": [], "via": {"channel": "web"},
    }  # fmt: skip
    return base | more


def user(number: int, role: str = "end-user", **more: Any) -> dict[str, Any]:
    base = {
        "id": number, "name": "Rahayu Contoh", "email": "rahayu@example.com", "role": role,
        "phone": "+628110000001", "external_id": "C-1", "created_at": BEGAN, "updated_at": at(1),
        "ticket_restriction": None, "restricted_agent": False,
    }  # fmt: skip
    return base | more


def audit(*events: Any, number: int = 1, **more: Any) -> dict[str, Any]:
    base = {"id": 60 + number, "ticket_id": 7, "created_at": at(number), "author_id": AGENT}
    return base | {"via": {"channel": "web"}, "events": list(events)} | more


def change(field: str, before: Any, after: Any, number: int = 1) -> dict[str, Any]:
    told = {"id": 700 + number, "type": "Change", "field_name": field}
    return told | {"previous_value": before, "value": after}


def records(*values: Any) -> list[Record]:
    found = [item for value in values for item in parsed(CONNECTOR, value)]
    assert not reasons(found)
    return found


def facts(value: Any) -> dict[str, Any]:
    return of_kind(records(value), "interaction")[0].data


@pytest.mark.parametrize(
    "value",
    [
        {"ticket": ticket()},
        {"tickets": [ticket()], "next_page": None, "count": 1},
        {"results": [ticket(result_type="ticket")], "count": 1},
        ticket(),
        [ticket()],
        {"show": {"ticket": ticket()}},
    ],
)
def test_a_ticket_is_one_interaction(value: Any):
    found = records(value)
    stated = of_kind(found, "interaction")[0]
    assert (stated.conversation_key, stated.event_at.isoformat()) == (
        "ticket:7",
        "2026-01-05T08:30:00+00:00",
    )
    assert (stated.data["channel"], stated.data["disposition"]) == ("email", "open")
    assert (stated.data["queue"], stated.data["agent_id"]) == ("31", "900")
    assert stated.data["metadata"]["subject"] == "Tagihan salah"
    row = conformed(*found)
    assert [(t["role"], t["redacted_text"]) for t in row.turns] == [
        ("customer", "Tagihan saya dobel")
    ]
    assert {p["handle_type"] for p in row.participants} == {"zendesk_user_id", "email"}


@pytest.mark.parametrize(
    ("via", "channel", "direction"),
    [
        ({"channel": "web"}, "email", None),
        ({"channel": "chat"}, "chat", None),
        ({"channel": "native_messaging"}, "chat", None),
        ({"channel": "whatsapp"}, "chat", None),
        ({"channel": "facebook", "source": {"rel": "post"}}, "social", None),
        ({"channel": "facebook", "source": {"rel": "message"}}, "chat", None),
        ({"channel": "twitter"}, "social", None),
        ({"channel": "voice", "source": {"rel": "inbound"}}, "voice", "inbound"),
        ({"channel": "voice", "source": {"rel": "outbound"}}, "voice", "outbound"),
        (None, "email", None),
    ],
)
def test_via_decides_the_channel(via: Any, channel: str, direction: str | None):
    told = facts(ticket(via=via))
    assert (told["channel"], told["direction"]) == (channel, direction)


@pytest.mark.parametrize(
    ("score", "csat"),
    [("good", 5.0), ("bad", 1.0), ("offered", None), (4, 4.0), ("3", 3.0), (9, None), (True, None)],
)
def test_ratings(score: Any, csat: float | None):
    told = facts(ticket(satisfaction_rating={"score": score, "comment": "lama"}))
    assert told["csat"] == csat
    assert told["metadata"].get("csat_comment") == ("lama" if csat else None)


def test_metrics_tell_reopenings_transfers_and_the_first_answer():
    metrics = {
        "ticket_id": 7, "reopens": 2, "group_stations": 3, "updated_at": at(1),
        "assignee_stations": 4, "reply_time_in_minutes": {"calendar": 5},
    }  # fmt: skip
    for value in (ticket(metric_set=metrics), {"ticket_metrics": [metrics]}):
        told = facts(value)
        assert told["transfers"] == 2
        assert told["metadata"]["reopens"] == 2
        assert told["metadata"]["first_response_seconds"] == 300


def test_snapshots_users_and_comments_in_any_order():
    page = {
        "comments": [comment(0), comment(1, AGENT)],
        "next_page": "https://x.zendesk.example/api/v2/tickets/7/comments.json?page=2",
    }
    values = [
        {"tickets": [ticket()]},
        {"tickets": [ticket(status="solved", updated_at=at(40))]},
        page,
        {"users": [user(REQUESTER)]},
    ]  # fmt: skip
    for order in permutations(values):
        found = conformed(*records(*order))
        assert [row["disposition"] for row in found.interactions] == ["solved"]
        assert [(row["role"], row["redacted_text"]) for row in found.turns] == [
            ("customer", "pesan 0"),
            ("agent", "pesan 1"),
        ]
        assert found.interactions[0]["agent_id"] == "900"


@pytest.mark.parametrize(
    ("more", "role", "text"),
    [
        ({}, None, "pesan 1"),
        ({"author_id": -1}, "bot", "pesan 1"),
        ({"via": {"channel": "rule"}}, "bot", "pesan 1"),
        ({"public": False}, "system", None),
        ({"body": None}, None, "x"),
        ({"body": None, "plain_body": None, "html_body": "<p>a<br>b</p>"}, None, "a\nb"),
    ],
)
def test_comments(more: dict[str, Any], role: str | None, text: str | None):
    said = of_kind(records({"ticket_id": 7, "comments": [comment(**more)]}), "turn")[0]
    assert (said.conversation_key, said.native_id) == ("ticket:7", "comment:5001")
    assert (said.data["role"], said.data["text"]) == (role, text)
    if role == "system":
        assert said.data["metadata"] == {"event": "internal_note"}


@pytest.mark.parametrize(
    ("role", "expected"), [("end-user", "customer"), ("agent", "agent"), ("admin", "agent")]
)
def test_users_beside_comments_tell_the_side(role: str, expected: str):
    body = {"ticket_id": 7, "comments": [comment()], "users": [user(REQUESTER, role)]}
    said = of_kind(records(body), "turn")[0]
    assert (said.data["role"], said.names) == (expected, ("Rahayu Contoh",))


def test_comments_that_name_no_ticket_are_tied_by_an_audit():
    page = {"comments": [comment(1), comment(2, AGENT)], "count": 2}
    told = audit(
        {"id": 5002, "type": "Comment", "public": True, "body": "pesan 2", "author_id": AGENT},
        number=2,
    )
    for order in permutations([page, {"audits": [told]}, {"ticket": ticket()}]):
        found = conformed(*records(*order))
        assert len(found.interactions) == 1
        texts = [row["redacted_text"] for row in found.turns]
        assert texts == ["pesan 1", "pesan 2"]  # fmt: skip


def test_a_call_filed_as_a_comment_gives_its_transcript_only():
    item = comment(
        type="VoiceComment",
        body="Call from: +628110000001",
        data={"transcription_text": "halo", "call_duration": 65},
    )
    data = of_kind(records({"ticket_id": 7, "comments": [item]}), "turn")[0].data
    assert (data["text"], data["channel"]) == ("halo", "voice")
    assert data["metadata"]["call_seconds"] == 65
    assert "+62811" not in str(data)  # fmt: skip


@pytest.mark.parametrize(
    ("event", "name", "transfer"),
    [
        (change("status", "solved", "open"), "reopened", None),
        (change("status", "open", "solved"), "status_solved", None),
        (change("group_id", "31", "32"), "group_changed", True),
        (change("group_id", None, "31"), "group_changed", None),
        (change("assignee_id", "900", "901"), "assignee_changed", None),
        (
            {"id": 1, "event_type": "Change", "status": "open", "previous_value": "solved"},
            "reopened",
            None,
        ),
        ({"id": 1, "type": "Create", "field_name": "status", "value": "new"}, "status_new", None),
    ],
)
def test_changes_are_system_turns(event: Any, name: str, transfer: bool | None):
    listed = "child_events" if "event_type" in event else "events"
    body = audit() | {"events": None, listed: [event]}
    (said,) = records({"audits": [{k: v for k, v in body.items() if v is not None}]})
    assert said.data["role"] == "system"
    assert said.data["metadata"]["event"] == name
    assert said.data["transfer"] is transfer


def test_an_event_stream_tells_times_in_seconds():
    stream = {
        "ticket_events": [
            {"id": 1, "ticket_id": 7, "timestamp": 1_760_000_000, "updater_id": AGENT, "child_events": [
                {"id": 5001, "event_type": "Comment", "body": "pesan", "public": True},
                {"id": 9, "event_type": "Notification"},
            ]}
        ]
    }  # fmt: skip
    (said,) = records(stream)
    assert (said.native_id, said.event_at.timestamp()) == ("comment:5001", 1_760_000_000)
    assert said.data["sender"] == str(AGENT)


def test_ratings_and_privacy_in_audits():
    told = audit(
        {"id": 1, "type": "SatisfactionRating", "score": "bad", "body": "lama"},
        {"id": 2, "type": "CommentPrivacyChange", "comment_id": 5001, "public": False},
    )
    rating, gone = records({"audits": [told]})
    assert rating.data["csat"] == 1.0
    assert (gone.data["action"], gone.data["turn_id"]) == ("deleted", "comment:5001")


def test_a_full_export_holds_comments_and_people():
    line = ticket(
        comments=[comment(0), comment(1, AGENT)],
        requester=user(REQUESTER),
        assignee=user(AGENT, "agent", name="Dewi Contoh"),
    )
    found = records(line)
    assert [turn.data["role"] for turn in of_kind(found, "turn")[1:]] == ["customer", "agent"]
    handles = {h.data["handle_type"] for h in of_kind(found, "handle")}
    assert handles == {"zendesk_user_id", "email", "phone", "crm_id"}
    assert "Rahayu Contoh" in found[0].names


def test_a_deleted_ticket_keeps_no_words():
    values = [ticket(), ticket(status="deleted", updated_at=at(50), description="SCRUBBED")]
    for order in permutations(values):
        found = conformed(*records(*order))
        assert [row["disposition"] for row in found.interactions] == ["deleted"]
        assert [row["redacted_text"] for row in found.turns] == [None]


def test_a_private_ticket_gives_no_description():
    assert not of_kind(records(ticket(is_public=False)), "turn")


def test_customers_are_cards_and_staff_are_not():
    card, staff = records({"users": [user(1), user(2, "agent")], "count": 2})
    assert (card.kind, card.data["row"]["crm_id"]) == ("crm", "C-1")
    assert (staff.kind, staff.data["role"]) == ("handle", "agent")
    assert "rahayu@example.com" not in str(staff.data)


def chat(**more: Any) -> dict[str, Any]:
    base = {
        "id": "c.1", "type": "chat", "timestamp": BEGAN, "end_timestamp": at(9), "zendesk_ticket_id": 7,
        "visitor": {"id": "v", "name": "Rahayu Contoh", "email": "rahayu@example.com", "phone": ""},
        "session": {}, "started_by": "visitor", "department_name": "Billing", "rating": "good",
        "agent_ids": ["900"], "missed": False, "response_time": {"first": 12},
        "history": [
            {"type": "chat.memberjoin", "timestamp": BEGAN, "nick": "visitor", "name": "Rahayu"},
            {"type": "chat.msg", "timestamp": at(1), "nick": "visitor", "msg": "halo"},
            {"type": "chat.msg", "timestamp": at(2), "nick": "agent:trigger", "msg": "Hi, wait"},
            {"type": "chat.msg", "timestamp": at(3), "nick": "agent:900", "msg": "baik kak"},
            {"type": "chat.rating", "timestamp": at(4), "nick": "visitor", "new_rating": "good"},
        ],
    }  # fmt: skip
    return base | more


def test_a_chat_is_one_conversation_with_its_ticket():
    for order in permutations([chat(), {"ticket": ticket(via={"channel": "chat"})}]):
        found = conformed(*records(*order))
        assert len(found.interactions) == 1
        assert found.interactions[0]["csat"] == 5.0
        spoken = [(t["role"], t["redacted_text"]) for t in found.turns if t["redacted_text"]]
        assert spoken[-3:] == [("customer", "halo"), ("bot", "Hi, wait"), ("agent", "baik kak")]


def test_chats_asked_for_by_id():
    found = records({"count": 1, "docs": {"c.1": chat()}})
    assert found[0].pointer == "/docs/c.1"
    assert len(of_kind(found, "turn")) == 4


def test_a_missed_chat_and_an_offline_message():
    assert facts(chat(missed=True))["disconnect_reason"] == "missed"
    offline = chat(type="offline_msg", message="tolong", history=None, end_timestamp=None)
    said = of_kind(records(offline), "turn")[0]
    assert (said.data["role"], said.data["text"]) == ("customer", "tolong")


def event(kind: str, told: dict[str, Any], **detail: Any) -> dict[str, Any]:
    base = ticket(status="OPEN") | detail
    return {
        "type": f"zen:event-type:{kind}", "id": "01J", "time": at(5), "subject": "zen:ticket:7",
        "zendesk_event_version": "2022-11-06", "account_id": 1, "detail": base, "event": told,
    }  # fmt: skip


def test_webhook_events():
    added = event(
        "ticket.comment_added",
        {
            "comment": {
                "id": 5001,
                "body": "halo",
                "is_public": True,
                "author": {"id": "101", "is_staff": False, "name": "R. Contoh"},
            }
        },
    )
    assert of_kind(records(added), "turn")[-1].data["role"] == "customer"
    assert facts(added)["disposition"] == "open"
    reopened = event("ticket.status_changed", {"current": "OPEN", "previous": "SOLVED"})
    assert of_kind(records(reopened), "turn")[-1].data["metadata"]["event"] == "reopened"
    said = event(
        "messaging_ticket.message_added",
        {"actor": {"id": "zd:answerBot", "type": "system"}, "message": {"id": "m", "body": "Hi"}},
    )
    assert [(r.data["role"], r.data["text"]) for r in records(said)] == [("bot", "Hi")]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (b"", ["empty"]),
        (b'{"tickets":[', ["bad_json"]),
        ([], ["no_records"]),
        ({"tickets": [], "count": 0}, ["no_records"]),
        ({"groups": [{"id": 1}], "count": 1}, ["not_a_conversation"]),
        ({"tickets": [5]}, ["wrong_type"]),
        (ticket(id=None), ["missing_field"]),
        (ticket(created_at="x"), ["bad_time"]),
        (ticket(created_at=None), ["bad_time"]),
        (ticket(description=5), ["wrong_type"]),
        (ticket(description="x" * 200_001), ["text_too_long"]),
        (ticket(via="x"), ["wrong_type"]),
        (ticket(tags="x"), ["wrong_type"]),
        (ticket(comments=["x"]), ["wrong_type"]),
        (comment(), ["missing_field"]),
        ({"ticket_id": 7, "comments": [comment(id=None)]}, ["missing_field"]),
        ({"ticket_id": 7, "comments": [comment(created_at=None)]}, ["bad_time"]),
        ({"audits": [audit({"id": 1, "type": "Notification"})]}, ["not_a_conversation"]),
        ({"audits": [audit(ticket_id=None)]}, ["missing_field"]),
        ({"audits": [audit("x")]}, ["wrong_type"]),
        ({"results": [{"result_type": "organization"}]}, ["not_a_conversation"]),
        ({"users": [user(1, id=True)]}, ["wrong_type"]),
        (chat(type="call"), ["unsupported_event"]),
    ],
)
def test_refusals_have_a_reason(value: Any, expected: list[str]):
    assert reasons(parsed(CONNECTOR, value)) == expected


def test_one_bad_ticket_does_not_cost_the_page():
    found = parsed(CONNECTOR, {"tickets": [ticket(id=None), ticket()]})
    assert reasons(found) == ["missing_field"]
    assert len(of_kind(found, "interaction")) == 1
