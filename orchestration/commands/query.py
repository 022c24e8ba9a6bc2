"""`lakehouse query`: one statement on the published snapshot."""

import csv
import json
import sys
from pathlib import Path
from typing import Any

from orchestration.commands.settings import settings_from

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def run_query(sql: str, *, output: str, lake: Path | None) -> int:
    """Print the answer as table, csv or json; exit code 1 with a reason when refused."""
    from warehouse.query import QueryFailed, QueryRefused, run

    if output not in ("table", "csv", "json"):
        sys.stderr.write(f"--format {output} is not known; use table, csv or json\n")
        return 2
    try:
        settings = settings_from(lake)
        answer = run(settings.lake / "published", sql, timezone=settings.timezone)
    except (QueryRefused, QueryFailed) as refused:
        sys.stderr.write(f"{refused}\n")
        return 1
    rows = answer.to_pylist()
    if output == "json":
        for row in rows:
            sys.stdout.write(json.dumps(row, default=str, ensure_ascii=False) + "\n")
    elif output == "csv":
        _csv(answer.column_names, rows)
    else:
        _table(answer.column_names, rows)
    return 0


def _csv(names: list[str], rows: list[dict[str, Any]]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow(names)
    for row in rows:
        writer.writerow([_cell(row[name]) for name in names])


def _cell(value: Any) -> Any:
    """A text that a spreadsheet would run as a formula is quoted with an apostrophe."""
    if isinstance(value, str) and value.startswith(_FORMULA):
        return "'" + value
    return value


def _table(names: list[str], rows: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(*names)
    for row in rows:
        table.add_row(*("" if row[name] is None else str(row[name]) for name in names))
    Console().print(table)
