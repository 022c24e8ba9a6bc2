"""The cheap look never changes what is found."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrichment import pii_gate, pii_names, pii_tagger, redaction
from enrichment.pii_spans import labelled, matches
from enrichment.redaction import detect, redact, search
from ingestion.sample.generate import generate
from tests.enrichment.pii_messages import MESSAGES
from tests.enrichment.redaction_cases import CASES

DATA = Path(__file__).parents[3] / "shared" / "data"
TEXTS = [case.text for case in CASES] + [message.text for message in MESSAGES]
WORDS = sorted({word for text in TEXTS for word in text.split()})
ODD = [
    "Mr.",
    "nama",
    "an.",
    "call me",
    "rojali",
    "Pagoda",
    "nol-dua",
    "satu",
    "dua",
    "at",
    "x.com",
    "[PHONE]",
    "oleh",
    ":",
    "im_rojali",
    "sama",
    "veronica",
]


def both_ways(text):
    known = pii_gate.look(text).known
    everything = pii_gate.Possible(numbers=True, names=True, introduced=True, known=known)
    return detect(text), search(text, (), everything)


@pytest.mark.parametrize("text", TEXTS)
def test_a_message_gives_the_same_with_and_without_the_look(text):
    looked, searched = both_ways(text)
    assert looked == searched


@settings(max_examples=600, deadline=None)
@given(st.lists(st.sampled_from(WORDS + ODD), max_size=9), st.sampled_from([" ", "\n", ", "]))
def test_words_in_any_order_give_the_same(words, glue):
    looked, searched = both_ways(glue.join(words))
    assert looked == searched


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60))
def test_any_text_gives_the_same(text):
    looked, searched = both_ways(text)
    assert looked == searched


@pytest.mark.parametrize(
    "text",
    [
        "paket saya belum sampai juga sampai sekarang",
        "tolong dibantu ya kak, aplikasi error terus",
        "where is my order, please check it at the store",
        "Kapan barang saya dikirim?",
        "one of my cards does not work",
        "[PERSON] belum bayar, hubungi [PHONE]",
    ],
)
def test_ordinary_messages_need_no_detector(text):
    possible = pii_gate.look(text)
    assert not possible.numbers
    assert not possible.names


@pytest.mark.parametrize(
    ("text", "numbers", "names"),
    [
        ("hubungi 0811 0000 0001", True, False),
        ("nol delapan satu satu", True, False),
        ("nol-delapan-satu-satu", True, False),
        ("rina at surel titik test", True, True),
        ("kata Budi sudah", False, True),
        ("nama saya rojali", False, True),
        ("pak rojali", False, True),
        ("sudah ditangani ^Rina", False, True),
    ],
)
def test_what_could_be_personal_is_looked_at(text, numbers, names):
    possible = pii_gate.look(text)
    assert (possible.numbers, possible.names) == (numbers, names)


def test_a_full_memory_is_emptied_and_answers_stay(monkeypatch):
    monkeypatch.setattr(pii_gate, "_MOST", 3)
    pii_gate._pieces.cache_clear()
    first = [redact(text) for text in TEXTS[:40]]
    assert [redact(text) for text in TEXTS[:40]] == first
    assert len(pii_gate._pieces()) <= 3


@pytest.fixture(scope="module")
def said(tmp_path_factory):
    """What is said in a small sample."""
    folder = tmp_path_factory.mktemp("sample")
    generate(folder / "landing", seed=7, customers=20, interactions=120, truth=folder / "truth")
    lines = (folder / "truth" / "turns.jsonl").read_text("utf-8").splitlines()
    return {json.loads(line)["text"] for line in lines}


def test_the_sample_gives_the_same(said):
    assert len(said) > 300
    for text in said:
        looked, searched = both_ways(text)
        assert looked == searched, text


@pytest.mark.skipif(not DATA.is_dir(), reason="the published sets are not here")
def test_published_texts_give_the_same():
    """Each text that the look lets pass unread holds nothing that the detectors would find."""
    files = sorted(path for path in DATA.rglob("*") if path.suffix in (".csv", ".inf", ".jsonl"))
    asked = 0
    for path in files:
        for line in path.read_text("utf-8", errors="replace").splitlines()[:6000:40]:
            looked, searched = both_ways(line[:800])
            assert looked == searched, path.name
            asked += 1
    assert asked > 500


@pytest.mark.parametrize("known", [True, False])
def test_cues_are_read_as_with_groups(known):
    """`labelled` finds what following the groups through the text does."""
    expression = pii_names._CUE if known else pii_names._CUE_STRICT
    for text in TEXTS:
        found = [(*m.span(), m.lastindex, *m.span(m.lastindex)) for m in matches(expression, text)]
        assert list(labelled(expression, text)) == found


def test_what_was_found_is_forgotten_with_the_model():
    text = "kata Mirzanov begitu"
    before = detect(text)
    nothing = {"columns": [], "weights": [], "intercept": [-99.0, -99.0]}
    with pii_tagger.applied(nothing):
        assert detect(text) == []
    assert detect(text) == before != []


def test_texts_often_said_are_few(monkeypatch):
    monkeypatch.setattr(redaction, "_MOST_TEXTS", 3)
    redaction._texts().clear()
    first = [detect(text) for text in TEXTS[:20]]
    assert [detect(text) for text in TEXTS[:20]] == first
    assert len(redaction._texts()) <= 3
