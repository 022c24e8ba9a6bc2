"""Which connector reads a file: by content, conservatively, and each file by one only."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from joserfc.jwk import OctKey

from ingestion.connectors.base import Connector
from ingestion.connectors.registry import connectors, recognise
from ingestion.connectors.settings import ConnectorSettings
from ingestion.connectors.vcon import VconConnector
from ingestion.versions import version_of
from tests.ingestion.audio.sounds import wav
from tests.ingestion.connectors import (
    test_amazon_connect,
    test_captions,
    test_chatwoot,
    test_email,
    test_facebook,
    test_genesys,
    test_intercom,
    test_mastodon,
    test_meta_messaging,
    test_tabular_json,
    test_transcribe,
    test_twilio,
    test_vcon,
    test_whatsapp,
    test_x,
    test_zendesk,
)
from tests.ingestion.connectors.reading_records import of_kind, parsed, reasons

WEBHOOK = test_whatsapp.body({"messages": [test_whatsapp.message()]})


def dumped(value: Any, indent: bool = False) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2 if indent else None)


KNOWN = [
    ("whatsapp", WEBHOOK),
    ("whatsapp", [WEBHOOK]),
    ("whatsapp", {"text": WEBHOOK, "edit": WEBHOOK}),
    ("messenger", test_meta_messaging.body(test_meta_messaging.message())),
    ("messenger", {"object": "page", "entry": []}),
    ("messenger", {"object": "page", "entry": [{"id": "1", "messaging": [], "changes": []}]}),
    ("instagram", test_meta_messaging.body(test_meta_messaging.message(), name="instagram")),
    ("instagram", {"object": "instagram", "entry": [{"id": "1"}]}),
    ("intercom", test_intercom.conversation()),
    ("intercom", {"type": "conversation.list", "conversations": [test_intercom.conversation()]}),
    ("intercom", test_intercom.contact()),
    ("intercom", {"get /contacts": test_intercom.contact()}),
    ("chatwoot", test_chatwoot.webhook()),
    ("chatwoot", test_chatwoot.conversation()),
    ("chatwoot", test_chatwoot.listed(test_chatwoot.message())),
    ("zendesk", {"tickets": [test_zendesk.ticket()], "users": [test_zendesk.user(1)]}),
    ("zendesk", test_zendesk.ticket()),
    ("zendesk", {"comments": [test_zendesk.comment()]}),
    ("zendesk", {"audits": [test_zendesk.audit()]}),
    ("zendesk", {"users": [test_zendesk.user(1)]}),
    ("zendesk", {"chats": [test_zendesk.chat()]}),
    ("zendesk", test_zendesk.event("ticket.created", {})),
    ("vcon", test_vcon.vcon()),
    ("vcon", {"uuid": "", "vcon": "", "parties": [], "dialog": []}),
    ("vcon", {"uuid": "u", "parties": [], "dialog": []}),
    ("vcon", {"payload": "e30", "signatures": []}),
    ("vcon", {"unprotected": {}, "recipients": [], "iv": "", "ciphertext": ""}),
    ("x", test_x.page(test_x.post())),
    ("x", {"data": test_x.post()}),
    ("x", test_x.post()),
    ("x", [test_x.post()]),
    ("x", {"id": "1", "action": "delete", "created_at": "2026-01-01T00:00:00Z"}),
    ("x", {"data": {"delete": {"tweet": {"id": "1"}, "event_at": "x"}}}),
    ("x", {"errors": [{"title": "ConnectionException", "detail": "limit"}]}),
    ("amazon_connect", test_amazon_connect.record()),
    ("amazon_connect", [test_amazon_connect.record()]),
    ("amazon_connect", test_amazon_connect.analysis()),
    ("amazon_connect", test_amazon_connect.chat(test_amazon_connect.written("1", "AGENT", "x", 1))),
    ("amazon_connect", test_amazon_connect.segments()),
    ("amazon_connect", {"evaluationId": "e", "metadata": {}, "sections": [], "questions": []}),
    ("genesys", test_genesys.detail()),
    ("genesys", {"conversations": [test_genesys.detail()], "totalHits": 1}),
    ("twilio", test_twilio.call()),
    ("twilio", {"calls": [test_twilio.call()], "page": 0}),
    ("twilio", test_twilio.recording()),
    ("twilio", test_twilio.plain()),
    ("twilio", test_twilio.transcript(test_twilio.sentence(1, "x"))),
    ("twilio", {"sentences": [test_twilio.sentence(1, "x")], "meta": {}}),
    ("transcribe", test_transcribe.analysis()),
    ("transcribe", test_transcribe.parsed_call()),
    ("mastodon", test_mastodon.status()),
    ("mastodon", [test_mastodon.status()]),
    ("mastodon", test_mastodon.account()),
    ("mastodon", test_mastodon.notification()),
    ("mastodon", test_mastodon.edit("x", "2026-01-05T08:00:00Z")),
    ("mastodon", test_mastodon.event("update", test_mastodon.status())),
    ("mastodon", {"event": "delete", "payload": "1"}),
    ("mastodon", {"id": "9", "unread": True, "accounts": [], "last_status": None}),
    ("facebook", test_facebook.webhook(test_facebook.value())),
    ("facebook", {"data": [test_facebook.graph_post()], "paging": {}}),
    ("facebook", test_facebook.graph_post()),
    ("facebook", {"data": [test_facebook.graph_comment()]}),
    ("tabular", test_tabular_json.CUSTOMER),
    ("tabular", [test_tabular_json.ORDER]),
]
FOREIGN = [
    {"object": "instagram", "entry": [{"id": "1", "changes": [{"field": "comments"}]}]},
    {"object": "notpage", "entry": [{}]},
    {"object": "page", "id": "a", "properties": {"title": "a note"}},
    {"type": "message", "event": "message_created", "text": "x"},
    {"tickets": [{"id": 1, "requester_id": 2, "status": 2, "source": 1, "subject": "x"}]},
    {"type": "conversation.list", "data": [{"id": "1", "author": {"id": "2"}, "body": "x"}]},
    {"type": "list", "data": [{"type": "article", "author_id": 5, "title": "x", "body": "y"}]},
    {"conversationId": "1", "participants": [], "conversationStart": "2021-04-01T12:27:53Z"},
    {"Version": "VOICE", "Participants": [], "Transcript": []},
    {"id": "1", "created_at": "2019-12-08T03:48:33Z", "content": "<p>x</p>", "account": {}},
    {"$schema": "x", "properties": {"vcon": {}, "uuid": {}, "parties": {}, "dialog": {}}},
    {"id": 1, "text": "whatsapp_business_account"},
    {"event": "ticket.created", "payload": {"id": 1}},
    {"id": 1, "username": "x", "avatar": "y", "url": "z"},
    {"data": [{"id": "1", "created_time": "x"}]},
    {"hello": "world"},
    [],
    [1, 2],
    "text",
    None,
]


def claims(name: str, head: bytes) -> list[str]:
    return [item.name for item in connectors(ConnectorSettings()) if item.recognises(name, head)]


@pytest.mark.parametrize(("name", "value"), KNOWN)
@pytest.mark.parametrize("indent", [False, True])
def test_known_formats_are_claimed_once(name: str, value: Any, indent: bool):
    assert claims("landing/file", dumped(value, indent)) == [name]
    assert claims("landing/file", b"\xef\xbb\xbf \n" + dumped(value, indent)) == [name]


@pytest.mark.parametrize(("name", "value"), KNOWN)
def test_lines_are_claimed_too(name: str, value: Any):
    if isinstance(value, dict):
        line = dumped(value)
        assert claims("f", b"\n".join([line, line, line])) == [name]


CUT = [
    *(KNOWN[0], KNOWN[3], *KNOWN[8:15], KNOWN[22]),
    *(item for item in KNOWN if item[0] == "transcribe"),
]


@pytest.mark.parametrize(("name", "value"), CUT)
def test_cut_files_are_claimed_so_that_they_are_refused_by_name(name: str, value: Any):
    whole = dumped(value)
    assert claims("f", whole[: len(whole) * 2 // 3]) == [name]


@pytest.mark.parametrize("value", FOREIGN)
@pytest.mark.parametrize("indent", [False, True])
def test_foreign_formats_are_left_alone(value: Any, indent: bool):
    assert recognise("chat/whatsapp/file.json", dumped(value, indent)) is None


@pytest.mark.parametrize(
    "head",
    [b"", b"ID3\x04\x00", b"RIFF\x00\x00\x00\x00WAVE", b"PK\x03\x04", b"\xff\xfe{\x00", b"{"],
)
@pytest.mark.parametrize("name", ["voice/call.mp3", "email/a.eml", "crm/a.csv", "x/a.jsonl"])
def test_names_alone_do_not_decide(name: str, head: bytes):
    assert recognise(name, head) is None


def test_an_object_named_last_is_beyond_the_head():
    whole = dumped({"entry": WEBHOOK["entry"], "object": WEBHOOK["object"]})
    assert claims("f", whole[:-60]) == ["whatsapp"]


def test_a_vcon_extension_claims_any_json():
    assert claims("voice/x.vcon", b'{"text": "x"}') == ["vcon"]
    assert claims("voice/x.vcon", b"ID3") == []


def test_mail_is_claimed_once():
    assert claims("no-extension", test_email.mail("Subject: x")) == ["email"]


def test_captions_and_forms_are_claimed_once():
    assert claims("any", test_captions.VTT.encode()) == ["captions"]
    assert claims("any", test_captions.SRT.encode()) == ["captions"]
    form = test_twilio.form(CallSid=test_twilio.CALL, CallStatus="completed")
    assert claims("any", form) == ["twilio"]


def test_lines_of_both_platforms_of_meta_are_claimed_once():
    lines = [
        dumped(test_meta_messaging.body(test_meta_messaging.message(), name=name))
        for name in ("instagram", "page")
    ]
    assert claims("f", b"\n".join(lines)) == ["instagram"]
    assert claims("f", b"\n".join(lines[::-1])) == ["messenger"]


@pytest.mark.parametrize("name", ["voice/call.mp3", "call.json", "x.vcon", "a.eml", "no-ending"])
@pytest.mark.parametrize(
    "head",
    [wav(), b"OggS\x00\x02" + bytes(90), b"fLaC\x00\x00\x00\x22" + bytes(90), b"#!AMR\n",
     b"\x00\x00\x00\x20ftypM4A \x00\x00"],
)  # fmt: skip
def test_recordings_are_claimed_once_by_their_bytes(name: str, head: bytes):
    assert claims(name, head) == ["recording"]


def test_lines_of_all_platforms_are_read_whoever_claims_the_file():
    """One address for all webhooks is usual; which of them comes first decides nothing."""
    texts = {
        "whatsapp": dumped(WEBHOOK),
        "messenger": dumped(test_meta_messaging.body(test_meta_messaging.message())),
        "instagram": dumped(
            test_meta_messaging.body(test_meta_messaging.message(), name="instagram")
        ),
        "facebook": dumped(test_facebook.webhook(test_facebook.value())),
    }
    for first in texts:
        lines = [texts[first], *texts.values()]
        assert claims("f", b"\n".join(lines)) == ["whatsapp"]
    by_name = {item.name: item for item in connectors(ConnectorSettings())}
    for connector in (by_name[name] for name in texts):
        found = [item for text in texts.values() for item in parsed(connector, text)]
        systems = [record.source_system for record in of_kind(found, "turn")]
        assert systems == ["whatsapp", "messenger", "instagram", "facebook"]
        assert not reasons(found)


def test_settings_reach_the_connectors():
    settings = ConnectorSettings.from_environment(
        {
            "LAKEHOUSE_COMPANY_X_USER_IDS": "1, 2,",
            "LAKEHOUSE_COMPANY_MAIL_DOMAINS": "Toko.example",
            "LAKEHOUSE_COMPANY_PHONES": "+62210001",
            "LAKEHOUSE_META_BOT_APP_IDS": "77",
            "LAKEHOUSE_COMPANY_MASTODON_ACCOUNTS": "Toko@Social.example",
            "LAKEHOUSE_COMPANY_FACEBOOK_PAGE_IDS": "100200300",
            "LAKEHOUSE_ZONE": "Asia/Makassar",
            "LAKEHOUSE_RECORDING_ZONE": "Asia/Jayapura",
        }
    )
    assert settings.zone == "Asia/Makassar"
    by_name: dict[str, Any] = {item.name: item for item in connectors(settings)}
    assert by_name["x"].company_user_ids == ("1", "2")
    assert by_name["messenger"].bot_app_ids == by_name["instagram"].bot_app_ids == ("77",)
    assert by_name["email"].company_mail_domains == ("toko.example",)
    assert by_name["mastodon"].company_accounts == ("toko@social.example",)
    assert by_name["facebook"].company_page_ids == ("100200300",)
    assert by_name["vcon"].company_phones == ("+62210001",)
    assert by_name["captions"].recording_zone == "Asia/Jayapura"
    assert ConnectorSettings.from_environment({}) == ConnectorSettings()
    for name in ("LAKEHOUSE_ZONE", "LAKEHOUSE_RECORDING_ZONE"):
        with pytest.raises(ValueError, match=name):
            ConnectorSettings.from_environment({name: "Mars/Base"})


def test_the_key_file_reaches_the_vcons(tmp_path: Path):
    path = tmp_path / "keys.json"
    path.write_bytes(orjson.dumps(OctKey.generate_key(256).as_dict(private=True)))
    settings = ConnectorSettings.from_environment({"LAKEHOUSE_VCON_KEYS": str(path)})
    by_name: dict[str, Any] = {item.name: item for item in connectors(settings)}
    assert len(by_name["vcon"].keys.entries) == 1
    # Another key is another reading, also when there are as many as before.
    before = version_of(by_name["vcon"])
    assert before != version_of(VconConnector())
    path.write_bytes(orjson.dumps(OctKey.generate_key(256).as_dict(private=True)))
    by_name = {item.name: item for item in connectors(settings)}
    assert version_of(by_name["vcon"]) != before
    path.unlink()
    with pytest.raises(ValueError, match="LAKEHOUSE_VCON_KEYS"):
        connectors(settings)


def test_every_connector_has_its_own_stable_name():
    names = [item.name for item in connectors()]
    assert len(set(names)) == len(names)
    assert all(isinstance(item, Connector) and item.version for item in connectors())
