"""Posts of Mastodon: entities, threads, edits, deletions, streaming events, and what is refused."""

from typing import Any

import orjson
import pytest

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.json_comments import without_comments
from ingestion.connectors.mastodon import MastodonConnector
from tests.ingestion.connectors.reading_records import of_kind, parsed, reasons

COMPANY = "tokocontoh@social.example"
CONNECTOR = MastodonConnector(company_accounts=(COMPANY,))
POST = "115000000000000001"


def account(**fields: Any) -> dict[str, Any]:
    base = {
        "id": "7",
        "username": "rahayu",
        "acct": "rahayu@lain.example",
        "display_name": "Rahayu Contoh :bintang:",
        "bot": False,
        "url": "https://lain.example/@rahayu",
        "avatar": "https://lain.example/a.png",
    }
    return base | fields


OWN = account(acct="tokocontoh", display_name="Toko", url="https://social.example/@tokocontoh")


def status(**fields: Any) -> dict[str, Any]:
    base = {
        "id": POST,
        "created_at": "2026-01-05T08:00:00.000Z",
        "edited_at": None,
        "in_reply_to_id": None,
        "spoiler_text": "",
        "visibility": "public",
        "language": "id",
        "uri": "https://lain.example/users/rahayu/statuses/1",
        "content": "<p>Paket saya <b>belum</b> sampai &amp; telat</p><p>Tolong dicek</p>",
        "reblog": None,
        "account": account(),
        "media_attachments": [],
    }
    return base | fields


def edit(text: str, at: str) -> dict[str, Any]:
    return {
        "content": f"<p>{text}</p>", "spoiler_text": "", "created_at": at, "account": account(),
        "sensitive": False, "media_attachments": [],
    }  # fmt: skip


def event(name: str, payload: Any, *, nested: bool = True) -> dict[str, Any]:
    inner = orjson.dumps(payload).decode() if nested else payload
    return {"stream": ["user"], "event": name, "payload": inner}


def notification(**fields: Any) -> dict[str, Any]:
    base = {"id": "1", "type": "mention", "created_at": "2026-01-05T08:00:01Z"}
    return base | {"account": account(), "status": status()} | fields


def turn(value: Any) -> Any:
    return of_kind(parsed(CONNECTOR, value), "turn")[0]


def test_a_post_with_its_author():
    found = parsed(CONNECTOR, status())
    said = of_kind(found, "turn")[0]
    assert said.data["text"] == "Paket saya belum sampai & telat\n\nTolong dicek"
    assert said.data["role"] == "customer" and said.data["direction"] == "inbound"
    assert said.data["metadata"] == {"lang": "id", "visibility": "public"}
    assert said.conversation_key == said.native_id == POST
    assert said.names == ("Rahayu Contoh",)
    handle = of_kind(found, "handle")[0].data
    assert (handle["handle_type"], handle["handle"]) == ("mastodon_account", "rahayu@lain.example")


WRAPPED = [
    ([status()], "/0"),
    (notification(), "/status"),
    ({"id": "9", "unread": True, "accounts": [account()], "last_status": status()}, "/last_status"),
    ({"ancestors": [], "descendants": [status()]}, "/descendants/0"),
    ({"accounts": [], "statuses": [status()], "hashtags": []}, "/statuses/0"),
    (status(id="9", content="", reblog=status()), "/reblog"),
    (event("update", status()), "/payload"),
    (event("update", status(), nested=False), "/payload"),
    (event("notification", notification()), "/payload/status"),
]


@pytest.mark.parametrize(("value", "pointer"), WRAPPED)
def test_every_envelope(value: Any, pointer: str):
    said = turn(value)
    assert (said.native_id, said.pointer) == (POST, pointer)
    assert CONNECTOR.recognises("f", orjson.dumps(value))


@pytest.mark.parametrize(
    ("who", "parent", "role", "direction", "handle"),
    [
        (account(), None, "customer", "inbound", "rahayu@lain.example"),
        (account(acct="Rahayu@Lain.example"), "5", "customer", "inbound", "rahayu@lain.example"),
        (OWN, None, "agent", "outbound", COMPANY),
        (OWN, "5", "agent", None, COMPANY),
        (OWN | {"bot": True}, "5", "bot", None, COMPANY),
        (account(bot=True), None, "customer", "inbound", "rahayu@lain.example"),
        (account(acct="budi", url=None), None, "customer", "inbound", "budi@lain.example"),
    ],
)
def test_who_speaks(who: Any, parent: str | None, role: str, direction: str | None, handle: str):
    data = turn(status(account=who, in_reply_to_id=parent)).data
    assert (data["role"], data["direction"], data["sender"]) == (role, direction, handle)


def test_a_thread_is_what_its_replies_name():
    root, answer = turn(status()), turn(status(id="115000000000000009", in_reply_to_id=POST))
    third = turn(status(id="115000000000000020", in_reply_to_id="115000000000000009"))
    assert root.conversation_key == answer.conversation_key == POST
    assert set(answer.links) & set(third.links) and answer.data["reply_to"] == POST


