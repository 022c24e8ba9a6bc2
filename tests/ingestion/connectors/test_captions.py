"""WebVTT and SRT: voices, prefixes, joined cues, notes and the date."""

from typing import Any

import orjson
import pytest

from ingestion.connectors.base import Limits, Payload
from ingestion.connectors.captions import CaptionsConnector, call_key
from tests.ingestion.connectors.reading_records import assert_sound, of_kind, reasons

CONNECTOR = CaptionsConnector()
JAKARTA = CaptionsConnector(recording_zone="Asia/Jakarta")
NAME = "calls/call-17_2026-03-02T09:00:00+07:00.vtt"
NOTE = "NOTE Date: 2026-03-02T09:00:00+07:00\n\n"


def cue(start: int, text: str, number: str = "") -> str:
    times = f"00:00:{start:02}.000 --> 00:00:{start + 2:02}.500 align:start"
    return f"{number}{times}\n{text}\n\n"


def read(text: str | bytes, name: str = NAME, reader: Any = CONNECTOR) -> list[Any]:
    raw = text if isinstance(text, bytes) else text.encode()
    context = orjson.dumps({"name": name}).decode()
    return list(reader.parse(Payload(raw, "document", context=context)))


def said(text: str, name: str = NAME) -> list[tuple[str, str]]:
    return [(t.data["role"], t.data["text"]) for t in of_kind(read(text, name), "turn")]


def facts(text: str, name: str = NAME, reader: Any = CONNECTOR) -> dict[str, Any]:
    return of_kind(read(text, name, reader), "interaction")[0].data


EXPECTED = [("agent", "Halo, ada yang bisa dibantu?"), ("customer", "Internet saya mati")]
HELLO, DEAD = (text for _, text in EXPECTED)
SRT = (
    "1\n00:00:00,000 --> 00:00:02,500\n- Agent: {}\n\n"
    "2\n00:00:03,000 --> 00:00:05,500\n- Customer: {}\n\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "WEBVTT\n\n" + cue(0, f"<v Agent>{HELLO}</v>") + cue(3, f"<v Customer>{DEAD}"),
        "WEBVTT\n\n" + cue(0, f"<v.loud Agent>{HELLO}</v>", "a1\n") + cue(3, f"<v Customer>{DEAD}"),
        "WEBVTT\n\n" + cue(0, f"<v Agent>{HELLO}</v>\n<v Customer>{DEAD}</v>"),
        "WEBVTT\n\n" + cue(0, f"Agen: {HELLO}") + cue(3, f"Pelanggan: {DEAD}"),
        "WEBVTT\n\n" + cue(0, f"[Agent]: {HELLO}\n[Customer]: {DEAD}"),
        "WEBVTT\n\n" + cue(0, "Agent: Halo, ada yang") + cue(3, "bisa dibantu?") + cue(9, f"Customer: {DEAD}"),
        "WEBVTT\n\n" + cue(0, f"<v Dimas>{HELLO}</v>") + cue(3, f"<v Rahayu>{DEAD}"),
        "WEBVTT\n\n" + cue(0, f"Dimas: {HELLO}") + cue(3, f"Rahayu: {DEAD}") + cue(9, "Dimas: Baik") + cue(12, "Rahayu: Ya"),
        "\ufeffWEBVTT - Panggilan\nKind: captions\n\nSTYLE\n::cue { color: red }\n\n"
        + cue(0, f"<v Agent><i>{HELLO}</i></v>") + cue(3, f"<v Customer><00:00:03.500><c>{DEAD}</c>"),
        SRT.format(HELLO, DEAD),
        SRT.format(HELLO, DEAD).replace("\n", "\r\n"),
    ],
)  # fmt: skip
def test_every_spelling_gives_the_same_turns(text: str):
    assert said(text)[:2] == EXPECTED


def test_offsets_and_moments():
    turns = of_kind(read("WEBVTT\n\n" + cue(3, f"<v Agent>{HELLO}")), "turn")
    assert (turns[0].data["start_seconds"], turns[0].data["end_seconds"]) == (3.0, 5.5)
    assert turns[0].data["sent_at"].isoformat() == "2026-03-02T02:00:03+00:00"
    hours = "WEBVTT\n\n01:02:03.004 --> 01:02:05.000\n<v Agent>x\n"
    assert of_kind(read(hours), "turn")[0].data["start_seconds"] == 3723.004


