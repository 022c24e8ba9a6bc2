"""What waits for what: files whose accepted facts cannot be shown yet, and since when.

Which facts wait is decided where conversations are conformed (silver.waiting). Here is also the
proof over the whole lake that no accepted fact was skipped.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.contracts import TIMESTAMP
from warehouse.delta import Lake
from warehouse.readings import RECORDS, replaced, without
from warehouse.touched import KINDS, touched_since
from warehouse.writers import last_app

TABLE = "silver.waiting"
REMEDIES: Mapping[str, str] = {
    "date": "deliver what dates the call: its contact record, call object, recording or vCon",
    "message": "deliver the messages themselves, if there are any: only statuses, deletions or names came",
}
"""What the user can do, by what is waited for."""


@dataclass(frozen=True)
class WaitingFile:
    """One file with facts that wait; `since` is when it was first landed."""

    source_system: str
    name: str
    waits_for: str
    conversations: int
    records: int
    since: datetime


def waiting_files(lake: Lake) -> list[WaitingFile]:
    """All files with facts that wait, the longest waiting first."""
    waiting = lake.ask(TABLE, _BY_FILE, _WAITING).read_all()
    if not waiting.num_rows:
        return []
    landed = lake.ask("bronze.landed_files", _LANDED, _FILES, given={"waiting": waiting})
    return [WaitingFile(**row) for row in landed.read_all().to_pylist()]


_BY_FILE = """
SELECT file_sha256, source_system, waits_for, count(*) AS conversations,
       CAST(sum(records) AS BIGINT) AS records
FROM rows GROUP BY ALL
"""
_WAITING = pa.schema(
    [
        ("file_sha256", pa.string()),
        ("source_system", pa.string()),
        ("waits_for", pa.string()),
        ("conversations", pa.int64()),
        ("records", pa.int64()),
    ]
)
_LANDED = """
SELECT source_system, min(name) AS name, waits_for, conversations, records,
       min(landed_at) AS since
FROM waiting JOIN rows USING (file_sha256)
GROUP BY file_sha256, source_system, waits_for, conversations, records
ORDER BY since, name, source_system, waits_for
"""
_FILES = pa.schema(
    [
        ("source_system", pa.string()),
        ("name", pa.string()),
        ("waits_for", pa.string()),
        ("conversations", pa.int64()),
        ("records", pa.int64()),
        ("since", TIMESTAMP),
    ]
)


def skipped(lake: Lake) -> int:
    """How many accepted facts of conversations are neither in silver nor waiting; 0 is right.

    Facts that a run has taken in and not conformed yet are not asked for. Reads the links of the whole history, so it is for `lakehouse verify` and not for every run.
    """
    app = last_app(lake, TABLE, "conform:")
    until = lake.cursor(TABLE, app) if app else None
    if until is None:
        return 0  # nothing has been conformed yet
    everything, gone = touched_since(lake, None, until), replaced(lake)
    known = [
        batch["conversation_hash"]
        for name in ("silver.interactions", TABLE)
        for batch in lake.scan(name, columns=["conversation_hash"])
    ]
    roots = pc.unique(everything.stands_for(pa.chunked_array(known, pa.int64())))
    missing = 0
    columns = ["link_hashes", "batch", "file_sha256"]
    for batch in lake.scan(RECORDS, columns=columns, version=until, where=KINDS):
        rows = without(pa.table(batch), gone)
        own = everything.stands_for(pc.list_element(rows["link_hashes"], 0))
        missing += pc.sum(pc.invert(pc.is_in(own, value_set=roots))).as_py() or 0
    return missing
