"""`lakehouse pull`: from mail boxes, APIs and databases to files in the landing folder."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from orchestration.commands.settings import settings_from
from orchestration.steps.pull import chosen_sources, pull_each
from warehouse.settings import Settings

_NEEDED = "install what `lakehouse pull` needs: pip install 'interaction-lakehouse[pull]'\n"
_DONE, _FAILED, _WRONG_USAGE, _BUSY = 0, 1, 2, 3


def pull_sources(
    names: list[str], *, landing: Path | None, since: str | None, dry_run: bool, as_json: bool
) -> int:
    """Pull the named sources, or all; a source that fails does not stop the others.

    Exit code 1 when one failed, 2 for wrong settings, 3 when one is being pulled elsewhere.
    """
    settings = settings_from(landing=landing)
    try:
        start = _moment(since, settings) if since else None
        sources = chosen_sources(names)
    except ModuleNotFoundError:
        sys.stderr.write(_NEEDED)
        return _FAILED
    except ValueError as problem:
        sys.stderr.write(f"{problem}\n")
        return _WRONG_USAGE
    outcomes = []
    for outcome in pull_each(sources, settings, since=start, dry_run=dry_run, report=_reporter()):
        outcomes.append(outcome)
        for words in (*outcome.notices, *filter(None, [outcome.problem])):
            sys.stderr.write(f"{outcome.source}: {words}\n")
        if not as_json:
            sys.stdout.write(_line(asdict(outcome), dry_run))
    if as_json:
        sys.stdout.write(json.dumps([asdict(outcome) for outcome in outcomes], indent=2) + "\n")
    return max(_code(outcome) for outcome in outcomes)


def _code(outcome: Any) -> int:
    if outcome.busy:
        return _BUSY
    return _FAILED if outcome.problem else _DONE


def _reporter() -> Callable[[Any], None]:
    """Says every now and then how far a long pull is."""
    import time as clock

    last = clock.monotonic()

    def report(outcome: Any) -> None:
        nonlocal last
        if clock.monotonic() - last > 2.0:
            last = clock.monotonic()
            sys.stderr.write(f"  {outcome.source}: {outcome.items:,} items so far\n")

    return report


def _line(facts: dict[str, Any], dry_run: bool) -> str:
    would = "would write" if dry_run else "wrote"
    again = f", {facts['repeats']:,} files were there already" if facts["repeats"] else ""
    stopped = "stopped: " if facts["problem"] else ""
    return (
        f"{facts['source']} ({facts['kind']}): {stopped}{would} {facts['files']:,} files"
        f" ({facts['size_bytes']:,} bytes), {facts['items']:,} items{again}\n"
    )


def _moment(text: str, settings: Settings) -> datetime:
    """A day (from its beginning in the business zone) or a time with its offset."""
    try:
        found = datetime.fromisoformat(text)
        if len(text) == len("2026-01-31"):
            return datetime.combine(date.fromisoformat(text), time(), settings.zone)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ValueError(
            "--since must be a day such as 2026-01-31, or a time with its offset such as"
            " 2026-01-31T09:00:00+07:00"
        )
    return found
