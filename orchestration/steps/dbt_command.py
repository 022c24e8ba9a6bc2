"""dbt as a child process: where it and the project lie, and what the profile reads.

It runs apart because it keeps DuckDB's lock until its process ends. How Dagster sees the project
belongs to `orchestration.dbt`.
"""

import os
import shutil
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
EXECUTABLE = Path(sys.executable).with_name("dbt")


def environment(build_file: Path, timezone: str) -> dict[str, str]:
    """Variables that dbt_project/profiles.yml reads.

    dbt parses everything anew when a variable changes, except those it takes for secrets: with
    this prefix all lakes share one parsed project.
    """
    return {"DBT_ENV_SECRET_LAKEHOUSE_BUILD_FILE": str(build_file), "LAKEHOUSE_TIMEZONE": timezone}


class DbtFailed(RuntimeError):
    """dbt ended with an error; the message holds the end of what it printed."""


def build_models(build_file: Path, timezone: str) -> None:
    """Build seeds and models, without their tests, into `build_file`. Raises DbtFailed."""
    target = build_file.with_name("dbt")
    target.mkdir(parents=True, exist_ok=True)
    parsed = PROJECT / "target" / "partial_parse.msgpack"
    if parsed.exists() and not (target / parsed.name).exists():
        shutil.copy(parsed, target)  # else dbt would parse the whole project again
    done = subprocess.run(
        [
            str(EXECUTABLE),
            "build",
            *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
            *("--target-path", str(target), "--resource-type", "model", "--resource-type", "seed"),
        ],
        env={**os.environ, **environment(build_file, timezone)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DbtFailed(f"dbt could not build the marts:\n{done.stdout[-4000:]}")
