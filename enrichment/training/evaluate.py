"""Print the figures of the released heads: `python -m enrichment.training.evaluate --data DIR`.

Recomputes what needs only the released models (texts never trained on), and shows the
cross-validated figures that training wrote to `models/metrics.json`. Changes nothing.
"""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from enrichment import model_files, sentiment
from enrichment.training import measure, samples


def main() -> None:
    """Print one line a figure: head, set, name, value."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the published sets")
    data: Path = parser.parse_args().data
    for line in (*held_out(data), *cross_validated()):
        sys.stdout.write(line + "\n")


def held_out(data: Path) -> Iterator[str]:
    """Sentiment on the published validation part and on our English labels."""
    for name, rows in (
        ("smsa_valid", list(samples.smsa(data, "valid"))),
        ("english_labelled", list(samples.labelled(data))),
    ):
        guess = [tag.tag for tag in sentiment.predict([row.text for row in rows])]
        truth = [row.labels["sentiment"] for row in rows]
        yield from _lines("sentiment held out", name, measure.labels(truth, guess))


def cross_validated() -> Iterator[str]:
    """Figures of folds that the judging model did not see, as written by training."""
    text = (model_files.MODELS / "metrics.json").read_text(encoding="utf-8")
    for head, sources in json.loads(text).items():
        for source, figures in sources.items():
            if "accuracy" in figures:
                yield from _lines(f"{head} cross-validated", source, figures)


def _lines(head: str, source: str, figures: dict[str, Any]) -> Iterator[str]:
    for name in ("rows", "accuracy", "macro_f1"):
        yield f"{head}\t{source}\t{name}\t{figures[name]}"


if __name__ == "__main__":
    main()
