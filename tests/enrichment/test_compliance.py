"""Rules on labelled agent turns, the opening notice, contact hours to the second, if-then."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from enrichment.compliance import Spoken, check
from enrichment.rulebook import bundled, load_all
from tests.enrichment.compliance_cases import CASES

JAKARTA = ZoneInfo("Asia/Jakarta")


def rules(turns, channel="chat", direction="inbound", books=None):
    found = check(turns, channel, direction, books or bundled())
    # Contacts that the marts count are no findings.
    return [finding.tag.tag for finding in found if finding.tag.family == "compliance"]


@pytest.mark.parametrize(("rule", "text"), CASES, ids=lambda value: str(value)[:60])
def test_labelled_agent_turns(rule, text):
    assert rules([Spoken(1, "agent", text)]) == ([rule] if rule else [])


def test_precision_and_recall_per_rule():
    gold, found, right = Counter(), Counter(), Counter()
    for rule, text in CASES:
        tags = set(rules([Spoken(1, "agent", text)]))
        found.update(tags)
        if rule:
            gold[rule] += 1
            right[rule] += rule in tags
    for rule in gold:
        assert right[rule] / gold[rule] >= 0.95, rule
        assert right[rule] / found[rule] >= 0.95, rule


def test_the_table_is_large_and_balanced():
    assert len(CASES) >= 120
    assert sum(rule is None for rule, _ in CASES) >= 50


@pytest.mark.parametrize("role", ["customer", "system"])
def test_only_the_company_breaks_rules(role):
    assert rules([Spoken(1, role, "Boleh minta kode OTP-nya?")]) == []


def test_evidence_is_the_words_themselves():
    text = "Selamat pagi. Boleh minta kode OTP yang masuk, Pak?"
    (finding,) = check([Spoken(4, "agent", text)], "chat", "inbound", bundled())
    assert finding.turn_no == 4
    assert text[finding.tag.start : finding.tag.end] == "minta kode OTP"
    assert finding.tag.rulebook_version.startswith("international-")


@pytest.mark.parametrize(
    ("texts", "missing"),
    [
        (["Selamat pagi", "Panggilan ini direkam untuk kualitas layanan"], False),
        (["Halo", "a", "b", "panggilan ini kami rekam"], True),
        (["Good morning", "This call may be recorded for training"], False),
        (["Good morning, how can I help?"], True),
        (["Please note that we record our calls"], False),
        (["Selamat siang, ada yang bisa dibantu?", "baik", "terima kasih"], True),
        ([], False),
    ],
)
def test_recording_notice(texts, missing):
    turns = [Spoken(place, "agent", text) for place, text in enumerate(texts)]
    assert ("recording_notice_missing" in rules(turns, "voice")) is missing
    assert "recording_notice_missing" not in rules(turns, "chat")


def test_a_notice_played_by_the_bot_counts():
    turns = [
        Spoken(0, "bot", "Percakapan ini akan direkam demi kualitas layanan."),
        Spoken(1, "agent", "Selamat pagi"),
    ]
    assert rules(turns, "voice") == []


@pytest.mark.parametrize(
    ("words", "missing"), [("Halo, ini Lila", True), ("we record calls", False)]
)
def test_a_call_that_only_the_bot_answered(words, missing):
    turns = [Spoken(0, "bot", words), Spoken(1, "customer", "halo"), Spoken(2, "bot", "paket apa?")]
    assert ("recording_notice_missing" in rules(turns, "voice")) is missing


def test_a_missing_notice_shows_the_opening_words():
    turns = [Spoken(0, "customer", "halo"), Spoken(1, "agent", "  Selamat pagi, saya bantu ya")]
    (finding,) = check(turns, "voice", "inbound", bundled())
    assert finding.turn_no == 1
    assert turns[1].text[finding.tag.start : finding.tag.end] == "Selamat pagi, saya bantu ya"


@pytest.mark.parametrize(
    ("clock", "breach"),
    [
        ("2026-03-04T07:59:59", True),
        ("2026-03-04T08:00:00", False),
        ("2026-03-04T12:30:00", False),
        ("2026-03-04T20:00:00", False),
        ("2026-03-04T20:00:01", True),
        ("2026-03-07T10:00:00", False),
        ("2026-03-08T10:00:00", True),
    ],
)
@pytest.mark.parametrize("text", ["Cicilan Bapak sudah jatuh tempo", "Your instalment is overdue"])
def test_contact_hours(clock, breach, text):
    moment = datetime.fromisoformat(clock).replace(tzinfo=JAKARTA).astimezone(UTC)
    turns = [Spoken(0, "agent", text, sent_at=moment)]
    assert ("outside_contact_hours" in rules(turns, direction="outbound")) is breach
    assert "outside_contact_hours" not in rules(turns, direction="inbound")


def test_contact_hours_concern_collection_only():
    night = datetime(2026, 3, 4, 23, tzinfo=JAKARTA)
    assert rules([Spoken(0, "agent", "Promo spesial hari ini", night)], direction="outbound") == []
    assert rules([Spoken(0, "agent", "Tagihan Bapak")], direction="outbound") == []


def test_disclosure_after_somebody_else_answers():
    turns = [
        Spoken(0, "agent", "Bisa bicara dengan Bapak [PERSON]?"),
        Spoken(1, "customer", "maaf saya adiknya, beliau lagi keluar"),
        Spoken(2, "agent", "Ini mengenai cicilan yang jatuh tempo"),
    ]
    assert rules(turns) == ["third_party_disclosure"]
    assert rules([turns[0], Spoken(1, "customer", "iya saya sendiri"), turns[2]]) == []


IF_THEN = """
rulebook: own
version: "1"
jurisdiction: ID
rules:
  - id: complaint_without_number
    title: A complaint is answered with its number
    severity: low
    legal: internal
    kind: if_then
    roles: [customer]
    within_turns: 2
    trigger:
      id: [mau|ingin komplain|mengadu]
      en: [file|make ...2 complaint]
    then:
      id: [nomor ...2 tiket*|laporan*]
      en: [ticket|case number]
