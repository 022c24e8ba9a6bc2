"""Step 8: the built marts become a read-only snapshot for analysts, and Delta copies for others."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.steps import build
from orchestration.steps.deployment import Deployment
from warehouse import snapshot
from warehouse.public_marts import export_public
from warehouse.publish import Published, publish

PUBLIC = (
    "customer_360",
    "customer_timeline",
    "contact_drivers_daily",
    "compliance_findings",
    "churn_watchlist",
    "emerging_issues",
    "product_feedback",
    "driver_discovery",
    "faq_candidates",
    "quality_scores",
    "coaching",
    "agent_conduct",
)
"""What other teams work with. Facts of single turns stay in the snapshot: each copy of a person's
words is one more place that an erasure must reach."""


@dataclass(frozen=True)
class PublishReport:
    """The snapshot that readers now see; `exported` names the Delta copies that changed."""

    published: Published
    exported: tuple[str, ...]


def publish_marts(deployment: Deployment, manifest: Path) -> PublishReport:
    """Publish the last successful build; safe to repeat.

    `manifest` is dbt's description of the models, from which the rules for tracing are taken.
    Raises RuntimeError when nothing was built.
    """
    state = build.last_build(deployment)
    if state is None:
        raise RuntimeError("nothing is built yet; materialise the gold assets first")
    pinned = snapshot.load(deployment.lake, state["snapshot"])
    published = publish(
        deployment.build_file,
        deployment.published,
        pinned,
        metadata={
            "release": state["release"],
            "timezone": deployment.settings.timezone,
            "dbt_project": state["project"],
            "trace": trace_rules(json.loads(manifest.read_text("utf-8"))),
        },
    )
    exported = export_public(deployment.build_file, deployment.lake, PUBLIC, pinned)
    build.mark_published(deployment)
    return PublishReport(published, tuple(exported))


def trace_rules(manifest: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """{mart: {column: meta.trace}} of all models that state them."""
    rules: dict[str, dict[str, Any]] = {}
    for node in manifest["nodes"].values():
        if node["resource_type"] != "model":
            continue
        for name, column in node["columns"].items():
            meta = column.get("config", {}).get("meta") or column.get("meta") or {}
            if "trace" in meta:
                rules.setdefault(node["name"], {})[name] = meta["trace"]
    return rules
