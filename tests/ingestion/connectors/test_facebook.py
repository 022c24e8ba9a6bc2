"""Facebook pages: feed webhooks and Graph answers, who speaks, edits, removals, refusals."""

from typing import Any

import orjson
import pytest

from ingestion.connectors.facebook import FacebookConnector
from ingestion.connectors.x import XConnector
from tests.ingestion.connectors.reading_records import of_kind, parsed, reasons

PAGE = "100200300"
STORY = f"{PAGE}_555"
COMMENT = "555_777"
CONNECTOR = FacebookConnector()
MADE = 1767600000  # 2026-01-05T08:00:00Z


def value(**fields: Any) -> dict[str, Any]:
    base = {
        "item": "comment",
        "verb": "add",
        "post_id": STORY,
        "comment_id": COMMENT,
        "parent_id": STORY,
        "from": {"id": "9001", "name": "Rahayu Contoh"},
        "message": "Paket saya belum sampai",
        "created_time": MADE,
    }
    return {key: item for key, item in (base | fields).items() if item is not None}


def webhook(*values: Any, field: str = "feed", time: Any = MADE + 60) -> dict[str, Any]:
    changes = [{"field": field, "value": item} for item in values]
    return {"object": "page", "entry": [{"id": PAGE, "time": time, "changes": changes}]}


def graph_post(**fields: Any) -> dict[str, Any]:
    base = {
        "id": STORY,
        "message": "Promo baru",
        "created_time": "2026-01-05T08:00:00+0000",
        "from": {"id": PAGE, "name": "Toko Contoh"},
        "comments": {"data": [graph_comment()]},
    }
    return base | fields


def graph_comment(**fields: Any) -> dict[str, Any]:
    base = {
        "id": COMMENT,
        "message": "Berapa harganya?",
        "created_time": "2026-01-05T09:00:00+0000",
        "from": {"id": "9001", "name": "Rahayu Contoh"},
    }
    return base | fields


def turns(found: Any, connector: FacebookConnector = CONNECTOR) -> list[Any]:
    return of_kind(parsed(connector, found), "turn")


def test_a_comment_with_its_author():
    found = parsed(CONNECTOR, webhook(value()))
    (said,) = of_kind(found, "turn")
    assert said.data["text"] == "Paket saya belum sampai"
    assert (said.data["role"], said.data["direction"]) == ("customer", "inbound")
    assert said.data["reply_to"] == STORY
    assert said.event_at.isoformat() == "2026-01-05T08:00:00+00:00"
    assert said.pointer == "/entry/0/changes/0/value"
    handle = of_kind(found, "handle")[0].data
    assert (handle["handle_type"], handle["handle"]) == ("facebook_user_id", "9001")
    assert handle["name"] == "Rahayu Contoh" and said.names == ("Rahayu Contoh",)


@pytest.mark.parametrize(
    ("fields", "role", "direction"),
    [
        ({}, "customer", "inbound"),
        ({"from": {"id": PAGE, "name": "Toko"}}, "agent", None),
        ({"item": "status", "comment_id": None, "from": {"id": PAGE}}, "agent", "outbound"),
        ({"item": "post", "comment_id": None}, "customer", "inbound"),
        ({"from": None}, "customer", "inbound"),
    ],
)
def test_who_speaks(fields: dict[str, Any], role: str, direction: str | None):
    (said,) = turns(webhook(value(**fields)))
    assert (said.data["role"], said.data["direction"]) == (role, direction)


@pytest.mark.parametrize("verb", ["edit", "edited"])
def test_edits_and_removals_meet_their_comment(verb: str):
    (said,) = turns(webhook(value()))
    (after,) = turns(webhook(value(verb=verb, message="Sudah sampai")))
    (gone,) = turns(webhook(value(verb="remove", message=None), time=(MADE + 120) * 1000))
    assert [turn.data["action"] for turn in (said, after, gone)] == ["sent", "edited", "deleted"]
    assert {turn.data["turn_id"] for turn in (said, after, gone)} == {COMMENT}
    assert {turn.conversation_key for turn in (said, after, gone)} == {"555"}
    assert said.event_at < after.event_at < gone.event_at
    assert after.data["sent_at"] == said.event_at


