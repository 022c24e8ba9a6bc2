"""Step 1: what is new in the landing folder becomes landed files, one batch per commit."""

from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa

from ingestion.connectors.registry import recognise
from ingestion.intake import UNSUPPORTED, head_of
from ingestion.landing import Landed, batches, land, listing, new_arrivals, stored_path
from orchestration.steps.deployment import Deployment
from warehouse.contracts import LANDED_FILES

TABLE = "bronze.landed_files"
APP = "land"


@dataclass(frozen=True)
class LandReport:
    """How many files lie in the landing folder and how many of them are new."""

    seen: int
    landed: int
    batch: int


def land_new_files(deployment: Deployment) -> LandReport:
    """Land all new files; raises FileNotFoundError when the landing folder is missing."""
    lake = deployment.lake
    arrivals = listing(deployment.settings.landing)
    ledger = lake.read(TABLE, columns=["name", "size_bytes", "modified_ns", "file_sha256"])
    rows = ledger.to_pylist()
    known = {row["name"]: (row["size_bytes"], row["modified_ns"]) for row in rows}
    deliveries = {(row["name"], row["file_sha256"]) for row in rows}
    hashes = {row["file_sha256"] for row in rows}
    fresh = new_arrivals(arrivals, known)
    landed, batch = 0, lake.cursor(TABLE, APP) or 0
    for group in batches(fresh):
        # A file copied again under its old name with its old content is not a new delivery.
        new = [
            item
            for item in land(group, deployment.store)
            if (item.arrival.name, item.file_sha256) not in deliveries
        ]
        if new:
            batch += 1
            lake.append(TABLE, _rows(deployment, new, hashes, batch), app=APP, sequence=batch)
            landed += len(new)
            deployment.say(f"landed {landed:,} of {len(fresh):,} new files")
    return LandReport(len(arrivals), landed, batch)


def _rows(deployment: Deployment, items: list[Landed], hashes: set[str], batch: int) -> pa.Table:
    rows = []
    for item in items:
        connector = recognise(
            item.arrival.name, head_of(stored_path(deployment.store, item.file_sha256))
        )
        rows.append(
            {
                "batch": batch,
                "file_sha256": item.file_sha256,
                "name": item.arrival.name,
                "size_bytes": item.arrival.size_bytes,
                "modified_ns": item.arrival.modified_ns,
                "connector": connector.name if connector else UNSUPPORTED,
                "repeats": item.file_sha256 in hashes,
                "landed_at": datetime.now(UTC),
            }
        )
        hashes.add(item.file_sha256)
    return pa.Table.from_pylist(rows, schema=LANDED_FILES)
