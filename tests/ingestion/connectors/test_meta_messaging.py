"""Messenger and Instagram webhooks: who wrote what to whom, and what is refused by name."""

from itertools import permutations
from typing import Any

import pytest

from ingestion.connectors.base import Record
from ingestion.connectors.meta_messaging import InstagramConnector, MessengerConnector
from tests.ingestion.conform.facts_of import conformed
from tests.ingestion.connectors.reading_records import (
    SHARED,
    of_kind,
    parsed,
    read_file,
    reasons,
)

PAGE, PERSON, BOT_APP = "1000000001", "2000000002", "3000000003"
CONNECTOR = MessengerConnector(bot_app_ids=(BOT_APP,))
STAMP = 1_760_000_000_123


def event(ours: bool = False, **content: Any) -> dict[str, Any]:
    ends = (PAGE, PERSON) if ours else (PERSON, PAGE)
    told = {"sender": {"id": ends[0]}, "recipient": {"id": ends[1]}, "timestamp": STAMP}
    return told | content


def body(*events: Any, name: str = "page", listed: str = "messaging") -> dict[str, Any]:
    return {"object": name, "entry": [{"id": PAGE, "time": STAMP, listed: list(events)}]}


def message(**part: Any) -> dict[str, Any]:
    return event(message={"mid": "m.1", "text": "paket belum sampai"} | part)


def turn(item: dict[str, Any], **envelope: Any) -> Record:
    found = parsed(CONNECTOR, body(item, **envelope))
    assert not reasons(found)
    return of_kind(found, "turn")[0]


@pytest.mark.parametrize(("name", "system"), [("page", "messenger"), ("instagram", "instagram")])
@pytest.mark.parametrize("listed", ["messaging", "standby"])
def test_a_message_is_a_turn_and_a_handle(name: str, system: str, listed: str):
    found = parsed(CONNECTOR, body(message(), name=name, listed=listed))
    said, handle = of_kind(found, "turn")[0], of_kind(found, "handle")[0]
    assert said.source_system == handle.source_system == system
    assert said.conversation_key == f"{PAGE}:{PERSON}"
    assert (said.native_id, said.pointer) == ("m.1", f"/entry/0/{listed}/0")
    assert said.event_at.isoformat() == "2025-10-09T08:53:20.123000+00:00"
    assert (said.data["role"], said.data["direction"]) == ("customer", "inbound")
    assert said.data["text"] == "paket belum sampai"
    assert (handle.data["handle_type"], handle.data["handle"]) == (f"{system}_user_id", PERSON)


@pytest.mark.parametrize("stamp", [1_760_000_000, "1760000000", 1_760_000_000_000])
def test_times_are_seconds_or_milliseconds(stamp: Any):
    said = turn(message() | {"timestamp": stamp})
    assert said.event_at.isoformat() == "2025-10-09T08:53:20+00:00"


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ({"text": "Need help"}, "Need help"),
        ({"quick_reply": {"payload": "Y"}, "text": "Ya"}, "Ya"),
        ({"text": None, "attachments": [{"type": "image", "payload": {"url": "x"}}]}, None),
        (
            {"text": None, "attachments": [{"payload": {"sticker_id": 369239263222822}}]},
            "\N{THUMBS UP SIGN}",
        ),
        ({"text": None, "attachments": [{"type": "like_heart"}]}, "\N{HEAVY BLACK HEART}"),
        (
            {"text": "lihat", "attachments": [{"type": "fallback", "payload": {"title": "Foo"}}]},
            "lihat",
        ),
        (
            {
                "text": None,
                "attachments": [
                    {
                        "type": "template",
                        "payload": {"template_type": "generic", "elements": [{"title": "Paket A"}]},
                    }
                ],
            },
            "Paket A",
        ),
        ({"text": "nul\u0000byte"}, "nulbyte"),
    ],
)
def test_text_of_every_kind(part: dict[str, Any], text: str | None):
    assert turn(message(**part)).data["text"] == text


def test_attachments_are_described_without_places_or_addresses():
    parts = [
        {"type": "location", "payload": {"coordinates": {"lat": 1.2345, "long": 2}}},
        {"type": "fallback", "payload": {"url": "https://files.example.com/x", "title": "Foo"}},
    ]
    metadata = turn(message(attachments=parts)).data["metadata"]
    assert metadata["attachments"] == [{"type": "location"}, {"type": "fallback", "title": "Foo"}]
    assert "1.2345" not in str(metadata) and "https" not in str(metadata)


