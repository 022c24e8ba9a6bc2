"""Step 6: handles seen together become persons, with the evidence kept as edges."""

from dataclasses import dataclass

from orchestration.steps.deployment import Deployment
from warehouse.conversations import observations
from warehouse.identity import IDENTITY_VERSION, resolve
from warehouse.writers import app_of

EDGES, PERSONS = "silver.identity_edges", "silver.persons"
_SOURCES = ("silver.participants", "silver.crm_handles")


@dataclass(frozen=True)
class IdentityReport:
    """How many edges and handles there are; None when nothing was to do."""

    edges: int | None
    handles: int | None


def identify(deployment: Deployment) -> IdentityReport:
    """Resolve all handles again when a source of evidence changed; the result is a function of it."""
    lake = deployment.lake
    apps = {name: app_of(lake, name, "identity", IDENTITY_VERSION) for name in (EDGES, PERSONS)}
    # Versions only grow, so their sum grows whenever one of them does.
    sequence = sum(lake.version(name) or 0 for name in _SOURCES)
    cursors = [lake.cursor(name, app) for name, app in apps.items()]
    if all(cursor is not None and cursor >= sequence for cursor in cursors):
        return IdentityReport(None, None)
    edges, persons = resolve(observations(lake))
    for name, table in ((EDGES, edges), (PERSONS, persons)):
        lake.overwrite_partitions(name, table, partitions=None, app=apps[name], sequence=sequence)
    deployment.say(f"resolved {persons.num_rows:,} handles")
    return IdentityReport(edges.num_rows, persons.num_rows)
