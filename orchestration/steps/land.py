"""Step 1: what is new in the landing folder becomes landed files, one batch per commit."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.collect.handover import hand_over_left
from ingestion.connectors.registry import connectors
from ingestion.intake import UNSUPPORTED, head_of
from ingestion.landing import Landed, batches, land, new_arrivals, stored_path, survey
from orchestration.steps.deployment import Deployment
from orchestration.steps.reread import APP, TABLE, order_stale, recognised
from warehouse.contracts import LANDED_FILES
from warehouse.delta import Lake
from warehouse.readings import RECORDS, replaced, without


@dataclass(frozen=True)
class LandReport:
    """How many files lie in the landing folder, how many of them are new, and how many stored
    ones are read again by a changed connector."""

    seen: int
    landed: int
    batch: int
    again: int


def land_new_files(deployment: Deployment) -> LandReport:
    """Land all new files; raises FileNotFoundError when the landing folder is missing."""
    lake = deployment.lake
    # Bodies that a killed collector had acknowledged are part of what there is to land.
    hand_over_left(deployment.settings.landing)
    found = survey(deployment.settings.landing)
    arrivals = found.arrivals
    for what, count in sorted(found.passed_over.items()):
        if count:
            deployment.say(f"landing   passed over {count:,} {what}")
    rows = ledger(lake)
    deliveries = {(row["name"], row["file_sha256"]) for row in rows}
    # What no connector could read was never taken in, so it is read when it comes as another kind.
    # So is what was refused as a whole, or has no date, where names are read: another one may tell
    # what was missing.
    fruitless = wholly_refused(lake)
    readable = {
        row["file_sha256"]
        for row in rows
        if row["connector"] != UNSUPPORTED and row["file_sha256"] not in fruitless
    }
    refused = {row["file_sha256"] for row in rows} - readable - fruitless
    fresh = new_arrivals(arrivals, known_files(rows))
    landed, batch = 0, lake.cursor(TABLE, APP) or 0
    for group in batches(fresh):
        copied = land(group, deployment.store)
        if waiting := len(group) - len(copied):
            deployment.say(f"landing   {waiting:,} files are changing or cannot be read; they wait")
        # A file copied again under its old name with its old content is not a new delivery.
        new = [item for item in copied if (item.arrival.name, item.file_sha256) not in deliveries]
        if new:
            batch += 1
            again = dated_by_name(lake, new)
            table = _rows(deployment, new, readable - again, refused, batch)
            if lake.append(TABLE, table, app=APP, sequence=batch) is None:
                # Another run landed meanwhile; what it did not take is new in the next run.
                break
            landed += len(new)
            deployment.say(f"landed {landed:,} of {len(fresh):,} new files")
    batch, stale = order_stale(deployment, batch)
    if stale:
        deployment.say(f"landing   {stale:,} stored files are read again by changed connectors")
    return LandReport(len(arrivals), landed, batch, stale)


def ledger(lake: Lake) -> list[dict[str, Any]]:
    """All deliveries so far, in order of batches."""
    columns = ["batch", "name", "size_bytes", "modified_ns", "file_sha256", "connector"]
    rows: list[dict[str, Any]] = lake.read(TABLE, columns=columns, order_by=["batch"]).to_pylist()
    return rows


def wholly_refused(lake: Lake) -> set[str]:
    """Contents of which nothing was ever accepted, by connectors that read names too."""
    named = sorted(connector.name for connector in connectors() if connector.reads_names)
    columns, names = ["file_sha256"], ("connector", pa.array(named, pa.string()))
    read = pc.unique(lake.read("bronze.coverage", columns=columns, among=names)["file_sha256"])
    fruitful = lake.read(
        "bronze.coverage",
        columns=columns,
        where="accepted + duplicates > 0",
        among=("file_sha256", read),
    )
    return set(read.to_pylist()) - set(fruitful["file_sha256"].to_pylist())


def dated_by_name(lake: Lake, items: Sequence[Landed]) -> set[str]:
    """Contents that have no date themselves and come now under a name that gives them one."""
    told = {
        (item.file_sha256, connector.source_system)
        for connector in connectors()
        for item in items
        if connector.dates_by_name(item.arrival.name)
    }
    if not told or not lake.exists(RECORDS):
        return set()
    rows = lake.read(
        RECORDS,
        columns=["batch", "file_sha256", "source_system"],
        partitions=[{"event_date": None}],
        among=("file_sha256", pa.array(sorted({sha for sha, _ in told}), pa.string())),
    )
    rows = without(rows, replaced(lake)).select(["file_sha256", "source_system"])
    return {row["file_sha256"] for row in rows.to_pylist() if tuple(row.values()) in told}


def known_files(rows: Iterable[Mapping[str, Any]]) -> dict[str, tuple[int, int]]:
    """Size and modification time of each name's newest delivery; rows in order of batches.

    A row that orders a delivered file to be read again is no delivery.
    """
    known: dict[str, tuple[int, int]] = {}
    delivered = set()
    for row in rows:
        if (row["name"], row["file_sha256"]) not in delivered:
            delivered.add((row["name"], row["file_sha256"]))
            known[row["name"]] = (row["size_bytes"], row["modified_ns"])
    return known


def _rows(
    deployment: Deployment, items: list[Landed], readable: set[str], refused: set[str], batch: int
) -> pa.Table:
    rows = []
    for item in items:
        connector = recognised(
            item.arrival.name, head_of(stored_path(deployment.store, item.file_sha256))
        )
        known = readable if connector else readable | refused
        rows.append(
            {
                "batch": batch,
                "file_sha256": item.file_sha256,
                "name": item.arrival.name,
                "size_bytes": item.arrival.size_bytes,
                "modified_ns": item.arrival.modified_ns,
                "connector": connector or UNSUPPORTED,
                "repeats": item.file_sha256 in known,
                "landed_at": datetime.now(UTC),
            }
        )
        (readable if connector else refused).add(item.file_sha256)
    return pa.Table.from_pylist(rows, schema=LANDED_FILES)
