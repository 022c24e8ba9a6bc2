"""Effort in words: what customers name, and facts they had to give again; both languages."""

import pytest

from enrichment.compliance import Spoken
from enrichment.effort import observe
from enrichment.effort_words import words
from warehouse.vocabulary import EFFORT_SIGNS, REPEATED_FACTS

SAID = [
    ("Saya sudah tiga kali telepon soal ini", "contacted_before"),
    ("Ini sudah ketiga kalinya saya hubungi", "contacted_before"),
    ("Masih masalah yang kemarin, belum beres juga", "contacted_before"),
    ("Saya kemarin sudah lapor, belum ada kabar", "contacted_before"),
    ("It's about the same problem as before", "contacted_before"),
    ("I reported this last week and heard nothing", "contacted_before"),
    ("This is the third time I'm calling", "contacted_before"),
    ("I have called you twice already", "contacted_before"),
    ("Saya dilempar-lempar terus ke bagian lain", "passed_around"),
    ("Bolak-balik saya ke gerai", "passed_around"),
    ("I keep being passed around between teams", "passed_around"),
    ("Capek nunggunya, nunggu lama dari tadi", "long_wait"),
    ("I've been on hold for 40 minutes", "long_wait"),
    ("Prosesnya ribet banget", "complicated"),
    ("This is way too complicated", "complicated"),
    ("Kan tadi sudah saya sebutkan nomornya", "told_again"),
    ("Saya harus jelaskan lagi dari awal", "told_again"),
    ("I already told you my number", "told_again"),
    ("Why do I have to explain everything again", "told_again"),
]
SILENT = [
    "Terima kasih banyak, cepat sekali",
    "Saya mau tanya soal tagihan bulan ini",
    "Kapan teknisinya datang?",
    "Thank you, that was quick",
    "I would like to order the big package",
    "Please call me tomorrow",
    "I wrote down the times it happened",
    "",
]


def seen(*talk):
    turns = [Spoken(place, role, text) for place, (role, text) in enumerate(talk)]
    return [
        (
            finding.tag.tag,
            finding.turn_no,
            talk[finding.turn_no][1][finding.tag.start : finding.tag.end],
        )
        for finding in observe(turns)
    ]


@pytest.mark.parametrize(("text", "sign"), SAID)
def test_customers_name_their_effort(text, sign):
    assert sign in [tag for tag, _, _ in seen(("customer", text))]
    assert seen(("agent", text)) == []


@pytest.mark.parametrize("text", SILENT)
def test_nothing_said_is_nothing_seen(text):
    assert seen(("customer", text)) == []


ASKED_AGAIN = [
    ("phone", "Nomor saya [PHONE]", "Boleh disebutkan lagi nomor HP yang terdaftar?", "ya"),
    ("phone", "My number is [PHONE]", "Can I have your phone number again?", "Sure"),
    ("phone", "[PHONE]", "Boleh disebutkan nomor HP yang terdaftar?", "[PHONE]"),
    ("email", "Email saya [EMAIL]", "Mohon konfirmasi alamat emailnya?", "[EMAIL]"),
    ("email", "It is [EMAIL]", "Could you confirm your e-mail address?", "[EMAIL]"),
    ("name", "Saya [PERSON]", "Boleh dibantu nama lengkap sesuai registrasi?", "[PERSON]"),
    ("order", "Pesanan AB-123456", "Boleh disebutkan lagi nomor pesanannya?", "AB-123456"),
    ("order", "Order AB-123456", "What is your order number again?", "Hm"),
    ("problem", "Internet saya mati sejak pagi", "Boleh dijelaskan lagi kendalanya?", "Aduh"),
    ("problem", "My internet has been down", "Could you explain the problem again?", "Sigh"),
]


@pytest.mark.parametrize(("fact", "given", "question", "answer"), ASKED_AGAIN)
@pytest.mark.parametrize("asker", ["agent", "bot"])
def test_a_known_fact_asked_again_is_seen_with_both_quotes(fact, given, question, answer, asker):
    found = seen(("customer", given), (asker, question), ("customer", answer))
    tags = {tag: (turn, quote) for tag, turn, quote in found}
    assert tags[f"asked_again.{fact}"][0] == 1
    assert tags[f"asked_again.{fact}"][1] in question
    first_turn, first_quote = tags[f"first_given.{fact}"]
    assert first_turn == 0 and first_quote in given


@pytest.mark.parametrize(
    "talk",
    [
        # Asked for the first time.
        (
            ("customer", "Internet mati"),
            ("agent", "Boleh disebutkan nomor HP?"),
            ("customer", "[PHONE]"),
        ),
        # Known, but the customer did not have to say it again.
        (("customer", "[PHONE]"), ("agent", "Boleh disebutkan nomor HP?"), ("customer", "Sama")),
        # Another number, and somebody else's name.
        (
            ("customer", "Order AB-123456"),
            ("agent", "What is the order number?"),
            ("customer", "CD-987654"),
        ),
        (
            ("customer", "Saya belanja di [PERSON]"),
            ("agent", "Atas nama siapa ya?"),
            ("customer", "[PERSON]"),
        ),
        # Another fact.
        (
            ("customer", "[EMAIL]"),
            ("agent", "Can I have your phone number again?"),
            ("customer", "ok"),
        ),
        # Given, but no question.
        (("customer", "[PHONE]"), ("agent", "Terima kasih"), ("customer", "[PHONE]")),
        # "Anything else" is no repetition.
        (("customer", "[PHONE]"), ("agent", "Ada lagi yang bisa dibantu?"), ("customer", "Tidak")),
        (
            ("customer", "My internet has been down"),
            ("agent", "What if the problem happens again?"),
        ),
    ],
)
def test_careful_with_questions(talk):
    assert seen(*talk) == []


def test_each_question_counts_and_the_first_answer_is_shown_once():
    question = ("agent", "Can I have your phone number again?")
    found = [
        tag for tag, _, _ in seen(("customer", "[PHONE]"), question, ("customer", "hm"), question)
    ]
    assert found.count("asked_again.phone") == 2
    assert found.count("first_given.phone") == 1


def test_word_lists_cover_the_vocabulary():
    assert tuple(words().said) == EFFORT_SIGNS
    assert set(words().asks) == set(REPEATED_FACTS)
