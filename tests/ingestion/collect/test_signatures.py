"""Who a delivery is from: vectors of each vendor's rule, worked out apart from the code."""

import base64
import hashlib
import hmac

import pytest

from ingestion.collect import signatures
from ingestion.collect.signatures import MISSING, STALE, WRONG, Delivery

NOW = 1_800_000_000.0
BODY = '{"object":"page","n":1,"t":"Halo, Kak Ébi"}'.encode()
SECRETS = ("the-new-secret-0001", "the-old-secret-0002")
ISO = "2027-01-15T08:00:00Z"  # NOW


def hexed(secret, text):
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def based(key, text, name="sha256"):
    return base64.b64encode(hmac.new(key, text, name).digest()).decode()


def delivery(headers, body=BODY, **more):
    return Delivery({key.lower(): value for key, value in headers.items()}, body, NOW, **more)


def test_a_vector_that_openssl_computed():
    # printf '%s' '{"a":1}' | openssl dgst -sha256 -hmac the-new-secret-0001
    digest = "8a5516a430e925fa6fb386eaf06720f7ac530f7f10bf7fb453dfd50e170ee7e5"
    given = delivery({"X-Hub-Signature-256": f"sha256={digest}"}, b'{"a":1}')
    assert signatures.meta(given, SECRETS) is None


META = [
    ("new secret", f"sha256={hexed(SECRETS[0], BODY)}", BODY, None),
    ("old secret", f"sha256={hexed(SECRETS[1], BODY)}", BODY, None),
    ("strange secret", f"sha256={hexed('someone-elses-secret', BODY)}", BODY, WRONG),
    ("other body", f"sha256={hexed(SECRETS[0], BODY)}", BODY + b" ", WRONG),
    ("no prefix", hexed(SECRETS[0], BODY), BODY, WRONG),
    ("sha1", f"sha1={hexed(SECRETS[0], BODY)}", BODY, WRONG),
    ("cut", f"sha256={hexed(SECRETS[0], BODY)}"[:-1], BODY, WRONG),
    ("not ascii", "sha256=é\u20ac", BODY, WRONG),
    ("empty", "", BODY, MISSING),
    ("empty body", f"sha256={hexed(SECRETS[0], b'')}", b"", None),
]


@pytest.mark.parametrize(("name", "given", "body", "expected"), META, ids=[m[0] for m in META])
def test_meta(name, given, body, expected):
    assert signatures.meta(delivery({"X-Hub-Signature-256": given}, body), SECRETS) == expected


def test_meta_without_the_header_or_without_any_secret():
    assert signatures.meta(delivery({}), SECRETS) == MISSING
    own = {"X-Hub-Signature-256": f"sha256={hexed('', BODY)}"}
    assert signatures.meta(delivery(own), ()) == WRONG


def chatwoot(stamp, secret=SECRETS[0], signed=None, body=BODY):
    text = f"{stamp if signed is None else signed}.".encode() + body
    return delivery(
        {"X-Chatwoot-Signature": f"sha256={hexed(secret, text)}", "X-Chatwoot-Timestamp": stamp}
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (chatwoot("1800000000"), None),
        (chatwoot("1799999700"), None),
        (chatwoot("1800000300", SECRETS[1]), None),
        (chatwoot("1799999699"), STALE),
        (chatwoot("1800000301"), STALE),
        (chatwoot("soon"), STALE),
        (chatwoot("-1800000000"), STALE),
        (chatwoot("1800000000.0"), STALE),
        (chatwoot("9" * 400), STALE),
        (chatwoot("1800000000", signed="1800000001"), WRONG),
        (chatwoot("1800000000", body=b"{}"), WRONG),
        (chatwoot("1800000000", "someone-elses-secret"), WRONG),
        (delivery({"X-Chatwoot-Signature": "sha256=00"}), MISSING),
        (delivery({"X-Chatwoot-Timestamp": "1800000000"}), MISSING),
    ],
)
def test_chatwoot(given, expected):
    assert signatures.chatwoot(given, SECRETS, 300) == expected


