"""`lakehouse doctor`: what is wrong with this installation or lake, and what to do about it."""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from orchestration.commands.settings import settings_from
from warehouse.settings import Settings, company_names, mappings_folder

_PACKAGES = ("dagster", "dbt-core", "dbt-duckdb", "duckdb", "deltalake", "pyarrow", "scikit-learn")
_FREE_BYTES = 1 << 30


@dataclass(frozen=True)
class Check:
    """One thing looked at; `remedy` is empty when all is well."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


def examine(
    *, landing: Path | None, lake: Path | None, as_json: bool, source: str | None = None
) -> int:
    """Run all checks and print them; exit code 1 when one fails.

    With `source` only that pulled source is checked.
    """
    settings = settings_from(lake, landing)
    looks = (partial(_source, source),) if source else _LOOKS
    checks = [check for look in looks for check in look(settings)]
    if as_json:
        sys.stdout.write(json.dumps([asdict(check) for check in checks], indent=2) + "\n")
    else:
        for check in checks:
            mark = "ok  " if check.ok else "FIX "
            sys.stdout.write(f"{mark} {check.name}: {check.found}\n")
            if check.remedy:
                sys.stdout.write(f"       {check.remedy}\n")
    return 0 if all(check.ok for check in checks) else 1


def _source(name: str, settings: Settings) -> Iterator[Check]:
    try:
        from ingestion.pull.configuration import known, read_sources, settings_file
        from ingestion.pull.sections import SettingsProblem
    except ModuleNotFoundError as missing:
        remedy = "pip install 'interaction-lakehouse[pull]'"
        yield Check("packages", False, f"{missing.name} is not installed", remedy)
        return
    path = settings_file()
    try:
        source = known(read_sources(path), name, path)
    except SettingsProblem as problem:
        yield Check("settings", False, "cannot be used", str(problem))
        return
    yield Check("settings", True, f"{path}: {name} is of kind {source.kind}")
    for finding in source.check():
        yield Check(finding.name, finding.ok, finding.found, finding.remedy)


def _python(settings: Settings) -> Iterator[Check]:
    found = ".".join(map(str, sys.version_info[:3]))
    fits = (3, 11) <= sys.version_info[:2] < (3, 13)
    yield Check("python", fits, found, "" if fits else "install Python 3.11 or 3.12")
    for package in _PACKAGES:
        try:
            yield Check(package, True, version(package))
        except PackageNotFoundError:
            yield Check(package, False, "not installed", "run `make setup`")


def _mappings(settings: Settings) -> Iterator[Check]:
    from ingestion.connectors.settings import ConnectorSettings
    from ingestion.mappings.folder import mapped_connectors
    from ingestion.mappings.nodes import MappingError

    folder = mappings_folder()
    try:
        known = mapped_connectors(folder, ConnectorSettings.from_environment().zone)
    except MappingError as problem:
        yield Check(
            "mappings", False, str(problem), f"correct it in {folder}; runs stop until then"
        )
        return
    names = ", ".join(item.mapping.name for item in known)
    yield Check("mappings", True, f"{folder}: {names or 'none'}")


def _landing(settings: Settings) -> Iterator[Check]:
    from ingestion.connectors.registry import recognise
    from ingestion.intake import head_of
    from ingestion.landing import listing
    from ingestion.mappings.nodes import MappingError

    folder = settings.landing
    if not folder.is_dir():
        yield Check("landing", False, f"{folder} does not exist", "create it or give --landing")
        return
    kinds: dict[str, int] = {}
    for arrival in listing(folder):
        try:
            connector = recognise(arrival.name, head_of(arrival.path))
        except MappingError:
            yield Check("landing", False, str(folder), "correct the mapping first")
            return
        kind = connector.name if connector else "unsupported"
        kinds[kind] = kinds.get(kind, 0) + 1
    listed = ", ".join(f"{kind} {count:,}" for kind, count in sorted(kinds.items()))
    remedy = "" if kinds else "put source files there or run `lakehouse sample`"
    yield Check("landing", bool(kinds), f"{folder}: {listed or 'no files'}", remedy)


def _space(settings: Settings) -> Iterator[Check]:
    place = next(p for p in (settings.lake, *settings.lake.parents) if p.exists())
    free = shutil.disk_usage(place).free
    enough = free > _FREE_BYTES
    remedy = "" if enough else "free some space; a run needs about 1 GiB of its own"
    yield Check("disk", enough, f"{free / 1e9:.1f} GB free at {place}", remedy)


def _key(settings: Settings) -> Iterator[Check]:
    path = settings.key_file
    if settings.lake in path.parents:
        yield Check("key", False, f"{path} lies in the lake", "move it and set LAKEHOUSE_KEY_FILE")
    elif not path.exists():
        lost = settings.lake.joinpath("vault").exists()
        remedy = "restore it from your backup: handles cannot be matched without it" if lost else ""
        yield Check("key", not lost, "no key yet; the first run makes one", remedy)
    else:
        private = path.stat().st_mode & 0o077 == 0
        remedy = "" if private else f"chmod 600 {path}"
        yield Check("key", private, str(path), remedy)


def _models(settings: Settings) -> Iterator[Check]:
    from enrichment.engine import release, versions

    try:
        yield Check("taggers", True, f"release {release()} of {len(versions())} parts")
    except (OSError, ValueError, RuntimeError) as problem:
        yield Check("taggers", False, str(problem), "reinstall the package: a model file differs")


def _company(settings: Settings) -> Iterator[Check]:
    try:
        names = company_names()
    except ValueError as problem:
        yield Check("company names", False, "cannot be used", f"{problem}; correct the variable")
        return
    whose = "" if "LAKEHOUSE_COMPANY_NAMES" in os.environ else " (the sample's)"
    yield Check("company names", True, f"never hidden: {', '.join(names) or 'none'}{whose}")


def _lake(settings: Settings) -> Iterator[Check]:
    from warehouse.delta import Lake
    from warehouse.publish import current
    from warehouse.verify import verify

    if settings.lake.exists() and not settings.lake.is_dir():
        yield Check("lake", False, f"{settings.lake} is not a folder", "name another with --lake")
        return
    if not settings.lake.joinpath("bronze").exists():
        yield Check("lake", True, f"none at {settings.lake} yet; `lakehouse run` makes it")
        return
    findings = verify(Lake(settings.lake), full=False)
    remedy = findings[0].remedy if findings else ""
    yield Check("lake", not findings, f"{len(findings)} differences from the manifests", remedy)
    published = current(settings.lake / "published")
    found = published.path.name if published else "nothing"
    yield Check(
        "published", published is not None, found, "" if published else "run `lakehouse run`"
    )


_LOOKS: tuple[Callable[[Settings], Iterator[Check]], ...] = (
    _python,
    _mappings,
    _landing,
    _space,
    _key,
    _company,
    _models,
    _lake,
)
