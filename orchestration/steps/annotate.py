"""Step 5: interactions of which anything that taggers see has changed are tagged again.

Annotations of other releases stay where they are; the one that marts read is promoted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa

from enrichment.engine import release, versions
from enrichment.rulebook import beside_bundled
from orchestration.steps.deployment import Deployment
from orchestration.steps.tagging import TABLE, Tagging
from warehouse.conversations import FACT_WORDS, INTERACTIONS, TURN_WORDS, TURNS
from warehouse.difference import changed
from warehouse.releases import promote, promoted, register, rulebooks_in_force

_KEY = ("interaction_id", "event_date")


@dataclass(frozen=True)
class AnnotateReport:
    """What was tagged, under which release, and which release was replaced for the marts."""

    release: str
    turns: int
    annotations: int
    replaced: str | None


def annotate_changed(deployment: Deployment, run_id: str) -> AnnotateReport:
    """Tag every interaction that the release in force has not tagged as it is now.

    In force are the installed taggers with the rulebooks of the promoted release.
    """
    root = deployment.lake.root
    own = rulebooks_in_force(root)
    report = tag_history(deployment, run_id, own)
    before = promoted(root)
    if before != report.release:
        promote(root, report.release, versions(beside_bundled(own)))
    return replace(report, replaced=before if before != report.release else None)


def tag_history(
    deployment: Deployment, run_id: str, rulebooks: Sequence[Path] = ()
) -> AnnotateReport:
    """Tag what changed since this release last tagged; `rulebooks` stand in for bundled ones.

    The answers of other releases stay where they are. Raises RulebookError.
    """
    lake, files = deployment.lake, beside_bundled(rulebooks)
    current = release(files)
    register(lake.root, current, versions(files), rulebooks)
    app, mark = f"annotate:{current}", f"annotate-interactions:{current}"
    since, until = lake.cursor(TABLE, app), lake.version(TURNS)
    facts_since, facts_until = lake.cursor(TABLE, mark), lake.version(INTERACTIONS)
    if until is None or facts_until is None or (since is not None and since >= until):
        return AnnotateReport(current, 0, 0, None)
    interactions = None
    if since is not None and facts_since is not None:
        interactions = pa.concat_tables(
            [
                changed(lake, TURNS, _KEY, TURN_WORDS, since, until),
                changed(lake, INTERACTIONS, _KEY, FACT_WORDS, facts_since, facts_until),
            ]
        )
    tagging = Tagging(deployment, current, run_id, files, interactions)
    tagging.write(app, until, {mark: facts_until})
    return AnnotateReport(current, tagging.turns, tagging.annotations, None)
