"""Silver: annotations with evidence, groups of texts, identity edges and persons."""

from collections.abc import Iterator

import dagster as dg

from orchestration.resources import LakehouseResource
from orchestration.steps import annotate, discover, identify
from orchestration.tables import RETRY, Lineage, check_specs, results, spec

_ANNOTATION_LINEAGE: Lineage = {
    "evidence": [(annotate.TURNS, "redacted_text")],
    "tag": [(annotate.TURNS, "redacted_text"), (annotate.TURNS, "role")],
    "interaction_id": [(annotate.TURNS, "interaction_id")],
    "turn_no": [(annotate.TURNS, "turn_no")],
}
_PARTICIPANTS, _CRM = "silver.participants", "silver.crm_handles"


@dg.multi_asset(
    name="annotate_turns",
    specs=[
        spec(
            annotate.TABLE,
            [annotate.TURNS, "silver.interactions"],
            lineage=_ANNOTATION_LINEAGE,
            kinds={"python", "deltalake", "scikitlearn"},
        )
    ],
    check_specs=check_specs([annotate.TABLE]),
    retry_policy=RETRY,
    pool="silver_annotations",
)
def annotate_turns(
    context: dg.AssetExecutionContext, lakehouse: LakehouseResource
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Tag the turns of changed days; every tag carries the words it rests on."""
    deployment = lakehouse.deployment(context)
    report = annotate.annotate_changed(deployment, context.run_id)
    deployment.say(
        f"silver    {report.annotations:,} annotations on {report.turns:,} turns,"
        f" release {report.release}"
    )
    if report.replaced:
        deployment.say(f"silver    marts now read this release instead of {report.replaced}")
    yield from results(deployment, [annotate.TABLE], {"release": report.release})


@dg.multi_asset(
    name="discover_topics",
    specs=[
        spec(
            discover.TABLE,
            [annotate.TABLE, annotate.TURNS],
            lineage={
                "examples": [(annotate.TURNS, "redacted_text")],
                "answers": [(annotate.TURNS, "redacted_text")],
                "drivers": [(annotate.TABLE, "tag")],
            },
        )
    ],
    check_specs=check_specs([discover.TABLE]),
    retry_policy=RETRY,
    pool="silver_discovery",
)
def discover_topics(
    context: dg.AssetExecutionContext, lakehouse: LakehouseResource
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Group what no driver names and what customers ask, in the weeks that changed."""
    deployment = lakehouse.deployment(context)
    report = discover.discover_changed(deployment)
    groups = "unchanged" if report.groups is None else f"{report.groups:,} in all"
    deployment.say(f"silver    topics and questions of {report.weeks:,} weeks, groups {groups}")
    yield from results(deployment, [discover.TABLE], {"weeks_rewritten": report.weeks})


@dg.multi_asset(
    name="resolve_identities",
    specs=[
        spec(identify.EDGES, [_PARTICIPANTS, _CRM]),
        spec(
            identify.PERSONS,
            [_PARTICIPANTS, _CRM],
            lineage={"handle_key": [(_PARTICIPANTS, "handle_key"), (_CRM, "handle_key")]},
        ),
    ],
    check_specs=check_specs([identify.EDGES, identify.PERSONS]),
    retry_policy=RETRY,
    pool="silver_identity",
)
def resolve_identities(
    context: dg.AssetExecutionContext, lakehouse: LakehouseResource
) -> Iterator[dg.MaterializeResult | dg.AssetCheckResult]:
    """Link handles that were seen together and give every handle its person."""
    deployment = lakehouse.deployment(context)
    report = identify.identify(deployment)
    changed = "unchanged" if report.handles is None else f"{report.handles:,} handles resolved"
    deployment.say(f"silver    identities {changed}")
    yield from results(deployment, [identify.EDGES, identify.PERSONS], {})
