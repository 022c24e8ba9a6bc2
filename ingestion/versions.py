"""Under which version of a connector a file was read: its code and the settings it had.

A file that was read under another version than the present one is read again. Which files those
are does not belong here.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from pathlib import PurePath
from typing import Any

from ingestion.connectors.base import Connector

_BOUNDS = "limits"


def version_of(connector: Connector) -> str:
    """`version`, and after a plus sign a hash of the settings that shape the connector's answers.

    Bounds are no part of it: wider ones change nothing that was accepted, so that rejected files
    are replayed on request instead of all files being read again.
    """
    settings = {
        field.name: getattr(connector, field.name)
        for field in fields(connector)
        if field.name != _BOUNDS
    }
    if not settings:
        return connector.version
    digest = hashlib.sha256("\x1f".join(_flat(settings)).encode("utf-8", "surrogatepass"))
    return f"{connector.version}+{digest.hexdigest()[:8]}"


def _flat(value: Any) -> Iterator[str]:
    """The value as words that are the same in every process; what is no plain value is passed over."""
    if isinstance(value, dict):
        for key in sorted(value, key=str):
            yield f"{key}:"
            yield from _flat(value[key])
    elif isinstance(value, set | frozenset):
        yield from sorted(word for item in value for word in _flat(item))
    elif isinstance(value, list | tuple):
        yield f"[{len(value)}"
        for item in value:
            yield from _flat(item)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from _flat({field.name: getattr(value, field.name) for field in fields(value)})
    elif value is None or isinstance(value, str | bytes | bool | int | float | PurePath):
        yield f"{type(value).__name__}={value!s}"
