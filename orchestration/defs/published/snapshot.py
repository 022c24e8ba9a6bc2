"""Published: what analysts open, and the public marts as Delta tables."""

from collections.abc import Iterator

import dagster as dg

from orchestration.dbt import project
from orchestration.resources import LakehouseResource
from orchestration.steps.publish import PUBLIC, publish_marts
from orchestration.tables import RETRY

SNAPSHOT = dg.AssetKey(["published", "snapshot"])
_MARTS = [dg.AssetKey(["gold", name]) for name in PUBLIC]
_OWNER = ["team:data-engineering"]


def _specs() -> list[dg.AssetSpec]:
    snapshot = dg.AssetSpec(
        SNAPSHOT,
        deps=_MARTS,
        description="The read-only DuckDB file with all marts; `lakehouse query` reads it.",
        group_name="published",
        owners=_OWNER,
        kinds={"duckdb"},
    )
    copies = [
        dg.AssetSpec(
            ["published", name],
            deps=[dg.AssetKey(["gold", name])],
            description=f"Delta copy of the mart {name}, for engines other than DuckDB.",
            group_name="published",
            owners=_OWNER,
            kinds={"deltalake"},
        )
        for name in PUBLIC
    ]
    return [snapshot, *copies]


@dg.multi_asset(name="publish_marts", specs=_specs(), retry_policy=RETRY, pool="published")
def publish_all(
    context: dg.AssetExecutionContext, lakehouse: LakehouseResource
) -> Iterator[dg.MaterializeResult]:
    """Swap the pointer to the new snapshot; readers never wait and never see a mixture."""
    deployment = lakehouse.deployment(context)
    report = publish_marts(deployment, project().manifest_path)
    number = report.published.snapshot
    deployment.say(f"published snapshot {number}; Delta copies: {len(report.exported)} changed")
    for spec in _specs():
        yield dg.MaterializeResult(
            spec.key, metadata={"snapshot": number}, data_version=dg.DataVersion(str(number))
        )
