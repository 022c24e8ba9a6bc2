"""Real files in the shapes that users have: claimed by the right connector, or by none."""

from collections import Counter
from pathlib import Path

import pytest

from ingestion.connectors.base import Payload, RejectedInput
from ingestion.connectors.email_html import html_to_text
from ingestion.connectors.email_text import own_words
from ingestion.connectors.registry import recognise
from tests.ingestion.connectors.reading_records import (
    SHARED,
    assert_sound,
    of_kind,
    read_file,
    reasons,
)

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")

# folder, ending -> connector, lowest number of turns over all its files
EXPECTED = {
    ("chat/meta_wac", ".json"): ("whatsapp", 20),
    ("chat/whatsapp_updates", ".json"): ("whatsapp", 39),
    ("chat/intercom", ".json"): ("intercom", 25),
    ("chat/zendesk_csv", ".csv"): ("zendesk", 42),
    ("voice/vcon", ".json"): ("vcon", 166),
    ("voice/vcon_0.0.1", ".json"): ("vcon", 1600),
    ("voice/vcon_spec", ".vcon"): ("vcon", 30),
    ("voice/vcon_spec", ".txt"): ("email", 5),
    ("voice/vcon_invalid", ".json"): ("vcon", 0),
    ("voice/contact_lens", ""): ("amazon_connect", 60),
    ("voice/genesys", ".json"): ("genesys", 0),
    ("social/x_v2", ".jsonl"): ("x", 330),
    ("social/mastodon", ".jsonc"): ("mastodon", 1),
    ("email/replies", ".eml"): ("email", 5),
    ("email/messages", "_test_*"): ("email", 9),
    ("email/messages", "_malformed_*"): ("email", 2),
}


def files(folder: str, ending: str = "") -> list[Path]:
    return sorted(path for path in (SHARED / folder).glob(f"*{ending}") if path.is_file())


def connector_of(path: Path):
    with path.open("rb") as stream:
        head = stream.read(64 * 1024)
    return recognise(str(path.relative_to(SHARED)), head)


@pytest.mark.parametrize(("folder", "ending"), EXPECTED)
def test_supported_files_give_turns(folder: str, ending: str):
    name, least = EXPECTED[folder, ending]
    turns = 0
    for path in files(folder, ending):
        connector = connector_of(path)
        assert connector is not None and connector.name == name, path.name
        found = read_file(connector, path)
        assert found, path.name
        assert_sound(found)
        turns += len(of_kind(found, "turn"))
    assert turns >= least


def test_recordings_are_claimed_and_measured():
    for ending in (".mp3", ".wav"):
        for path in SHARED.rglob(f"*{ending}"):
            assert connector_of(path).name == "recording"
            found = read_file(connector_of(path), path)
            assert_sound(found)
            assert [record.kind for record in found] == ["interaction"]
            assert found[0].data["recording"]["talk_seconds"] > 0.5


def test_web_pages_and_foreign_mail_formats_are_left_alone():
    for ending in (".html", ".cddl"):
        for path in SHARED.rglob(f"*{ending}"):
            assert connector_of(path) is None
    assert connector_of(SHARED / "email/messages/mail_outlook_1") is None


@pytest.mark.parametrize("name", ["android", "aol", "apple_mail", "gmail", "yahoo"])
def test_replies_keep_their_own_word(name: str):
    path = SHARED / f"email/replies/{name}.eml"
    turn = of_kind(read_file(connector_of(path), path), "turn")[0]
    assert turn.data["text"] == "Hello"


@pytest.mark.parametrize("name", ["gmail", "ms_outlook_2010", "windows_mail"])
def test_replies_in_html_keep_their_own_words(name: str):
    page = (SHARED / f"email/replies/{name}.html").read_text("utf-8")
    assert own_words(html_to_text(page)).split() == ["Hi.", "I", "am", "fine.", "Thanks,", "Alex"]


def test_what_malformed_mails_become():
    bounce = SHARED / "email/messages/mail_malformed_2"
    (said,) = of_kind(read_file(connector_of(bounce), bounce), "turn")
    assert said.data["role"] == "system"
    lost = SHARED / "email/messages/mail_malformed_3"  # its boundary is not the one it declares
    (said,) = of_kind(read_file(connector_of(lost), lost), "turn")
    assert "CLICK AQUI" in said.data["text"]
    undated = SHARED / "email/replies/outlook.eml"
    assert reasons(read_file(connector_of(undated), undated)) == ["missing_date"]


@pytest.mark.parametrize(
    ("name", "turns", "refused"),
    [
        ("Status-0", 1, []),
        ("StatusEdit-0", 0, ["missing_field"]),
        ("Conversation-0", 0, ["missing_field"]),
        ("Account-0", 0, ["not_a_conversation"]),
        ("Account-1", 0, ["not_a_conversation"]),
        ("Account-2", 0, ["not_a_conversation"]),
    ],
)
def test_what_each_entity_of_mastodon_becomes(name: str, turns: int, refused: list[str]):
    path = SHARED / f"social/mastodon/{name}.jsonc"
    found = read_file(connector_of(path), path)
    assert (len(of_kind(found, "turn")), reasons(found)) == (turns, refused)


