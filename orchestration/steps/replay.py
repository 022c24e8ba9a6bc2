"""Files with rejects are read again on request, after whatever caused the rejects was put right."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from orchestration.steps.deployment import Deployment
from orchestration.steps.intake import take_in
from orchestration.steps.reread import APP, TABLE, place, rows_of, stored_files
from warehouse.readings import coverage, rejects


@dataclass(frozen=True)
class ReplayReport:
    """What became of the rejects that were replayed.

    `rejects` were asked for and lie in `files`; of `unknown` files no connector knows the format
    yet, so that they were not read. `accepted` and `duplicates` are items more than before;
    `still` are the reasons for which items of these files are rejected now.
    """

    rejects: int = 0
    files: int = 0
    unknown: int = 0
    accepted: int = 0
    duplicates: int = 0
    still: Mapping[str, int] = field(default_factory=dict)


def replay(deployment: Deployment, reason: str | None = None) -> ReplayReport:
    """Read the files of all rejects, or of those with one reason, again; safe to repeat.

    Whole files are read, in batches of the ledger as ever: their earlier counts no longer count.
    """
    lake = deployment.lake
    asked = [row for row in rejects(lake) if reason is None or row["reason"] == reason]
    wanted = {row["file_sha256"] for row in asked}
    orders, read = [], set()
    for file in stored_files(lake):
        if file.sha256 in wanted and (rows := rows_of(deployment, file)):
            orders.append(rows)
            read.add(file.sha256)
    before = _sums(coverage(lake), read)
    place(deployment, orders, lake.cursor(TABLE, APP) or 0)
    take_in(deployment)
    after = _sums(coverage(lake), read)
    return ReplayReport(
        rejects=len(asked),
        files=len(wanted),
        unknown=len(wanted - read),
        accepted=after["accepted"] - before["accepted"],
        duplicates=after["duplicates"] - before["duplicates"],
        still=dict(Counter(row["reason"] for row in rejects(lake) if row["file_sha256"] in read)),
    )


def _sums(rows: Iterable[Mapping[str, Any]], files: Collection[str]) -> Mapping[str, int]:
    mine = [row for row in rows if row["file_sha256"] in files]
    return {name: sum(row[name] for row in mine) for name in ("accepted", "duplicates")}
