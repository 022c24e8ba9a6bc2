"""The shared features: rows independent of their neighbours, concepts in both languages."""

import numpy as np
import pytest

from enrichment import concepts, features, reading


def _rows(texts):
    units = [features.Unit(i, features.words_of(t)) for i, t in enumerate(texts)]
    return features.encode(units)


def test_a_row_does_not_depend_on_its_neighbours():
    texts = ["wifi mati lagi", "halo", "", "my parcel is late", "wifi mati"]
    together = _rows(texts).matrix
    for i, text in enumerate(texts):
        assert (together[i] != _rows([text]).matrix).nnz == 0


def test_blocks_have_the_same_length_whatever_the_text():
    matrix = _rows(["wifi", "wifi lemot banget di rumah saya dari kemarin malam"]).matrix
    words = matrix[:, : features.BLOCK_STARTS[1]].power(2).sum(axis=1)
    assert np.allclose(words, 1.0, atol=1e-5)


def test_word_order_matters_and_case_does_not():
    forward, backward = _rows(["not good"]).matrix, _rows(["good not"]).matrix
    assert (forward != backward).nnz > 0
    assert (_rows(["WIFI Mati"]).matrix != _rows(["wifi mati"]).matrix).nnz == 0


def test_every_feature_belongs_to_a_word_of_its_unit():
    encoded = _rows(["satu dua tiga", "", "empat"])
    owners = encoded.owners
    assert owners.min() == 0
    assert owners.max() == 3
    assert encoded.unit_starts[1] == encoded.unit_starts[2]


@pytest.mark.parametrize(
    ("word", "concept"),
    [("wifi", "network"), ("signal", "network"), ("tagihan", "bill"), ("invoices", "bill"),
     ("kurir", "parcel"), ("couriers", "parcel"), ("penipuan", "fraud"), ("scammed", "fraud")],
)  # fmt: skip
def test_concepts_meet_across_languages(word, concept):
    assert concept in concepts.of_word(word).names


@pytest.mark.parametrize(
    ("word", "polarity"), [("bagus", 1), ("great", 1), ("jelek", -1), ("awful", -1), ("meja", 0)]
)
def test_polarity(word, polarity):
    assert concepts.of_word(word).polarity == polarity


def test_negation_changes_the_features_of_polarity():
    plain, turned = _rows(["bagus"]).matrix, _rows(["tidak bagus"]).matrix
    start = features.BLOCK_STARTS[2]
    assert set(plain[:, start:].indices) != set(turned[:, start:].indices)


def test_a_long_text_is_also_read_in_windows_that_cover_it():
    text = "Saya sudah menunggu lama sekali di sini. " * 20
    read = reading.read([text, "halo"])
    inner = [read.encoded.units[u] for u in read.windows[0]]
    assert sum((u.words for u in inner), ()) == read.encoded.units[0].words
    assert read.windows[1] == (1,)
    assert all(len(u.words) <= 30 for u in inner)
