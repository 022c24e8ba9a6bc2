"""A sample and a lake in a folder of their own, made once and shared by the benchmarks."""

import os
import shutil
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from benchmarks.measure import Ended, run_command

COMMAND = str(Path(sys.executable).with_name("lakehouse"))
TARGET = Path(__file__).resolve().parents[1] / "dbt_project" / "target"


@dataclass(frozen=True)
class Home:
    """`cold`: dbt parses its project in the first run, as on a machine that never ran it.

    `data`: folder of published sets, for benchmarks on real texts. `messages`: how many the
    benchmark `ingest` reads.
    """

    root: Path
    customers: int
    interactions: int
    cold: bool
    data: Path | None = None
    messages: int = 100_000

    @property
    def lake(self) -> Path:
        """The lake folder."""
        return self.root / "lake"

    @property
    def turns(self) -> Path:
        """Texts of the sample, from its truth."""
        return self.root / "landing-truth" / "turns.jsonl"

    def call(self, *arguments: str) -> Ended:
        """One `lakehouse` command, measured."""
        environment = {
            **os.environ,
            "LAKEHOUSE_LAKE": str(self.lake),
            "LAKEHOUSE_LANDING": str(self.root / "landing"),
            "LAKEHOUSE_KEY_FILE": str(self.root / "keys" / "handles.key"),
            "DAGSTER_HOME": str(self.root / "dagster"),
        }
        return run_command([COMMAND, *arguments], environment)

    @cached_property
    def sampled(self) -> Ended:
        """The sample, written at the first use."""
        sizes = ("--customers", str(self.customers), "--interactions", str(self.interactions))
        return self.call("sample", *sizes)

    @cached_property
    def first_run(self) -> Ended:
        """The lake, made at the first use."""
        _ = self.sampled
        if self.cold:
            shutil.rmtree(TARGET, ignore_errors=True)
        return self.call("run")
