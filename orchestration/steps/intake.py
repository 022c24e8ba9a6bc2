"""Step 2: landed batches become payloads, records, rejects and counts in bronze.

The batch number is the transaction of every commit, so a batch that was interrupted between
tables is read again and each table takes it exactly once. Coverage is written last: a batch
with coverage is done.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.connectors.registry import connectors
from ingestion.identifiers import LinkOf
from ingestion.intake import Intake, LandedFile
from ingestion.landing import stored_path
from ingestion.payload_reader import Answer, Part, read_part
from orchestration.steps import land
from orchestration.steps.deployment import Deployment
from orchestration.steps.known import Known
from orchestration.steps.reread import versions
from orchestration.steps.suspects import Suspects
from orchestration.steps.workers import WorkerLost, map_in_order
from warehouse.contracts import COVERAGE, READINGS
from warehouse.settings import Settings
from warehouse.sql import literal

APP = "intake"
_EVERY = 500  # files between two lines of progress
_PATIENCE_SECONDS = 10.0  # ... or this long, since a recording may take a while
WORTH_WORKERS = 8 * 1024 * 1024
"""Bytes of one batch from which on several processes are worth their start."""


@dataclass(frozen=True)
class IntakeReport:
    """What was read in this run."""

    batches: int
    received: int
    accepted: int
    duplicates: int
    rejected: int


def take_in(deployment: Deployment) -> IntakeReport:
    """Read every landed batch that has no coverage yet."""
    lake = deployment.lake
    done = lake.cursor("bronze.coverage", APP) or 0
    last = lake.cursor(land.TABLE, land.APP) or 0
    counted = [_take_in_batch(deployment, batch) for batch in range(done + 1, last + 1)]
    rows = [row for coverage in counted for row in coverage]
    sums = {
        name: sum(row[name] for row in rows)
        for name in ("received", "accepted", "duplicates", "rejected")
    }
    return IntakeReport(batches=len(counted), **sums)


def _take_in_batch(deployment: Deployment, batch: int) -> list[dict]:
    files = _files(deployment, batch)
    if _worth_workers(files):
        try:
            return _read_batch(deployment, batch, files, spread=True)
        except WorkerLost:
            # Read here one by one, the file that ends its reader is known by its name.
            deployment.say(f"batch {batch}: a worker ended early; reading once more without")
    return _read_batch(deployment, batch, files, spread=False)


def _worth_workers(files: list[LandedFile]) -> bool:
    """Whether there is much to read, by connectors that may be sent to other processes."""
    mine = [file for file in files if not file.repeats]
    if sum(file.path.stat().st_size for file in mine) < WORTH_WORKERS:
        return False
    named = {file.connector for file in mine}
    return all(reader.may_travel for reader in connectors() if reader.name in named)


def _read_batch(
    deployment: Deployment, batch: int, files: list[LandedFile], *, spread: bool
) -> list[dict]:
    lake = deployment.lake
    readers = {connector.name: connector for connector in connectors()}
    suspects = Suspects(lake.root)
    with Intake(batch, deployment.settings, readers, deployment.link_of) as intake:
        with suspects.reading():
            due = _due(deployment, intake, files, suspects)
            if spread:
                work = partial(_read_part, deployment.settings)
                intake.read_all(due, lambda parts: map_in_order(work, parts))
            else:
                for file in due:
                    intake.read(file)
        intake.settle()
        _count_repeats(deployment, intake, [file for file in files if file.repeats])
        known = Known(lake, batch, [file for file in files if not file.repeats], versions())
        dates, facts = intake.statements.event_dates, intake.statements.facts()
        intake.count_known(known.records(dates, facts))
        return _commit(deployment, intake, known)


def _due(
    deployment: Deployment, intake: Intake, files: list[LandedFile], suspects: Suspects
) -> Iterator[LandedFile]:
    """Files to be read, with word about the progress; suspects that fail are refused instead."""
    said_at = time.monotonic()
    for number, file in enumerate((f for f in files if not f.repeats), start=1):
        suspects.note(file)
        verdict = suspects.verdict(file)
        if verdict is None:
            yield file
        else:
            intake.refuse(file, verdict)
        slow = time.monotonic() - said_at > _PATIENCE_SECONDS
        if slow or number % _EVERY == 0 or number == len(files):
            deployment.say(f"batch {intake.batch}: read {number:,} of {len(files):,} files")
            said_at = time.monotonic()


def _read_part(settings: Settings, part: Part) -> Answer:
    return read_part(part, settings.zone, _links(settings))


@cache
def _links(settings: Settings) -> LinkOf:
    return Deployment(settings).link_of


def _commit(deployment: Deployment, intake: Intake, known: Known) -> list[dict]:
    """Write what the batch gave: facts before the readings that make them count, coverage last."""
    lake, batch = deployment.lake, intake.batch
    if intake.payloads.rows:
        payloads = _fresh(intake.payloads.batches(), known.payloads())
        largest = intake.largest_payload
        lake.append("bronze.payloads", payloads, app=APP, sequence=batch, largest_row=largest)
    restated = intake.statements.restatements()
    if restated.num_rows:
        lake.append("bronze.restatements", restated, app=APP, sequence=batch)
    if intake.statements.event_dates:
        lake.append("bronze.records", intake.statements.records(), app=APP, sequence=batch)
    if intake.rejects.rows:
        lake.append("bronze.rejects", intake.rejects.batches(), app=APP, sequence=batch)
    if readings := intake.readings():
        table = pa.Table.from_pylist(readings, schema=READINGS)
        lake.append("bronze.readings", table, app=APP, sequence=batch)
    coverage = intake.coverage()
    table = pa.Table.from_pylist(coverage, schema=COVERAGE)
    lake.append("bronze.coverage", table, app=APP, sequence=batch)
    return coverage


def _fresh(payloads: Iterator[pa.RecordBatch], stored: pa.Array) -> Iterator[pa.RecordBatch]:
    """A file that is read again and cut alike brings the payloads that are stored already."""
    if not len(stored):
        yield from payloads
        return
    for batch in payloads:
        fresh = batch.filter(pc.invert(pc.is_in(batch["payload_id"], value_set=stored)))
        if fresh.num_rows:
            yield fresh


def _files(deployment: Deployment, batch: int) -> list[LandedFile]:
    rows = deployment.lake.read(land.TABLE, where=f"batch = {int(batch)}").to_pylist()
    return [
        LandedFile(
            row["file_sha256"],
            row["name"],
            stored_path(deployment.store, row["file_sha256"]),
            row["connector"],
            row["repeats"],
        )
        for row in sorted(rows, key=lambda row: row["name"])
    ]


def _count_repeats(deployment: Deployment, intake: Intake, repeats: list[LandedFile]) -> None:
    """A file that came before under another name brings nothing new, and is counted so."""
    if not repeats:
        return
    now = {count.context.file_sha256: count.received for count in intake.counts}
    hashes = ", ".join(literal(sha) for sha in sorted({file.file_sha256 for file in repeats}))
    before = deployment.lake.read(
        "bronze.coverage",
        columns=["file_sha256", "received"],
        where=f"file_sha256 IN ({hashes})",
        order_by=["batch", "received"],
    )
    earlier = dict(
        zip(before["file_sha256"].to_pylist(), before["received"].to_pylist(), strict=True)
    )
    for file in repeats:
        intake.repeat(file, now.get(file.file_sha256, earlier.get(file.file_sha256, 1)))
