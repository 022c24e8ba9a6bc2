"""Step 6: handles seen together become persons, with the evidence kept as edges."""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestration.steps.deployment import Deployment
from warehouse.conversations import observations
from warehouse.delta import Lake
from warehouse.difference import changed
from warehouse.identity import IDENTITY_VERSION, resolve
from warehouse.writers import app_of

EDGES, PERSONS = "silver.identity_edges", "silver.persons"
_EVIDENCE = {
    "silver.participants": (("interaction_id",), ("role", "handle_type", "handle_key")),
    "silver.interactions": (("interaction_id",), ("started_at",)),
    "silver.crm_handles": (("customer_key",), ("handle_type", "handle_key")),
}
"""Where evidence stands: the key of a row, and the columns that the result depends on."""


@dataclass(frozen=True)
class IdentityReport:
    """How many edges and handles there are; None when nothing was to do."""

    edges: int | None
    handles: int | None


def identify(deployment: Deployment) -> IdentityReport:
    """Resolve all handles again when evidence changed; the result is a function of it."""
    lake = deployment.lake
    apps = {name: app_of(lake, name, "identity", IDENTITY_VERSION) for name in (EDGES, PERSONS)}
    versions = {name: lake.version(name) or 0 for name in _EVIDENCE}
    # Versions only grow, so their sum grows whenever one of them does.
    sequence = sum(versions.values())
    cursors = [lake.cursor(name, app) for name, app in apps.items()]
    if all(cursor is not None and cursor >= sequence for cursor in cursors):
        return IdentityReport(None, None)
    if cursors[0] is not None and cursors[0] == cursors[1] and not _news(lake, versions):
        return IdentityReport(None, None)
    edges, persons = resolve(observations(lake))
    marks = {_mark(name): version for name, version in versions.items()}
    for name, table in ((EDGES, edges), (PERSONS, persons)):
        lake.overwrite_partitions(
            name, table, partitions=None, app=apps[name], sequence=sequence, marks=marks
        )
    deployment.say(f"resolved {persons.num_rows:,} handles")
    return IdentityReport(edges.num_rows, persons.num_rows)


def _mark(name: str) -> str:
    """The app whose cursor on the results is the version of a source that they are made from."""
    return f"identity-source:{name}"


def _news(lake: Lake, versions: Mapping[str, int]) -> bool:
    """Whether any evidence differs from that of the last time, in files that changed since."""
    for name, version in versions.items():
        seen = lake.cursor(PERSONS, _mark(name))
        if seen is None:
            return True
        if lake.exists(name) and changed(lake, name, *_EVIDENCE[name], seen, version).num_rows:
            return True
    return False
