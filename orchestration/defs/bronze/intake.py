"""Bronze: payloads, records, rejects and per-file counts of every landed batch."""

from collections.abc import Iterator

import dagster as dg

from orchestration.resources import LakehouseResource
from orchestration.steps.intake import take_in
from orchestration.steps.land import TABLE as LANDED
from orchestration.tables import RETRY, check_specs, results, spec

TABLES = (
    "bronze.payloads",
    "bronze.records",
    "bronze.restatements",
    "bronze.rejects",
    "bronze.readings",
    "bronze.coverage",
)


@dg.multi_asset(
    name="take_in",
    specs=[spec(name, [LANDED]) for name in TABLES],
    check_specs=check_specs(TABLES),
    retry_policy=RETRY,
    pool="bronze",
)
def take_in_batches(
    context: dg.AssetExecutionContext, lakehouse: LakehouseResource
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Read landed files through their connectors; every item is counted."""
    deployment = lakehouse.deployment(context)
    report = take_in(deployment)
    deployment.say(
        f"bronze    {report.received:,} received = {report.accepted:,} accepted"
        f" + {report.duplicates:,} duplicates + {report.rejected:,} rejected"
    )
    yield from results(deployment, TABLES, {"received_now": report.received})
