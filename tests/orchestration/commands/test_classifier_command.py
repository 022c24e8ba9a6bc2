"""`lakehouse classifier`: from a CSV to labels, and clear words when something is wrong."""

import json

import pytest

ROWS = [
    ("kartu saya hilang", "card"),
    ("my card is lost", "card"),
    ("kartu dicuri", "card"),
    ("card was stolen", "card"),
    ("paket belum sampai", "parcel"),
    ("where is my parcel", "parcel"),
    ("paket saya di mana", "parcel"),
    ("parcel has not arrived", "parcel"),
]


@pytest.fixture
def files(tmp_path):
    train = tmp_path / "labels.csv"
    train.write_text("text;label\n" + "".join(f"{t};{label}\n" for t, label in ROWS))
    return train, tmp_path / "model"


def _fit(call, files, *more):
    return call("classifier", "fit", "--train", str(files[0]), "--model", str(files[1]), *more)


def _predict(call, files, given):
    return call("classifier", "predict", "--model", str(files[1]), given=given)


def test_from_rows_to_labels(call, files):
    done = _fit(call, files, "--json")
    assert done.exit_code == 0
    report = json.loads(done.stdout)
    assert (report["rows"], report["labels"]) == (8, {"card": 4, "parcel": 4})
    assert report["model_sha256"][:12] in (files[1] / "classifier.md").read_text()
    given = '{"id": 1, "text": "kartu hilang kak"}\nnot json\n{"id": 3}\n{"id": 4, "text": ""}\n'
    done = _predict(call, files, given)
    assert done.exit_code == 1
    first, second, third, fourth = map(json.loads, done.stdout.splitlines())
    assert (first["id"], first["label"]) == (1, "card")
    assert set(first) == {"id", "label", "score", "evidence", "version"}
    assert "not valid JSON" in second["error"]
    assert "text is missing" in third["error"]
    assert (fourth["id"], fourth["label"]) == (4, "other")


def test_in_words(call, files):
    done = _fit(call, files)
    assert "learned 2 labels from 8 rows" in done.stdout
    assert "accuracy" in done.stdout


def test_one_model_twice_is_the_same(call, files):
    first = json.loads(_fit(call, files, "--json").stdout)
    card = (files[1] / "classifier.md").read_text()
    assert json.loads(_fit(call, files, "--json").stdout) == first
    assert (files[1] / "classifier.md").read_text() == card


def test_a_bad_file_is_named(call, files):
    files[0].write_text("text,label\n,a\n")
    done = _fit(call, files)
    assert done.exit_code == 1
    assert "labels.csv row 2: text or label is empty" in done.stderr
    assert not files[1].exists()


def test_a_changed_model_is_refused(call, files):
    _fit(call, files)
    model = files[1] / "classifier.skops"
    model.write_bytes(model.read_bytes() + b"x")
    done = _predict(call, files, '{"id": 1, "text": "halo"}\n')
    assert done.exit_code == 1
    assert "differs from manifest.json" in done.stderr
    assert done.stdout == ""


def test_no_model_yet(call, files):
    done = _predict(call, files, "")
    assert done.exit_code == 1
    assert "manifest.json cannot be read" in done.stderr
