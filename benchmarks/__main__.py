"""`python -m benchmarks [name ...]`: measure, print a table or JSON.

Figures of an idle machine are kept in RESULTS.md; nothing is written elsewhere.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path

from benchmarks import collect, first_run, ingest, quality, redaction_and_tagging, tagging, verify
from benchmarks.home import Home
from benchmarks.measure import BUSY, Figure, machine

BENCHMARKS = {
    "collect": collect.measure,
    "first_run": first_run.measure,
    "ingest": ingest.measure,
    "quality": quality.measure,
    "redaction_and_tagging": redaction_and_tagging.measure,
    "tagging": tagging.measure,
    "verify": verify.measure,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 1 when a budget is exceeded on an idle machine."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if unknown := set(chosen.names) - set(BENCHMARKS):
        parser.error(
            f"no benchmark {', '.join(sorted(unknown))}; there are {', '.join(BENCHMARKS)}"
        )
    facts = machine()
    busy = float(facts["load_average"]) > BUSY
    if busy:
        print(
            f"WARNING: load average {facts['load_average']}: figures are not valid", file=sys.stderr
        )
    with tempfile.TemporaryDirectory(prefix="lakehouse-bench-") as folder:
        home = Home(
            Path(folder),
            chosen.customers,
            chosen.interactions,
            chosen.cold,
            chosen.data,
            chosen.messages,
        )
        found = {}
        for name in chosen.names or BENCHMARKS:
            print(f"measuring {name} ...", file=sys.stderr)
            found[name] = list(_shown(BENCHMARKS[name](home)))
    sizes = ("customers", "interactions", "messages")
    settings = {name: getattr(chosen, name) for name in sizes}
    if chosen.json:
        figures = {name: [asdict(one) for one in each] for name, each in found.items()}
        known = {"machine": facts, "valid": not busy, "settings": settings, "figures": figures}
        print(json.dumps(known, indent=2))
    else:
        print("\n".join(_lines(found, {**facts, **settings}, valid=not busy)))
    exceeded = any(one.within is False for each in found.values() for one in each)
    return 1 if exceeded and not busy else 0


def _shown(figures: Iterator[Figure]) -> Iterator[Figure]:
    """The figures, each told as soon as it is known: some take many minutes."""
    for figure in figures:
        print(f"  {figure.name}: {_number(figure.value)} {figure.unit}", file=sys.stderr)
        yield figure


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="name", help=f"of {', '.join(BENCHMARKS)}")
    parser.add_argument("--customers", type=int, default=400)
    parser.add_argument("--interactions", type=int, default=4000)
    parser.add_argument("--data", type=Path, help="folder of published sets, for real texts")
    parser.add_argument("--messages", type=int, default=100_000, help="that ingest reads")
    parser.add_argument("--json", action="store_true", help="print JSON for machines")
    parser.add_argument(
        "--cold",
        action="store_true",
        help="remove dbt_project/target before the first run, as on a fresh machine",
    )
    return parser


def _lines(
    found: dict[str, list[Figure]], facts: dict[str, str | int | float], *, valid: bool
) -> Iterator[str]:
    """A Markdown table for each benchmark, to be pasted into RESULTS.md."""
    yield ", ".join(f"{name} {value}" for name, value in facts.items())
    if not valid:
        yield "NOT VALID: the machine was busy"
    for name, figures in found.items():
        yield f"\n## {name}\n"
        yield "| what | value | unit | budget |"
        yield "|---|---:|---|---:|"
        for one in figures:
            budget = "" if one.budget is None else f"{one.budget:g}"
            mark = " (exceeded)" if one.within is False else ""
            yield f"| {one.name} | {_number(one.value)} | {one.unit} | {budget}{mark} |"


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.3g}"


if __name__ == "__main__":
    sys.exit(main())
