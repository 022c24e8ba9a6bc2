"""Every kind of rule on small conversations: what breaks it, what does not, at the very edge."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from enrichment.compliance import Spoken, check
from enrichment.contact_rules import for_marts
from enrichment.rulebook import load

START = datetime(2026, 3, 4, 3, tzinfo=UTC)
HEAD = 'rulebook: own\nversion: "1"\njurisdiction: ID\nrules:\n'
RULE = "  - id: {id}\n    title: A title\n    severity: low\n    legal: Company policy\n"


def book(tmp_path, *bodies):
    text = HEAD
    for number, body in enumerate(bodies):
        text += RULE.format(id=f"r{number}") + "".join(f"    {line}\n" for line in body.split("\n"))
    path = tmp_path / "own.yml"
    path.write_text(text, "utf-8")
    return load(path)


def talk(*turns, step=10.0, clock="seconds"):
    """Turns as `role: text`, one every `step` seconds, by the call's clock or by sending times."""
    said = []
    for place, line in enumerate(turns):
        role, _, text = line.partition(": ")
        at = START + timedelta(seconds=place * step) if clock == "sent" else None
        seconds = place * step if clock == "seconds" else None
        said.append(Spoken(place, role, text, at, seconds))
    return said


def found(own, turns, channel="chat", direction="inbound"):
    texts = {turn.turn_no: turn.text for turn in turns}
    return [
        texts[finding.turn_no][finding.tag.start : finding.tag.end]
        for finding in check(turns, channel, direction, [own])
    ]


SAID = "kind: phrase\nroles: [customer, agent]\nphrases: {id: [salah ...2 tagih], en: [wrong bill]}"
NEAR = (
    "kind: proximity\nwithin_words: 2\nphrases: {id: [gratis], en: [free]}\n"
    "near: {id: [biaya|bunga], en: [fee|interest]}\nunless: {id: [tidak], en: [not]}"
)


@pytest.mark.parametrize(
    ("body", "line", "words"),
    [
        (SAID, "customer: kalian salah terus tagih saya", ["salah terus tagih"]),
        (SAID, "agent: maaf salah tagih", ["salah tagih"]),
        (SAID, "bot: salah tagih", []),
        (SAID, "customer: salah. Jangan tagih", []),
        (SAID, "customer: the wrong bill again", ["wrong bill"]),
        (NEAR, "agent: bunga nol alias gratis", ["bunga nol alias gratis"]),
        (NEAR, "agent: gratis semua biaya", ["gratis semua biaya"]),
        (NEAR, "agent: biaya satu dua tiga gratis", []),
        (NEAR, "agent: tidak gratis biaya", []),
        (NEAR, "agent: biaya dua. Gratis ongkir", []),
        (NEAR, "agent: no fee it is free", ["fee it is free"]),
        (NEAR, "customer: free fee", []),
        ("kind: data_asked\nphrases: {id: [/nomor (ktp|nik)/], en: [/id number/]}",
         "agent: boleh minta Nomor KTP?", ["Nomor KTP"]),
        ("kind: data_exposed\nexposed: [NIK, BANK_ACCOUNT]",
         "agent: rekening [BANK_ACCOUNT] ya", ["[BANK_ACCOUNT]"]),
        ("kind: data_exposed\nexposed: [NIK, BANK_ACCOUNT]", "agent: nomor [PHONE] ya", []),
        ("kind: data_exposed\nexposed: [NIK]", "customer: NIK saya [NIK]", []),
    ],
)  # fmt: skip
def test_said(tmp_path, body, line, words):
    assert found(book(tmp_path, body), talk(line)) == words


AFTER = (
    "kind: must_not_say\nphrases: {id: [xxcard], en: [xxcard]}\n"
    "after: {id: [bukan saya], en: [not me]}\nphrases_after: {id: [utang], en: [debt]}"
)


BEFORE = "\nphrases_before: {id: [pinjaman telat], en: [late loan]}"


