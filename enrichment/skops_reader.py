"""Read a skops file that holds only numbers, without importing skops or scikit-learn.

A skops file is a zip: `schema.json` says what each value is, every array is a `.npy` file. To
apply a linear model only its attributes are needed, so an estimator becomes a `Fitted` with
plain attributes. Everything else (functions, foreign types, pickled arrays) is refused by name.
"""

import io
import json
import zipfile
from types import SimpleNamespace
from typing import Any, Final

import numpy as np

_ESTIMATORS: Final = frozenset({"sklearn.linear_model._logistic.LogisticRegression"})
_PLAIN: Final = (str, int, float, bool, type(None))

Fitted = SimpleNamespace
"""The attributes of a fitted estimator, such as `coef_` and `classes_`."""


class Untrusted(ValueError):
    """The file holds a type that is not plain data; the message names the type."""


def read(content: bytes) -> Any:
    """Return what the file holds: dicts, lists, plain values, arrays, and `Fitted` estimators.

    Raises Untrusted for any other type, and ValueError, KeyError or zipfile.BadZipFile for bytes
    that are not a skops file.
    """
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return _value(json.loads(archive.read("schema.json")), archive)


def _value(node: dict[str, Any], archive: zipfile.ZipFile) -> Any:
    kind = node["__loader__"]
    name = f"{node['__module__']}.{node['__class__']}"
    if kind == "JsonNode":
        return _plain(node["content"], name)
    if kind == "NdArrayNode" and node["type"] == "numpy":
        return _array(archive.read(node["file"]))
    if kind == "DictNode" and name == "builtins.dict":
        return _mapping(node, archive)
    if kind == "ListNode" and name == "builtins.list":
        return [_value(item, archive) for item in node["content"]]
    if kind == "ObjectNode" and name in _ESTIMATORS:
        return Fitted(**_mapping(node["content"], archive))
    raise Untrusted(name)


def _plain(content: str, name: str) -> Any:
    value = json.loads(content)
    if not isinstance(value, _PLAIN):
        raise Untrusted(name)
    return value


def _array(content: bytes) -> Any:
    # Object arrays would be pickled; numpy refuses them here.
    return np.lib.format.read_array(io.BytesIO(content), allow_pickle=False)


def _mapping(node: dict[str, Any], archive: zipfile.ZipFile) -> dict[str, Any]:
    return {str(key): _value(item, archive) for key, item in node["content"].items()}