@pytest.mark.parametrize(
    ("app_id", "role"), [(None, "agent"), (263902037430900, "agent"), (int(BOT_APP), "bot")]
)
@pytest.mark.parametrize("echo", [True, False])
def test_the_company_s_own_messages_are_of_an_agent_or_of_a_listed_bot(
    app_id: int | None, role: str, echo: bool
):
    part = {"mid": "m.2", "text": "Halo kak", "is_echo": echo, "app_id": app_id}
    data = turn(event(ours=True, message=part)).data
    assert (data["role"], data["direction"], data["sender"]) == (role, "outbound", None)


def test_an_echo_counts_as_ours_even_where_its_ends_are_swapped():
    said = turn(event(message={"mid": "m.2", "is_echo": True}))
    assert said.data["role"] == "agent"
    assert said.conversation_key == f"{PAGE}:{PERSON}"


def test_edits_and_unsends_name_the_first_message():
    edited = turn(event(message_edit={"mid": "m.1", "text": "sudah sampai", "num_edit": "2"}))
    gone = turn(event(message={"mid": "m.1", "is_deleted": True}))
    assert (edited.data["action"], edited.data["turn_id"]) == ("edited", "m.1")
    assert (edited.data["text"], edited.data["order"]) == ("sudah sampai", 2)
    assert (gone.data["action"], gone.data["turn_id"]) == ("deleted", "m.1")
    assert "text" not in gone.data
    assert len({edited.native_id, gone.native_id, "m.1"}) == 3


def test_a_reaction_is_one_turn_that_its_removal_empties():
    liked = turn(event(reaction={"mid": "m.9", "action": "react", "emoji": "\u2764"}))
    removed = turn(event(reaction={"mid": "m.9", "action": "unreact"}))
    assert liked.data["turn_id"] == removed.data["turn_id"]
    assert (liked.data["text"], liked.data["reply_to"]) == ("\u2764", "m.9")
    assert (removed.data["action"], removed.data["text"]) == ("edited", None)


@pytest.mark.parametrize(
    ("content", "role", "campaign", "text"),
    [
        ({"postback": {"title": "Mulai", "payload": "get_started"}}, "customer", None, "Mulai"),
        (
            {"postback": {"title": "Mulai", "referral": {"ref": "lebaran"}}},
            "customer",
            "lebaran",
            "Mulai",
        ),
        ({"referral": {"ref": "promo", "ad_id": "9"}}, "system", "promo", None),
        ({"referral": {"ad_id": "9"}}, "system", "9", None),
        ({"optin": {"type": "notification_messages", "title": "Promo"}}, "system", None, None),
    ],
)
def test_postbacks_are_the_customer_s_and_entries_are_the_system_s(
    content: dict[str, Any], role: str, campaign: str | None, text: str | None
):
    said = turn(event(**content))
    assert (said.data["role"], said.data["campaign"]) == (role, campaign)
    assert said.data["text"] == text
    assert said.native_id == turn(event(**content)).native_id


def test_leaving_the_company_s_messages_is_told():
    told = {"type": "notification_messages", "notification_messages_status": "STOP_NOTIFICATIONS"}
    assert turn(event(optin=told)).data["metadata"]["status"] == "STOP_NOTIFICATIONS"


@pytest.mark.parametrize(
    ("kind", "transfer"),
    [
        ("pass_thread_control", True),
        ("take_thread_control", True),
        ("request_thread_control", None),
    ],
)
def test_hand_overs_between_apps(kind: str, transfer: bool | None):
    said = turn(event(**{kind: {"new_owner_app_id": 7, "metadata": "x"}}))
    assert (said.data["role"], said.data["transfer"]) == ("system", transfer)
    assert said.data["metadata"]["type"] == kind


def test_stories_are_named():
    answered = turn(message(reply_to={"story": {"id": "77", "url": "https://example.com/s"}}))
    assert answered.data["metadata"]["reply_to_story"] == "77"
    assert turn(message(reply_to={"mid": "m.0"})).data["reply_to"] == "m.0"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (
            {"delivery": {"mids": ["a", "b"], "watermark": 1}},
            [("a", "delivered"), ("b", "delivered")],
        ),
        ({"read": {"mid": "a"}}, [("a", "read")]),
    ],
)
def test_deliveries_and_reads_are_statuses(content: dict[str, Any], expected: list[Any]):
    found = of_kind(parsed(CONNECTOR, body(event(**content))), "status")
    assert [(item.data["turn_id"], item.data["status"]) for item in found] == expected


