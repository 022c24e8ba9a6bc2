"""Gold: the dbt models, and dbt's tests as asset checks."""

import os
from collections.abc import Iterator, Mapping
from typing import Any

import dagster as dg
from dagster_dbt import dbt_assets

from orchestration.column_lineage import column_lineage
from orchestration.dbt import InstalledDbt, Translator, project, relation_key
from orchestration.resources import LakehouseResource
from orchestration.steps import build, describe
from orchestration.steps.dbt_command import EXECUTABLE, environment
from orchestration.steps.deployment import Deployment
from orchestration.tables import RETRY


@dg.definitions
def gold() -> dg.Definitions:
    """Built from the manifest, which is parsed first when it is older than the project."""
    return dg.Definitions(
        assets=[_models()],
        resources={
            "dbt": InstalledDbt(project(), dbt_executable=str(EXECUTABLE)),
        },
    )


def _models() -> dg.AssetsDefinition:
    @dbt_assets(
        manifest=project().manifest_path,
        project=project(),
        dagster_dbt_translator=Translator(),
        exclude="resource_type:unit_test",
        retry_policy=RETRY,
        pool="duckdb",
        name="dbt_models",
    )
    def dbt_models(
        context: dg.AssetExecutionContext, dbt: InstalledDbt, lakehouse: LakehouseResource
    ) -> Iterator[Any]:
        """Build and test all models on one pinned, verified snapshot of the lake."""
        deployment = lakehouse.deployment(context)
        planned = build.plan(deployment)
        if not planned.needed:
            deployment.say(f"gold      snapshot {planned.snapshot.number} is built and published")
            return
        build.prepare(deployment, planned)
        count = "all" if planned.changed_dates is None else f"{len(planned.changed_dates):,}"
        deployment.say(f"gold      building snapshot {planned.snapshot.number}, {count} days")
        yield from _build(context, dbt, deployment, planned)

    return dbt_models


def _build(
    context: dg.AssetExecutionContext,
    dbt: InstalledDbt,
    deployment: Deployment,
    planned: build.Plan,
) -> Iterator[Any]:
    settings = deployment.settings
    # The profile reads these; dbt runs as a child process and inherits them.
    os.environ.update(environment(deployment.build_file, settings.timezone))
    # One target folder per lake: dbt parses anew only what changed since this lake's last run.
    call = dbt.cli(
        ["build", "--exclude-resource-type", "unit_test"],
        context=context,
        target_path=deployment.build_file.with_name("dbt"),
    )
    # Everything is taken before the file is opened here: it has one user at a time. The
    # library's own row counts keep a core busy while dbt is at work, so they are counted after.
    events = list(call.stream())
    build.finish(deployment, planned)
    counts = describe.row_counts(deployment)
    manifest = call.target_path / "manifest.json"
    lineage = describe.lineage_of(
        deployment, planned.project, manifest, column_lineage, project().manifest_path.parent
    )
    for event in events:
        yield _described(event, counts, lineage)
    deployment.say("gold      all models built and tested")


def _described(event: Any, counts: Mapping[str, int], lineage: Mapping[str, Any]) -> Any:
    """Add row count and column lineage to the outcome of a model."""
    if not isinstance(event, dg.Output):
        return event
    unique_id = str(event.metadata["unique_id"].value)
    facts: dict[str, Any] = {}
    if (rows := counts.get(unique_id.rsplit(".", 1)[-1])) is not None:
        facts["dagster/row_count"] = rows
    if columns := lineage.get(unique_id):
        facts["dagster/column_lineage"] = dg.TableColumnLineage(
            {
                column: [
                    dg.TableColumnDep(relation_key(schema, table), source)
                    for schema, table, source in sources
                ]
                for column, sources in columns.items()
            }
        )
    return event.with_metadata({**event.metadata, **facts})
