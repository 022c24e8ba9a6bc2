"""The model card that lies beside a user's classifier: what it was learned from, how good it is.

Figures and counts only, never a text of the training file.
"""

from pathlib import Path
from typing import Any, Final

_CARD: Final = "classifier.md"
_FIGURES: Final = {
    "accuracy": "accuracy, all rows, with the threshold",
    "macro_f1": "macro-F1, all rows, with the threshold",
    "in_scope_accuracy": "accuracy of rows in scope, with the threshold",
    "without_threshold": "accuracy of rows in scope, were a label always given",
    "other_recall": "share of out-of-scope rows and rows of left-out labels answered `other`",
}


def write(folder: Path, report: dict[str, Any]) -> None:
    """Write `classifier.md` from the fields of a FitReport."""
    figures = [
        f"| {meaning} | {'not tried' if report[name] is None else report[name]} |"
        for name, meaning in _FIGURES.items()
    ]
    labels = [f"| {_cell(label)} | {count} |" for label, count in report["labels"].items()]
    lines = [
        "# Classifier of your own labels",
        f"Learned from {report['rows']} rows. Below a confidence of {report['threshold']} the "
        "answer is `other`.",
        f"SHA-256 of `classifier.skops`: {report['model_sha256']}.",
        "",
        "Three folds; texts that differ only in marks or digits share a fold. The threshold was "
        "chosen on the same rows.",
        "",
        "| figure | value |",
        "|---|---|",
        *figures,
        "",
        "| label | rows |",
        "|---|---|",
        *labels,
        *(["", *(f"* {_cell(warning)}" for warning in report["warnings"])]),
    ]
    (folder / _CARD).write_text("\n".join(lines).rstrip() + "\n", encoding="utf-8")


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
