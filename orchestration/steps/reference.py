"""Step 4: CRM rows, survey answers and judgements, from the newest version of each record.

These tables are as large as the customer base, not as the history of conversations, so they
are rebuilt whole whenever their records changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from ingestion.conform.crm import conform_crm
from ingestion.conform.judgements import conform_judgements
from ingestion.conform.surveys import conform_surveys
from ingestion.connectors.registry import connectors
from orchestration.steps.conform import RECORDS, hide, version
from orchestration.steps.deployment import Deployment
from orchestration.steps.vault import VAULT, keep
from warehouse.conversations import locate, records_of_kinds
from warehouse.delta import Lake
from warehouse.touched import told_since
from warehouse.writers import app_of

CRM_TABLES = (
    "silver.crm_customers",
    "silver.crm_handles",
    "silver.crm_subscriptions",
    "silver.crm_orders",
    "silver.crm_churn_outcomes",
)
SURVEYS = "silver.survey_responses"
JUDGEMENTS = "silver.quality_judgements"


@dataclass(frozen=True)
class ReferenceReport:
    """Rows written per table; empty when nothing was to do."""

    rows: Mapping[str, int]


def conform_reference(deployment: Deployment) -> ReferenceReport:
    """Rebuild CRM, survey and judgement tables when their records or the turns changed."""
    rows: dict[str, int] = {}
    _crm(deployment, rows)
    _surveys(deployment, rows)
    _judgements(deployment, rows)
    return ReferenceReport(rows)


def _crm(deployment: Deployment, rows: dict[str, int]) -> None:
    lake, current = deployment.lake, version(deployment)
    until = lake.version(RECORDS)
    apps = {table: app_of(lake, table, "crm", current) for table in CRM_TABLES}
    cursors = [lake.cursor(table, app) for table, app in apps.items()]
    if until is None or all(cursor is not None and cursor >= until for cursor in cursors):
        return
    since = set(cursors).pop() if len(set(cursors)) == 1 else None
    if since is not None and not told_since(lake, ("crm",), since, until):
        return
    tables = conform_crm(records_of_kinds(lake, ("crm",), until), deployment.key_of, hide)
    keep(deployment, tables[VAULT])
    for name in CRM_TABLES:
        lake.overwrite_partitions(
            name, tables[name], partitions=None, app=apps[name], sequence=until
        )
        rows[name] = tables[name].num_rows


def _surveys(deployment: Deployment, rows: dict[str, int]) -> None:
    """Survey answers point at conversations, so they follow the turns as well."""
    lake = deployment.lake
    app = app_of(lake, SURVEYS, "surveys", version(deployment))
    due = _due(lake, SURVEYS, app)
    if due is None:
        return
    until, sequence = due
    table = conform_surveys(
        records_of_kinds(lake, ("survey", "crm"), until),
        _systems(),
        deployment.key_of,
        hide,
        lambda by_turn, by_hash: locate(lake, by_turn, by_hash),
        deployment.link_of,
    )
    lake.overwrite_partitions(SURVEYS, table, partitions=None, app=app, sequence=sequence)
    rows[SURVEYS] = table.num_rows


def _judgements(deployment: Deployment, rows: dict[str, int]) -> None:
    """Judgements point at conversations as surveys do."""
    lake = deployment.lake
    app = app_of(lake, JUDGEMENTS, "judgements", version(deployment))
    due = _due(lake, JUDGEMENTS, app)
    if due is None:
        return
    until, sequence = due
    table, judges = conform_judgements(
        records_of_kinds(lake, ("judgement",), until),
        _systems(),
        deployment.key_of,
        hide,
        lambda by_turn, by_hash: locate(lake, by_turn, by_hash),
        deployment.link_of,
    )
    keep(deployment, judges)
    lake.overwrite_partitions(JUDGEMENTS, table, partitions=None, app=app, sequence=sequence)
    rows[JUDGEMENTS] = table.num_rows


def _due(lake: Lake, table: str, app: str) -> tuple[int, int] | None:
    """(version of the records to read, number of the commit); None when nothing is new."""
    until, turns = lake.version(RECORDS), lake.version("silver.turns")
    if until is None or turns is None:
        return None
    done = lake.cursor(table, app)
    return None if done is not None and done >= until + turns else (until, until + turns)


def _systems() -> list[str]:
    return sorted({connector.source_system for connector in connectors()})
