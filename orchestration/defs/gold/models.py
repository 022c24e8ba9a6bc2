"""Gold: the dbt models, and dbt's tests as asset checks."""

import os
from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster_dbt import DbtCliResource, dbt_assets

from orchestration.dbt import EXECUTABLE, Translator, environment, project
from orchestration.resources import LakehouseResource
from orchestration.steps import build
from orchestration.tables import RETRY


@dg.definitions
def gold() -> dg.Definitions:
    """Built from the manifest, which is parsed first when it is older than the project."""
    return dg.Definitions(
        assets=[_models()],
        resources={
            "dbt": DbtCliResource(project(), dbt_executable=str(EXECUTABLE)),
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
        context: dg.AssetExecutionContext, dbt: DbtCliResource, lakehouse: LakehouseResource
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
    context: dg.AssetExecutionContext, dbt: DbtCliResource, deployment: Any, planned: build.Plan
) -> Iterator[Any]:
    settings = deployment.settings
    # The profile reads these; dbt runs as a child process and inherits them.
    os.environ.update(environment(deployment.build_file, settings.timezone))
    call = dbt.cli(
        ["build", "--exclude-resource-type", "unit_test"],
        context=context,
    )
    yield from call.stream().fetch_row_counts()
    build.finish(deployment, planned)
    deployment.say("gold      all models built and tested")
