"""`lakehouse classifier`: learn a user's own labels from a CSV, label JSON lines with them."""

import dataclasses
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import orjson

from orchestration.commands.annotate import json_lines

if TYPE_CHECKING:
    from enrichment.classifier import Classifier, FitReport

_BATCH: Final = 500


def fit_labels(train: Path, model: Path, *, as_json: bool) -> int:
    """Learn and save a model; exit code 1 when the file cannot be learned from."""
    from enrichment import classifier

    try:
        report = classifier.fit(train, model)
    except classifier.BadTrainingFile as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if as_json:
        sys.stdout.write(json.dumps(dataclasses.asdict(report), ensure_ascii=False) + "\n")
    else:
        sys.stdout.write(_in_words(report, model))
    for warning in report.warnings:
        sys.stderr.write(f"{train.name}: {warning}\n")
    return 0


def predict_lines(model: Path) -> int:
    """Label every line of standard input; exit code 1 when a line or the model was not usable."""
    from enrichment import classifier, model_files

    try:
        ready = classifier.load(model)
    except model_files.ModelRefused as error:
        sys.stderr.write(f"{model}: {error}\n")
        return 1
    failed = False
    for answer in _answers(ready, json_lines()):
        failed = failed or "error" in answer
        sys.stdout.buffer.write(orjson.dumps(answer) + b"\n")
    return 1 if failed else 0


def _answers(ready: "Classifier", lines: Iterable[Any]) -> Iterator[dict[str, Any]]:
    """One answer for each line, in order; the text itself is not repeated."""
    source = iter(lines)
    while batch := list(islice(source, _BATCH)):
        errors = [_problem(line) for line in batch]
        good = [line for line, error in zip(batch, errors, strict=True) if error is None]
        found = iter(ready.label([line["text"] for line in good]))
        for line, error in zip(batch, errors, strict=True):
            identity = {"id": line.get("id") if isinstance(line, dict) else None}
            yield {**identity, "error": error} if error else {**identity, **next(found)}
        sys.stdout.buffer.flush()


def _problem(line: Any) -> str | None:
    """Why a line cannot be read, in words without its content."""
    if not isinstance(line, dict):
        return "a line must be a JSON object"
    if "error" in line and "text" not in line:
        return str(line["error"])
    if not isinstance(line.get("text"), str):
        return "text is missing or not a string"
    return None


def _in_words(report: "FitReport", model: Path) -> str:
    return (
        f"learned {len(report.labels)} labels from {report.rows} rows into {model}\n"
        f"on rows not seen while learning: accuracy {report.accuracy:.3f}, "
        f"macro-F1 {report.macro_f1:.3f}\n"
        f"below a confidence of {report.threshold} the answer is `other`\n"
    )
