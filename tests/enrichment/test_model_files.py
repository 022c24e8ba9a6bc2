"""Model files: pinned, checked, refused when changed; the bundled ones small and in order."""

import hashlib
import json

import numpy as np
import pytest

from enrichment import model_files
from enrichment.model_files import ModelRefused


@pytest.fixture
def folder(tmp_path):
    model_files.save("tiny", {"weights": np.arange(4.0)}, tmp_path)
    return tmp_path


def test_what_was_saved_is_loaded(folder):
    assert model_files.load("tiny", folder)["weights"].tolist() == [0, 1, 2, 3]


def test_saving_pins_the_checksum_and_keeps_the_other_pins(folder):
    model_files.save("second", {"weights": np.zeros(1)}, folder)
    pinned = json.loads((folder / "manifest.json").read_text())
    assert list(pinned) == ["second", "tiny"]
    content = (folder / "tiny.skops").read_bytes()
    assert pinned["tiny"] == hashlib.sha256(content).hexdigest()


def test_a_tampered_model_is_refused_by_name(folder):
    path = folder / "tiny.skops"
    path.write_bytes(path.read_bytes() + b"x")
    with pytest.raises(ModelRefused, match=r"tiny\.skops differs"):
        model_files.load("tiny", folder)


def test_a_missing_model_is_refused(folder):
    (folder / "tiny.skops").unlink()
    with pytest.raises(ModelRefused, match="missing"):
        model_files.load("tiny", folder)


def test_an_unknown_model_is_refused(folder):
    with pytest.raises(ModelRefused, match="does not name nobody"):
        model_files.load("nobody", folder)


@pytest.mark.parametrize("content", [None, "{", ""])
def test_a_broken_manifest_is_refused(folder, content):
    if content is None:
        (folder / "manifest.json").unlink()
    else:
        (folder / "manifest.json").write_text(content)
    with pytest.raises(ModelRefused, match=r"manifest\.json"):
        model_files.load("tiny", folder)


def test_types_beyond_arrays_and_estimators_are_refused(tmp_path):
    # A pinned file that would need a foreign type is still not opened.
    model_files.save("odd", {"path": tmp_path}, tmp_path)
    with pytest.raises(ModelRefused, match="not trusted"):
        model_files.load("odd", tmp_path)


def test_bundled_models_match_their_manifest_and_are_small():
    pinned = json.loads((model_files.MODELS / "manifest.json").read_text())
    sizes = []
    for name, checksum in pinned.items():
        content = (model_files.MODELS / f"{name}.skops").read_bytes()
        assert hashlib.sha256(content).hexdigest() == checksum
        sizes.append(len(content))
    assert max(sizes) < 3_000_000
    assert sum(sizes) < 10_000_000
