"""Which bronze rows count: those of the newest reading of their file, at the smallest payload.

Bronze is append-only. A file that is read again states all its facts again in a later batch; by
the rules here the earlier ones are then no longer used. What is made of facts does not belong
here.
"""

from collections.abc import Iterable
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from warehouse import contracts
from warehouse.delta import Lake
from warehouse.sql import literal

READINGS = "bronze.readings"
RESTATEMENTS = "bronze.restatements"
COVERAGE = "bronze.coverage"
RECORDS = "bronze.records"
NOBODY = "unsupported"
"""Stands for the connector of a file that none recognised."""


def keys_of(rows: pa.Table) -> pa.ChunkedArray:
    """Batch and file of each row as one text, to compare readings by."""
    return pc.binary_join_element_wise(rows["batch"].cast(pa.string()), rows["file_sha256"], "/")


def without(rows: pa.Table, keys: pa.Array) -> pa.Table:
    """Rows (with `batch` and `file_sha256`) that are of none of these readings."""
    if not len(keys):
        return rows
    return rows.filter(pc.invert(pc.is_in(keys_of(rows), value_set=keys)))


def _done(lake: Lake) -> int:
    """The last batch that is complete: coverage is written last."""
    batches = lake.read(COVERAGE, columns=["batch"])["batch"]
    return pc.max(batches).as_py() or 0


def _replaced(lake: Lake) -> dict[tuple[int, str], int]:
    """{(batch, file) of a reading that no longer counts: the batch of the one that does}.

    A lake may hold batches from before readings were recorded; coverage names those.
    """
    done = _done(lake)
    read = lake.read(READINGS, columns=["batch", "file_sha256"], where=f"batch <= {done}")
    newest: dict[str, int] = {}
    for row in read.to_pylist():
        newest[row["file_sha256"]] = max(row["batch"], newest.get(row["file_sha256"], 0))
    covered = lake.read(COVERAGE, columns=["batch", "file_sha256"])
    return {
        (row["batch"], row["file_sha256"]): newest[row["file_sha256"]]
        for row in covered.to_pylist()
        if row["batch"] < newest.get(row["file_sha256"], 0)
    }


def replaced(lake: Lake) -> pa.Array:
    """Keys (see `keys_of`) of readings after which their file was read again, completely."""
    return pa.array([f"{batch}/{file}" for batch, file in _replaced(lake)], pa.string())


def retired(lake: Lake) -> int:
    """The newest batch that took the place of facts; 0 when no fact was ever replaced.

    Whatever was made from facts before that batch has to be made again as a whole.
    """
    gone = _replaced(lake)
    if not gone:
        return 0
    held = lake.read(
        COVERAGE, where=f"accepted + duplicates > 0 AND connector <> {literal(NOBODY)}"
    ).to_pylist()
    return max((gone.get((row["batch"], row["file_sha256"]), 0) for row in held), default=0)


def counting(lake: Lake, records: pa.Table) -> pa.Table:
    """The records that count, each pointing at the smallest payload that states it."""
    if not records.num_rows:
        return records
    ids = pa.table({"record_id": records["record_id"]})
    mine = "SELECT * FROM rows WHERE record_id IN (SELECT record_id FROM ids)"
    restated = lake.ask(RESTATEMENTS, mine, contracts.RESTATEMENTS, given={"ids": ids})
    return counted(records, restated.read_all(), replaced(lake))


_PLACE = ("payload_id", "pointer", "file_sha256")


def counted(records: pa.Table, restated: pa.Table, gone: pa.Array) -> pa.Table:
    """As `counting`, with all restatements of these records and the readings that are `gone`."""
    records, restated = without(records, gone), without(restated, gone)
    if not restated.num_rows or not records.num_rows:
        return records
    smallest: dict[str, tuple[str, str, str]] = {}
    for row in restated.select(["record_id", *_PLACE]).to_pylist():
        place = (row["payload_id"], row["pointer"], row["file_sha256"])
        smallest[row["record_id"]] = min(place, smallest.get(row["record_id"], place))
    at = pc.index_in(records["record_id"], value_set=pa.array(smallest, pa.string()))
    theirs = [
        pa.array(column, pa.string()).take(at) for column in zip(*smallest.values(), strict=True)
    ]
    smaller = pc.fill_null(pc.less(theirs[0], records["payload_id"]), False)
    for name, values in zip(_PLACE, theirs, strict=True):
        column = pc.if_else(smaller, values, records[name])
        records = records.set_column(records.schema.get_field_index(name), name, column)
    return records


def records_by_id(lake: Lake, ids: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The records with these ids as they count now."""
    listed = ", ".join(literal(record_id) for record_id in sorted(ids))
    if not listed:
        return {}
    rows = counting(lake, lake.read(RECORDS, where=f"record_id IN ({listed})"))
    return {row["record_id"]: row for row in rows.to_pylist()}


def coverage(lake: Lake) -> list[dict[str, Any]]:
    """Rows of bronze.coverage that count: the newest batch of each file and name."""
    newest: dict[tuple[str, str], dict[str, Any]] = {}
    for row in lake.read(COVERAGE, order_by=["batch"]).to_pylist():
        newest[row["file_sha256"], row["name"]] = row
    return list(newest.values())


def rejects(lake: Lake) -> list[dict[str, Any]]:
    """Rows of bronze.rejects that count: those of the newest batch of their file and name."""
    batch_of = {(row["file_sha256"], row["name"]): row["batch"] for row in coverage(lake)}
    found = lake.read("bronze.rejects").to_pylist()
    return [row for row in found if batch_of.get((row["file_sha256"], row["name"])) == row["batch"]]