def test_entities_and_colons_inside_sentences():
    text = (
        "WEBVTT\n\n"
        + cue(0, "<v Agent>Tarif &lt; 10 &amp; gratis")
        + cue(9, "<v Agent>Catatan: ok")
    )
    assert said(text) == [("agent", "Tarif < 10 & gratis"), ("agent", "Catatan: ok")]
    once = "WEBVTT\n\n" + cue(0, "Agent: Halo") + cue(9, "Customer: Ini\nCatatan: penting")
    assert said(once)[1] == ("customer", "Ini Catatan: penting")


def test_cues_of_one_voice_are_joined_when_they_follow_closely():
    text = "WEBVTT\n\n" + "".join(cue(at, f"<v Agent>kata {at}") for at in (0, 3, 9))
    assert said(text) == [("agent", "kata 0 kata 3"), ("agent", "kata 9")]


def test_without_speakers_nobody_is_taken_for_the_agent():
    turns = of_kind(read("WEBVTT\n\n" + cue(0, HELLO) + cue(3, DEAD)), "turn")
    assert [turn.data["text"] for turn in turns] == [HELLO, DEAD]
    assert {turn.data["role"] for turn in turns} == {"customer"}
    assert turns[0].data["metadata"] == {"role_assumed": True, "speakers": "not separated"}


def test_names_are_told_to_the_redaction_but_roles_are_not():
    text = "WEBVTT\n\n" + cue(0, f"<v Agent>{HELLO}") + cue(3, f"<v Rahayu Contoh>{DEAD}")
    assert of_kind(read(text), "turn")[0].names == ("Rahayu Contoh",)


def test_notes_describe_the_call():
    notes = (
        "NOTE\nTanggal: 2026-03-02T09:00:00+07:00\nAgen: AG-7\nAntrean: tagihan\n"
        "Direction: outbound\nCustomer: +62 811 0000 001\nLanguage: id\n\n"
    )
    found = read("WEBVTT\n\n" + notes + cue(0, f"<v Agent>{HELLO}"), "calls/call-17.vtt")
    told = of_kind(found, "interaction")[0].data
    assert (told["agent_id"], told["queue"], told["direction"]) == ("AG-7", "tagihan", "outbound")
    assert told["started_at"].isoformat() == "2026-03-02T02:00:00+00:00"
    assert told["metadata"]["start_from"] == "note"
    assert of_kind(found, "handle")[0].data["handle"] == "+62 811 0000 001"


VTT = "WEBVTT\n\n" + cue(0, f"<v Agent>{HELLO}")


@pytest.mark.parametrize(
    ("name", "reader", "started", "precision"),
    [
        (NAME, CONNECTOR, "2026-03-02T02:00:00", "second"),
        ("call_20260302T0200_UTC.vtt", CONNECTOR, "2026-03-02T02:00:00", "minute"),
        ("call_20260302_090000.vtt", JAKARTA, "2026-03-02T02:00:00", "second"),
        ("2026/03/02/call-17.vtt", JAKARTA, "2026-03-01T17:00:00", "day"),
    ],
)
def test_the_name_dates_the_call(name: str, reader: Any, started: str, precision: str):
    told = facts(VTT, name, reader)
    assert told["started_at"].replace(tzinfo=None).isoformat() == started
    assert told["metadata"]["start_precision"] == precision
    turn = of_kind(read(VTT, name, reader), "turn")[0]
    assert (turn.data["sent_at"] is None) == (precision == "day")


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("a/call-17.vtt", "a/call-17"),
        ("a/call-17.id.vtt", "a/call-17"),
        ("a/20260302-0900-7.en.srt", "20260302-0900-7"),
        ("a/.vtt", "a/.vtt"),
        ("", None),
    ],
)
def test_the_name_is_the_key(name: str, key: str | None):
    assert call_key(name) == key


