"""Which sources an environment serves, and that nothing of a secret is ever said."""

import base64

import pytest

from ingestion.collect.signatures import Delivery
from ingestion.collect.sources import BadSecret, served

LONG = "long-enough-to-be-used"
PREFIX = "LAKEHOUSE_COLLECT_"
META = {f"{PREFIX}WHATSAPP_SECRET": LONG, f"{PREFIX}WHATSAPP_VERIFY_TOKEN": LONG}
ALL = META | {
    f"{PREFIX}MESSENGER_SECRET": LONG,
    f"{PREFIX}MESSENGER_VERIFY_TOKEN": LONG,
    f"{PREFIX}INSTAGRAM_SECRET": LONG,
    f"{PREFIX}INSTAGRAM_VERIFY_TOKEN": LONG,
    f"{PREFIX}CHATWOOT_SECRET": LONG,
    f"{PREFIX}ZENDESK_SECRET": LONG,
    f"{PREFIX}CLOUDEVENTS_TOKEN": LONG,
    f"{PREFIX}TWILIO_TOKEN": LONG,
    f"{PREFIX}TWILIO_URL": "https://hooks.example.com/webhooks/twilio",
}


def names(environment):
    sources, missing = served(environment, 300)
    return [source.name for source in sources], sorted(missing)


def test_nothing_is_served_without_secrets():
    found, missing = names({})
    assert found == []
    assert missing == [
        "chatwoot", "cloudevents", "instagram", "messenger", "twilio", "whatsapp", "zendesk",
    ]  # fmt: skip


def test_everything_is_served_with_all_secrets():
    found, missing = names(ALL)
    assert len(found) == 7
    assert missing == []


@pytest.mark.parametrize(
    "lacking",
    [f"{PREFIX}WHATSAPP_SECRET", f"{PREFIX}MESSENGER_VERIFY_TOKEN", f"{PREFIX}TWILIO_URL"],
)
def test_half_of_the_secrets_is_not_enough_and_the_message_names_both(lacking):
    _, missing = served({k: v for k, v in ALL.items() if k != lacking}, 300)
    assert len(missing) == 1
    assert lacking in next(iter(missing.values()))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WHATSAPP_SECRET", "too-short"),
        ("ZENDESK_SECRET", f"{LONG} short"),
        ("CLOUDEVENTS_SECRET", "not!base64!not!base64"),
        ("TWILIO_URL", "hooks.example.com"),
    ],
)
def test_a_secret_that_cannot_be_used_is_named_and_not_repeated(name, value):
    with pytest.raises(BadSecret) as caught:
        served(ALL | {PREFIX + name: value}, 300)
    assert PREFIX + name in str(caught.value)
    assert value not in str(caught.value)


def test_several_secrets_stand_side_by_side():
    ((source,), _) = served({f"{PREFIX}CLOUDEVENTS_TOKEN": f"{LONG}  {LONG}-2"}, 300)
    for token, problem in ((LONG, None), (f"{LONG}-2", None), (f"{LONG}-3", "wrong_signature")):
        given = Delivery({"authorization": f"Bearer {token}"}, b"{}", 0)
        assert source.problem(given) == problem


def test_verify_tokens():
    ((source,), _) = served(META, 300)
    assert source.knows(LONG)
    assert not source.knows("")
    assert not source.knows(LONG + "\u20ac")


def test_chatwoot_by_signature_does_not_open_the_secret_path_and_the_other_way_round():
    ((by_signature,), _) = served({f"{PREFIX}CHATWOOT_SECRET": LONG}, 300)
    ((by_path,), _) = served({f"{PREFIX}CHATWOOT_TOKEN": LONG}, 300)
    assert not by_signature.secret_path
    assert by_path.secret_path
    assert by_path.problem(Delivery({}, b"{}", 0, token=LONG)) is None
    assert by_path.problem(Delivery({}, b"{}", 0)) == "missing_signature"
    assert by_signature.problem(Delivery({}, b"{}", 0, token=LONG)) == "wrong_signature"


def test_a_signed_event_in_binary_mode_is_refused_since_its_headers_are_not_signed():
    secret = "whsec_" + base64.b64encode(LONG.encode()).decode()
    ((source,), _) = served({f"{PREFIX}CLOUDEVENTS_SECRET": secret}, 300)
    headers = {"webhook-signature": "v1,AAAA", "ce-id": "1"}
    assert source.problem(Delivery(headers, b"{}", 0)) == "unsigned_attributes"
