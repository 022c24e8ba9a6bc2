"""Spelling: slang, emphasis, doubled words, masks; places point into the given text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrichment.normalise import NORMALISE_VERSION, normalise, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Gak bisa login", "tidak bisa login"),
        ("ga nggak tdk enggak", "tidak tidak tidak tidak"),
        ("udh bgt yg", "sudah banget yang"),
        ("gabisa min", "tidak bisa admin"),
        ("makasih", "terima kasih"),
        ("pls helppp", "please help"),
        ("I can't", "i cannot"),
        ("don’t", "do not"),
        ("soooo goooood", "so good"),
        ("lamaaaa", "lama"),
        ("tiba2 jalan2", "tiba-tiba jalan-jalan"),
        ("@budi lihat https://contoh.test/a?b", "xxuser lihat xxurl"),
        ("Rp150.000 dan 5jt", "rp xxnumber dan xxnumber juta"),
        ("[PHONE] [PERSON]", "xxphone xxperson"),
        ("kapan?!!", "kapan ?"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_spelling(text, expected):
    assert normalise(text) == expected


def test_tokens_know_their_place():
    text = "Gabisa  login!!! [PHONE]"
    assert [(text[a:b], word) for a, b, word in tokens(text)] == [
        ("Gabisa", "tidak"),
        ("Gabisa", "bisa"),
        ("login", "login"),
        ("!!!", "!"),
        ("[PHONE]", "xxphone"),
    ]


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=80))
def test_tokens_and_text_agree(text):
    found = tokens(text)
    assert " ".join(word for _, _, word in found) == normalise(text)
    assert all(0 <= start < end <= len(text) for start, end, _ in found)
    assert [start for start, _, _ in found] == sorted(start for start, _, _ in found)


def test_version_names_code_and_lists():
    assert NORMALISE_VERSION.startswith("normalise-")
