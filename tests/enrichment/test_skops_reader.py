"""The reader agrees with skops on what it accepts, and refuses the rest by name."""

import zipfile

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC
from skops import io

from enrichment import model_files, skops_reader

PLAIN = [
    {},
    {"none": None, "yes": True, "count": 3, "share": 0.25, "word": "halo kak 😊"},
    {"nested": {"implied": 0.8, "explicit": 0.9}, "list": ["id", "en", 1, None]},
]
UNTRUSTED = [print, LinearSVC(), {1, 2}, object, np.random.default_rng(1), (1, 2)]


@pytest.mark.parametrize("value", PLAIN)
def test_plain_values_return_as_they_were(value):
    assert skops_reader.read(io.dumps(value)) == value


@pytest.mark.parametrize(
    "array", [np.arange(6.0).reshape(2, 3), np.array(["a", "bé"]), np.zeros(0)]
)
def test_arrays_keep_shape_type_and_content(array):
    found = skops_reader.read(io.dumps({"array": array}))["array"]
    assert found.dtype == array.dtype
    assert np.array_equal(found, array)


def test_an_estimator_becomes_its_attributes():
    model = LogisticRegression().fit([[0.0, 1.0], [1.0, 0.0], [2.0, 0.0]], ["no", "yes", "yes"])
    found = skops_reader.read(io.dumps({"classifier": model}))["classifier"]
    assert np.array_equal(found.coef_, model.coef_)
    assert found.classes_.tolist() == ["no", "yes"]
    assert found.C == model.C


@pytest.mark.parametrize("value", UNTRUSTED, ids=lambda v: type(v).__name__)
def test_other_types_are_refused(value):
    with pytest.raises(skops_reader.Untrusted):
        skops_reader.read(io.dumps({"value": value}))


@pytest.mark.parametrize("content", [b"", b"PK\x05\x06", b"not a zip"])
def test_other_bytes_are_no_model(content):
    with pytest.raises((zipfile.BadZipFile, KeyError)):
        skops_reader.read(content)


@pytest.mark.parametrize("path", sorted(model_files.MODELS.glob("*.skops")), ids=lambda p: p.stem)
def test_released_files_read_as_skops_reads_them(path):
    content = path.read_bytes()
    ours, theirs = skops_reader.read(content), io.loads(content, trusted=[])
    assert ours.keys() == theirs.keys()
    for key, value in theirs.items():
        if key == "classifier":
            assert np.array_equal(ours[key].coef_, value.coef_)
            assert np.array_equal(ours[key].intercept_, value.intercept_)
        elif isinstance(value, np.ndarray):
            assert np.array_equal(ours[key], value)
        else:
            assert ours[key] == value
