"""Silver: interactions, turns, participants, CRM, surveys and judgements; and the vault beside them."""

from collections.abc import Iterator

import dagster as dg

from orchestration.resources import LakehouseResource
from orchestration.steps import conform, reference
from orchestration.steps.vault import VAULT
from orchestration.tables import RETRY, Lineage, check_specs, results, spec

_RECORDS = conform.RECORDS
_NAMES = [*conform.TABLES, *reference.CRM_TABLES, reference.SURVEYS, reference.JUDGEMENTS, VAULT]
_TURN_LINEAGE: Lineage = {
    "redacted_text": [(_RECORDS, "data")],
    "role": [(_RECORDS, "data")],
    "sent_at": [(_RECORDS, "data"), (_RECORDS, "event_at")],
    "record_id": [(_RECORDS, "record_id")],
    "payload_id": [(_RECORDS, "payload_id")],
    "turn_id": [(_RECORDS, "source_system"), (_RECORDS, "native_id")],
    "interaction_id": [(_RECORDS, "source_system"), (_RECORDS, "conversation_key")],
}


@dg.multi_asset(
    name="conform_conversations",
    specs=[
        *(
            spec(name, [_RECORDS], lineage=_TURN_LINEAGE if name == "silver.turns" else None)
            for name in conform.TABLES
        ),
        *(spec(name, [_RECORDS]) for name in reference.CRM_TABLES),
        spec(reference.SURVEYS, [_RECORDS]),
        spec(reference.JUDGEMENTS, [_RECORDS]),
        spec(VAULT, [_RECORDS]),
    ],
    check_specs=check_specs(_NAMES),
    retry_policy=RETRY,
    pool="silver_conformed",
)
def conform_conversations(
    context: dg.AssetExecutionContext, lakehouse: LakehouseResource
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Conform the conversations that new records touch, and the CRM and survey rows."""
    deployment = lakehouse.deployment(context)
    report = conform.conform_new_records(deployment)
    crm = reference.conform_reference(deployment)
    deployment.say(
        f"silver    {report.interactions:,} interactions and {report.turns:,} turns conformed in"
        f" {report.partitions:,} days; {sum(crm.rows.values()):,} CRM and survey rows"
    )
    if report.waiting:
        deployment.say(f"silver    {report.waiting:,} of these facts wait for a date or a message")
    yield from results(deployment, _NAMES, {"days_rewritten": report.partitions})
