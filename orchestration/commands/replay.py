"""`lakehouse replay`, `diff` and `promote`: history under other rules, compared, then switched."""

import json
import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.commands.settings import lake_is_missing, settings_from
from orchestration.run_lock import only_run
from warehouse.settings import Settings

if TYPE_CHECKING:
    from warehouse.releases import Release

_BUSY = 3


def replay_history(rulebooks: Sequence[Path], *, lake: Path | None, as_json: bool) -> int:
    """Tag all history with these rulebooks beside the old answers; marts stay as they are."""
    from enrichment.rulebook import RulebookError
    from orchestration.steps.annotate import tag_history
    from orchestration.steps.deployment import Deployment
    from warehouse.releases import promoted

    settings = settings_from(lake)
    with ExitStack() as held:
        if problem := _locked(held, settings):
            return problem
        started = time.monotonic()
        try:
            report = tag_history(Deployment(settings, _say), "replay", rulebooks)
        except RulebookError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        facts = {
            "release": report.release,
            "turns": report.turns,
            "annotations": report.annotations,
            "promoted": promoted(settings.lake),
            "seconds": round(time.monotonic() - started, 1),
        }
    if as_json:
        sys.stdout.write(json.dumps(facts, indent=2) + "\n")
    else:
        _print_replay(facts)
    return 0


def _print_replay(facts: dict[str, Any]) -> None:
    name = facts["release"]
    if facts["release"] == facts["promoted"]:
        sys.stdout.write(f"release {name} is the one that marts read; these rules are in force\n")
        return
    done = f"{facts['annotations']:,} tags on {facts['turns']:,} turns in {facts['seconds']} s"
    sys.stdout.write(
        f"release {name}: {done if facts['turns'] else 'tagged before, nothing to do'}\n"
        f"the marts still read release {facts['promoted']}\n"
        f"  lakehouse diff promoted {name}     # what would change\n"
        f"  lakehouse promote {name}           # switch the marts to it\n"
    )


def promote_release(name: str | None, *, lake: Path | None, as_json: bool) -> int:
    """Make a release the one that marts read from the next run on; without a name, list them."""
    from warehouse.releases import UnknownRelease, find, promote, promoted

    settings = settings_from(lake)
    if lake_is_missing(settings):
        return 1
    if name is None:
        return _list(settings, as_json=as_json)
    with ExitStack() as held:
        if problem := _locked(held, settings):
            return problem
        try:
            release = find(settings.lake, name)
        except UnknownRelease as error:
            sys.stderr.write(f"{error}\n")
            return 1
        if words := _cannot_go_on(release):
            sys.stderr.write(f"{words}\n")
            return 1
        before = promoted(settings.lake)
        if before != release.name:
            promote(settings.lake, release.name, release.versions)
    facts = {"release": release.name, "replaced": before if before != release.name else None}
    if as_json:
        sys.stdout.write(json.dumps(facts, indent=2) + "\n")
    elif before == release.name:
        sys.stdout.write(f"release {before} is promoted already\n")
    else:
        sys.stdout.write(
            f"release {release.name} replaces {before}; `lakehouse run` shows it in the marts\n"
        )
    return 0


def _cannot_go_on(release: "Release") -> str | None:
    """Why new conversations could not be tagged under this release; None when they can."""
    from enrichment.engine import versions
    from enrichment.rulebook import RulebookError, beside_bundled

    try:
        installed = versions(beside_bundled(release.rulebooks))
    except RulebookError as error:
        return f"the rulebooks of release {release.name} no longer fit: {error}"
    parts = installed.keys() | release.versions.keys()
    other = sorted(part for part in parts if installed.get(part) != release.versions.get(part))
    if not other:
        return None
    return (
        f"release {release.name} was made with another {', '.join(other)} than is installed, so new"
        " conversations could not be tagged alike; install that version of the software, or replay"
        " its rulebooks with the present one"
    )


def _list(settings: Settings, *, as_json: bool) -> int:
    from warehouse.releases import known, promoted

    current = promoted(settings.lake)
    rows = [
        {
            "release": release.name,
            "promoted": release.name == current,
            "made_at": release.made_at,
            "rulebooks": [path.name for path in release.rulebooks],
        }
        for release in known(settings.lake)
    ]
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
        return 0
    for row in rows:
        mark = "promoted" if row["promoted"] else ""
        books = ", ".join(row["rulebooks"]) or "bundled rulebooks"
        sys.stdout.write(f"{row['release']}  {mark:<8}  {row['made_at'][:19]}  {books}\n")
    return 0


def show_diff(
    a: str, b: str, *, lake: Path | None, quotes: int, tags_only: bool, as_json: bool
) -> int:
    """Print what release `b` says differently from release `a`, in tags and in every figure."""
    from orchestration.commands.diff_report import print_diff
    from orchestration.steps.build import snapshot_tables
    from orchestration.steps.deployment import Deployment
    from warehouse.release_diff import release_diff
    from warehouse.releases import UnknownRelease, find
    from warehouse.snapshot import pin

    settings = settings_from(lake)
    with ExitStack() as held:
        if problem := _locked(held, settings):
            return problem
        try:
            names = [find(settings.lake, name).name for name in (a, b)]
        except UnknownRelease as error:
            sys.stderr.write(f"{error}\n")
            return 1
        deployment = Deployment(settings, _say)
        snapshot = pin(deployment.lake, snapshot_tables())
        tags = release_diff(deployment.lake, snapshot, *names, quotes=quotes)
        figures = [] if tags_only else _figures(deployment, snapshot, names)
    if as_json:
        facts = asdict(tags) | {"figures": [asdict(figure) for figure in figures]}
        sys.stdout.write(json.dumps(facts, indent=2, default=str) + "\n")
    else:
        print_diff(tags, None if tags_only else figures)
    return 0


def _figures(deployment: Any, snapshot: Any, names: Sequence[str]) -> list[Any]:
    from orchestration.steps.aside import forget_others, marts_of
    from warehouse.mart_diff import mart_diff

    forget_others(deployment, set(names))
    before, after = (marts_of(deployment, snapshot, name) for name in names)
    return mart_diff(before, after)


def _locked(held: ExitStack, settings: Settings) -> int:
    """0 while `held` holds the lake's lock, else an exit code; the problem is said."""
    if lake_is_missing(settings):
        return 1
    if held.enter_context(only_run(settings.lake)):
        return 0
    sys.stderr.write("a run is working on this lake; wait for it to end\n")
    return _BUSY


def _say(line: str) -> None:
    sys.stderr.write(f"{line}\n")
