"""Equal models give equal bytes, and skops itself can read them."""

import numpy as np
import pytest
import skops.io
from sklearn.linear_model import LogisticRegression

from enrichment import skops_reader, skops_writer


def _model(value=1.0):
    rows, truth = np.array([[0.0], [1.0], [2.0], [3.0]]), np.array(["a", "a", "b", "b"])
    return {
        "classifier": LogisticRegression().fit(rows, truth),
        "columns": np.arange(3),
        "names": ["a", "b"],
        "settings": {"value": value, "note": None},
    }


def test_equal_content_equal_bytes():
    kept = [_model() for _ in range(3)]
    assert len({skops_writer.dumps(model) for model in kept}) == 1


@pytest.mark.parametrize("value", [2.0, -1.0])
def test_other_content_other_bytes(value):
    assert skops_writer.dumps(_model(value)) != skops_writer.dumps(_model())


def test_both_readers_understand_it():
    content = skops_writer.dumps(_model())
    ours, theirs = skops_reader.read(content), skops.io.loads(content)
    assert ours["settings"] == theirs["settings"] == {"value": 1.0, "note": None}
    np.testing.assert_array_equal(ours["classifier"].coef_, theirs["classifier"].coef_)
    np.testing.assert_array_equal(ours["columns"], np.arange(3))


def test_one_array_held_twice_is_stored_once_or_twice_but_equal():
    shared = np.arange(4)
    found = skops_reader.read(skops_writer.dumps({"first": shared, "second": shared}))
    np.testing.assert_array_equal(found["first"], found["second"])
