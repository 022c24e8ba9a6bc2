"""`lakehouse pull`: from mail boxes, APIs and databases to files in the landing folder."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from orchestration.commands.settings import settings_from
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
        from ingestion.pull.configuration import known, read_sources, settings_file
        from ingestion.pull.sections import SettingsProblem
    except ModuleNotFoundError:
        sys.stderr.write(_NEEDED)
        return _FAILED
    try:
        start = _moment(since, settings) if since else None
        path = settings_file()
        sources = read_sources(path)
        chosen = [known(sources, name, path) for name in names or sorted(sources)]
    except (SettingsProblem, ValueError) as problem:
        sys.stderr.write(f"{problem}\n")
        return _WRONG_USAGE
    results = [_pull_one(source, settings, start, dry_run) for source in chosen]
    if as_json:
        sys.stdout.write(json.dumps([facts for _, facts in results], indent=2) + "\n")
    else:
        for _, facts in results:
            sys.stdout.write(_line(facts, dry_run))
    return max(code for code, _ in results)


def _pull_one(
    source: Any, settings: Settings, since: datetime | None, dry_run: bool
) -> tuple[int, dict[str, Any]]:
    from ingestion.pull.configuration import home
    from ingestion.pull.cursors import AlreadyPulling, CursorStore
    from ingestion.pull.pulling import Outcome, pull

    store = CursorStore(home() / "pull")
    code = _DONE
    try:
        outcome = pull(
            source,
            landing=settings.landing,
            cursors=store,
            since=since,
            dry_run=dry_run,
            progress=_reporter(),
        )
    except AlreadyPulling:
        code = _BUSY
        outcome = Outcome(source.name, source.kind, problem="another process pulls this source")
    for notice in outcome.notices:
        sys.stderr.write(f"{source.name}: {notice}\n")
    if outcome.problem:
        sys.stderr.write(f"{source.name}: {outcome.problem}\n")
    return (code or _FAILED if outcome.problem else code), asdict(outcome)


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