def zendesk(stamp, secret=SECRETS[0], body=BODY):
    return delivery(
        {
            "X-Zendesk-Webhook-Signature": based(secret.encode(), stamp.encode() + body),
            "X-Zendesk-Webhook-Signature-Timestamp": stamp,
        }
    )


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (zendesk(ISO), None),
        (zendesk("2027-01-15T15:00:00+07:00", SECRETS[1]), None),
        (zendesk("2027-01-15T07:54:59Z"), STALE),
        (zendesk("2027-01-15T08:05:01Z"), STALE),
        (zendesk("2027-01-15T08:00:00"), STALE),  # no zone: nobody knows when that is
        (zendesk("yesterday"), STALE),
        (zendesk(ISO, body=b"{}"), WRONG),
        (zendesk(ISO, "someone-elses-secret"), WRONG),
        (delivery({"X-Zendesk-Webhook-Signature": "AAAA"}), MISSING),
        (delivery({}), MISSING),
    ],
)
def test_zendesk(given, expected):
    assert signatures.zendesk(given, SECRETS, 300) == expected


KEYS = tuple("whsec_" + base64.b64encode(secret.encode()).decode() for secret in SECRETS)


def standard(stamp="1800000000", secret=SECRETS[0], key="msg_1", others=""):
    text = f"{key}.{stamp}.".encode() + BODY
    given = f"{others} v1,{based(secret.encode(), text)}".strip()
    return delivery({"webhook-id": "msg_1", "webhook-timestamp": stamp, "webhook-signature": given})


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (standard(), None),
        (standard(secret=SECRETS[1], others="v1,AAAA v1a,BBBB"), None),
        (standard("1799999699"), STALE),
        (standard(key="msg_2"), WRONG),
        (standard(secret="someone-elses-secret"), WRONG),
        (delivery({"webhook-id": "msg_1", "webhook-timestamp": "1800000000"}), MISSING),
    ],
)
def test_standard_webhooks(given, expected):
    assert signatures.standard(given, KEYS, 300) == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (f"Bearer {SECRETS[0]}", None),
        (f"bearer  {SECRETS[1]} ", None),
        (f"Basic {SECRETS[0]}", MISSING),
        ("Bearer ", MISSING),
        ("", MISSING),
        (f"Bearer {SECRETS[0]}x", WRONG),
    ],
)
def test_bearer(given, expected):
    assert signatures.bearer(delivery({"Authorization": given}), SECRETS) == expected


@pytest.mark.parametrize(
    ("token", "expected"), [(SECRETS[1], None), ("nearly", WRONG), ("", MISSING)]
)
def test_secret_path(token, expected):
    assert signatures.secret_path(delivery({}, token=token), SECRETS) == expected


URL = "https://hooks.example.com/webhooks/twilio"
FORM = b"CallSid=CA0&From=%2B628110000001&Body=Halo+Kak&Empty=&Body=Dua"
FIELDS = "BodyDuaBodyHalo KakCallSidCA0EmptyFrom+628110000001"
FORM_TYPE = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}


def twilio(address, fields="", headers=FORM_TYPE, body=FORM, query="", token=SECRETS[0]):
    given = based(token.encode(), (address + fields).encode(), "sha1")
    return delivery({"X-Twilio-Signature": given, **headers}, body, query=query)


BODY_HASH = "bodySHA256=" + hashlib.sha256(BODY).hexdigest()
JSON_TYPE = {"Content-Type": "application/json"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (twilio(URL, FIELDS), None),
        (twilio(URL, FIELDS, token=SECRETS[1]), None),
        (twilio(URL.replace(".com", ".com:443"), FIELDS), None),
        (twilio(URL + "?a=1&b=%20", FIELDS, query="a=1&b=%20"), None),
        (twilio(URL + "?a=1", FIELDS, query="a=2"), WRONG),
        (twilio(URL.replace("https", "http"), FIELDS), WRONG),
        (twilio(URL, FIELDS + "x"), WRONG),
        (twilio(URL, FIELDS, body=FORM + b"&Extra=1"), WRONG),
        (twilio(URL, FIELDS, body=b"From=\xff"), WRONG),
        (twilio(URL, FIELDS, body=b"&".join([b"a=1"] * 301)), WRONG),
        (twilio(f"{URL}?{BODY_HASH}", "", JSON_TYPE, BODY, BODY_HASH), None),
        (twilio(f"{URL}?{BODY_HASH}", "", JSON_TYPE, BODY + b" ", BODY_HASH), WRONG),
        (twilio(URL, "", JSON_TYPE, BODY), WRONG),  # nothing covers the body
        (delivery(FORM_TYPE, FORM), MISSING),
    ],
)
def test_twilio(given, expected):
    assert signatures.twilio(given, SECRETS, URL) == expected
