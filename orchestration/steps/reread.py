"""Which stored files are to be read again, and the batches in which that happens.

An order is a batch of the ledger like any other: its files are fixed in one commit, and the intake
step reads it. Reading files and comparing answers do not belong here.
"""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from ingestion.connectors.registry import connectors, recognise
from ingestion.intake import UNSUPPORTED, head_of
from ingestion.landing import Arrival, batches, stored_path
from ingestion.mappings.nodes import MappingError
from ingestion.versions import version_of
from orchestration.steps.deployment import Deployment
from warehouse import durability
from warehouse.contracts import LANDED_FILES
from warehouse.delta import Lake
from warehouse.readings import COVERAGE, READINGS, coverage

TABLE = "bronze.landed_files"
APP = "land"
Row = dict[str, Any]


@dataclass
class Stored:
    """One landed content: the newest ledger row of each of its names, and its last reading.

    `pending` is the connector that will read it in a batch that is still open.
    """

    sha256: str
    rows: dict[str, Row] = field(default_factory=dict)
    reading: Row | None = None
    pending: str | None = None

    @property
    def read_as(self) -> str | None:
        """The name under which it was read last; None when no connector ever read it."""
        mine = [r for r in self.rows.values() if not r["repeats"] and r["connector"] != UNSUPPORTED]
        return max(mine, key=lambda row: row["batch"])["name"] if mine else None


def versions() -> dict[str, str]:
    """Present version of each connector by its name."""
    return {connector.name: version_of(connector) for connector in connectors()}


def recognised(name: str, head: bytes) -> str | None:
    """The connector for a file, by name; a recogniser that fails knows nothing.

    Raises MappingError: a mapping that cannot be used is the user's to mend, not the file's fault.
    """
    try:
        found = recognise(name, head)
    except MappingError:
        raise
    except Exception:
        return None
    return found.name if found else None


def order_stale(deployment: Deployment, batch: int) -> tuple[int, int]:
    """Order all files that a present connector would read otherwise than they were read.

    `batch` is the last one of the ledger. Returns the last one now, and how many files. Files are
    looked at only when the connectors differ from those of the last look.
    """
    present = versions()
    seen = deployment.lake.root / "_control" / "connectors.json"
    if _last_look(seen) == present:
        return batch, 0
    orders = list(_stale(deployment, present))
    last, count = place(deployment, orders, batch)
    if count == len(orders):
        durability.make_folder(seen.parent)
        durability.write_atomically(seen, json.dumps(present, sort_keys=True).encode())
    return last, count


def _last_look(file: Path) -> Mapping[str, str] | None:
    try:
        found = json.loads(file.read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _stale(deployment: Deployment, present: Mapping[str, str]) -> Iterator[list[Row]]:
    files = stored_files(deployment.lake)
    left: set[str] = set()
    rest: list[tuple[Stored, list[Row]]] = []
    for file in files:
        rows = rows_of(deployment, file)
        if not rows:
            continue
        reader, before = rows[0]["connector"], file.reading
        if before is not None and before["connector"] != reader:
            left.add(before["connector"])
        wanted = (reader, present.get(reader))
        if file.pending == reader:
            continue
        if before is None or (before["connector"], before["version"]) != wanted:
            yield rows
        else:
            rest.append((file, rows))
    if left:
        # What these files repeated of one that has left their connector, only they state now.
        repeating = {row["file_sha256"] for row in coverage(deployment.lake) if row["duplicates"]}
        for file, rows in rest:
            if rows[0]["connector"] in left and file.sha256 in repeating:
                yield rows


def stored_files(lake: Lake) -> list[Stored]:
    """All landed contents, by hash."""
    done = lake.cursor(COVERAGE, "intake") or 0
    files: dict[str, Stored] = {}
    for row in lake.read(TABLE, order_by=["batch", "name"]).to_pylist():
        file = files.setdefault(row["file_sha256"], Stored(row["file_sha256"]))
        file.rows[row["name"]] = row
        if row["batch"] > done and not row["repeats"]:
            file.pending = row["connector"]
    for reading in lake.read(READINGS, order_by=["batch"]).to_pylist():
        if reading["file_sha256"] in files:
            files[reading["file_sha256"]].reading = reading
    return [files[sha] for sha in sorted(files)]


def rows_of(deployment: Deployment, file: Stored) -> list[Row]:
    """Ledger rows that order the file, the one to read first; none when nobody knows it now.

    What a connector has read once is not given up because that connector is missing today.
    """
    head = head_of(stored_path(deployment.store, file.sha256))
    by_name = {name: recognised(name, head) for name in file.rows}
    known = sorted(name for name, reader in by_name.items() if reader)
    if not known:
        return []
    first = file.read_as if file.read_as in known else known[0]
    others = [n for n, row in file.rows.items() if n != first and (by_name[n] or row["repeats"])]
    return [
        {
            **file.rows[name],
            "connector": by_name[name] or UNSUPPORTED,
            "repeats": name != first,
        }
        for name in (first, *sorted(others))
    ]


def place(deployment: Deployment, orders: Collection[list[Row]], batch: int) -> tuple[int, int]:
    """Enter the orders in the ledger, after `batch`; (last batch, how many were entered)."""
    waiting = {rows[0]["file_sha256"]: rows for rows in orders}
    arrivals = [
        Arrival(sha, stored_path(deployment.store, sha), rows[0]["size_bytes"], 0)
        for sha, rows in waiting.items()
    ]
    entered = 0
    for group in batches(arrivals):
        rows = _stamped((row for arrival in group for row in waiting[arrival.name]), batch + 1)
        table = pa.Table.from_pylist(rows, schema=LANDED_FILES)
        if deployment.lake.append(TABLE, table, app=APP, sequence=batch + 1) is None:
            break  # another run landed meanwhile; the rest is ordered by the next run
        batch += 1
        entered += len(group)
    return batch, entered


def _stamped(rows: Iterable[Row], batch: int) -> list[Row]:
    now = datetime.now(UTC)
    return [row | {"batch": batch, "landed_at": now} for row in rows]
