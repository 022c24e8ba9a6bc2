"""One number for one consistent set of table versions, and DuckDB views of such a set.

Snapshots are kept for ever under `_snapshots/`, each with its own hash, so that a published
figure can be traced to the versions it was computed from.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from warehouse import catalog, durability, manifest, reading, sql
from warehouse.delta import Lake

if TYPE_CHECKING:
    import duckdb

HIDDEN_COLUMNS: Final[Mapping[str, frozenset[str]]] = {"bronze.rejects": frozenset({"message"})}
VIEWS: Final[tuple[str, ...]] = (
    *(name for name, table in catalog.TABLES.items() if table.layer == "silver"),
    "bronze.coverage",
    "bronze.rejects",
)
"""What models may read: neither payloads, records nor the vault."""
F = TypeVar("F")


class DamagedSnapshot(RuntimeError):
    """A snapshot file is missing or not what was written."""


@dataclass(frozen=True)
class Snapshot:
    """Versions of all tables at one moment. Tables never written are left out."""

    number: int
    versions: dict[str, int]
    created_at: datetime


def pin(lake: Lake, tables: Sequence[str] = tuple(catalog.TABLES)) -> Snapshot:
    """Name the newest durable versions of `tables`; the last snapshot if none has changed."""
    with durability.exclusive(lake.root / "_locks" / "_snapshots.lock"):
        versions = {}
        for name in sorted(tables):
            lake.ensure(name)
            version = manifest.recorded_version(lake.ledger(name))
            if version is not None:
                versions[name] = version
        last = latest(lake)
        if last is not None and last.versions == versions:
            return last
        number = 1 if last is None else last.number + 1
        snapshot = Snapshot(number, versions, datetime.now(UTC))
        durability.make_folder(_folder(lake))
        durability.write_atomically(_file(lake, number), _encode(snapshot))
        return snapshot


def latest(lake: Lake) -> Snapshot | None:
    """The newest snapshot; None before the first."""
    numbers = _numbers(lake)
    return load(lake, numbers[-1]) if numbers else None


def load(lake: Lake, number: int) -> Snapshot:
    """A snapshot by number; DamagedSnapshot when its file is missing or changed."""
    try:
        document = json.loads(_file(lake, number).read_bytes())
        body = document["snapshot"]
        intact = document["sha256"] == _hash(body) and body["number"] == number
        created_at = datetime.fromisoformat(body["created_at"])
    except (OSError, ValueError, KeyError, TypeError):
        raise DamagedSnapshot(f"snapshot {number} cannot be read") from None
    if not intact:
        raise DamagedSnapshot(f"snapshot {number} differs from what was written")
    return Snapshot(number, dict(body["versions"]), created_at)


def attach(
    connection: "duckdb.DuckDBPyConnection", lake: Lake, snapshot: Snapshot, schema: str = "lake"
) -> None:
    """Create one view per readable table, over exactly the files of the snapshot's version.

    Tables that the snapshot does not have become empty views with the contract's types.
    """
    connection.execute(f"CREATE SCHEMA IF NOT EXISTS {sql.name(schema)}")
    for name in VIEWS:
        table = catalog.table(name)
        version = snapshot.versions.get(name)
        files = [] if version is None else lake.files(name, version)
        hidden = HIDDEN_COLUMNS.get(name, frozenset())
        columns = [column for column in table.schema.names if column not in hidden]
        view = f"{sql.name(schema)}.{sql.name(table.short_name)}"
        query = reading.source(table, files, columns)
        connection.execute(f"CREATE OR REPLACE VIEW {view} AS {query}")


def damaged(
    lake: Lake, tables: Sequence[str] | None, finding: Callable[[str, int | None, str, str, str], F]
) -> Iterator[F]:
    """Findings about snapshots: unreadable ones, gaps, and versions that tables have lost."""
    numbers = _numbers(lake)
    for number in sorted(set(range(1, max(numbers, default=0) + 1)) | set(numbers)):
        try:
            snapshot = load(lake, number)
        except DamagedSnapshot as error:
            remedy = "restore the snapshot file from a backup"
            yield finding("_snapshots", number, "damaged_snapshot", str(error), remedy)
            continue
        for name, version in snapshot.versions.items():
            if tables is not None and name not in tables:
                continue
            if not lake.ledger(name).commit_file(version).exists():
                detail = f"snapshot {number} names a version that is gone"
                yield finding(name, version, "lost_version", detail, "restore from a backup")


def _folder(lake: Lake) -> Path:
    return lake.root / "_snapshots"


def _file(lake: Lake, number: int) -> Path:
    return _folder(lake) / f"{number:08d}.json"


def _numbers(lake: Lake) -> list[int]:
    return sorted(int(path.stem) for path in _folder(lake).glob("*.json") if path.stem.isdigit())


def _encode(snapshot: Snapshot) -> bytes:
    body: dict[str, Any] = asdict(snapshot) | {"created_at": snapshot.created_at.isoformat()}
    document = {"snapshot": body, "sha256": _hash(body)}
    return json.dumps(document, sort_keys=True, indent=1).encode() + b"\n"


def _hash(body: Mapping[str, Any]) -> str:
    return sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()
