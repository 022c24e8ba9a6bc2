"""Step 3: bronze records become silver interactions, turns and participants, incrementally.

Only conversations that new records touch are conformed again, from all their records, and
only days on which one of their rows changed are written.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from enrichment.redaction import redact
from enrichment.redaction import version as redaction_version
from ingestion.conform.conform import CONFORM_VERSION, Rules
from ingestion.conform.facts import Hidden
from ingestion.connectors.registry import connectors
from orchestration.steps.conform_parts import conform_touched
from orchestration.steps.deployment import Deployment
from orchestration.steps.reread import versions
from orchestration.steps.silver_changes import TABLES, write
from orchestration.steps.vault import keep
from warehouse.readings import retired
from warehouse.touched import touched_since
from warehouse.writers import app_of

RECORDS = "bronze.records"


@dataclass(frozen=True)
class ConformReport:
    """How much was conformed, and how many days of silver were written."""

    interactions: int
    turns: int
    partitions: int
    waiting: int = 0
    """Facts of these conversations that cannot be shown yet."""


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
    parts += [CONFORM_VERSION, redaction_version(), settings.timezone, settings.phone_region]
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
        redaction_version=redaction_version(),
        session_gaps={c.source_system: c.session_gap for c in connectors()},
    )


def conform_new_records(deployment: Deployment) -> ConformReport:
    """Bring the tables of conversations up to the present version of bronze.records."""
    lake, current = deployment.lake, version(deployment)
    until = lake.version(RECORDS)
    apps = {table: app_of(lake, table, "conform", current) for table in TABLES}
    cursors = [lake.cursor(table, app) for table, app in apps.items()]
    if until is None or all(cursor is not None and cursor >= until for cursor in cursors):
        return ConformReport(0, 0, 0)
    since = None if None in cursors else min(cursor for cursor in cursors if cursor is not None)
    touched = touched_since(lake, since, until)
    deployment.say(f"conforming {touched.rows:,} records")
    # After an interrupted run a table may hold the new rows already: what is written is always
    # the difference from what stands there.
    with conform_touched(deployment, touched, rules) as found:
        # The vault comes first: once silver's cursor has moved, these handles are not seen again.
        keep(deployment, found.handles)
        days = set()
        for name in TABLES:
            days |= write(lake, found.changes[name], apps[name], until)
        return ConformReport(found.interactions, found.turns, len(days), found.waiting)
