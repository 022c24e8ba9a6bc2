"""What every head owes every text: evidence inside it, the same answer alone or in a crowd."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrichment import churn, drivers, flags, reading, sentiment
from warehouse.vocabulary import CHURN_LEVELS, DRIVERS, FLAGS, SENTIMENTS

HEADS = [sentiment, drivers, churn, flags]
ODD_TEXTS = [
    "",
    " ",
    "...",
    "😡",
    "🇮🇩🇮🇩",
    "[PHONE]",
    "[PERSON] [EMAIL]",
    "İstanbul'da internet yok",
    "a" * 100_000,
    "mau berhenti langganan. " * 4_200,
    "\u0000\u200b\ufeff",
    "１２３ ﬁne ǅ",
    "محتاج مساعدة",
    "mau\nstop\tlangganan",
]
TEXTS = [
    *ODD_TEXTS[:8],
    "wifi mati terus, kalau begini saya pindah provider lain",
    "where is my parcel? I have written three times",
    "tolong sambungkan ke cs, mau upgrade paket",
    "Selamat pagi. Saya sudah lapor dua kali. Internet di rumah masih mati dan tidak ada teknisi "
    "yang datang. Padahal tagihan saya bayar tepat waktu setiap bulan lewat autodebet. Kalau minggu "
    "ini belum beres juga saya mau tutup akun saya. Mohon segera ditindaklanjuti. Terima kasih.",
]


def _tags(result):
    """All tags of one text, whatever the head returns for it."""
    if result is None:
        return []
    return result if isinstance(result, list) else [result]


@pytest.mark.parametrize("head", HEADS)
def test_evidence_lies_inside_the_text_and_says_something(head):
    for text, result in zip(TEXTS, head.predict(TEXTS), strict=True):
        for tag in _tags(result):
            assert 0 <= tag.start <= tag.end <= len(text)
            assert tag.start < tag.end or not text.strip()
            assert 0.0 <= tag.score <= 1.0
            assert text[tag.start : tag.end].strip() or not text.strip()


@pytest.mark.parametrize("head", HEADS)
def test_a_batch_answers_as_each_text_alone(head):
    together = head.predict(TEXTS)
    reading._read.cache_clear()
    alone = [head.predict([text])[0] for text in TEXTS]
    assert together == alone


@pytest.mark.parametrize("head", HEADS)
def test_the_same_answer_twice(head):
    first = head.predict(TEXTS)
    reading._read.cache_clear()
    assert head.predict(TEXTS) == first


@pytest.mark.parametrize("head", HEADS)
@pytest.mark.parametrize("text", ODD_TEXTS, ids=lambda t: repr(t[:12]))
def test_odd_texts_survive(head, text):
    assert len(head.predict([text])) == 1


@pytest.mark.parametrize("head", HEADS)
def test_nothing_in_nothing_out(head):
    assert head.predict([]) == []


@pytest.mark.parametrize("head", HEADS)
def test_version_names_the_model_and_stands_on_every_tag(head):
    assert head.version() == head.version()
    for result in head.predict(TEXTS):
        for tag in _tags(result):
            assert tag.detector_version
            assert tag.detector


def test_tags_come_from_the_vocabulary():
    assert {t.tag for t in sentiment.predict(TEXTS)} <= set(SENTIMENTS)
    assert {t.tag for tags in drivers.predict(TEXTS) for t in tags} <= set(DRIVERS)
    assert {t.tag for t in churn.predict(TEXTS) if t} <= set(CHURN_LEVELS) - {"none"}
    assert {t.tag for tags in flags.predict(TEXTS) for t in tags} <= set(FLAGS)


def test_every_text_has_a_primary_driver_and_at_most_one_more():
    for tags in drivers.predict(TEXTS):
        assert 1 <= len(tags) <= 2
        assert [t.score for t in tags] == sorted((t.score for t in tags), reverse=True)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300))
def test_any_text_gives_spans_inside_it(text):
    for head in HEADS:
        for tag in _tags(head.predict([text])[0]):
            assert 0 <= tag.start <= tag.end <= len(text)


def test_spans_count_characters_of_the_given_text_not_of_its_lower_case():
    # The dotted capital I grows when lowered; offsets must not drift.
    text = "İİİİİ tolong tutup akun saya"
    tag = churn.predict([text])[0]
    assert tag is not None
    assert text[tag.start : tag.end] == "tolong tutup akun"
