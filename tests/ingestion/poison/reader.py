"""Reads a folder as a run would, in a process with bounded memory, and prints what came of it.

`python -m tests.ingestion.poison.reader FOLDER STORE` writes one JSON object to standard output.
"""

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa

from ingestion import landing
from ingestion.connectors.registry import connectors
from ingestion.identifiers import hash64
from ingestion.intake import UNSUPPORTED, Intake, LandedFile, head_of
from ingestion.landing import land, stored_path, survey
from orchestration.steps.reread import recognised
from warehouse.contracts import PAYLOADS, RECORDS, REJECTS
from warehouse.settings import Settings

ADDRESS_SPACE = 4 << 30
KNOWN = pa.schema([("record_id", pa.string()), ("payload_id", pa.string())]).empty_table()


def main(folder: Path, store: Path) -> None:
    """Land, recognise and read every file below `folder`."""
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESS_SPACE, ADDRESS_SPACE))
    # What a power cut loses is no subject here, and syncing takes most of the time.
    landing._make_durable = lambda paths: None
    found = survey(folder)
    read_by = {connector.name: connector for connector in connectors()}
    settings = Settings(store, folder, store / "key")
    seconds: dict[str, float] = {}
    seen: set[str] = set()
    with Intake(1, settings, read_by, hash64, at=datetime(2026, 11, 1, tzinfo=UTC)) as intake:
        for item in land(found.arrivals, store):
            path = stored_path(store, item.file_sha256)
            name, started = item.arrival.name, time.process_time()
            connector = recognised(name, head_of(path)) or UNSUPPORTED
            file = LandedFile(item.file_sha256, name, path, connector, item.file_sha256 in seen)
            if not file.repeats:
                seen.add(item.file_sha256)
                intake.read(file)
            seconds[name] = time.process_time() - started
        intake.count_known(KNOWN)
        records = pa.Table.from_batches(intake.statements.records(), RECORDS)
        rejects = pa.Table.from_batches(intake.rejects.batches(), REJECTS)
        payloads = pa.Table.from_batches(intake.payloads.batches(), PAYLOADS)
        coverage = intake.coverage()
    kept = ("name", "connector", "position", "stage", "reason", "error_class", "message")
    result = {
        "records": records.select(["record_id", "file_sha256"]).to_pylist(),
        "rejects": rejects.select(kept).to_pylist(),
        "payloads": payloads.num_rows,
        "coverage": [{k: v for k, v in row.items() if k != "counted_at"} for row in coverage],
        "passed_over": dict(found.passed_over),
        "seconds": seconds,
        "peak_bytes": peak_bytes(),
    }
    sys.stdout.write(json.dumps(result))


def peak_bytes() -> int:
    """The most memory that this program held; `getrusage` would count who started it, too."""
    status = Path("/proc/self/status").read_text("ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
