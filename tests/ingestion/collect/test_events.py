"""CloudEvents in HTTP headers: modes, attributes, consent."""

import json

import pytest

from ingestion.collect.events import BadEvent, consent, context_of

CE = {"ce-specversion": "1.0", "ce-id": "e 1", "ce-source": "/crm", "ce-type": "com.example.call"}


@pytest.mark.parametrize(
    "media",
    [
        "application/cloudevents+json",
        "Application/CloudEvents+JSON; charset=utf-8",
        "application/cloudevents-batch+json",
    ],
)
def test_a_structured_event_and_a_batch_need_nothing_beside_the_body(media):
    assert context_of({"content-type": media}) == b""


def test_the_attributes_of_a_binary_event_are_kept():
    headers = CE | {
        "ce-subject": "Caf%C3%A9 %22Kita%22",
        "content-type": "application/json",
        "x-other": "1",
    }
    assert json.loads(context_of(headers)) == {
        "specversion": "1.0",
        "id": "e 1",
        "source": "/crm",
        "type": "com.example.call",
        "subject": 'Café "Kita"',
        "datacontenttype": "application/json",
    }


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "application/json"},
        {"content-type": "application/cloudevents+avro"} | CE,
        CE | {"ce-id": ""},
        {name: value for name, value in CE.items() if name != "ce-type"},
        CE | {"ce-sub_ject": "x"},
        CE | {"ce-data": "x"},
        CE | {"ce-datacontenttype": "text/plain"},
        CE | {"ce-subject": "%ff"},
        CE | {f"ce-a{number}": "x" for number in range(64)},
    ],
)
def test_headers_that_make_no_event(headers):
    with pytest.raises(BadEvent):
        context_of(headers)


def test_consent_names_the_origin_that_asked_and_our_rate():
    answer = consent({"webhook-request-origin": "events.example.com"}, 10)
    assert answer["WebHook-Allowed-Origin"] == "events.example.com"
    assert answer["WebHook-Allowed-Rate"] == "600"


@pytest.mark.parametrize("origin", ["", "*", "a b", "x\r\ny: z", "a" * 254])
def test_no_consent_to_what_is_no_name(origin):
    assert set(consent({"webhook-request-origin": origin}, 10)) == {"Allow"}
