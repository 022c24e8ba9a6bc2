"""Product feedback: what is found in both languages, what is left alone, what it costs."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment import feedback
from enrichment.feedback_words import FILE

SAID = [
    ("Aplikasinya error terus sejak kemarin.", ["app.problem"]),
    ("The app keeps crashing since the update.", ["app.problem"]),
    ("internet di rumah lemot bgt", ["internet.problem"]),
    ("No excuse, my connection is slow again", ["internet.problem"]),
    ("Tagihannya dobel, padahal teknisinya ramah", ["billing.problem", "field_staff.praise"]),
    (
        "The bill is wrong but the technician was friendly",
        ["billing.problem", "field_staff.praise"],
    ),
    ("Pelayanannya bagus, terima kasih", ["support.praise"]),
    ("Excellent service, thank you!", ["support.praise"]),
    ("sinyalnya nggak stabil", ["mobile_signal.problem"]),
    ("The courier was not helpful", ["delivery.problem"]),
    ("Semoga aplikasinya ada mode gelap", ["app.wish"]),
    ("Please add a dark mode to the app", ["app.wish"]),
    ("It would be nice if the app was faster", ["app.wish"]),
    ("tolong tambahin fitur bayar bareng", ["app.wish"]),
    ("kurirnya ramah. tagihannya salah", ["delivery.praise", "billing.problem"]),
    ("kadang suka hilang sinyal", ["mobile_signal.problem"]),
    ("all is great but the signal is bad", ["mobile_signal.problem"]),
    ("semua bagus tapi sinyalnya jelek", ["mobile_signal.problem"]),
    ("kapan ada promo cashback lagi", ["promo.wish"]),
    ("OTP doesn't arrive", ["account.problem"]),
    ("harganya ramah di kantong", ["price.praise"]),
    ("uang belum kembali, CS-nya ramah", ["payment.problem", "support.praise"]),
    ("The agent was patient about my refund", ["support.praise"]),
    ("Great app, I love it", ["app.praise"]),
]
UNSAID = [
    "halo min, mau tanya paket internet",
    "hi, quick question about my bill",
    "ada internet yang lebih cepat?",
    "is the app easy to use?",
    "internetnya tidak lemot",
    "the app is not slow",
    "tolong cepat kirim kurirnya",
    "kalau internet mati, lapor ke mana?",
    "aplikasi. lemot",
    "pesanan saya salah alamat",
    "bagus",
    "fast respon dong!",
    "semoga sukses layanannya",
    "udah sabar nunggu kurirnya",
    "butuh uangnya, udah sabar banget",
    "I have been patient with my refund",
    "Great, I'll check the website then",
    "Bagus, nanti saya coba aplikasinya",
    "sinyalnya tidak ada masalah",
    "Padahal internet kencang",
    "Nothing wrong with the signal",
    "",
]


@pytest.mark.parametrize(("text", "tags"), SAID)
def test_what_is_said_about_what(text, tags):
    (found,) = feedback.predict([text])
    assert [tag.tag for tag in found] == tags
    for tag in found:
        assert 0.5 <= tag.score <= 1.0
        # The sentence shows it: product and opinion stand in the words of the tag.
        assert tag.tag in {again.tag for again in feedback.predict([text[tag.start : tag.end]])[0]}


@pytest.mark.parametrize("text", UNSAID)
def test_what_is_not_feedback(text):
    assert feedback.predict([text]) == [[]]


def test_both_languages_have_words_for_every_product_and_aspect():
    import yaml

    rules = yaml.safe_load(FILE.read_text("utf-8"))
    for kind in ("products", "aspects"):
        for name, languages in rules[kind].items():
            assert set(languages) == {"id", "en"} and all(languages.values()), name


@given(st.lists(st.sampled_from([text for text, _ in SAID] + UNSAID), min_size=1, max_size=6))
def test_texts_do_not_see_each_other(texts):
    assert feedback.predict(texts) == [feedback.predict([text])[0] for text in texts]


@pytest.mark.parametrize(
    "words", ["app error ", "app app app ", "error. ", "app error. ", "not good app "]
)
def test_hostile_texts_take_time_in_proportion(words):
    text = words * (100_000 // len(words))
    feedback.predict([text])
    began = time.process_time()
    (found,) = feedback.predict([text])
    assert time.process_time() - began < 0.2
    assert len(found) <= 3
