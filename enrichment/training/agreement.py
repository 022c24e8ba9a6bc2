"""How far the readers of tweets agree: `python -m enrichment.training.agreement`.

Reads the label files only, no texts. Prints, for each pair of readers and each label, the rows that
both read, the share of equal labels, and Cohen's kappa.
"""

import csv
import sys
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Final

from sklearn.metrics import cohen_kappa_score

FOLDER: Final = Path(__file__).parent / "labels"
LABELS: Final = (
    "driver",
    "churn",
    "sentiment",
    "complaint",
    "follow_up",
    "purchase_intent",
    "asks_human",
)

Reading = dict[tuple[str, str], dict[str, str]]


def main() -> None:
    """Print one line for each pair of readers and label."""
    for one, other, label, rows, share, kappa in agreements(readings(FOLDER)):
        line = f"{one}\t{other}\t{label}\t{rows}\t{share:.3f}\t{kappa:.2f}"
        sys.stdout.write(line + "\n")


def readings(folder: Path) -> dict[str, Reading]:
    """The labels of each reader by file and row."""
    found: dict[str, Reading] = {}
    with (folder / "stif_readings.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            found.setdefault(row["reader"], {})[row["file"], row["row"]] = row
    return found


def agreements(by_reader: dict[str, Reading]) -> Iterator[tuple[str, str, str, int, float, float]]:
    """(reader, reader, label, rows, share of equal labels, kappa) for pairs with common rows.

    Kappa is 0 where one of both gave all rows one label.
    """
    for one, other in combinations(sorted(by_reader), 2):
        common = sorted(by_reader[one].keys() & by_reader[other].keys())
        for label in LABELS if common else ():
            left = [by_reader[one][key][label] for key in common]
            right = [by_reader[other][key][label] for key in common]
            share = sum(a == b for a, b in zip(left, right, strict=True)) / len(common)
            constant = len(set(left)) == 1 or len(set(right)) == 1
            kappa = 0.0 if constant else float(cohen_kappa_score(left, right))
            yield one, other, label, len(common), share, kappa


if __name__ == "__main__":
    main()
