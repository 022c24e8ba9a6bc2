"""CloudEvents: what is inside is read as if it had come alone, and placed where it stands."""

import base64
from typing import Any

import orjson
import pytest

from ingestion.connectors.base import Connector, Record
from ingestion.connectors.cloudevents import CloudEventsConnector
from ingestion.connectors.registry import connectors, recognise
from ingestion.connectors.settings import ConnectorSettings
from tests.ingestion.connectors import test_amazon_connect, test_chatwoot, test_whatsapp, test_x
from tests.ingestion.connectors.reading_records import of_kind, parsed, reasons

ALL = {one.name: one for one in connectors(ConnectorSettings())}
WEBHOOK = test_whatsapp.body({"messages": [test_whatsapp.message()]})
CARRIED = [
    ("whatsapp", WEBHOOK),
    ("chatwoot", test_chatwoot.webhook()),
    ("x", test_x.page(test_x.post())),
    ("amazon_connect", test_amazon_connect.record()),
]


def event(data: Any = None, **changes: Any) -> dict[str, Any]:
    envelope = {"specversion": "1.0", "id": "e-1", "source": "/toko", "type": "com.example.chat"}
    return envelope | ({} if data is None else {"data": data}) | changes


def facts(found: list[Any]) -> list[tuple[Any, ...]]:
    """Records without their place."""
    assert all(isinstance(one, Record) for one in found)
    return [
        (one.kind, one.conversation_key, one.native_id, one.event_at, one.data) for one in found
    ]


@pytest.fixture
def connector() -> Connector:
    return ALL["cloudevents"]


@pytest.mark.parametrize(("name", "body"), CARRIED)
def test_what_is_inside_is_read_as_if_it_came_alone(connector, name, body):
    alone = facts(parsed(ALL[name], body))
    text = orjson.dumps(body)
    ways = (
        event(body),
        event(text.decode(), datacontenttype="application/json"),
        event(data_base64=base64.b64encode(text).decode()),
    )
    for way in ways:
        found = parsed(connector, way)
        assert facts(found) == alone
        assert all(one.pointer.startswith(("/data", "/data_base64")) for one in found)


def test_records_of_a_batch_name_their_event(connector):
    found = parsed(connector, [event(WEBHOOK), event({"x": 1}, id="e-2"), event(WEBHOOK)])
    assert reasons(found) == ["unsupported_event"]
    refused = next(one for one in found if not isinstance(one, Record))
    assert refused.position == "/1/data"
    turns = of_kind(found, "turn")
    assert [one.pointer.split("/")[1] for one in turns] == ["0", "2"]
    assert turns[0].pointer == "/0/data/entry/0/changes/0/value/messages/0"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (event({"hello": "world"}), "unsupported_event"),
        (event("Halo, paket saya belum sampai"), "unsupported_event"),
        (event("Hello, where is my parcel?"), "unsupported_event"),
        (event(), "no_records"),
        (event(data_base64="%%%"), "bad_base64"),
        (event(data_base64=5), "wrong_type"),
        (event(WEBHOOK, id=7), "wrong_type"),
        (event(WEBHOOK, type=" "), "missing_field"),
        ([], "no_records"),
        ([5], "wrong_type"),
        (b"{", "bad_json"),
    ],
)
def test_what_cannot_be_read_is_refused_once(connector, value, reason):
    assert reasons(parsed(connector, value)) == [reason]


def test_a_refusal_inside_keeps_its_place(connector):
    broken = test_whatsapp.body({"messages": [test_whatsapp.message(timestamp="soon")]})
    alone, wrapped = parsed(ALL["whatsapp"], broken), parsed(connector, event(broken))
    assert reasons(wrapped) == reasons(alone) != []
    assert wrapped[-1].position == "/data" + alone[-1].position


@pytest.mark.parametrize(("name", "body"), CARRIED)
def test_events_are_recognised_whatever_they_carry(name, body):
    line = orjson.dumps(event(body))
    for head in (line, line + b"\n" + line, orjson.dumps([event(body)])):
        assert recognise("webhooks/cloudevents/any.jsonl", head).name == "cloudevents"
    assert recognise("any", orjson.dumps(body)).name == name


@pytest.mark.parametrize("lacking", ["specversion", "id", "source", "type"])
def test_less_than_the_four_attributes_is_no_event(lacking):
    value = event({"x": 1})
    del value[lacking]
    assert not CloudEventsConnector().recognises("any", orjson.dumps(value))