@pytest.mark.parametrize(
    ("name", "actions", "refused"),
    [
        ("edited_before", {"sent": 1}, {}),
        ("edited_after", {"edited": 1}, {}),
        ("quoted_edit", {"sent": 1}, {}),
        ("withheld", {"sent": 215}, {}),
        ("two_tweets", {"sent": 1}, {}),
        ("tweets_compliance", {"deleted": 2}, {}),
        ("users_compliance", {}, {"unsupported_event": 2}),
    ],
)
def test_what_each_file_of_x_becomes(name: str, actions: dict[str, int], refused: dict[str, int]):
    path = SHARED / f"social/x_v2/{name}.jsonl"
    found = read_file(connector_of(path), path)
    told = Counter(turn.data["action"] for turn in of_kind(found, "turn"))
    assert (told, Counter(reasons(found))) == (actions, refused)


def test_calls_have_both_sides():
    for path in files("voice/vcon", ".json"):
        roles = Counter(
            turn.data["role"] for turn in of_kind(read_file(connector_of(path), path), "turn")
        )
        assert roles["agent"] and roles["customer"], path.name


def test_invalid_vcons_say_why():
    for path in files("voice/vcon_invalid"):
        found = read_file(connector_of(path), path)
        if path.name not in ("invalid_dialog_url.json",):
            assert any(isinstance(item, RejectedInput) for item in found), path.name


# file -> (turns, reasons); what a file becomes is part of what users are promised
CONTACT_LENS = {
    "contact-lens-example-output-files-0.notjson.txt": (0, ["missing_field"]),
    "contact-lens-example-output-files-1.notjson.txt": (0, ["missing_field"]),
    "contact-lens-example-output-files-chat-0.json": (31, []),
    "contact-lens-example-output-files-chat-1.json": (31, []),
    "evaluationforms-example-output-file-0.json": (0, ["not_a_conversation"]),
    "sample-real-time-contact-analysis-segment-stream-0.json": (0, ["not_a_conversation"]),
    "sample-real-time-contact-analysis-segment-stream-1.json": (0, ["bad_id"]),
    "sample-real-time-contact-analysis-segment-stream-2.json": (0, ["not_a_conversation"]),
    "sample-real-time-contact-analysis-segment-stream-3.json": (0, ["not_a_conversation"]),
}
CONTACT = "11111111-2222-4333-8444-555555555555"


@pytest.mark.parametrize("name", CONTACT_LENS)
def test_contact_lens_files(name: str):
    path = SHARED / "voice/contact_lens" / name
    found = read_file(connector_of(path), path)
    refused = [item.reason for item in found if isinstance(item, RejectedInput)]
    assert (len(of_kind(found, "turn")), refused) == CONTACT_LENS[name]


@pytest.mark.parametrize("number", [0, 1])
def test_calls_as_printed_in_the_manual_are_read_under_their_own_name(number: int):
    path = SHARED / f"voice/contact_lens/contact-lens-example-output-files-{number}.notjson.txt"
    name = f"Analysis/Voice/2026/03/02/{CONTACT}_analysis_2026-03-02T02:00:20Z.json"
    connector = connector_of(path)
    found = []
    for payload in connector.fetch_named(path, name):
        assert isinstance(payload, Payload)
        found += connector.parse(payload)
    assert_sound(found)
    turns = of_kind(found, "turn")
    assert [turn.data["role"] for turn in turns] == ["agent", "customer"] * 5
    assert turns[1].data["sent_at"].isoformat() == "2026-03-02T02:00:20.160000+00:00"
    assert ("[PII]" in turns[1].data["text"]) == (number == 1)
    metadata = of_kind(found, "interaction")[0].data["metadata"]
    assert metadata["json_overlooked"] == [("surplus_brackets", "comments")[number]]


def test_genesys_keeps_what_unusable_times_do_not_touch():
    good, broken = (read_file(connector_of(path), path) for path in files("voice/genesys", ".json"))
    told = of_kind(good, "interaction")[0].data
    assert (told["wait_seconds"], told["hold_seconds"], told["talk_seconds"]) == (
        11.179, 544.176, 374.561,
    )  # fmt: skip
    assert len(good) == 1
    kept = of_kind(broken, "interaction")[0].data
    assert (kept["wait_seconds"], kept["talk_seconds"], kept["answered_at"]) == (
        6.384, 923.484, None,
    )  # fmt: skip
    assert [item.reason for item in broken if isinstance(item, RejectedInput)] == ["bad_time"] * 4


# file -> (turns, reasons, what the metadata say of its envelope)
SPECIFICATION = {
    "ab_call_ext_rec_signed.vcon": (0, [], {"signature": "not verified"}),
    "ab_call_ext_rec_decrypted.vcon": (0, [], {"signature": "not verified"}),
    "ab_call_ext_rec_encrypted.vcon": (0, ["encrypted"], {}),
    "ab_call_ext_rec_redacted.vcon": (18, [], {}),
    "ab_call_ext_rec_amended.vcon": (1, [], {}),
    "ab_call_ext_rec.vcon": (0, [], {}),
}


@pytest.mark.parametrize("name", SPECIFICATION)
def test_vcons_of_the_specification(name: str):
    path = SHARED / "voice/vcon_spec" / name
    found = read_file(connector_of(path), path)
    refused = [item.reason for item in found if isinstance(item, RejectedInput)]
    turns, reasons, envelope = SPECIFICATION[name]
    assert (len(of_kind(found, "turn")), refused) == (turns, reasons)
    for record in of_kind(found, "interaction"):
        told = record.data["metadata"]
        assert {key: told[key] for key in ("signature", "encryption") if key in told} == envelope
