"""`lakehouse rejects`: what was not accepted, why, and where it lies."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from orchestration.commands.output import console, plain
from orchestration.commands.settings import lake_is_missing, settings_from

_SHOWN = (
    "reject_id",
    "name",
    "position",
    "stage",
    "reason",
    "message",
    "payload_id",
    "file_sha256",
)


def show_rejects(*, lake: Path | None, reason: str | None, limit: int, as_json: bool) -> int:
    """Print counts by reason and single rejects; nothing of a payload's content is shown."""
    from warehouse.delta import Lake

    settings = settings_from(lake)
    if lake_is_missing(settings):
        return 1
    rows = Lake(settings.lake).read("bronze.rejects").to_pylist()
    chosen = sorted(
        (row for row in rows if reason is None or row["reason"] == reason),
        key=lambda row: (row["reason"], row["name"], row["position"]),
    )
    counts = Counter((row["connector"], row["reason"]) for row in chosen)
    if as_json:
        facts: dict[str, Any] = {
            "total": len(chosen),
            "by_reason": [
                {"connector": connector, "reason": why, "count": count}
                for (connector, why), count in sorted(counts.items())
            ],
            "rejects": [{name: row[name] for name in _SHOWN} for row in chosen[:limit]],
        }
        sys.stdout.write(json.dumps(facts, indent=2) + "\n")
        return 0
    if chosen:
        _print(counts, chosen, limit)
    elif rows:
        known = ", ".join(sorted({row["reason"] for row in rows}))
        sys.stdout.write(f"no reject has reason {reason}; there are {known}\n")
    else:
        sys.stdout.write("nothing was rejected\n")
    return 0


def _print(counts: Counter[tuple[str, str]], chosen: list[dict[str, Any]], limit: int) -> None:
    from rich.table import Table

    out = console()
    summary = Table(title=f"{len(chosen):,} rejects by reason")
    for name in ("connector", "reason"):
        summary.add_column(name)
    summary.add_column("count", justify="right")
    for (connector, why), count in sorted(counts.items(), key=lambda item: -item[1]):
        summary.add_row(connector, why, f"{count:,}")
    out.print(summary)
    for row in chosen[:limit]:
        place = f" at {row['position']}" if row["position"] else ""
        text = f"{row['name']}{place}: {row['reason']}: {row['message']}"
        out.print(plain(text), markup=False, soft_wrap=True)
    if len(chosen) > limit:
        out.print(f"... and {len(chosen) - limit:,} more; see --limit and --reason")
