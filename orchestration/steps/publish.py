"""Step 8: the built marts become a read-only snapshot for analysts, and Delta copies for others."""

from dataclasses import dataclass

from orchestration.steps import build
from orchestration.steps.deployment import Deployment
from warehouse.publish import Published, export_public, publish
from warehouse.snapshot import pin

PUBLIC = (
    "customer_360",
    "customer_timeline",
    "contact_drivers_daily",
    "compliance_findings",
    "churn_watchlist",
)


@dataclass(frozen=True)
class PublishReport:
    """The snapshot that readers now see; `exported` names the Delta copies that changed."""

    published: Published
    exported: tuple[str, ...]


def publish_marts(deployment: Deployment) -> PublishReport:
    """Publish the last successful build; safe to repeat."""
    planned = build.plan(deployment)
    snapshot = pin(deployment.lake, build.snapshot_tables())
    published = publish(
        deployment.build_file,
        deployment.published,
        snapshot,
        metadata={
            "release": planned.release,
            "timezone": deployment.settings.timezone,
            "dbt_project": planned.project,
        },
    )
    exported = export_public(deployment.build_file, deployment.lake, PUBLIC, snapshot)
    return PublishReport(published, tuple(exported))
