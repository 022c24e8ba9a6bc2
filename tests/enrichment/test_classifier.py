"""A user's own taxonomy: learned from a CSV, honest about what it does not know."""

import csv
import random

import pytest

from enrichment import classifier, model_files
from enrichment.classifier import BadTrainingFile

SUBJECTS = {
    "seats": ["kursi dekat jendela", "pindah kursi", "window seat please", "change my seat",
              "kursi di lorong", "seat next to my wife", "pilih kursi", "extra legroom seat"],
    "luggage": ["bagasi hilang", "koper saya rusak", "my suitcase is missing", "lost luggage",
                "tambah bagasi 10 kilo", "bag did not arrive", "koper belum datang", "extra bag"],
    "meals": ["makanan vegetarian", "pesan makanan halal", "vegetarian meal", "nut allergy meal",
              "menu anak", "kids meal please", "makanan tanpa kacang", "order a hot meal"],
}  # fmt: skip
OPENINGS = ["halo", "min", "hi", "tolong", "please", "mau tanya", "kak", "good morning"]
STRANGE = ["siapa presiden", "tell me a joke", "cuaca hari ini", "how old are you", "wkwkwk",
           "what is the capital of france", "resep soto", "play some music"]  # fmt: skip


def _write(path, rows, header=("text", "label")):
    with path.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([header, *rows])
    return path


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("taxonomy")
    chooser = random.Random(5)
    rows = [
        (f"{chooser.choice(OPENINGS)} {phrase}", label)
        for label, phrases in SUBJECTS.items()
        for phrase in phrases
        for _ in range(3)
    ]
    rows += [(f"{opening} {text}", "other") for text in STRANGE for opening in OPENINGS[:2]]
    report = classifier.fit(_write(folder / "train.csv", rows), folder / "model")
    return folder / "model", report


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("boleh minta kursi jendela?", "seats"),
        ("my suitcase has not arrived", "luggage"),
        ("saya mau makanan vegetarian", "meals"),
        ("tell me another joke", "other"),
        ("", "other"),
    ],
)
def test_labels(trained, text, label):
    assert next(classifier.predict(trained[0], [{"text": text}]))["label"] == label


def test_the_report_tells_what_was_learned(trained):
    _, report = trained
    assert report.rows == 88
    assert report.labels == {"luggage": 24, "meals": 24, "other": 16, "seats": 24}
    assert 0 < report.macro_f1 <= 1
    assert 0 <= report.threshold <= 1


def test_other_keys_pass_through_and_evidence_lies_inside(trained):
    line = {"id": 7, "text": "hai kak, koper saya rusak parah"}
    found = next(classifier.predict(trained[0], [line]))
    assert found["id"] == 7
    assert 0 <= found["evidence"]["start"] < found["evidence"]["end"] <= len(line["text"])
    assert found["version"].startswith("classifier-")
    assert 0 <= found["score"] <= 1


def test_lines_are_answered_in_order_as_they_come(trained):
    lines = [{"text": f"pindah kursi {i}", "id": i} for i in range(1200)]
    answers = classifier.predict(trained[0], iter(lines))
    assert [a["id"] for a in answers] == list(range(1200))


def test_two_labels_are_enough(tmp_path):
    rows = [("wifi mati", "net"), ("internet down", "net"), ("bayar tagihan", "bill"),
            ("my bill is wrong", "bill")]  # fmt: skip
    classifier.fit(_write(tmp_path / "two.csv", rows), tmp_path / "model")
    assert next(classifier.predict(tmp_path / "model", [{"text": "internet mati"}]))["score"] > 0


def test_the_same_file_gives_the_same_model(tmp_path):
    rows = [(f"wifi mati {i}", "net") for i in range(5)] + [(f"tagihan {i}", "b") for i in range(5)]
    path = _write(tmp_path / "t.csv", rows)
    first = classifier.fit(path, tmp_path / "a")
    assert first.threshold == classifier.fit(path, tmp_path / "b").threshold


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "no column"),
        ("text,kind\nhalo,a\n", "no column 'label'"),
        ("text,label\nhalo,a\n,b\n", "row 3: text or label is empty"),
        ("text,label\nhalo\n", "row 2: text or label is empty"),
        ("text,label\nhalo,a\nhai,a\n", "two labels"),
        ("text,label\nhalo,a\nhai,a\nhey,b\n", "'b' has one row"),
    ],
)
def test_a_bad_file_is_named_with_row_and_remedy(tmp_path, content, message):
    path = tmp_path / "labels.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BadTrainingFile, match=message) as error:
        classifier.fit(path, tmp_path / "model")
    assert "labels.csv" in str(error.value)


def test_a_file_in_another_encoding_is_refused(tmp_path):
    path = tmp_path / "latin.csv"
    path.write_bytes("text,label\ncafé,a\n".encode("latin-1"))
    with pytest.raises(BadTrainingFile, match="UTF-8"):
        classifier.fit(path, tmp_path / "model")


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(BadTrainingFile, match="does not exist"):
        classifier.fit(tmp_path / "none.csv", tmp_path / "model")


def test_a_line_without_text_is_refused_by_number(trained):
    with pytest.raises(ValueError, match="line 2"):
        list(classifier.predict(trained[0], [{"text": "a"}, {"id": 3}]))


def test_a_tampered_model_is_refused(trained, tmp_path):
    for file in trained[0].iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    path = tmp_path / "classifier.skops"
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(model_files.ModelRefused, match="differs"):
        list(classifier.predict(tmp_path, [{"text": "halo"}]))
