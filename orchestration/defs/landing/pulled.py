"""Pulling: what mail boxes, APIs and the CRM have new, as files in the landing folder.

A job and a schedule of its own, both outside of the job `everything`: a run must not depend on
the network. The landing sensor sees the new files and starts that job.
"""

import dagster as dg

from orchestration.resources import LakehouseResource
from orchestration.steps.pull import chosen_sources, pull_each
from orchestration.tables import RETRY

PULLED = dg.AssetKey(["landing", "pulled"])


@dg.asset(
    key=PULLED,
    group_name="landing",
    owners=["team:data-engineering"],
    kinds={"python"},
    description="One file per answer of the sources in sources.yml, as received.",
    retry_policy=RETRY,
    pool="landing_pulled",
)
def pulled(
    context: dg.AssetExecutionContext, lakehouse: LakehouseResource
) -> dg.MaterializeResult[None]:
    """Pull every source; fails after the last one when one of them had a problem."""
    deployment = lakehouse.deployment(context)
    try:
        sources = chosen_sources([])
    except ValueError as problem:
        raise dg.Failure(str(problem), allow_retries=False) from problem
    outcomes = []
    for outcome in pull_each(sources, deployment.settings):
        deployment.say(f"pulled    {outcome.source}: {outcome.files:,} new files")
        outcomes.append(outcome)
    problems = [f"{item.source}: {item.problem}" for item in outcomes if item.problem]
    if problems:
        # Tries are bounded within a pull already; a refused password must not be tried at once.
        raise dg.Failure("\n".join(problems), allow_retries=False)
    notices = [f"{item.source}: {notice}" for item in outcomes for notice in item.notices]
    return dg.MaterializeResult(
        metadata={
            "files": sum(item.files for item in outcomes),
            "items": sum(item.items for item in outcomes),
            "notices": notices,
        }
    )


pull_job = dg.define_asset_job(
    "pull",
    selection=dg.AssetSelection.assets(PULLED),
    description="Fetches what is new from the sources in sources.yml; safe to repeat.",
)

pulling = dg.ScheduleDefinition(
    name="pulling",
    job=pull_job,
    cron_schedule="*/15 * * * *",
    description="Every quarter of an hour, once it is switched on; off by default.",
)