def test_an_edit_replaces_the_words_of_the_same_post():
    before = turn(status())
    after = turn(
        event("status.update", status(content="<p>x</p>", edited_at="2026-01-05T09:00:00Z"))
    )
    assert (before.data["action"], after.data["action"]) == ("sent", "edited")
    assert before.data["turn_id"] == after.data["turn_id"] == POST
    assert after.event_at.hour == 9 and after.data["sent_at"].hour == 8


def test_a_history_that_names_its_post():
    history = [edit("satu", "2026-01-05T08:00:00Z"), edit("dua", "2026-01-05T09:00:00Z")]
    value = {"id": POST, "history": history}
    assert CONNECTOR.recognises("f", orjson.dumps(value))
    first, second = of_kind(parsed(CONNECTOR, value), "turn")
    assert (first.data["action"], first.data["text"]) == ("sent", "satu")
    assert (second.data["action"], second.data["text"]) == ("edited", "dua")
    assert second.data["sent_at"] == first.event_at < second.event_at
    assert first.data["turn_id"] == second.data["turn_id"] == turn(status()).data["turn_id"]


def test_a_deletion_meets_its_post():
    native_id = str((1767600000000 << 16) + 5)
    gone = turn(event("delete", native_id, nested=False))
    said = turn(status(id=native_id))
    assert (gone.data["action"], gone.data["turn_id"]) == ("deleted", native_id)
    assert set(gone.links) & set(said.links)
    assert gone.event_at.isoformat() == "2026-01-05T08:00:00+00:00"


def test_warnings_quotes_media_and_direct_messages():
    said = turn(
        status(
            spoiler_text="Keluhan",
            visibility="direct",
            quote={"state": "accepted", "quoted_status": {"id": "44"}},
            media_attachments=[{"type": "image", "url": "x"}],
        )
    )
    assert said.data["text"].startswith("Keluhan\nPaket")
    told = {"lang": "id", "visibility": "direct", "quotes": "44", "media": ["image"]}
    assert said.data["metadata"] == told


def test_links_and_mentions_read_as_they_look():
    html = (
        '<p><span class="h-card"><a href="x">@<span>toko</span></a></span> lihat '
        '<a href="x"><span class="invisible">https://</span><span class="ellipsis">a.example/b'
        '</span><span class="invisible">/c</span></a></p>'
    )
    assert turn(status(content=html)).data["text"] == "@toko lihat https://a.example/b/c"


def test_json_with_comments():
    raw = orjson.dumps(status(content="<p>https://a.example // b</p>"), option=orjson.OPT_INDENT_2)
    noted = raw.replace(b'"edited_at": null,', b'// ...\n  /* "x" */ "edited_at": null,')
    noted = noted.replace(b"\n}", b",\n  // ...\n}")
    assert parsed(CONNECTOR, noted) == parsed(CONNECTOR, raw)
    assert CONNECTOR.recognises("f.jsonc", noted)


@pytest.mark.parametrize("raw", [b'{"a": 1', b'{"a": "x'])
def test_what_is_no_json_without_its_comments_either(raw: bytes):
    assert reasons(parsed(CONNECTOR, raw)) == ["bad_json"]
    assert reasons(parsed(CONNECTOR, raw + b" // x")) == ["bad_json"]
    with pytest.raises(RejectedInput):
        without_comments(b"{")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([], "no_records"),
        ([5], "wrong_type"),
        (account(), "not_a_conversation"),
        (notification(type="follow", status=None), "not_a_conversation"),
        ({"id": "9", "unread": False, "accounts": [], "last_status": None}, "not_a_conversation"),
        ({"ancestors": [], "descendants": []}, "no_records"),
        (event("filters_changed", None), "unsupported_event"),
        (event("update", event("update", {})), "wrong_type"),
        (event("update", "{", nested=False), "bad_json"),
        (event("delete", "12", nested=False), "missing_field"),
        (event("delete", "x y", nested=False), "bad_id"),
        (edit("satu", "2026-01-05T08:00:00Z"), "missing_field"),
        ({"id": POST, "history": []}, "no_records"),
        (status(id=5), "bad_id"),
        (status(created_at="2026-01-05T08:00:00"), "naive_time"),
        (status(created_at=None), "wrong_type"),
        (status(content=None), "missing_field"),
        (status(content="x" * 200_001), "text_too_long"),
        (status(content="<div>" * 900), "too_deep"),
        (status(account=None), "missing_field"),
        (status(account=account(acct=None)), "missing_field"),
        (status(in_reply_to_id=5), "bad_id"),
    ],
)
def test_refusals_have_a_reason(value: Any, reason: str):
    assert reasons(parsed(CONNECTOR, value)) == [reason]


def test_one_bad_post_does_not_cost_the_page():
    found = parsed(CONNECTOR, [status(id=""), status()])
    assert reasons(found) == ["bad_id"] and found[0].position == "/0"
    assert len(of_kind(found, "turn")) == 1
