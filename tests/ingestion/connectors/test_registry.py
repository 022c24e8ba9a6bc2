"""Which connector reads a file: by content, conservatively, and each file by one only."""

from typing import Any

import orjson
import pytest

from ingestion.connectors.base import Connector
from ingestion.connectors.registry import connectors, recognise
from ingestion.connectors.settings import ConnectorSettings
from tests.ingestion.connectors import (
    test_chatwoot,
    test_email,
    test_intercom,
    test_meta_messaging,
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
]
FOREIGN = [
    {"object": "page", "entry": [{"id": "1", "changes": [{"field": "feed", "value": {}}]}]},
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


@pytest.mark.parametrize(("name", "value"), [KNOWN[0], KNOWN[3], *KNOWN[8:15], KNOWN[22]])
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


def test_lines_of_both_platforms_of_meta_are_claimed_once():
    lines = [
        dumped(test_meta_messaging.body(test_meta_messaging.message(), name=name))
        for name in ("instagram", "page")
    ]
    assert claims("f", b"\n".join(lines)) == ["instagram"]
    assert claims("f", b"\n".join(lines[::-1])) == ["messenger"]


def test_lines_of_all_three_platforms_are_read_whoever_claims_the_file():
    """One address for all webhooks is usual; which of them comes first decides nothing."""
    texts = {
        "whatsapp": dumped(WEBHOOK),
        "messenger": dumped(test_meta_messaging.body(test_meta_messaging.message())),
        "instagram": dumped(
            test_meta_messaging.body(test_meta_messaging.message(), name="instagram")
        ),
    }
    for first in texts:
        lines = [texts[first], *texts.values()]
        assert claims("f", b"\n".join(lines)) == ["whatsapp"]
    by_name = {item.name: item for item in connectors(ConnectorSettings())}
    for connector in (by_name[name] for name in texts):
        found = [item for text in texts.values() for item in parsed(connector, text)]
        systems = [record.source_system for record in of_kind(found, "turn")]
        assert systems == ["whatsapp", "messenger", "instagram"]
        assert not reasons(found)


def test_settings_reach_the_connectors():
    settings = ConnectorSettings.from_environment(
        {
            "LAKEHOUSE_COMPANY_X_USER_IDS": "1, 2,",
            "LAKEHOUSE_COMPANY_MAIL_DOMAINS": "Toko.example",
            "LAKEHOUSE_COMPANY_PHONES": "+62210001",
            "LAKEHOUSE_META_BOT_APP_IDS": "77",
            "LAKEHOUSE_ZONE": "Asia/Makassar",
        }
    )
    assert settings.zone == "Asia/Makassar"
    by_name: dict[str, Any] = {item.name: item for item in connectors(settings)}
    assert by_name["x"].company_user_ids == ("1", "2")
    assert by_name["messenger"].bot_app_ids == by_name["instagram"].bot_app_ids == ("77",)
    assert by_name["email"].company_mail_domains == ("toko.example",)
    assert by_name["vcon"].company_phones == ("+62210001",)
    assert ConnectorSettings.from_environment({}) == ConnectorSettings()
    with pytest.raises(ValueError, match="LAKEHOUSE_ZONE"):
        ConnectorSettings.from_environment({"LAKEHOUSE_ZONE": "Mars/Base"})


def test_every_connector_has_its_own_stable_name():
    names = [item.name for item in connectors()]
    assert len(set(names)) == len(names)
    assert all(isinstance(item, Connector) and item.version for item in connectors())
