"""Landing: what is new in the drop folder."""

from collections.abc import Iterator

import dagster as dg

from orchestration.resources import LakehouseResource
from orchestration.steps.land import TABLE, land_new_files
from orchestration.tables import RETRY, check_specs, results, spec


@dg.multi_asset(
    name="land_files",
    specs=[spec(TABLE, []).replace_attributes(group_name="landing")],
    check_specs=check_specs([TABLE]),
    retry_policy=RETRY,
    pool="bronze_landed_files",
)
def land_files(
    context: dg.AssetExecutionContext, lakehouse: LakehouseResource
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Copy new files into the store by content hash and enter them in the ledger."""
    deployment = lakehouse.deployment(context)
    report = land_new_files(deployment)
    deployment.say(f"landing   {report.seen:,} files seen, {report.landed:,} new")
    yield from results(deployment, [TABLE], {"seen": report.seen, "landed": report.landed})
