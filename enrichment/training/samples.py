"""Labelled texts for training and measuring, from published sets and our own files.

Reading only: which columns mean what, which rows belong together. What is learned from them is
decided in `fit` and `train`. A published text is never written anywhere.
"""

import csv
import hashlib
import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache
from itertools import chain
from pathlib import Path
from typing import Any, Final

import yaml

from warehouse.vocabulary import FLAGS

HERE: Final = Path(__file__).parent
_MAPPING: Final = HERE.parent / "taxonomies" / "mapping.yml"
LABELS: Final = ("driver", "churn", "sentiment", *FLAGS)


@dataclass(frozen=True)
class Sample:
    """One text with what is known about it; `group` keeps variants on one side of a split."""

    text: str
    source: str
    language: str
    group: str
    labels: dict[str, str] = field(default_factory=dict)
    weight: float = 1.0


class LabelMismatch(ValueError):
    """A label points at a row whose text is not the one that was read."""


def sha_prefix(text: str) -> str:
    """First 16 hex digits of the SHA-256 of the text."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def stif(data: Path) -> Iterator[Sample]:
    """Customer-service tweets with our settled labels; the formal spelling shares a tweet's group."""
    formal = _lines(data / "stif" / "train.for")
    with (HERE / "labels" / "stif_drivers.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            file, number = row["file"], int(row["row"])
            text = _lines(data / "stif" / file)[number]
            _check(text, row["sha256_prefix"], file, number)
            labels = {name: row[name] for name in LABELS}
            group = f"stif:{file}:{number}"
            yield Sample(_unmask(text), "stif", "id", group, labels, 2.0)
            if file == "train.inf":
                yield Sample(_unmask(formal[number]), "stif_formal", "id", group, labels, 2.0)


def messages() -> Iterator[Sample]:
    """Invented messages of customers, each by one of several writers (`guideline.md`).

    All messages of a writer share a group, so that a model is judged on writers it never read.
    """
    with (HERE / "labels" / "messages.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            labels = {name: row[name] for name in LABELS}
            group = f"writer:{row['writer']}"
            yield Sample(row["text"], "messages", row["language"], group, labels)


def labelled(data: Path) -> Iterator[Sample]:
    """English rows of several sets with our sentiment labels; held out for measuring."""
    path = HERE / "labels" / "english_sentiment.csv"
    with path.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            text = _english_row(data, row["file"], int(row["row"]))
            _check(text, row["sha256_prefix"], row["file"], int(row["row"]))
            yield Sample(text, "english", "en", text, {"sentiment": row["sentiment"]})


def smsa(data: Path, part: str) -> Iterator[Sample]:
    """Indonesian sentiment; `part` is train or valid."""
    short = {"positive": "pos", "negative": "neg", "neutral": "neu"}
    path = data / "indonlu" / "smsa_doc-sentiment-prosa" / f"{part}_preprocess.tsv"
    for line in _lines(path):
        text, _, label = line.rpartition("\t")
        if label in short:
            yield Sample(text, f"smsa_{part}", "id", text, {"sentiment": short[label]})


def intents(data: Path) -> Iterator[Sample]:
    """English intent sets, mapped to drivers by `taxonomies/mapping.yml`."""
    pairs = chain(_banking(data), _clinc(data), _multidogo(data), _dstc(data), _hint(data))
    seen: set[str] = set()
    for source, text, intent in pairs:
        driver = mapped(source, intent)
        if driver == "skip" or text.lower() in seen:
            continue
        seen.add(text.lower())
        yield Sample(text, source, "en", text.lower(), {"driver": driver, "intent": intent})


def mapped(source: str, intent: str) -> str:
    """The driver an intent of a published set means here, or `skip`."""
    table = _mapping()[source]
    for driver, names in table.items():
        if driver != "default" and intent in names:
            return str(driver)
    return str(table["default"])


@cache
def _mapping() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(_MAPPING.read_text(encoding="utf-8"))
    return found


@cache
def _lines(path: Path) -> tuple[str, ...]:
    # Read as bytes: text mode would change line ends, and with them the checksums.
    return tuple(path.read_bytes().decode("utf-8").split("\n"))


def _check(text: str, prefix: str, file: str, row: int) -> None:
    if sha_prefix(text) != prefix:
        raise LabelMismatch(f"{file} row {row} is not the labelled text; use the published file")


def _unmask(text: str) -> str:
    # Published masks become what redaction would leave, so training sees what production sees.
    return text.replace("xxxphonexxx", "[PHONE]").replace("xxxnumberxxx", "5")


def _english_row(data: Path, file: str, row: int) -> str:
    path = data / file
    if path.suffix == ".jsonl":
        return str(json.loads(_lines(path)[row])["utterance"])
    with path.open(encoding="utf-8", newline="") as handle:
        rows = list(csv.reader(handle, delimiter="\t" if path.suffix == ".tsv" else ","))
    return rows[row][3 if path.suffix == ".tsv" else 0]


def _csv(path: Path, delimiter: str = ",") -> Iterable[list[str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        yield from list(csv.reader(handle, delimiter=delimiter))[1:]


def _banking(data: Path) -> Iterator[tuple[str, str, str]]:
    for text, intent in _csv(data / "banking77" / "train.csv"):
        yield "banking77", text, intent


def _clinc(data: Path) -> Iterator[tuple[str, str, str]]:
    parts = json.loads((data / "clinc150" / "data_full_train_val.json").read_text("utf-8"))
    for part in ("train", "val", "oos_train", "oos_val"):
        for text, intent in parts[part]:
            yield "clinc150", text, intent


def _multidogo(data: Path) -> Iterator[tuple[str, str, str]]:
    for domain in ("finance", "insurance"):
        for row in _csv(data / "multidogo" / domain / "train.tsv", "\t"):
            yield "multidogo", row[3], row[5]


def _dstc(data: Path) -> Iterator[tuple[str, str, str]]:
    for line in _lines(data / "dstc11_insurance" / "utterances.jsonl"):
        if line:
            row = json.loads(line)
            yield "dstc11_insurance", row["utterance"], row["intent"]


def _hint(data: Path) -> Iterator[tuple[str, str, str]]:
    for bot in ("sofmattress", "curekart", "powerplay11"):
        for row in _csv(data / "hint3" / f"{bot}_train.csv"):
            yield f"hint3_{bot}", row[0], row[1]


def capped(samples: Iterable[Sample], key: str, most: int, seed: int = 7) -> list[Sample]:
    """At most `most` samples of each source and value of a label, chosen by a fixed seed."""
    buckets: dict[tuple[str, str], list[Sample]] = {}
    for sample in samples:
        buckets.setdefault((sample.source, sample.labels[key]), []).append(sample)
    chosen: list[Sample] = []
    for name in sorted(buckets):
        bucket = buckets[name]
        random.Random(f"{seed}{name}").shuffle(bucket)
        chosen.extend(bucket[:most])
    return chosen
