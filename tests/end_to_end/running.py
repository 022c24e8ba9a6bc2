"""Running the `lakehouse` command as a user would, and reading a lake back for comparison."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from warehouse.catalog import TABLES
from warehouse.delta import Lake
from warehouse.publish import current

COMMAND = str(Path(sys.executable).with_name("lakehouse"))
# Columns of marts that name the run and not the facts.
_RUN_COLUMNS = {"run_id"}


@dataclass(frozen=True)
class Home:
    """One lake with its own folders; lakes that are compared share one key."""

    root: Path
    landing: Path
    key_file: Path
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def lake(self) -> Path:
        return self.root / "lake"

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "LAKEHOUSE_LAKE": str(self.lake),
            "LAKEHOUSE_LANDING": str(self.landing),
            "LAKEHOUSE_KEY_FILE": str(self.key_file),
            "DAGSTER_HOME": str(self.root / "dagster"),
            **self.extra,
        }

    def call(self, *arguments: str, given: str | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [COMMAND, *arguments],
            env=self.environment,
            input=given,
            capture_output=True,
            text=True,
            check=False,
        )

    def start(self) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [COMMAND, "run"],
            env=self.environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def run(self) -> dict[str, Any]:
        done = self.call("run", "--json")
        assert done.returncode == 0, done.stderr[-4000:] + done.stdout[-2000:]
        return json.loads(done.stdout)


def lake_rows(home: Home, *, without: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Sorted rows of every lake table without the columns that differ between runs."""
    lake = Lake(home.lake)
    found = {}
    for name, table in TABLES.items():
        stable = [column for column in table.schema.names if column not in table.volatile | without]
        found[name] = sorted(repr(row) for row in lake.read(name, columns=stable).to_pylist())
    return found


def mart_rows(home: Home, *, without: frozenset[str] = frozenset()) -> dict[str, list[str]]:
    """Sorted rows of every published mart."""
    path = current(home.lake / "published")
    assert path is not None
    with duckdb.connect(str(path.path), read_only=True) as connection:
        names = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        found = {}
        for (name,) in names:
            columns = connection.execute(
                "select column_name from information_schema.columns"
                " where table_schema = 'marts' and table_name = ?",
                [name],
            ).fetchall()
            kept = ", ".join(f'"{c}"' for (c,) in columns if c not in _RUN_COLUMNS | without)
            rows = connection.execute(f'select {kept} from marts."{name}"').fetchall()
            found[name] = sorted(repr(row) for row in rows)
        return found


def differing(left: dict[str, list[str]], right: dict[str, list[str]]) -> dict[str, Any]:
    """Tables that differ, with the first rows only one side has."""
    found: dict[str, Any] = {}
    for name in sorted(left.keys() | right.keys()):
        if left.get(name) != right.get(name):
            one, other = set(left.get(name, [])), set(right.get(name, []))
            found[name] = (sorted(one - other)[:2], sorted(other - one)[:2])
    return found
