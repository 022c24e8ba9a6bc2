"""Word vectors: near in meaning across both languages, nothing for unknown words."""

import numpy as np
import pytest

from enrichment import drivers, features, linear, word_vectors
from enrichment.training import word_vectors as making


def _vectors(*texts):
    return word_vectors.of_units(
        [features.Unit(i, features.words_of(text)) for i, text in enumerate(texts)]
    )


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        ("kartu saya hilang", "lost my card", "aplikasi lambat"),
        ("my parcel is late", "paket belum sampai", "what is my balance"),
        ("terima kasih banyak", "thanks a lot", "jaringan mati"),
    ],
)
def test_meaning_crosses_languages(text, near, far):
    found = _vectors(text, near, far)
    assert found[0] @ found[1] > found[0] @ found[2]


def test_length_is_one_or_nothing():
    found = _vectors("kartu hilang", "", "zqxv wqxk")
    assert np.linalg.norm(found, axis=1).round(4).tolist() == [1.0, 0.0, 0.0]
    assert found.shape == (3, word_vectors.size())
    assert _vectors().shape == (0, word_vectors.size())


def test_a_text_does_not_depend_on_its_neighbours():
    alone, together = _vectors("where is my card"), _vectors("", "halo", "where is my card", "")
    assert alone[0].tolist() == together[2].tolist()


def test_a_head_that_reads_meaning_gives_a_text_the_same_score_in_every_batch():
    texts = ["paket saya belum sampai", "halo", "", "where is my refund", "wifi mati terus " * 40]
    together = drivers.predict(texts)
    for text, tags in zip(texts, together, strict=True):
        assert drivers.predict([text]) == [tags]
        assert drivers.predict(["halo", text, "terima kasih"])[1] == tags


def test_a_head_that_reads_meaning_refuses_features_without_it():
    head = linear.released("drivers")
    units = [features.Unit(0, features.words_of("paket saya belum sampai"))]
    assert head.meaning is not None
    with pytest.raises(ValueError, match="word vectors"):
        head.logits(features.encode(units))
    assert linear.released("churn").meaning is None
    assert linear.released("churn").logits(features.encode(units)).shape == (1, 3)


def test_distilling_comes_near_the_encoder(tmp_path, monkeypatch):
    words = [f"word{chr(97 + n)}" for n in range(20)]
    chooser = np.random.default_rng(3)
    truth = chooser.normal(size=(20, 16))
    picks = [chooser.choice(20, 3, replace=False) for _ in range(300)]
    texts = [" ".join(words[n] for n in pick) for pick in picks]
    sentences = making._unit(np.array([truth[pick].sum(axis=0) for pick in picks]))
    file = tmp_path / "vectors.npz"
    given = {"words": chooser.normal(size=(20, 16)), "texts": sentences}
    np.savez(file, names=np.array(words), sentences=np.array(texts), **given)
    said = []
    monkeypatch.setattr(making._log, "info", lambda _, value: said.append(value))
    making.distil(file, tmp_path)
    assert said[0] > 0.9
    assert (tmp_path / "word_vectors.skops").exists()
