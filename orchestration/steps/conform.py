"""Step 3: bronze records become silver interactions, turns and participants, incrementally.

Only conversations that new records touch are conformed again, from all their records, and
only the partitions in which they lie are rewritten.
"""

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

import pyarrow as pa
import pyarrow.compute as pc

from enrichment.redaction import REDACTION_VERSION, redact
from ingestion.conform.conform import CONFORM_VERSION, Rules, conform
from ingestion.conform.conversations import buckets
from ingestion.conform.facts import Hidden
from ingestion.connectors.registry import connectors
from orchestration.steps.deployment import Deployment
from orchestration.steps.reread import versions
from orchestration.steps.vault import VAULT, keep
from orchestration.steps.workers import WORKERS, map_in_order
from warehouse.conversations import Touched, touched_since
from warehouse.readings import retired
from warehouse.settings import Settings
from warehouse.writers import app_of

TABLES = ("silver.interactions", "silver.turns", "silver.participants", "silver.recordings")
RECORDS = "bronze.records"
_WORTH_WORKERS = 10_000  # records; below this a pool costs more than it saves
_ROWS_AT_ONCE = 50_000


@dataclass(frozen=True)
class ConformReport:
    """How much of silver was written."""

    interactions: int
    turns: int
    partitions: int


def hide(text: str, names: Sequence[str]) -> Hidden:
    """Redaction in the form in which conforming takes it."""
    redacted = redact(text, names)
    spans = [
        {
            "type": span.type,
            "start": span.start,
            "end": span.end,
            "raw_start": span.raw_start,
            "raw_end": span.raw_end,
        }
        for span in redacted.spans
    ]
    return Hidden(redacted.text, spans)


def version(deployment: Deployment) -> str:
    """Changes when anything that decides silver rows does: code, settings, rules, clock, key."""
    settings, key = deployment.settings, deployment.link_of("version", "")
    parts = [f"{name}={read_as}" for name, read_as in versions().items()]
    parts += [CONFORM_VERSION, REDACTION_VERSION, settings.timezone, settings.phone_region]
    # Facts that were taken back may lie anywhere in silver.
    parts += [f"key={key}", f"retired={retired(deployment.lake)}"]
    return hashlib.sha256("|".join(sorted(parts)).encode()).hexdigest()[:12]


def rules(deployment: Deployment) -> Rules:
    """The rules of this deployment."""
    return Rules(
        zone=deployment.settings.zone,
        key_of=deployment.key_of,
        link_of=deployment.link_of,
        redact=hide,
        redaction_version=REDACTION_VERSION,
        session_gaps={c.source_system: c.session_gap for c in connectors()},
    )


def conform_new_records(deployment: Deployment) -> ConformReport:
    """Bring the four tables up to the present version of bronze.records."""
    lake, current = deployment.lake, version(deployment)
    until = lake.version(RECORDS)
    apps = {table: app_of(lake, table, "conform", current) for table in TABLES}
    cursors = [lake.cursor(table, app) for table, app in apps.items()]
    if until is None or all(cursor is not None and cursor >= until for cursor in cursors):
        return ConformReport(0, 0, 0)
    since = None if None in cursors else min(cursor for cursor in cursors if cursor is not None)
    touched = touched_since(lake, since, until)
    records = touched.records()
    deployment.say(f"conforming {records.num_rows:,} records")
    tables = _conformed(deployment, records)
    # The vault comes first: once silver's cursor has moved, these handles are not seen again.
    keep(deployment, tables[VAULT])
    interrupted = len(set(cursors)) > 1
    dates = _dates(deployment, tables, touched, only_changed=not interrupted)
    for name in TABLES:
        data, partitions = _merged(deployment, name, tables[name], touched, dates)
        lake.overwrite_partitions(name, data, partitions=partitions, app=apps[name], sequence=until)
    return ConformReport(
        tables["silver.interactions"].num_rows, tables["silver.turns"].num_rows, len(dates)
    )


def _conformed(deployment: Deployment, records: pa.Table) -> Mapping[str, pa.Table]:
    """Conform in parts that hold whole conversations, on all cores when it is worth it."""
    if records.num_rows < _WORTH_WORKERS:
        return conform(records, rules(deployment)).tables()
    parts = buckets(records, _ROWS_AT_ONCE, WORKERS)
    jobs = [(deployment.settings, part) for part in parts]
    done = list(map_in_order(_conform_part, jobs))
    return {name: pa.concat_tables([tables[name] for tables in done]) for name in done[0]}


def _conform_part(job: tuple[Settings, pa.Table]) -> Mapping[str, pa.Table]:
    settings, records = job
    return conform(records, _rules_of(settings)).tables()


@cache
def _rules_of(settings: Settings) -> Rules:
    return rules(Deployment(settings))


def _dates(
    deployment: Deployment, tables: Mapping[str, pa.Table], touched: Touched, *, only_changed: bool
) -> set[date]:
    """Days to rewrite, the same ones in all tables.

    A chat that goes on for years touches all its old days, but changes few of them. After an
    interrupted run a table may hold the new rows already, so that every touched day is taken.
    """
    dates: set[date] = set()
    if touched.everything:
        return set(tables["silver.interactions"]["event_date"].unique().to_pylist())
    for name in TABLES:
        present = touched.dates_in(name)
        if not only_changed:
            dates |= set(tables[name]["event_date"].unique().to_pylist()) | present
            continue
        fresh = _by_day(tables[name])
        days = [{"event_date": day} for day in sorted(present)]
        old = _by_day(touched.mine(deployment.lake.read(name, partitions=days)))
        dates |= {day for day in fresh.keys() | old.keys() if fresh.get(day) != old.get(day)}
    return dates


def _by_day(table: pa.Table) -> dict[date, list[str]]:
    """Rows of each day in an order that depends on their content alone."""
    days: defaultdict[date, list[str]] = defaultdict(list)
    for row in table.to_pylist():
        days[row["event_date"]].append(repr(row))
    return {day: sorted(rows) for day, rows in days.items()}


def _merged(
    deployment: Deployment, name: str, fresh: pa.Table, touched: Touched, dates: set[date]
) -> tuple[pa.Table, list[Mapping[str, date]] | None]:
    """Rows of untouched conversations in the touched partitions, and the fresh ones."""
    if touched.everything:
        return fresh, None
    partitions: list[Mapping[str, date]] = [{"event_date": day} for day in sorted(dates)]
    days = pa.array(sorted(dates), pa.date32())
    fresh = fresh.filter(pc.is_in(fresh["event_date"], value_set=days))
    kept = deployment.lake.read(name, partitions=partitions)
    outside = pc.invert(pc.is_in(kept["conversation_hash"], value_set=touched.links))
    return pa.concat_tables([kept.filter(outside), fresh]), partitions
