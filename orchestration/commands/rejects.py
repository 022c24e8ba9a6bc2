"""`lakehouse rejects`: what was not accepted, why, where it lies, and to try it once more.

Below it stands what was accepted and waits, as both ask for another delivery.
"""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.commands.output import console, plain
from orchestration.commands.settings import lake_is_missing, settings_from
from orchestration.commands.waiting import listing, waiting_facts
from warehouse.settings import Settings

if TYPE_CHECKING:
    from orchestration.steps.replay import ReplayReport

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
_BUSY = 3


def show_rejects(*, lake: Path | None, reason: str | None, limit: int, as_json: bool) -> int:
    """Print counts by reason, single rejects and what waits; no payload's content is shown."""
    from warehouse.delta import Lake
    from warehouse.readings import rejects

    settings = settings_from(lake)
    if lake_is_missing(settings):
        return 1
    lake_of = Lake(settings.lake)
    rows = rejects(lake_of)
    waiting = waiting_facts(lake_of) if reason is None else []
    chosen = sorted(
        (row for row in rows if reason is None or row["reason"] == reason),
        key=lambda row: (row["reason"], row["name"], row["position"]),
    )
    reasons = _by_reason(chosen)
    if as_json:
        facts: dict[str, Any] = {
            "total": len(chosen),
            "by_reason": reasons,
            "rejects": [{name: row[name] for name in _SHOWN} for row in chosen[:limit]],
            "waiting": waiting[:limit],
        }
        sys.stdout.write(json.dumps(facts, indent=2) + "\n")
        return 0
    if chosen:
        _print(reasons, chosen, limit)
    elif rows:
        known = ", ".join(sorted({row["reason"] for row in rows}))
        sys.stdout.write(f"no reject has reason {reason}; there are {known}\n")
    else:
        sys.stdout.write("nothing was rejected\n")
    for line in listing(waiting, limit):
        sys.stdout.write(plain(line) + "\n")
    return 0


def _by_reason(rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    found: dict[tuple[str, str], list[str]] = {}
    for row in rows:
        found.setdefault((row["connector"], row["reason"]), []).append(row["file_sha256"])
    return [
        {"connector": connector, "reason": why, "count": len(files), "files": len(set(files))}
        for (connector, why), files in sorted(found.items())
    ]


def _print(
    reasons: Sequence[Mapping[str, Any]], chosen: Sequence[Mapping[str, Any]], limit: int
) -> None:
    from rich.table import Table

    out = console()
    summary = Table(title=f"{len(chosen):,} rejects by reason")
    for name in ("connector", "reason"):
        summary.add_column(name)
    for name in ("count", "files"):
        summary.add_column(name, justify="right")
    for row in sorted(reasons, key=lambda row: -row["count"]):
        summary.add_row(row["connector"], row["reason"], f"{row['count']:,}", f"{row['files']:,}")
    out.print(summary)
    for row in chosen[:limit]:
        place = f" at {row['position']}" if row["position"] else ""
        text = f"{row['name']}{place}: {row['reason']}: {row['message']}"
        out.print(plain(text), markup=False, soft_wrap=True)
    if len(chosen) > limit:
        out.print(f"... and {len(chosen) - limit:,} more; see --limit and --reason")


def replay_rejects(*, lake: Path | None, reason: str | None, as_json: bool) -> int:
    """Read the rejected files again and print what is accepted now; 3 while a run is active."""
    from orchestration.run_lock import only_run

    settings = settings_from(lake)
    if lake_is_missing(settings):
        return 1
    with only_run(settings.lake) as alone:
        if not alone:
            sys.stderr.write("another run is working on this lake; wait for it to end\n")
            return _BUSY
        report = _replayed(settings, reason)
    if as_json:
        sys.stdout.write(json.dumps(asdict(report), indent=2) + "\n")
    else:
        _print_replay(report)
    return 0


def _replayed(settings: Settings, reason: str | None) -> "ReplayReport":
    from orchestration.steps.deployment import Deployment
    from orchestration.steps.replay import replay

    return replay(Deployment(settings), reason)


def _print_replay(report: "ReplayReport") -> None:
    say = sys.stdout.write
    if not report.rejects:
        say("there is no such reject; nothing was read\n")
        return
    read = report.files - report.unknown
    say(f"{report.rejects:,} rejects lie in {report.files:,} files; {read:,} were read again\n")
    if report.unknown:
        say(f"{report.unknown:,} files are still of no known format and were left alone\n")
    say(f"{report.accepted:,} items more are accepted, {report.duplicates:,} more are duplicates\n")
    still = ", ".join(f"{why} {count:,}" for why, count in sorted(report.still.items()))
    say(f"still rejected in these files: {still or 'nothing'}\n")
    if report.accepted:
        say("`lakehouse run` brings them into the marts\n")