@pytest.mark.parametrize(
    ("name", "named"),
    [
        ("a/helpdesk-78812.id.vtt", ["helpdesk-78812.id.vtt", "helpdesk-78812.vtt"]),
        ("a/helpdesk-78812.wav.vtt", ["helpdesk-78812.wav.vtt", "helpdesk-78812.wav"]),
        ("helpdesk-78812.srt", ["helpdesk-78812.srt"]),
    ],
)
def test_captions_without_any_date_are_undated(name: str, named: list[str]):
    found = read(VTT, name)
    assert [record.event_at for record in found] == [None] * len(found)
    told = of_kind(found, "interaction")[0].data
    assert (told["started_at"], told["ended_at"], told["recordings"]) == (None, None, named)
    turn = of_kind(found, "turn")[0].data
    assert (turn["sent_at"], turn["start_seconds"]) == (None, 0.0)


@pytest.mark.parametrize(
    ("name", "plain", "zoned"),
    [(NAME, True, True), ("2026/03/02/x.vtt", False, True), ("x.vtt", False, False)],
)
def test_which_names_date_captions(name: str, plain: bool, zoned: bool):
    assert (CONNECTOR.dates_by_name(name), JAKARTA.dates_by_name(name)) == (plain, zoned)


def test_the_recording_beside_it_is_named():
    assert facts(VTT, "a/call-17_2026-03-02T02:00Z.vtt")["recordings"] == [
        "call-17_2026-03-02T02:00Z.vtt"
    ]


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        (VTT, "call_20260302_090000.vtt", "naive_time"),
        (VTT, "2026/03/02/call-17.vtt", "naive_time"),
        (VTT, "", "missing_field"),
        ("WEBVTT\n\nNOTE Date: 2026-03-02T09:00:00\n\n" + cue(0, "x"), "c.vtt", "naive_time"),
        ("WEBVTT\n\nNOTE Date: kemarin pagi sekali\n\n" + cue(0, "x"), "c.vtt", "bad_time"),
        ("WEBVTT\n", NAME, "no_records"),
        ("WEBVTT\n\n00:00:0x.000 --> 00:00:02.000\nx\n", NAME, "bad_time"),
        ("WEBVTT\n\n00:00:05.000 --> 00:00:02.000\nx\n", NAME, "bad_time"),
        ("WEBVTT\n\nkata\ntanpa waktu\n", NAME, "bad_time"),
        (b"WEBVTT\n\n\xff\xfe", NAME, "bad_encoding"),
        ("WEBVTT\n\n" + cue(0, "<v Agent>" + "x" * 200_001), NAME, "text_too_long"),
    ],
)
def test_refusals_have_a_reason(text: Any, name: str, reason: str):
    assert reasons(read(text, name)) == [reason]


@pytest.mark.parametrize(
    "words", ["<" + "a" * 10**6, "<v " + " " * 10**6, "<v a" * 10**5, "&" * 10**6, "A:" * 10**5]
)
@pytest.mark.timeout(20)
def test_hostile_cues_take_linear_time(words: str):
    """A million letters take far below a second; one quadratic pattern would take hours."""
    assert_sound(read("WEBVTT\n\n" + cue(0, words)))


def test_the_size_is_bounded():
    small = CaptionsConnector(limits=Limits(payload_bytes=10))
    assert reasons(read(VTT, NAME, small)) == ["too_large"]


@pytest.mark.parametrize(
    ("head", "mine"),
    [
        (b"WEBVTT", True),
        (b"\xef\xbb\xbfWEBVTT - x\n", True),
        (b"WEBVTTX", False),
        (SRT.encode(), True),
        (b"1\r\n00:00:00,000 --> 00:00:01,000\r\nx", True),
        (b"1\n2\n3\n", False),
        (b"1\nFrom 00:00:00,000 --> 00:00:01,000", False),
        (b"", False),
        (b"{}", False),
    ],
)
def test_recognition_is_by_content(head: bytes, mine: bool):
    assert CONNECTOR.recognises("call.vtt", head) is mine
    assert CONNECTOR.recognises("notes.txt", head) is mine
