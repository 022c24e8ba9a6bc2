"""What people say: varied, styled, and with personal data exactly where the truth says."""

import re
from collections import Counter
from random import Random

import pytest

from ingestion.sample import bank, wording
from ingestion.sample.voice_parts import DISPOSITIONS
from warehouse.vocabulary import DRIVERS

SLOT = re.compile(r"\{[a-z_]+\}")


@pytest.mark.parametrize("driver", DRIVERS)
@pytest.mark.parametrize("language", ["id", "en"])
def test_phrase_banks_are_deep_enough(driver, language):
    lines = [
        line for item in bank.load().situations[driver] for line in item.data[language]["problem"]
    ]
    assert len(set(lines)) >= 25
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("driver", DRIVERS)
def test_situations_are_complete(driver):
    for item in bank.load().situations[driver]:
        assert len(item.data["mix"]["problem"]) >= 3
        for language in ("id", "en"):
            for kind in ("problem", "detail", "probe", "fix"):
                assert item.data[language][kind], (item.name, language, kind)
            for pair in item.data[language]["probe"]:
                assert len(pair) >= 2 and all(isinstance(text, str) for text in pair)


def test_customer_texts_do_not_repeat(default):
    texts = [
        turn["text"]
        for turn in default.turns
        if turn["role"] == "customer" and len(turn["text"].split()) > 5
    ]
    assert len(texts) > 4_000
    assert len(set(texts)) / len(texts) >= 0.85


def test_first_words_of_problems_are_almost_all_different(default):
    first: dict[str, str] = {}
    for turn in default.turns:
        if turn["role"] == "customer" and len(turn["text"].split()) > 8:
            first.setdefault(turn["interaction"], turn["text"])
    assert len(set(first.values())) / len(first) > 0.97


def test_no_slot_or_alternative_is_left_open(sample):
    for turn in sample.turns:
        assert not SLOT.search(turn["text"]), turn["text"]
        assert "[" not in turn["text"] and "|" not in turn["text"], turn["text"]
        assert turn["text"].strip(), turn


def test_informal_indonesian_and_english_occur(default):
    words = Counter(
        word
        for turn in default.turns
        if turn["role"] == "customer"
        for word in re.findall(r"[a-z']+", turn["text"].lower())
    )
    for word in ("gak", "nggak", "ga", "bgt", "udh", "blm", "min", "kak", "gan", "pls", "thx"):
        assert words[word] >= 5, word
    assert any(re.search(r"([a-z])\1\1", word) for word in words)


def test_personal_data_really_occurs_where_the_truth_says(sample):
    text = {(turn["interaction"], turn["turn"]): turn["text"] for turn in sample.turns}
    assert sample.pii
    for row in sample.pii:
        assert row["text"] in text[row["interaction"], row["turn"]], row["type"]


def test_every_secret_that_is_said_is_a_canary(sample):
    canaries = set((sample.summary.truth / "canaries.txt").read_text("utf-8").splitlines())
    assert "" not in canaries
    assert all(len(value) >= 9 for value in canaries)
    for row in sample.pii:
        if row["type"] not in ("PERSON", "ADDRESS", "CVV"):
            assert row["text"] in canaries


def test_breaches_stand_in_turns_of_the_company(sample):
    role = {(turn["interaction"], turn["turn"]): turn["role"] for turn in sample.turns}
    for row in sample.breaches:
        assert role[row["interaction"], row["turn"]] in ("agent", "bot")


def test_calls_without_the_breach_begin_with_a_recording_notice(default):
    missing = {
        row["interaction"] for row in default.breaches if row["rule"] == "recording_notice_missing"
    }
    opening: dict[str, str] = {}
    for turn in default.turns:
        if turn["turn"] < 2 and turn["role"] != "customer":
            key = turn["interaction"]
            opening[key] = opening.get(key, "") + turn["text"].lower()
    calls = [row for row in default.interactions if row["channel"] == "voice" and row["turns"]]
    for row in calls:
        key = row["natives"][0]
        said = "rekam" in opening[key] or "recorded" in opening[key]
        assert said == (key not in missing), opening[key]


def test_churn_marks_agree_with_the_interaction(sample):
    marks: dict[str, set[str]] = {}
    for turn in sample.turns:
        marks.setdefault(turn["interaction"], set()).update(turn["marks"])
    for row in sample.interactions:
        said = marks.get(row["natives"][0], set())
        assert row["asks_human"] == ("asks_human" in said)
        if "churn_explicit" in said:
            assert row["churn"] == "explicit"


@pytest.mark.parametrize(
    ("template", "possible"),
    [
        ("mati [total|]", {"mati total", "mati"}),
        ("[a|[b|c]]", {"a", "b", "c"}),
        ("tanpa pilihan .", {"tanpa pilihan."}),
    ],
)
def test_alternatives(template, possible):
    rng = Random(1)
    assert {wording.expand(template, rng) for _ in range(60)} == possible


def test_style_never_touches_slots():
    rng = Random(3)
    text = "Tolong hubungi {phone} atau {email} sekarang, Kak."
    for _ in range(300):
        styled = wording.swap_words(text, {"phone": ["x"], "tolong": ["tlg"]}, 0.9, 0.5, rng)
        styled = wording.casual_marks(styled, rng)
        styled = wording.stretch(styled, frozenset({"sekarang", "phone"}), 0.9, rng)
        assert "{phone}" in styled and "{email}" in styled
        assert "{PHONE}" in wording.shout("{phone}").upper()


def test_outcomes_have_a_disposition():
    assert set(DISPOSITIONS) == {"solved", "escalated", "stuck"}
