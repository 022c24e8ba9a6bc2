"""Language of a turn: Indonesian, English, mixed, neither; the deciding words are shown."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrichment.language import detect, predict
from warehouse.vocabulary import LANGUAGES

SHARED = Path(__file__).parents[2].parent / "shared" / "data"

TABLE = {
    "id": [
        "Internet saya mati dari kemarin",
        "gak bisa login min",
        "makasih kak",
        "siap",
        "order saya belum sampai",
        "saya mau cancel subscription",
        "sinyal lemot bgt nih",
        "udh transfer tp blm masuk",
        "tolong dibantu ya",
        "thank you min, sudah bisa login lagi",
        "drivernya minta cancel terus, voucher saya hangus",
        "saya sudah kirim lewat direct message kemarin",
        "Selamat pagi, ada yang bisa kami bantu?",
    ],
    "en": [
        "My wifi is down again",
        "thanks",
        "can you check my order",
        "I would like to close my account",
        "good morning",
        "a late fee of Rp 20.000 showed up on my bill",
        "our shop in Bandung has had no coverage since Friday",
        "why was I charged twice?",
        "pls help, app keeps crashing",
        "my order from Los Angeles went to el Paso",
    ],
    "mix": [
        "kak my order belum sampai, please check",
        "I already paid tapi status masih pending",
        "The driver cancelled my order, kecewa banget sih",
        "bisa tolong jelasin the difference between plan A and plan B?",
    ],
    "other": [
        "😀",
        "12345",
        "",
        "[PHONE]",
        "こんにちは",
        "Ich möchte meinen Vertrag kündigen",
        "bonjour, je n'ai pas reçu ma commande",
        "quiero cancelar mi cuenta por favor",
        "hola, mi tarjeta no funciona",
        "nasaan na ang order ko",
        "waar is mijn pakket",
    ],
}


@pytest.mark.parametrize(
    ("label", "text"), [(label, text) for label, texts in TABLE.items() for text in texts]
)
def test_table(label, text):
    assert detect([text])[0][0] == label


def test_nothing_to_read_scores_low():
    assert [score for _, score, _ in detect(["", "😀", "0812"])] == [0.0, 0.0, 0.0]


def test_evidence_of_mixed_text_spans_both_languages():
    text = "I already paid tapi status masih pending"
    ((label, _, (start, end)),) = detect([text])
    assert label == "mix"
    assert "tapi" in text[start:end] and "I" in text[start:end]


@settings(max_examples=200, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_any_text(texts):
    found = detect(texts)
    assert found == [detect([text])[0] for text in texts]
    for text, (label, score, (start, end)) in zip(texts, found, strict=True):
        assert label in LANGUAGES
        assert 0.0 <= score <= 1.0
        assert 0 <= start <= end <= len(text)


def test_tags():
    (tag,) = predict(["halo min"])
    assert (tag.family, tag.tag) == ("language", "id")
    assert tag.detector_version.startswith("language-")


@pytest.mark.skipif(not SHARED.exists(), reason="development data is not here")
def test_held_out_kinds():
    # Held out from the fit by the same seeded split.
    from enrichment import model_files
    from enrichment.training.language import corpora, measure, split

    held = {kind: split(lines)[1][:300] for kind, lines in corpora(SHARED).items()}
    shares = measure(model_files.released("language"), held)
    assert shares["id_slang"] >= 0.93
    assert min(shares["en_banking"], shares["en_assistant"], shares["id_reviews"]) >= 0.98