@pytest.mark.parametrize("wrap", [lambda post: {"data": [post]}, lambda post: post, lambda p: [p]])
def test_graph_answers_and_webhooks_say_the_same_conversation(wrap: Any):
    deeper = graph_comment(id="555_888", message="Stok ada?", comments={"data": []})
    comment = graph_comment(comments={"data": [deeper]})
    answer = wrap(graph_post(comments={"data": [comment]}))
    assert CONNECTOR.recognises("f", orjson.dumps(answer))
    post, first, second = turns(answer)
    (heard,) = turns(webhook(value()))
    assert {turn.conversation_key for turn in (post, first, second, heard)} == {"555"}
    assert first.data["turn_id"] == heard.data["turn_id"]
    assert (post.data["role"], post.data["direction"]) == ("agent", "outbound")
    assert (first.data["reply_to"], second.data["reply_to"]) == (STORY, COMMENT)


def test_comments_without_their_post():
    answer = {
        "data": [graph_comment(comment_count=1, comments={"data": [graph_comment(id="555_9")]})]
    }
    assert {turn.conversation_key for turn in turns(answer)} == {"555"}
    own = FacebookConnector(company_page_ids=(PAGE,))
    theirs = graph_comment(id="555_8", **{"from": {"id": PAGE}})
    bare = {"data": [graph_comment(), theirs]}
    assert [turn.data["role"] for turn in turns(bare, own)] == ["customer", "agent"]
    assert {turn.conversation_key for turn in turns(bare, own)} == {"555"}


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        ([], "no_records"),
        ({"data": []}, "no_records"),
        ({"object": "page", "entry": [{"id": PAGE, "messaging": []}]}, "no_records"),
        ({"error": {"message": "x"}}, "source_error"),
        ([5], "wrong_type"),
        (webhook(value(item="reaction")), "unsupported_event"),
        (webhook(value(verb="hide")), "unsupported_event"),
        (webhook(value(verb="unhide")), "unsupported_event"),
        (webhook(value(), field="ratings"), "unsupported_event"),
        (webhook(5), "wrong_type"),
        (webhook(value(post_id=None)), "missing_field"),
        (webhook(value(comment_id=None)), "missing_field"),
        (webhook(value(created_time=None), time=None), "missing_field"),
        (webhook(value(created_time="yesterday")), "bad_time"),
        (webhook(value(item="post", **{"from": None})), "missing_field"),
        (webhook(value(message=5)), "wrong_type"),
        (webhook(value(message="x" * 200_001)), "text_too_long"),
        (graph_post(created_time="2026-01-05T08:00:00"), "naive_time"),
        ({"data": [{"id": STORY, "created_time": "2026-01-05T08:00:00Z"}]}, "missing_field"),
    ],
)
def test_refusals_have_a_reason(found: Any, reason: str):
    if isinstance(found, dict) and "comments" in found:
        found = found | {"comments": {"data": []}}
    assert reasons(parsed(CONNECTOR, found)) == [reason]


def test_comments_nested_without_end():
    comment = graph_comment()
    for _ in range(12):
        comment = graph_comment(comments={"data": [comment]})
    assert reasons(parsed(CONNECTOR, graph_post(comments={"data": [comment]}))) == ["too_deep"]


def test_one_bad_change_does_not_cost_the_webhook():
    found = parsed(CONNECTOR, webhook(value(post_id=None), value()))
    assert reasons(found) == ["missing_field"]
    assert found[0].position == "/entry/0/changes/0/value"
    assert len(of_kind(found, "turn")) == 1


CHAT = {"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": [{"message": {}}]}]}


def test_the_first_body_decides_about_a_file_of_both():
    feed, chat = orjson.dumps(webhook(value())), orjson.dumps(CHAT)
    assert CONNECTOR.recognises("f", feed + b"\n" + chat + b"\n")
    assert not CONNECTOR.recognises("f", chat + b"\n" + feed + b"\n")


def test_chats_among_comments_are_handed_on():
    assert reasons(parsed(CONNECTOR, CHAT)) == ["no_records"]
    handed = FacebookConnector(beside=(XConnector(),))
    assert reasons(parsed(handed, CHAT)) == ["unsupported_event"]
    assert len(turns(webhook(value()), handed)) == 1


@pytest.mark.parametrize(
    "other",
    [
        CHAT,
        {"object": "instagram", "entry": [{"id": "1", "changes": [{"field": "x", "value": {}}]}]},
        {"data": [{"id": "m_1", "created_time": "x", "from": {}, "to": {}, "message": "x"}]},
        {"data": [{"id": "t_1", "messages": {"data": []}, "participants": {}}]},
        {"data": [{"id": "1", "timestamp": "x", "text": "x", "from": {}}]},
        {"id": "1", "created_at": "x", "message": "x", "from": {}},
    ],
)
def test_messenger_and_instagram_are_left_alone(other: Any):
    assert not CONNECTOR.recognises("f", orjson.dumps(other))
