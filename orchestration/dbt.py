"""dbt as Dagster sees it: project, manifest, keys and groups of models.

What is built and when is decided in `steps.build`; SQL lies in dbt_project/.
"""

import os
import subprocess
from collections.abc import Mapping
from functools import cache, cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import dagster as dg
from dagster_dbt import (
    DagsterDbtTranslator,
    DagsterDbtTranslatorSettings,
    DbtCliResource,
    DbtProject,
)
from packaging.version import Version

from orchestration.steps.dbt_command import EXECUTABLE, PROJECT, environment
from orchestration.steps.deployment import Deployment
from warehouse.durability import exclusive
from warehouse.settings import Settings


@cache
def project() -> DbtProject:
    """The dbt project with a manifest no older than its files."""
    found = DbtProject(PROJECT, profiles_dir=PROJECT)
    if not _is_fresh(found.manifest_path):
        # Several processes may start at once; one of them parses and the others wait.
        with exclusive(found.manifest_path.parent / ".parse.lock"):
            if not _is_fresh(found.manifest_path):
                _parse()
    return found


def _is_fresh(manifest: Path) -> bool:
    if not manifest.exists():
        return False
    sources = [PROJECT / "dbt_project.yml", PROJECT / "profiles.yml"]
    for part in ("models", "macros", "seeds", "tests"):
        sources += [path for path in (PROJECT / part).rglob("*") if path.is_file()]
    return all(path.stat().st_mtime <= manifest.stat().st_mtime for path in sources)


def _parse() -> None:
    """Write target/manifest.json; nothing is read from the lake for this.

    The same file name and zone as in a build, so that dbt need not parse again for it and the
    manifest names the database as it is.
    """
    settings = Settings.from_environment()
    variables = environment(Deployment(settings).build_file, settings.timezone)
    done = subprocess.run(
        [str(EXECUTABLE), "parse", "--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)],
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(f"the dbt project does not parse:\n{done.stdout[-4000:]}")


class InstalledDbt(DbtCliResource):
    """dbt as it is installed beside this package.

    The library would start dbt once more to ask for its version, and load dbt into this process
    to read metadata from the build file; neither is needed, and each costs seconds in every run.
    """

    @cached_property
    def _cli_version(self) -> Version:
        return Version(version("dbt-core"))

    def _initialize_dbt_core_adapter(self, args: Any) -> Any:
        return None


class Translator(DagsterDbtTranslator):
    """Models become assets ["gold", name] of group gold; sources are the lake's assets."""

    def __init__(self) -> None:
        super().__init__(DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True))

    def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
        """Sources keep the key that their meta names."""
        if dbt_resource_props["resource_type"] == "source":
            return super().get_asset_key(dbt_resource_props)
        return dg.AssetKey(["gold", dbt_resource_props["name"]])

    def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
        """Everything dbt builds is gold."""
        return "gold"


def relation_key(schema: str, table: str) -> dg.AssetKey:
    """The asset of a relation in the build file: views of schema `lake` are silver tables."""
    if schema != "lake":
        return dg.AssetKey(["gold", table])
    return dg.AssetKey(["bronze" if table in ("coverage", "rejects") else "silver", table])
