"""The marts as one release would show them, built beside the lake's own for comparison.

Nobody but `lakehouse diff` reads these files, and they may be deleted at any time.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

from orchestration.steps import build
from orchestration.steps.dbt_command import build_models
from orchestration.steps.deployment import Deployment
from warehouse.snapshot import Snapshot

_PREFIX = "release-"


@dataclass(frozen=True)
class Aside(Deployment):
    """The same lake, with a build file for one release."""

    release: str = ""

    @property
    def build_file(self) -> Path:
        """The private DuckDB file of this release."""
        folder = self.settings.lake / "_build" / f"{_PREFIX}{self.release}"
        return folder / "build.duckdb"


def marts_of(deployment: Deployment, snapshot: Snapshot, release: str) -> Path:
    """A build file with the marts of `release` over `snapshot`; built unless there is one.

    Raises DbtFailed.
    """
    aside = Aside(deployment.settings, deployment.say, release)
    wanted = {
        "versions": snapshot.versions,
        "release": release,
        "project": build.project_hash(),
        "timezone": deployment.settings.timezone,
    }
    for place in (deployment, aside):
        state = build.last_build(place)
        if state is not None and all(state[name] == value for name, value in wanted.items()):
            return place.build_file
    deployment.say(f"building the marts as release {release} shows them")
    planned = build.Plan(snapshot, release, wanted["project"], None, True)
    build.prepare(aside, planned)
    build_models(aside.build_file, deployment.settings.timezone)
    build.finish(aside, planned)
    return aside.build_file


def forget_others(deployment: Deployment, releases: set[str]) -> None:
    """Delete builds of releases other than these."""
    folder = deployment.settings.lake / "_build"
    for path in folder.glob(f"{_PREFIX}*"):
        if path.name.removeprefix(_PREFIX) not in releases:
            shutil.rmtree(path)
