"""Fitted models on disk: skops files, each pinned by its SHA-256 in `models/manifest.json`.

Only saving, checking and loading belong here. A file that differs from the manifest, or that
would need any type beyond arrays and a linear model, is refused (see `skops_reader`).
"""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any, Final

from enrichment import skops_reader, skops_writer

MODELS: Final = Path(__file__).parent / "models"
_MANIFEST: Final = "manifest.json"


class ModelRefused(RuntimeError):
    """A model file is missing, changed, or holds types that are not trusted."""


def save(name: str, model: dict[str, Any], folder: Path = MODELS) -> str:
    """Write one model, pin it in the folder's manifest, and return its SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    content = skops_writer.dumps(model)
    (folder / f"{name}.skops").write_bytes(content)
    pinned = _read_manifest(folder) if (folder / _MANIFEST).exists() else {}
    pinned[name] = hashlib.sha256(content).hexdigest()
    text = json.dumps(dict(sorted(pinned.items())), indent=2) + "\n"
    (folder / _MANIFEST).write_text(text, encoding="utf-8")
    return pinned[name]


def load(name: str, folder: Path = MODELS) -> dict[str, Any]:
    """Return a model after checking it against the manifest.

    Raises ModelRefused, naming the file and the remedy.
    """
    path = folder / f"{name}.skops"
    pinned = sha256(name, folder)
    if not path.exists():
        raise ModelRefused(f"{path.name} is missing; restore it or train again")
    content = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != pinned:
        raise ModelRefused(
            f"{path.name} differs from {_MANIFEST}; restore the released file or train again"
        )
    # The pinned checksum says who wrote the file; the reader knows nothing executable.
    try:
        model = skops_reader.read(content)
    except skops_reader.Untrusted as error:
        raise ModelRefused(f"{path.name} holds a type that is not trusted: {error}") from error
    if not isinstance(model, dict):
        raise ModelRefused(f"{path.name} is not a model of this project; train again")
    return model


@cache
def released(name: str) -> dict[str, Any]:
    """Return one of the bundled models, read once."""
    return load(name)


def sha256(name: str, folder: Path = MODELS) -> str:
    """Return the pinned checksum of a model."""
    pinned = _read_manifest(folder).get(name)
    if pinned is None:
        raise ModelRefused(f"{_MANIFEST} does not name {name}; train the models first")
    return pinned


def _read_manifest(folder: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ModelRefused(f"{folder.name}/{_MANIFEST} cannot be read; restore it") from error
    return found
