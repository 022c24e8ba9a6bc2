"""Step 5b: weeks that were tagged anew are grouped again; names are given over all weeks.

The groups of other weeks are kept as they are. A changed week may change the names after it, so
the small table is written as a whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pyarrow as pa

from enrichment import discovery
from enrichment.discovery_names import named
from orchestration.steps.deployment import Deployment
from warehouse.contracts import TEXT_CLUSTERS
from warehouse.conversations import TurnReader
from warehouse.releases import promoted
from warehouse.writers import app_of

TABLE = "silver.text_clusters"
TURNS, TAGS = "silver.turns", "silver.annotations"


@dataclass(frozen=True)
class DiscoverReport:
    """Weeks that were grouped again, and groups in the table; None when nothing was to do."""

    weeks: int
    groups: int | None


def discover_changed(deployment: Deployment) -> DiscoverReport:
    """Group every week of which the promoted release has tagged a day since the last time."""
    lake = deployment.lake
    release, method = promoted(lake.root) or "", discovery.version()
    app = app_of(lake, TABLE, "discover", f"{release}-{method}")
    since, until = lake.cursor(TABLE, app), lake.version(TAGS)
    if until is None or (since is not None and since >= until):
        return DiscoverReport(0, None)
    changed = lake.changed_partitions(TAGS, since, until)
    weeks = {_monday(part["event_date"]) for part in changed if part["release"] == release}
    if not weeks:
        return DiscoverReport(0, None)
    rows = (
        [] if since is None else [r for r in lake.read(TABLE).to_pylist() if r["week"] not in weeks]
    )
    reader = TurnReader.pinned(lake)
    for week in sorted(weeks):
        for row in discovery.discover(list(_talks(deployment, reader, release, week))):
            rows.append(row | {"week": week, "release": release, "method": method})
    table = pa.Table.from_pylist(named(rows), schema=TEXT_CLUSTERS)
    lake.overwrite_partitions(TABLE, table, partitions=None, app=app, sequence=until)
    return DiscoverReport(len(weeks), table.num_rows)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _talks(
    deployment: Deployment, reader: TurnReader, release: str, week: date
) -> Iterator[discovery.Talk]:
    """The interactions of one week with their words and drivers."""
    days = [week + timedelta(days=number) for number in range(7)]
    turns, _ = reader.read(days)
    drivers = _drivers(deployment, release, days)
    said: dict[str, list[tuple[str, str]]] = {}
    for row in turns.select(["interaction_id", "role", "text"]).to_pylist():
        if row["text"]:
            said.setdefault(row["interaction_id"], []).append((row["role"], row["text"]))
    for key, spoken in said.items():
        yield discovery.Talk(key, tuple(spoken), drivers.get(key, {}))


def _drivers(
    deployment: Deployment, release: str, days: Sequence[date]
) -> dict[str, dict[str, float]]:
    tags = deployment.lake.read(
        TAGS,
        columns=["interaction_id", "tag", "score"],
        partitions=[{"release": release, "event_date": day} for day in days],
        where="family = 'driver'",
    )
    found: dict[str, dict[str, float]] = {}
    for row in tags.to_pylist():
        best: dict[str, Any] = found.setdefault(row["interaction_id"], {})
        best[row["tag"]] = max(row["score"], best.get(row["tag"], 0.0))
    return found