def test_a_watermark_reaches_all_that_was_sent_until_then():
    early, late = (
        event(ours=True, message={"mid": mid, "text": "ok"}) | {"timestamp": STAMP + later}
        for mid, later in (("m.1", 0), ("m.2", 9000))
    )
    events = [early, late, message(mid="m.3"), event(read={"watermark": STAMP + 5000})]
    for order in permutations(events):
        rows = conformed(*parsed(CONNECTOR, body(*order))).turns
        told = [(row["role"], "read" in row["source_metadata"]) for row in rows]
        assert sorted(told) == [("agent", False), ("agent", True), ("customer", False)]


@pytest.mark.parametrize(
    ("payload", "reason"),
    [
        (b"", "empty"),
        (b'{"object":"page","entry":[', "bad_json"),
        ([], "no_records"),
        ({"object": "page", "entry": []}, "no_records"),
        ({"object": "page", "entry": "x"}, "wrong_type"),
        ({"object": "page", "entry": [5]}, "wrong_type"),
        ({"object": "page", "entry": [{"id": PAGE}]}, "no_records"),
        ({"object": "page", "entry": [{"id": 5, "messaging": [{}]}]}, "missing_sender"),
        (
            {"object": "page", "entry": [{"id": PAGE, "changes": [{"field": "feed"}]}]},
            "not_a_conversation",
        ),
        ({"object": "user", "entry": [{}]}, "no_records"),
        (body(event()), "unsupported_event"),
        (body(event(account_linking={"status": "linked"})), "unsupported_event"),
        (body(event(read={"seq": 5})), "bad_time"),
        (body(event(delivery={"mids": [5]})), "wrong_type"),
        (body(message() | {"timestamp": "x"}), "bad_time"),
        (body(message() | {"timestamp": 10**18}), "bad_time"),
        (body(message() | {"sender": {}}), "missing_sender"),
        (body(message() | {"sender": {"id": "abc"}}), "bad_id"),
        (body(message() | {"recipient": {"id": "9"}}), "foreign_account"),
        (body(message(mid=None)), "missing_field"),
        (body(message(text=5)), "wrong_type"),
        (body(message(text="x" * 200_001)), "text_too_long"),
        (body("text"), "wrong_type"),
    ],
)
def test_refusals_have_a_reason(payload: Any, reason: str):
    assert reasons(parsed(CONNECTOR, payload)) == [reason]


def test_one_bad_event_does_not_cost_the_next_and_people_are_named_once():
    found = parsed(CONNECTOR, [body(event(), message(), message()), body(message())])
    assert reasons(found) == ["unsupported_event"]
    assert (len(of_kind(found, "turn")), len(of_kind(found, "handle"))) == (3, 1)


def test_lines_of_both_platforms_keep_their_systems():
    mixed = [body(message()), body(message(), name="instagram")]
    for connector in (CONNECTOR, InstagramConnector()):
        systems = [record.source_system for record in of_kind(parsed(connector, mixed), "turn")]
        assert systems == ["messenger", "instagram"]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")
@pytest.mark.parametrize(
    ("folder", "turns", "statuses", "expected"),
    [
        (
            "meta_fba", 14, 1,
            {"different_page": "foreign_account", "invalid_urn": "bad_id",
             "no_entries": "no_records", "no_messaging_entries": "no_records",
             "unknown_messaging_entry": "unsupported_event"},
        ),
        (
            "meta_ig", 7, 0,
            {"different_page": "foreign_account", "invalid_urn": "bad_id",
             "no_entries": "no_records", "no_messaging_entries": "no_records",
             "unknown_messaging_entry": "unsupported_event"},
        ),
    ],
)  # fmt: skip
def test_what_each_sample_becomes(folder: str, turns: int, statuses: int, expected: dict[str, str]):
    connector = MessengerConnector() if folder == "meta_fba" else InstagramConnector()
    refused: dict[str, str] = {}
    records: list[Any] = []
    for path in sorted((SHARED / "chat" / folder).glob("*.json")):
        if path.name.startswith("not_"):
            assert not connector.recognises(path.name, path.read_bytes())
            continue
        assert connector.recognises(path.name, path.read_bytes())
        found = read_file(connector, path)
        records += found
        refused |= dict.fromkeys([path.stem], reasons(found)[0]) if reasons(found) else {}
    assert refused == expected
    distinct = {
        (item.native_id, item.event_at, str(item.data)) for item in of_kind(records, "turn")
    }
    assert (len(distinct), len(of_kind(records, "status"))) == (turns, statuses)
