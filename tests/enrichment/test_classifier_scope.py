"""Folds without twins, confidence from left-out labels, a threshold that spares right answers."""

import numpy as np
import pytest

from enrichment import classifier_model, classifier_scope, neighbours
from enrichment.classifier_scope import Scope

TOPICS = {
    "card": ["kartu saya hilang", "my card is lost", "kartu dicuri orang", "card got stolen"],
    "app": ["aplikasi tidak bisa dibuka", "the app crashes", "aplikasi error terus", "app is slow"],
    "fee": ["biaya admin berapa", "how much is the fee", "kenapa ada biaya", "strange fee charged"],
    "loan": ["mau ajukan pinjaman", "apply for a loan", "pinjaman ditolak", "loan interest rate"],
    "parcel": ["paket belum sampai", "parcel not arrived", "paket rusak", "where is my parcel"],
    "other": ["siapa presiden", "tell me a joke", "resep soto enak", "play some music"],
}
ROWS = [(text, label) for label, texts in TOPICS.items() for text in texts]


@pytest.fixture(scope="module")
def learned():
    texts, truth = [text for text, _ in ROWS], np.array([label for _, label in ROWS])
    given = classifier_model.read(texts)
    known = classifier_scope.cross_validated(given, truth, texts)
    strange = classifier_scope.strangers(given, truth)
    return given, truth, known, strange


def test_every_row_is_asked_once_and_strangers_are_never_right(learned):
    _, truth, known, strange = learned
    assert sorted(known.rows.tolist()) == list(range(len(ROWS)))
    assert len(strange.rows)
    assert not (strange.guess == truth[strange.rows]).any()
    assert "other" not in set(known.guess) | set(strange.guess)


def test_twins_share_a_fold():
    texts = ["Kartu hilang!", "kartu hilang 2", "a", "b", "c", "d"]
    folds = classifier_scope._folds(texts, np.array(["x", "x", "x", "x", "y", "y"]))
    assert folds[0] == folds[1]
    assert set(folds.tolist()) <= {0, 1, 2}


def test_a_label_of_twins_is_divided_all_the_same():
    folds = classifier_scope._folds(["halo 1", "halo 2", "halo 3"], np.array(["x"] * 3))
    assert len(set(folds.tolist())) > 1


def test_confidence_parts_known_from_strange(learned):
    _, truth, known, strange = learned
    scope = classifier_scope.fit(known, strange, truth)
    right = known.guess == truth[known.rows]
    inside = scope.confidence(known.signals[right])
    assert inside.mean() > scope.confidence(strange.signals).mean()
    assert 0 <= scope.threshold <= 1


def test_the_threshold_spares_right_answers():
    inside, outside = np.linspace(0, 1, 100) ** 0.5, np.linspace(0, 1, 100) ** 2
    strict = classifier_scope._threshold(inside, outside, 0.3)
    mild = classifier_scope._threshold(inside, outside, 0.01)
    assert mild < strict
    assert (inside < mild).mean() <= 0.02


def test_confidence_is_a_probability():
    scope = Scope(np.array([1.0, 0, 0, 0, 0, 0]), 0.5)
    found = scope.confidence(np.array([[-9.0, 0, 0, 0, 0], [9.0, 0, 0, 0, 0]]))
    assert 0 < found[0] < 0.01 < 0.99 < found[1] < 1


def test_a_packed_machine_scores_alike(learned):
    given, truth, _, _ = learned
    encoded = classifier_model.weigh(given, classifier_model.rarity(given.features.matrix))
    machine = classifier_model.learn(encoded, truth)
    again = classifier_model.unpacked(classifier_model.packed(machine))
    np.testing.assert_allclose(machine.scores(encoded), again.scores(encoded), atol=0.05)


def test_the_nearest_texts_vote():
    dense = np.eye(4, dtype=np.float32)
    near = neighbours.remember(dense, np.array([0, 1, 1, 0]))
    votes = near.votes(dense[[1]], 2)
    assert votes[0].argmax() == 1
    assert votes[0].sum() == pytest.approx(1, abs=1e-3)
    assert not near.votes(np.zeros((1, 4), np.float32), 2).any()


def test_of_a_very_large_file_an_even_part_is_kept():
    dense = np.zeros((50_000, 2), np.float32)
    near = neighbours.remember(dense, np.arange(50_000))
    assert len(near.labels) == 20_000
    assert near.labels[0] == 0
    assert near.labels[-1] == 49_999
