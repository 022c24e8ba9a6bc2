"""Invariants of lake tables that every run checks: unique keys, complete accounts, size."""

from collections.abc import Mapping
from dataclasses import dataclass

from warehouse import reading, sql
from warehouse.delta import Lake
from warehouse.waiting import waiting_files

COVERAGE = "bronze.coverage"


@dataclass(frozen=True)
class CheckOutcome:
    """Whether an invariant holds, and in words what was found."""

    passed: bool
    detail: Mapping[str, int | str]


def row_count(lake: Lake, name: str) -> int:
    """Rows of the newest version, from the table's own log."""
    return sum(file.rows for file in lake.files(name))


def unique_key(lake: Lake, name: str) -> CheckOutcome:
    """No two rows of the partitions written last share the table's key.

    A key never moves between partitions without both being rewritten, so that checking the
    last commit is enough and costs the same however long the history is.
    """
    definition = lake.definition(name)
    version = lake.version(name)
    if version is None:
        return CheckOutcome(True, {"rows": 0})
    files = lake.files(name)
    if definition.partition_by and version > 0:
        changed = lake.changed_partitions(name, version - 1)
        files = [file for file in files if file.values in changed]
    columns = ", ".join(sql.name(column) for column in definition.key)
    source = reading.source(definition, files, list(definition.key))
    query = (
        f"SELECT count(*), coalesce(sum(n - 1), 0) FROM"
        f" (SELECT {columns}, count(*) AS n FROM ({source}) GROUP BY {columns})"
    )
    with reading.connect(lake.root / "_tmp") as connection:
        keys, surplus = connection.sql(query).fetchall()[0]
    return CheckOutcome(int(surplus) == 0, {"keys": int(keys), "duplicates": int(surplus)})


def everything_accounted(lake: Lake) -> CheckOutcome:
    """received = accepted + duplicates + rejected, for every file ever landed."""
    rows = lake.read(COVERAGE).to_pylist()
    wrong = [
        row
        for row in rows
        if row["received"] != row["accepted"] + row["duplicates"] + row["rejected"]
        or row["received"] < 1
    ]
    landed = row_count(lake, "bronze.landed_files")
    detail = {"files": len(rows), "landed": landed, "unbalanced": len(wrong)}
    return CheckOutcome(not wrong and landed == len(rows), detail)


def every_call_is_dated(lake: Lake) -> CheckOutcome:
    """No accepted fact waits for a date; else how many do, by source, and since when."""
    files = [file for file in waiting_files(lake) if file.waits_for == "date"]
    detail: dict[str, int | str] = {"files": len(files)}
    for source in sorted({file.source_system for file in files}):
        mine = [file for file in files if file.source_system == source]
        records = sum(file.records for file in mine)
        detail[source] = (
            f"records {records:,}, files {len(mine):,}, since"
            f" {mine[0].since:%Y-%m-%d %H:%M} UTC: {mine[0].name}"
        )
    return CheckOutcome(not files, detail)


def accepted_are_stored(lake: Lake) -> CheckOutcome:
    """The records table holds exactly the records that coverage counts as accepted."""
    accepted = sum(lake.read(COVERAGE, columns=["accepted"])["accepted"].to_pylist())
    stored = row_count(lake, "bronze.records")
    return CheckOutcome(accepted == stored, {"accepted": accepted, "stored": stored})