@pytest.mark.parametrize(
    ("window", "turns", "breach"),
    [
        ("", ["agent: soal utang", "customer: bukan saya"], False),
        ("", ["customer: bukan saya", *["agent: ya"] * 9, "agent: soal utang"], True),
        ("\nwithin_turns: 2", ["customer: bukan saya", "agent: ya", "agent: soal utang"], True),
        ("\nwithin_turns: 1", ["customer: bukan saya", "agent: ya", "agent: soal utang"], False),
        ("\nwithin_seconds: 20", ["customer: it is not me", "agent: ok", "agent: debt"], True),
        ("\nwithin_seconds: 19", ["customer: it is not me", "agent: ok", "agent: debt"], False),
    ],
)
def test_windows_after_what_the_customer_said(tmp_path, window, turns, breach):
    assert bool(found(book(tmp_path, AFTER + window), talk(*turns))) is breach


@pytest.mark.parametrize(
    ("body", "turns", "words"),
    [
        # Who said it: by default only the customer's words arm, with after_roles the agent's too.
        ("", ["agent: bukan saya. Soal utang"], []),
        ("\nafter_roles: [customer, agent]", ["agent: bukan saya. Soal utang"], ["utang"]),
        ("\nafter_roles: [customer, agent]", ["agent: soal utang. Bukan saya"], []),
        ("\nafter_roles: [customer, agent]", ["agent: bukan saya", "agent: soal utang"], []),
        # Said first, and then it turns out to whom.
        (BEFORE, ["agent: your late loan", "customer: it is not me"], ["late loan"]),
        (BEFORE, ["agent: your late loan", "customer: speaking"], []),
        (BEFORE, ["agent: your late loan", "agent: hello", "customer: it is not me"], ["late loan"]),
        (BEFORE, ["agent: your late loan", "customer: yes", "customer: it is not me"], []),
        (BEFORE, ["agent: your late loan"], []),
        # Cleared once, nothing counts any more.
        ("\ncleared_by: {id: [saya sendiri], en: [speaking]}",
         ["customer: it is not me", "customer: speaking", "agent: the debt"], []),
        ("\ncleared_by: {id: [saya sendiri], en: [speaking]}",
         ["customer: it is not me", "agent: the debt", "customer: speaking"], ["debt"]),
        ("\ncleared_by: {id: [saya sendiri], en: [speaking]}",
         ["customer: it is not me", "agent: speaking", "agent: the debt"], ["debt"]),
    ],
)  # fmt: skip
def test_what_both_speakers_said(tmp_path, body, turns, words):
    assert found(book(tmp_path, AFTER + body), talk(*turns)) == words


NUMBER = (
    "kind: if_then\nroles: [customer]\nwithin_turns: 2\ntrigger: {id: [komplain], en: [complaint]}\n"
    "then: {id: [nomor tiket*], en: [case number]}"
)


@pytest.mark.parametrize("clock", ["seconds", "sent"])
@pytest.mark.parametrize(
    ("window", "answers", "breach"),
    [
        ("", ["agent: baik", "agent: nomor tiketnya ada"], False),
        ("", ["agent: baik", "agent: ya", "agent: nomor tiketnya ada"], True),
        ("", [], False),
        ("\nwithin_seconds: 10", ["agent: your case number"], False),
        ("\nwithin_seconds: 9", ["agent: your case number"], True),
    ],
)
def test_if_then_within_turns_and_seconds(tmp_path, clock, window, answers, breach):
    turns = talk("customer: mau komplain", *answers, clock=clock)
    assert bool(found(book(tmp_path, NUMBER + window), turns)) is breach


def test_without_a_clock_nothing_is_late(tmp_path):
    turns = talk("customer: mau komplain", "agent: your case number", clock="none")
    assert found(book(tmp_path, NUMBER + "\nwithin_seconds: 1"), turns) == []


ORDER = (
    "kind: sequence\nfirst: {id: [nama ibu kandung], en: [confirm your name]}\n"
    "phrases: {id: [saldo anda], en: [your balance]}"
)


