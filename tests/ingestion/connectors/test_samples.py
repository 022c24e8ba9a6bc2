"""Real files in the shapes that users have: claimed by the right connector, or by none."""

from collections import Counter
from pathlib import Path

import pytest

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.registry import recognise
from tests.ingestion.connectors.reading_records import SHARED, assert_sound, of_kind, read_file

pytestmark = pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")

# folder, ending -> connector, lowest number of turns over all its files
EXPECTED = {
    ("chat/meta_wac", ".json"): ("whatsapp", 20),
    ("chat/whatsapp_updates", ".json"): ("whatsapp", 39),
    ("voice/vcon", ".json"): ("vcon", 166),
    ("voice/vcon_0.0.1", ".json"): ("vcon", 1600),
    ("voice/vcon_spec", ".vcon"): ("vcon", 30),
    ("voice/vcon_spec", ".txt"): ("email", 5),
    ("voice/vcon_invalid", ".json"): ("vcon", 0),
    ("social/x_v2", ".jsonl"): ("x", 330),
    ("email/replies", ".eml"): ("email", 5),
}
UNSUPPORTED = (
    "chat/meta_fba", "chat/meta_ig", "chat/intercom", "chat/zendesk_csv", "voice/contact_lens",
    "voice/genesys", "social/mastodon",
)  # fmt: skip


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


@pytest.mark.parametrize("folder", UNSUPPORTED)
def test_unsupported_files_are_left_alone(folder: str):
    assert files(folder)
    assert [path.name for path in files(folder) if connector_of(path) is not None] == []


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
