"""All mappings of a folder, read again only when a file in it changed.

folder -> files ending in .yml or .yaml -> connectors, by name of the mapping. No folder, no
mappings. A file that cannot be used stops everything: rows of its source would be lost unseen.
"""

import os
from functools import lru_cache
from pathlib import Path

from ingestion.mappings.connector import MappedConnector, of
from ingestion.mappings.load import load
from ingestion.mappings.nodes import MappingError

ENDINGS = (".yml", ".yaml")
_State = tuple[tuple[str, int, int, int], ...]


def mapped_connectors(folder: Path, zone: str) -> tuple[MappedConnector, ...]:
    """One connector per mapping in the folder. Raises MappingError naming file and line."""
    return _read(folder, _state(folder), zone)


def _state(folder: Path) -> _State:
    """What tells whether a folder changed; empty when there is none."""
    try:
        with os.scandir(folder) as entries:
            files = [e for e in entries if e.name.endswith(ENDINGS) and not e.name.startswith(".")]
            return tuple(sorted((e.name, *_stamp(e)) for e in files))
    except FileNotFoundError:
        return ()
    except OSError as error:
        raise MappingError(
            f"{folder}: the folder of mappings cannot be read ({error.strerror});"
            " correct LAKEHOUSE_MAPPINGS"
        ) from error


def _stamp(entry: os.DirEntry[str]) -> tuple[int, int, int]:
    status = entry.stat()
    return status.st_mtime_ns, status.st_size, status.st_ino


@lru_cache(maxsize=8)
def _read(folder: Path, state: _State, zone: str) -> tuple[MappedConnector, ...]:
    found: dict[str, MappedConnector] = {}
    for name, *_ in state:
        connector = of(load(folder / name, zone))
        other = found.get(connector.name)
        if other is not None:
            raise MappingError(
                f"{name}: the name {connector.mapping.name!r} is taken by {other.mapping.file};"
                " give one of them another name"
            )
        found[connector.name] = connector
    return tuple(found[name] for name in sorted(found))
