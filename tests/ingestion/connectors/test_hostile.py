"""Hostile payloads: whatever arrives, a connector gives records and rejections, nothing else."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from ingestion.connectors.base import Connector, Limits
from ingestion.connectors.registry import connectors
from ingestion.connectors.settings import ConnectorSettings
from tests.ingestion.connectors import (
    test_amazon_connect,
    test_captions,
    test_chatwoot,
    test_cloudevents,
    test_email,
    test_facebook,
    test_genesys,
    test_intercom,
    test_mastodon,
    test_meta_messaging,
    test_transcribe,
    test_twilio,
    test_vcon,
    test_whatsapp,
    test_x,
    test_zendesk,
)
from tests.ingestion.connectors.reading_records import (
    assert_sound,
    mutations,
    parsed,
    read_file,
    swapped_types,
)

ALL = {connector.name: connector for connector in connectors(ConnectorSettings())}
MUTATIONS = 300
ROW = b"R-1,C-1,x,csat,4,ok,2026-01-05T08:00:00+07:00"
HEADER = b"response_id,crm_id,interaction_ref,survey_type,score,comment,answered_at"
CONTEXT = orjson.dumps(
    {"table": "surveys", "columns": HEADER.decode().split(","), "delimiter": ","}
).decode()


def webhook() -> dict[str, Any]:
    status = {"id": "w", "status": "read", "timestamp": "1760000000", "recipient_id": "628"}
    contact = {"profile": {"name": "R"}, "wa_id": "628110000001", "user_id": "ID.1"}
    edit = {"original_message_id": "w", "message": {"type": "text", "text": {"body": "b"}}}
    return test_whatsapp.body(
        {
            "contacts": [contact],
            "messages": [
                test_whatsapp.message(context={"id": "w"}),
                test_whatsapp.message(type="edit", edit=edit),
                test_whatsapp.message(type="image", image={"caption": "c"}, errors=[{"code": 1}]),
            ],
            "statuses": [status],
        }
    )


def full_vcon() -> dict[str, Any]:
    history = [{"party": 1, "event": "join", "time": test_vcon.START}]
    dialog = {
        "type": "recording", "start": test_vcon.START, "duration": 9, "parties": [0, [1]],
        "originator": 0, "party_history": history, "meta": {"direction": "in"},
    }  # fmt: skip
    written = {"type": "text", "start": test_vcon.START, "body": "hi", "parties": 0}
    return test_vcon.vcon(
        dialog=[dialog, written],
        analysis=[
            {"type": "transcript", "dialog": 0, "body": [{"party": 0, "start": 1, "text": "a"}]},
            {"type": "transcript", "dialog": [0], "body": {"segments": [{"text": "a"}]}},
        ],
        attachments=[{"type": "tags", "body": ["queue:x"]}],
        group=[{"uuid": "g"}],
        redacted={"uuid": "r"},
    )


def x_page() -> dict[str, Any]:
    post = test_x.post(
        edit_history_tweet_ids=[test_x.POST],
        referenced_tweets=[{"type": "quoted", "id": "6"}],
        withheld={"country_codes": ["DE"]},
    )
    return test_x.page(post, post)


def contacts() -> list[Any]:
    connect = test_amazon_connect
    messages = [connect.written("1", "CUSTOMER", "a", 0), connect.written("2", "AGENT", "b", 1)]
    return [connect.record(), connect.chat(*messages), connect.analysis()]


def messaging() -> dict[str, Any]:
    meta = test_meta_messaging
    attached = [{"type": "template", "payload": {"elements": [{"title": "x"}]}}]
    return meta.body(
        meta.message(attachments=attached, reply_to={"story": {"id": "1"}}),
        meta.event(message_edit={"mid": "m", "text": "x", "num_edit": 1}),
        meta.event(reaction={"mid": "m", "action": "react", "emoji": "x"}),
        meta.event(postback={"title": "x", "referral": {"ref": "y"}}),
        meta.event(delivery={"mids": ["m"]}),
        meta.event(pass_thread_control={"new_owner_app_id": 1}),
    )


def intercom_list() -> dict[str, Any]:
    talk = test_intercom
    rated = {"rating": 5, "remark": "x"}
    parts = (talk.part(1, body="<p>x</p>"), talk.assigned(2, "admin", "1"), talk.part(3, "note"))
    told = talk.conversation(*parts, conversation_rating=rated, statistics={"count_reopens": 1})
    return {"type": "conversation.list", "conversations": [told, talk.contact()]}


def chatwoot_event() -> dict[str, Any]:
    talk = test_chatwoot
    changed = [{"status": {"previous_value": "open", "current_value": "resolved"}}]
    answers = {"submitted_values": [{"name": "x", "value": "y"}], "in_reply_to": 1}
    messages = [talk.message(content_attributes=answers, attachments=[{"file_type": "image"}])]
    return talk.conversation(
        event="conversation_updated",
        account={"id": 1},
        messages=messages,
        changed_attributes=changed,
    )


def zendesk_answer() -> dict[str, Any]:
    talk = test_zendesk
    return {
        "tickets": [talk.ticket(comments=[talk.comment()], metric_set={"reopens": 1})],
        "audits": [talk.audit(talk.change("status", "new", "open"), talk.comment())],
        "chats": [talk.chat()],
        "users": [talk.user(1)],
    }


def mastodon_page() -> list[Any]:
    history = [test_mastodon.edit("satu", test_vcon.START)] * 2
    return [
        test_mastodon.status(edited_at=test_vcon.START, in_reply_to_id="5"),
        test_mastodon.notification(),
        {"id": "5", "history": history},
        test_mastodon.event("update", test_mastodon.status()),
        test_mastodon.event("delete", test_mastodon.POST, nested=False),
    ]


def facebook_page() -> list[Any]:
    edited = test_facebook.value(verb="edited")
    return [test_facebook.webhook(test_facebook.value(), edited), test_facebook.graph_post()]


JSON_PAYLOADS = {
    "whatsapp": webhook(),
    "cloudevents": [test_cloudevents.event(webhook()), test_cloudevents.event(x_page(), id="e-2")],
    "vcon": full_vcon(),
    "x": x_page(),
    "amazon_connect": contacts(),
    "genesys": test_genesys.detail(),
    "twilio": [
        test_twilio.call(),
        test_twilio.recording(),
        test_twilio.plain(),
        test_twilio.transcript(test_twilio.sentence(1, "a"), test_twilio.sentence(2, "b")),
    ],
    "transcribe": [test_transcribe.analysis(), test_transcribe.parsed_call()],
    "messenger": messaging(),
    "instagram": messaging() | {"object": "instagram"},
    "intercom": intercom_list(),
    "chatwoot": chatwoot_event(),
    "zendesk": zendesk_answer(),
    "mastodon": mastodon_page(),
    "facebook": facebook_page(),
}
PAYLOADS = {
    **{name: orjson.dumps(value) for name, value in JSON_PAYLOADS.items()},
    "email": test_email.multipart("alternative", test_email.PLAIN, test_email.HTML),
    "tabular": ROW,
    "captions": test_captions.VTT.encode(),
}
CONTEXTS = {
    "tabular": CONTEXT,
    "captions": orjson.dumps({"name": test_captions.NAME}).decode(),
    "transcribe": orjson.dumps({"name": test_transcribe.NAME}).decode(),
    "amazon_connect": orjson.dumps({"name": test_amazon_connect.NAME}).decode(),
}


@pytest.mark.parametrize("name", PAYLOADS)
def test_mutated_bytes(name: str):
    for raw in mutations(PAYLOADS[name], seed=11, count=MUTATIONS):
        assert_sound(parsed(ALL[name], raw, CONTEXTS.get(name, "")))


@pytest.mark.parametrize("name", JSON_PAYLOADS)
def test_swapped_types(name: str):
    for value in swapped_types(JSON_PAYLOADS[name], seed=12, count=3 * MUTATIONS):
        assert_sound(parsed(ALL[name], orjson.dumps(value), CONTEXTS.get(name, "")))


@pytest.mark.parametrize("name", PAYLOADS)
def test_mutated_files(name: str, tmp_path: Path):
    raw = PAYLOADS[name]
    whole = HEADER + b"\n" + raw + b"\n" if name == "tabular" else raw
    for number, content in enumerate(mutations(whole + b"\n" + raw, seed=13, count=100)):
        path = tmp_path / f"{number}"
        path.write_bytes(content)
        assert_sound(read_file(ALL[name], path))


@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize(
    "raw", [b"", b"\x00", b"\xff" * 100, b"null", b"[]", b"{}", b'"x"', b"1", b"[[[]]]", b"\r\n"]
)
def test_small_nonsense(name: str, raw: bytes, tmp_path: Path):
    assert_sound(parsed(ALL[name], raw))
    (tmp_path / "f").write_bytes(raw)
    assert_sound(read_file(ALL[name], tmp_path / "f"))


@pytest.mark.parametrize("name", JSON_PAYLOADS)
@pytest.mark.parametrize("raw", [b"[" * 100_000, b'{"a":' * 100_000, b'{"a":"' + b'\\"' * 10**6])
def test_depth_is_bounded(name: str, raw: bytes):
    found = parsed(ALL[name], raw)
    assert len(found) == 1
    assert found[0].reason in ("too_deep", "bad_json")


@pytest.mark.parametrize("name", PAYLOADS)
def test_size_is_bounded(name: str, tmp_path: Path):
    small: Connector = type(ALL[name])(limits=Limits(payload_bytes=20))
    assert parsed(small, PAYLOADS[name], CONTEXT)[0].reason == "too_large"


@pytest.mark.parametrize("name", PAYLOADS)
def test_a_file_that_the_disk_does_not_give_is_no_rejection(name: str, tmp_path: Path):
    """A rejection is for good; what a disk refuses today it may give tomorrow."""
    with pytest.raises(FileNotFoundError):
        list(ALL[name].fetch(tmp_path / "gone"))


@pytest.mark.parametrize("name", PAYLOADS)
def test_recognition_never_raises(name: str):
    for raw in mutations(PAYLOADS[name], seed=14, count=MUTATIONS):
        assert ALL[name].recognises("any/name", raw) in (True, False)
