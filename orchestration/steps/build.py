"""Step 7: what dbt is to build, from which pinned versions, and the note that it was built.

The build file is private and disposable. Beside it lies a small state file, written only after
a successful build; whatever happens before that, the next run builds the same dates again.
"""

import hashlib
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from orchestration.steps.dbt_command import PROJECT
from orchestration.steps.deployment import Deployment
from orchestration.steps.rules_in_force import write_rules
from warehouse import durability, verify
from warehouse.catalog import TABLES
from warehouse.releases import promoted
from warehouse.snapshot import Snapshot, attach, pin

_SOURCES = ("silver.interactions", "silver.turns", "silver.annotations")
_PATIENCE_SECONDS = 120
_STATE = frozenset({"snapshot", "versions", "release", "project", "timezone", "published"})
_PARTS = ("models", "macros", "seeds", "dbt_project.yml")


class UnverifiedLake(RuntimeError):
    """The lake's files are not what was committed; marts are not built from them."""


@dataclass(frozen=True)
class Plan:
    """What to build. `changed_dates` None means everything; `needed` False means nothing."""

    snapshot: Snapshot
    release: str
    project: str
    changed_dates: tuple[str, ...] | None
    needed: bool


def snapshot_tables() -> list[str]:
    """Tables whose versions one snapshot number names."""
    exposed = [name for name in TABLES if name.startswith("silver.")]
    return [*exposed, "bronze.coverage", "bronze.rejects"]


def project_hash(project: Path = PROJECT) -> str:
    """Changes with any file of the dbt project that decides what is built."""
    digest = hashlib.sha256()
    for part in _PARTS:
        root = project / part
        files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file())
        for file in files:
            digest.update(file.relative_to(project).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]


def plan(deployment: Deployment) -> Plan:
    """Pin a verified snapshot and compare it with the last build.

    Raises UnverifiedLake when files were changed or lost since they were committed.
    """
    lake = deployment.lake
    findings = verify.verify(lake, full=False)
    if findings:
        first = findings[0]
        raise UnverifiedLake(
            f"{len(findings)} problem(s) in the lake, first: {first.table} version"
            f" {first.version}: {first.detail}. {first.remedy}. Run `lakehouse verify`."
        )
    snapshot = pin(lake, snapshot_tables())
    release = promoted(lake.root) or ""
    project = project_hash()
    last = last_build(deployment)
    wanted = {"release": release, "project": project, "timezone": deployment.settings.timezone}
    if last is None or any(last[name] != value for name, value in wanted.items()):
        return Plan(snapshot, release, project, None, True)
    if last["versions"] == snapshot.versions:
        return Plan(snapshot, release, project, (), not last["published"])
    dates = _changed_dates(deployment, last["versions"], snapshot.versions)
    return Plan(snapshot, release, project, dates, True)


def _changed_dates(
    deployment: Deployment, before: Mapping[str, int], now: Mapping[str, int]
) -> tuple[str, ...]:
    dates: set[str] = set()
    for table in _SOURCES:
        since, until = before.get(table), now.get(table)
        if until is None or since == until:
            continue
        for partition in deployment.lake.changed_partitions(table, since, until):
            dates.add(partition["event_date"].isoformat())
    return tuple(sorted(dates))


def _state_file(deployment: Deployment) -> Path:
    return deployment.build_file.with_name("state.json")


def last_build(deployment: Deployment) -> dict[str, Any] | None:
    """What the build file holds (the keys of `_STATE`); None when it must be built afresh."""
    try:
        state = json.loads(_state_file(deployment).read_text("utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(state, dict) or not state.keys() >= _STATE:
        return None
    return state if _is_database(deployment.build_file) else None


def _is_database(file: Path) -> bool:
    """Whether the file begins as a DuckDB file does; a lost or cut one does not."""
    try:
        with file.open("rb") as handle:
            return handle.read(12)[8:] == b"DUCK"
    except FileNotFoundError:
        return False


def prepare(deployment: Deployment, planned: Plan) -> None:
    """Point the build file's `lake` schema at the pinned files; a broken file starts afresh."""
    file = deployment.build_file
    durability.make_folder(file.parent)
    if planned.changed_dates is None:
        discard(deployment)
    with _opened(deployment) as connection:
        connection.execute(f"SET TimeZone = '{deployment.settings.timezone}'")
        attach(connection, deployment.lake, planned.snapshot, schema="lake")
        _write_parameters(connection, planned)
        write_rules(connection, deployment.lake.root, planned.release)


def _write_parameters(connection: duckdb.DuckDBPyConnection, planned: Plan) -> None:
    """What dbt is to read. Data rather than --vars, which would make dbt parse everything anew."""
    connection.execute(
        "CREATE OR REPLACE TABLE lake.parameters AS SELECT ? AS release", [planned.release]
    )
    connection.execute(
        "CREATE OR REPLACE TABLE lake.changed_dates AS"
        " SELECT CAST(unnest(CAST(? AS VARCHAR[])) AS DATE) AS event_date",
        [list(planned.changed_dates or ())],
    )


def _opened(deployment: Deployment) -> duckdb.DuckDBPyConnection:
    """The build file, once nobody else writes it.

    A killed run may leave its dbt process behind for some seconds; its work does no harm, as
    this build replaces it, but the file has one writer at a time.
    """
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while True:
        try:
            return duckdb.connect(str(deployment.build_file))
        except duckdb.IOException:
            if time.monotonic() > deadline:
                raise
            deployment.say("gold      waiting for an earlier build to let go of the build file")
            time.sleep(2)


def finish(deployment: Deployment, planned: Plan) -> None:
    """Record a successful build that readers do not see yet."""
    state = {
        "snapshot": planned.snapshot.number,
        "versions": planned.snapshot.versions,
        "release": planned.release,
        "project": planned.project,
        "timezone": deployment.settings.timezone,
        "published": False,
    }
    _write_state(deployment, state)


def mark_published(deployment: Deployment) -> None:
    """Record that readers see the last build."""
    state = last_build(deployment)
    if state is not None:
        _write_state(deployment, state | {"published": True})


def _write_state(deployment: Deployment, state: Mapping[str, Any]) -> None:
    durability.write_atomically(_state_file(deployment), json.dumps(state, sort_keys=True).encode())


def discard(deployment: Deployment) -> None:
    """Throw the build away; the next run builds everything from the lake."""
    for path in (
        _state_file(deployment),
        deployment.build_file,
        deployment.build_file.with_name(deployment.build_file.name + ".wal"),
    ):
        path.unlink(missing_ok=True)
