"""Posts of X: pages, streams, edits, deletions, and what is refused."""

from typing import Any

import pytest

from ingestion.connectors.x import XConnector
from tests.ingestion.connectors.reading_records import of_kind, parsed, reasons

COMPANY = "9000000000000000001"
CONNECTOR = XConnector(company_user_ids=(COMPANY,))
POST = "1990000000000000001"


def post(**fields: Any) -> dict[str, Any]:
    base = {
        "id": POST,
        "text": "sinyal hilang &amp; lambat",
        "author_id": "77",
        "conversation_id": "1980000000000000000",
        "created_at": "2026-01-05T08:00:00.000Z",
        "lang": "in",
    }
    return {key: value for key, value in (base | fields).items() if value is not None}


def page(*posts: Any) -> dict[str, Any]:
    users = [{"id": "77", "name": "Rahayu Contoh", "username": "rahayu_contoh"}]
    return {"data": list(posts), "includes": {"users": users}, "meta": {"result_count": 1}}


def turn(value: Any) -> Any:
    return of_kind(parsed(CONNECTOR, value), "turn")[0]


def test_a_post_with_its_author():
    found = parsed(CONNECTOR, page(post()))
    said = of_kind(found, "turn")[0]
    assert said.data["text"] == "sinyal hilang & lambat"
    assert said.conversation_key == "1980000000000000000"
    assert set(said.links) == {f"tweet:{POST}", "tweet:1980000000000000000"}
    assert said.names == ("Rahayu Contoh",)
    assert said.pointer == "/data/0"
    assert [(h.data["handle_type"], h.data["handle"]) for h in of_kind(found, "handle")] == [
        ("x_user_id", "77"),
        ("x_username", "rahayu_contoh"),
    ]


@pytest.mark.parametrize("value", [page(post()), {"data": post()}, post(), [post()]])
def test_every_envelope(value: Any):
    assert turn(value).native_id == POST


@pytest.mark.parametrize(
    ("fields", "role", "direction"),
    [
        ({}, "customer", "inbound"),
        ({"author_id": COMPANY}, "agent", "outbound"),
        (
            {"author_id": COMPANY, "referenced_tweets": [{"type": "replied_to", "id": "5"}]},
            "agent",
            None,
        ),
    ],
)
def test_who_speaks(fields: dict[str, Any], role: str, direction: str | None):
    data = turn(post(**fields)).data
    assert (data["role"], data["direction"]) == (role, direction)


def test_edits_share_the_first_id():
    first, second = "1990000000000000001", "1990000000000000009"
    history = [first, second]
    before = turn(post(edit_history_tweet_ids=history))
    after = turn(post(id=second, edit_history_tweet_ids=history, text="sinyal normal"))
    assert (before.data["action"], after.data["action"]) == ("sent", "edited")
    assert before.data["turn_id"] == after.data["turn_id"] == first
    assert before.native_id != after.native_id
    assert before.data["order"] < after.data["order"]
    assert {f"tweet:{first}", f"tweet:{second}"} <= set(before.links) & set(after.links)


@pytest.mark.parametrize(
    "event",
    [
        {"id": POST, "action": "delete", "created_at": "2026-01-06T08:00:00.000Z"},
        {
            "id": POST,
            "action": "delete",
            "created_at": "2026-01-05T08:00:00.000Z",
            "redacted_at": "2026-01-06T08:00:00.000Z",
        },
        {"data": {"delete": {"tweet": {"id": POST}, "event_at": "2026-01-06T08:00:00.000Z"}}},
        {"delete": {"status": {"id_str": POST}, "timestamp_ms": "1767686400000"}},
    ],
)
def test_a_deletion_meets_its_post(event: dict[str, Any]):
    gone, said = turn(event), turn(post())
    assert gone.data["action"] == "deleted"
    assert gone.data["turn_id"] == said.data["turn_id"]
    assert set(gone.links) & set(said.links)
    assert gone.event_at.isoformat() == "2026-01-06T08:00:00+00:00"


def test_long_posts_replies_and_withheld_countries():
    said = turn(
        post(
            note_tweet={"text": "cerita panjang"},
            referenced_tweets=[{"type": "replied_to", "id": "5"}, {"type": "quoted", "id": "6"}],
            withheld={"country_codes": ["DE"]},
        )
    )
    assert said.data["text"] == "cerita panjang"
    assert said.data["reply_to"] == "5"
    assert said.data["metadata"] == {"lang": "in", "quotes": "6", "withheld_in": ["DE"]}


def test_a_repost_has_no_words_of_its_own():
    said = turn(post(text="RT @toko: Promo", referenced_tweets=[{"type": "retweeted", "id": "6"}]))
    assert said.data["text"] is None
    assert said.data["metadata"]["reposts"] == "6"


def test_the_id_tells_the_time_when_nothing_else_does():
    said = turn({"data": [post(created_at=None, author_id=None)]})
    assert said.data["metadata"]["sent_at_from"] == "id"
    assert said.data["sender"] is None
    assert said.event_at.year == 2025


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (b'{"data": [', "bad_json"),
        ([], "no_records"),
        ({"data": [], "meta": {"result_count": 0}}, "no_records"),
        ({"errors": [{"title": "x"}]}, "source_error"),
        ({"data": "x"}, "wrong_type"),
        ({"data": [5]}, "wrong_type"),
        (post(id=5), "wrong_type"),
        (post(id="abc"), "bad_id"),
        (post(id="9" * 19), "bad_id"),
        (post(created_at="2026-01-05T08:00:00"), "naive_time"),
        (post(created_at=None, id="12"), "missing_field"),
        (post(text=["x"]), "wrong_type"),
        (post(edit_history_tweet_ids="x"), "wrong_type"),
        (post(referenced_tweets=[5]), "wrong_type"),
        (post(text="x" * 200_001), "text_too_long"),
        (
            {"id": "1482680858", "action": "delete", "created_at": "2013-06-04T16:25:04+00:00"},
            "unsupported_event",
        ),
        ({"id": POST, "action": "scrub_geo"}, "unsupported_event"),
        ({"hello": "world"}, "unsupported_event"),
    ],
)
def test_refusals_have_a_reason(value: Any, reason: str):
    assert reasons(parsed(CONNECTOR, value)) == [reason]


def test_one_bad_post_does_not_cost_the_page():
    found = parsed(CONNECTOR, page(post(id="x"), post()))
    assert reasons(found) == ["bad_id"]
    assert found[0].position == "/data/0"
    assert len(of_kind(found, "turn")) == 1
