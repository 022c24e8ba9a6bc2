"""Rows kept for asking are never learned from; strangers are asked as `other`."""

import json

from enrichment.training import classifier_figures as figures


def test_a_split_keeps_every_row_once_and_asks_each_label():
    rows = [(f"text {n}", "abc"[n % 3]) for n in range(30)]
    learned, asked = figures._split(rows, 5, seed=1)
    assert sorted(learned + asked) == sorted(rows)
    assert {label for _, label in asked} == set("abc")
    assert len(asked) == 6


def test_strangers_are_never_learned(tmp_path):
    (tmp_path / "hint3").mkdir()
    lines = [f"question {n} of kind {n % 6},kind {n % 6}" for n in range(60)]
    content = "sentence,label\n" + "\n".join(lines) + "\n"
    (tmp_path / "hint3" / "shop_train.csv").write_text(content)
    learned, asked = figures.hint3("shop")(tmp_path)
    strangers = {text for text, label in asked if label == "other"}
    assert len(strangers) == 20
    assert not strangers & {text for text, _ in learned}
    assert not {text for text, _ in asked} & {text for text, _ in learned}


def test_the_figures_of_an_easy_taxonomy(tmp_path):
    rows = [
        (f"{start} {text}", label)
        for start in ("hi", "please", "kak", "min")
        for text, label in (
            ("card is lost", "card"),
            ("kartu hilang", "card"),
            ("parcel is late", "parcel"),
            ("paket belum sampai", "parcel"),
        )
    ]
    found = figures.measure((rows, [("kartu hilang dong", "card"), ("", "oos")]), tmp_path)
    assert found["accuracy"] == found["other_recall"] == 1.0
    assert json.dumps(found)
