"""`lakehouse run`: one Dagster run of everything, with progress, then what came of it."""

import json
import logging
import os
import re
import shutil
import subprocess
import sys
import time
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from orchestration.commands.report import account, print_account, state_of
from orchestration.commands.settings import settings_from
from orchestration.progress import TERMINAL, dbt_progress
from orchestration.run_lock import only_run
from orchestration.steps.workers import warm
from warehouse.settings import Settings

_BUSY = 3
_LONGEST_REASON = 400
# Dagster warns of each check that has nothing to say when there is nothing to do.
_QUIET = ("dagster", "dagster._core.execution.plan.active")


def run_everything(*, landing: Path | None, lake: Path | None, sample: bool, as_json: bool) -> int:
    """Materialise all assets; exit code 1 when an asset or a blocking check failed."""
    settings = settings_from(lake, landing)
    writing = _start_sample(settings) if sample else None
    if writing is None and not settings.landing.is_dir():
        sys.stderr.write(
            f"landing folder {settings.landing} does not exist; create it, name another with"
            " --landing, or write the bundled sample with `lakehouse sample`\n"
        )
        return 1
    _check_settings()
    with only_run(settings.lake) as alone:
        if not alone:
            sys.stderr.write("another run is working on this lake; wait for it to end\n")
            return _BUSY
        started = time.monotonic()
        before = state_of(settings)
        reasons = _execute(settings, writing)
    facts = account(settings) | {
        "work": state_of(settings) != before,
        "seconds": round(time.monotonic() - started, 1),
        "failures": sorted(reasons),
        "reasons": reasons,
    }
    if as_json:
        sys.stdout.write(json.dumps(facts, indent=2, default=str) + "\n")
    else:
        print_account(settings, facts)
    return 1 if reasons else 0


def _check_settings() -> None:
    """Raise now for a mapping or a company name that cannot be used, before anything is landed."""
    from ingestion.connectors.registry import connectors
    from warehouse.settings import company_names

    connectors()
    company_names()


def _start_sample(settings: Settings) -> "subprocess.Popen[bytes] | None":
    """Write the sample in a process of its own, unless there is something to land already."""
    if settings.landing.is_dir() and any(settings.landing.iterdir()):
        return None
    return subprocess.Popen([sys.executable, "-m", "orchestration.cli", "sample"])


def dagster_home(settings: Settings) -> Path:
    """DAGSTER_HOME with our settings; beside the lake unless the environment names one."""
    home = Path(os.environ.get("DAGSTER_HOME") or settings.lake.parent / "dagster").resolve()
    home.mkdir(parents=True, exist_ok=True)
    if not (home / "dagster.yaml").exists():
        shutil.copy(Path(__file__).parents[1] / "dagster.yaml", home / "dagster.yaml")
    os.environ["DAGSTER_HOME"] = str(home)
    return home


def _execute(settings: Settings, writing: "subprocess.Popen[bytes] | None") -> dict[str, str]:
    """Run the job in this process; return failed steps and blocking checks, with the reason."""
    os.environ[TERMINAL] = "1"
    dagster_home(settings)
    sys.stderr.write(f"landing {settings.landing}\nlake    {settings.lake}\n")
    import dagster as dg

    from orchestration.dead_runs import lake_tags, settle_dead_runs
    from orchestration.definitions import defs

    for name in _QUIET:
        logging.getLogger(name).setLevel(logging.ERROR)
    job = defs().resolve_job_def("everything")
    if writing is not None:
        if writing.wait() != 0:
            return {"sample": "the bundled sample could not be written"}
        # A sample just written is a first run: the workers will be needed at once.
        warm()
    with dg.DagsterInstance.get() as instance, redirect_stdout(dbt_progress()):
        if settle_dead_runs(instance, settings.lake):
            sys.stderr.write("an earlier run was killed; this one takes up its work\n")
        result = job.execute_in_process(
            instance=instance,
            raise_on_error=False,
            tags=lake_tags(settings.lake),
            run_config={"loggers": {"console": {"config": {"log_level": "ERROR"}}}},
        )
        return _failures(result)


def _failures(result: Any) -> dict[str, str]:
    failed = {
        event.step_key: _reason(event.step_failure_data.error)
        for event in result.all_node_events
        if event.is_step_failure
    }
    failed |= {
        f"{evaluation.asset_key.to_user_string()}: {evaluation.check_name}": "the check failed"
        for evaluation in result.get_asset_check_evaluations()
        if not evaluation.passed and evaluation.severity.value == "ERROR"
    }
    if not result.success and not failed:
        failed["run"] = "see Dagster's log"
    return failed


def _reason(error: Any) -> str:
    """First line of the error at the root; the whole story is in Dagster's log."""
    while error is not None and error.cause is not None:
        error = error.cause
    lines = error.message.strip().splitlines() if error else []
    if not lines:
        return "see Dagster's log"
    return re.sub(r"^(?:\w+\.)+(?=\w+:)", "", lines[0])[:_LONGEST_REASON]
