"""A training file of any dialect; complaints name the file, the row and the remedy."""

import pytest

from enrichment import labelled_csv
from enrichment.labelled_csv import BadTrainingFile

ROWS = [("kartu hilang, tolong", "lost"), ('layar 5" pecah', "screen"), ("hi", "other")]


def _read(path, content):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return labelled_csv.read(path)


@pytest.mark.parametrize(
    "content",
    [
        'text,label\n"kartu hilang, tolong",lost\n"layar 5"" pecah",screen\nhi,other\n',
        'text;label\r\nkartu hilang, tolong;lost\r\nlayar 5" pecah;screen\r\nhi;oos\r\n',
        'label\ttext\nlost\tkartu hilang, tolong\nscreen\tlayar 5" pecah\nNO_NODES_DETECTED\thi\n',
        'id|text|label\n1|kartu hilang, tolong|lost\n2|layar 5" pecah|screen\n3|hi|Out of scope\n',
        '\ufeffText , Label,\n"kartu hilang, tolong", lost,\n"layar 5"" pecah",screen,\n\nhi,OTHER,\n',
        'sentence,intent\n"kartu hilang, tolong",lost\nlayar 5" pecah,screen\nhi,lainnya\n',
    ],
)
def test_every_dialect_reads_alike(tmp_path, content):
    # Every label once more, so that none stands alone.
    lines = content.splitlines(keepends=True)
    found = _read(tmp_path / "labels.csv", "".join([*lines, *lines[1:]]))
    assert list(zip(found.texts, found.labels, strict=True)) == ROWS * 2


def test_wide_characters_and_lines_within_a_text(tmp_path):
    content = 'text,label\n"satu\ndua",a\ntiga,a\nempat,b\nlima,b\n'.encode("utf-16")
    assert _read(tmp_path / "labels.csv", content).texts[0] == "satu\ndua"


def test_few_empty_rows_are_left_out_and_named(tmp_path):
    lines = ["text,label", *[f"text {n},{'ab'[n % 2]}" for n in range(100)], ",b", "alone,c"]
    found = _read(tmp_path / "labels.csv", "\n".join(lines))
    assert len(found.texts) == 101
    assert found.warnings == [
        "row 102: text or label is empty; the row was left out",
        "label 'c' has one row and was not judged",
    ]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('text,label\na,x\n"b,y\nc,x\nd,y\n', "row 3.*quotation mark"),
        (b"text,label\na,x\ncaf\xe9,y\n", "row 3 is not UTF-8"),
        ("text,label\nhi,other\nhello,oos\n", "two labels"),
        ("message\nhi\n", "row 1: no column 'label'|no column 'text'"),
    ],
)
def test_what_cannot_be_read(tmp_path, content, message):
    with pytest.raises(BadTrainingFile, match=message) as error:
        _read(tmp_path / "labels.csv", content)
    assert "labels.csv" in str(error.value)


def test_a_folder_is_no_file(tmp_path):
    with pytest.raises(BadTrainingFile, match="folder"):
        labelled_csv.read(tmp_path)


@pytest.mark.parametrize("label", ["others", "order", "outage", "none", "no_nodes"])
def test_ordinary_labels_stay(label):
    assert labelled_csv.in_scope_or_other(label) == label