"""


@pytest.mark.parametrize(
    ("answers", "breach"),
    [
        (["Baik", "Nomor tiketnya 123"], False),
        (["Baik", "Sebentar", "Nomor tiketnya 123"], True),
        (["Your case number is 5"], False),
        ([], False),
    ],
)
def test_if_then(tmp_path: Path, answers, breach):
    path = tmp_path / "own.yml"
    path.write_text(IF_THEN, "utf-8")
    turns = [Spoken(0, "customer", "Saya mau komplain")]
    turns += [Spoken(place, "agent", text) for place, text in enumerate(answers, 1)]
    found = rules(turns, books=load_all((path,)))
    assert found == (["complaint_without_number"] if breach else [])


def test_notice_within_seconds(tmp_path: Path):
    path = tmp_path / "own.yml"
    path.write_text(
        'rulebook: own\nversion: "1"\njurisdiction: X\nrules:\n  - {id: greet, title: t, severity: low,'
        " legal: l, kind: must_say, within_turns: 5, within_seconds: 10,"
        " phrases: {id: [selamat], en: [good morning]}}\n",
        "utf-8",
    )
    books = load_all((path,))
    late = [Spoken(0, "agent", "ya", seconds=3.0), Spoken(1, "agent", "selamat pagi", seconds=14.0)]
    early = [late[0], Spoken(1, "agent", "selamat pagi", seconds=13.0)]
    assert rules(late, books=books) == ["greet"]
    assert rules(early, books=books) == []


def test_order_of_time_zones_does_not_matter():
    moment = datetime(2026, 3, 4, 13, 0, 0, tzinfo=UTC)  # 20:00:00 in Jakarta
    text = "Tagihan Ibu menunggak"
    on_time = [Spoken(0, "agent", text, moment)]
    too_late = [Spoken(0, "agent", text, moment + timedelta(seconds=1))]
    assert rules(on_time, direction="outbound") == []
    assert rules(too_late, direction="outbound") == ["outside_contact_hours"]
