"""How well the shipped rules on conduct do: precision and recall of every rule.

    python -m enrichment.training.compliance_figures [--cases FILE] [--truth DIR] [--misses]

Asked are the labelled conversations of `labels/conduct.txt` or of the files given with `--cases`,
redacted like any text before it is tagged; and with `--truth` the whole bundled sample (`lakehouse sample` writes the folder beside the landing folder). A conversation counts
once a rule. Rules whose count depends on the person are measured in the marts' own tests.
"""

import argparse
import json
import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from enrichment import redaction
from enrichment.compliance import Spoken, check
from enrichment.rulebook import bundled
from enrichment.training.conduct import FILE, cases

_HEAD: Final = f"{'rule':28}{'lang':>5}{'right':>7}{'wrong':>7}{'missed':>8}{'silent':>8}"


@dataclass
class Count:
    """Conversations: rightly found, wrongly found, missed, and rightly left alone."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    silent: int = 0
    misses: list[str] = field(default_factory=list)

    @property
    def precision(self) -> float | None:
        """Share of findings that are right; None without findings."""
        found = self.right + self.wrong
        return self.right / found if found else None

    @property
    def recall(self) -> float | None:
        """Share of breaches that are found; None without breaches."""
        real = self.right + self.missed
        return self.right / real if real else None

    def add(self, real: bool, found: bool, words: str) -> None:
        """Count one conversation."""
        name = {(1, 1): "right", (0, 1): "wrong", (1, 0): "missed"}.get((real, found), "silent")
        setattr(self, name, getattr(self, name) + 1)
        if real is not found:
            self.misses.append(f"{name}: {words}")


Counts = dict[tuple[str, str], Count]


def of_cases(file: Path = FILE) -> Counts:
    """Counts by rule and language over the labelled conversations of a file.

    Each is asked about its own rule; a finding of another rule counts against that rule.
    """
    counts: Counts = defaultdict(Count)
    for case in cases(file):
        turns = tuple(turn._replace(text=redaction.redact(turn.text).text) for turn in case.turns)
        found = _found(turns, case.channel, case.direction)
        words = " // ".join(turn.text for turn in case.turns)
        counts[case.rule, case.language].add(case.breaks, case.rule in found, words)
        for other in found - {case.rule} - _ALONE:
            counts[other, case.language].add(False, True, words)
    return dict(counts)


# A conversation cut down to the point says nothing of how it began.
_ALONE: Final = frozenset({"recording_notice_missing"})


def of_sample(truth: Path) -> Counts:
    """Counts by rule over the bundled sample, for the rules that it breaks on purpose.

    `truth` is the folder that `lakehouse sample` wrote.
    """
    said: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _rows(truth / "turns.jsonl"):
        said[row["interaction"]].append(row)
    real: dict[str, set[str]] = defaultdict(set)
    for row in _rows(truth / "breaches.jsonl"):
        real[row["interaction"]].add(row["rule"])
    rules = {rule.id: rule for book in bundled() for rule in book.rules}
    planted = rules.keys() & set().union(*real.values())
    counts: Counts = defaultdict(Count)
    for row in _rows(truth / "interactions.jsonl"):
        name, at = row["natives"][0], datetime.fromisoformat(row["started_at"])
        turns = tuple(
            Spoken(turn["turn"], turn["role"], redaction.redact(turn["text"]).text, at)
            for turn in said[name]
        )
        found = _found(turns, row["channel"], row["direction"])
        words = f"{name}: " + " // ".join(turn.text for turn in turns)
        for rule in planted:
            # The sample knows Sundays but no holidays.
            if at.astimezone(rules[rule].zone).date() not in rules[rule].holidays:
                counts[rule, "all"].add(rule in real[name], rule in found, words)
    return dict(counts)


def _found(turns: tuple[Spoken, ...], channel: str, direction: str) -> set[str]:
    found = check(turns, channel, direction, bundled())
    return {finding.tag.tag for finding in found if finding.tag.family == "compliance"}


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def _print(title: str, counts: Counts, *, misses: bool) -> None:
    sys.stdout.write(f"{title}\n{_HEAD}{'precision':>11}{'recall':>8}\n")
    for (rule, language), count in sorted(counts.items()):
        sys.stdout.write(
            f"{rule:28}{language:>5}{count.right:>7}{count.wrong:>7}{count.missed:>8}"
            f"{count.silent:>8}{_share(count.precision):>11}{_share(count.recall):>8}\n"
        )
        for words in count.misses if misses else ():
            sys.stdout.write(f"    {words}\n")


def _share(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def main() -> None:
    """Print one table for each file of conversations and, with `--truth`, one for the sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--cases", type=Path, nargs="+", default=[FILE], help="labelled conversations"
    )
    parser.add_argument("--truth", type=Path, help="truth folder of the bundled sample")
    parser.add_argument("--misses", action="store_true", help="print what went wrong")
    arguments = parser.parse_args()
    for file in arguments.cases:
        name = "" if file == FILE else f": {file.name}"
        _print(f"labelled conversations{name}", of_cases(file), misses=arguments.misses)
    if arguments.truth:
        _print("bundled sample", of_sample(arguments.truth), misses=arguments.misses)


if __name__ == "__main__":
    main()