@pytest.mark.parametrize(
    ("extra", "turns", "words"),
    [
        ("", ["agent: confirm your name", "agent: your balance is fine"], []),
        ("", ["agent: your balance is fine", "agent: confirm your name"], ["your balance"]),
        ("", ["agent: please confirm your name, then your balance"], []),
        ("", ["agent: your balance, then confirm your name"], ["your balance"]),
        ("", ["customer: confirm your name", "agent: your balance"], ["your balance"]),
        ("", ["bot: sebutkan nama ibu kandung", "agent: saldo anda"], []),
        ("", ["agent: saldo anda", "agent: saldo anda lagi"], ["saldo anda"]),
        ("\nwithin_turns: 1", ["agent: confirm your name", "agent: ok", "agent: your balance"],
         ["your balance"]),
        ("\nwithin_seconds: 10", ["agent: confirm your name", "agent: your balance"], []),
        ("\nwithin_seconds: 9", ["agent: confirm your name", "agent: your balance"],
         ["your balance"]),
        ("\nfirst_roles: [customer]", ["customer: I confirm your name", "agent: your balance"], []),
    ],
)  # fmt: skip
def test_sequence(tmp_path, extra, turns, words):
    assert found(book(tmp_path, ORDER + extra), talk(*turns)) == words


HOURS = (
    'kind: contact_hours\ndirections: [outbound]\ntimezone: {zone}\nfrom: "08:00"\nto: "20:00"\n'
    "weekdays: [mon, tue, wed, thu, fri, sat]\nholidays: [2026-03-19]"
)


@pytest.mark.parametrize("zone", ["Asia/Jakarta", "Asia/Makassar", "America/New_York"])
@pytest.mark.parametrize(
    ("clock", "breach"),
    [
        ("2026-03-04T07:59:59", True),
        ("2026-03-04T07:59:59.999999", True),
        ("2026-03-04T08:00:00", False),
        ("2026-03-04T20:00:00", False),
        ("2026-03-04T20:00:00.000001", True),
        ("2026-03-04T20:00:01", True),
        ("2026-03-07T12:00:00", False),
        ("2026-03-08T12:00:00", True),  # a Sunday, and the day on which New York moves its clocks
        ("2026-03-19T12:00:00", True),
        ("2026-03-20T12:00:00", False),
    ],
)
def test_contact_hours_at_the_edge(tmp_path, zone, clock, breach):
    own = book(tmp_path, HOURS.format(zone=zone))
    at = datetime.fromisoformat(clock).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    turns = [Spoken(0, "agent", "  Halo Kak", at)]
    assert found(own, turns, direction="outbound") == (["Halo Kak"] if breach else [])
    assert found(own, turns) == []


COUNT = (
    "kind: contact_frequency\ndirections: [outbound]\ntimezone: Asia/Jakarta\nat_most: 3\n"
    "within_days: 7\ncampaigns: [collection]\ncontext: {id: [tagihan*], en: [overdue]}"
)


def test_what_the_marts_decide_is_tagged_as_a_contact_with_its_words(tmp_path):
    customers = HOURS.format(zone="Asia/Jakarta") + "\nzone_of: customer"
    own = book(tmp_path, COUNT, customers)
    turns = [Spoken(0, "agent", "Selamat pagi"), Spoken(1, "agent", "Tagihannya lewat", START)]
    done = check(turns, "voice", "outbound", [own])
    assert [(f.tag.family, f.tag.tag, f.turn_no) for f in done] == [
        ("contact", "r0", 1),
        ("contact", "r1", 0),
    ]
    assert {f.tag.rulebook_version for f in done} == {own.version}
    assert check(turns, "voice", "inbound", [own]) == []


def test_what_the_marts_must_know(tmp_path):
    customers = HOURS.format(zone="Asia/Jakarta") + "\nzone_of: customer"
    own = book(tmp_path, COUNT, customers, HOURS.format(zone="UTC"))
    counting, by_clock = for_marts([own]).to_pylist()
    assert (counting["rule_id"], counting["at_most"], counting["within_days"]) == ("r0", 3, 7)
    assert (counting["campaigns"], counting["opens"]) == (["collection"], None)
    assert (by_clock["weekdays"], str(by_clock["closes"])) == ([1, 2, 3, 4, 5, 6], "20:00:00")
    assert (by_clock["timezone"], by_clock["at_most"]) == ("Asia/Jakarta", None)
