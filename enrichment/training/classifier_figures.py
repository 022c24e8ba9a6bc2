"""How well `lakehouse classifier` does on published sets: rows kept from training, and strangers.

    python -m enrichment.training.classifier_figures --data DIR [--sets banking77,hint3_curekart]

One row in five (HINT3: one in four) of each label is asked, the others are learned from. CLINC150
and MultiDoGO are asked with their own validation parts. HINT3's training files hold nothing out of
scope, so every third label is left out of learning and must be answered `other`.
"""

import argparse
import csv
import json
import random
import sys
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.metrics import f1_score, matthews_corrcoef

from enrichment import classifier
from enrichment.labelled_csv import OTHER, in_scope_or_other

Row = tuple[str, str]
Split = tuple[list[Row], list[Row]]

_BOTS: Final = ("curekart", "powerplay11", "sofmattress")


def banking77(data: Path) -> Split:
    """Bank queries, 77 intents."""
    return _split(_csv(data / "banking77" / "train.csv", "text", "category"), 5, seed=1)


def dstc11(data: Path) -> Split:
    """Spoken-style insurance utterances."""
    lines = (data / "dstc11_insurance" / "utterances.jsonl").read_text(encoding="utf-8")
    rows = [json.loads(line) for line in lines.splitlines()]
    return _split([(row["utterance"], row["intent"]) for row in rows], 5, seed=1)


def clinc150(data: Path) -> Split:
    """Assistant queries with their own validation part and out-of-scope rows."""
    text = (data / "clinc150" / "data_full_train_val.json").read_text(encoding="utf-8")
    parts = {name: [(t, label) for t, label in rows] for name, rows in json.loads(text).items()}
    return [*parts["train"], *parts["oos_train"]], [*parts["val"], *parts["oos_val"]]


def multidogo(domain: str) -> Callable[[Path], Split]:
    """Customer turns of one domain, asked with its development part."""

    def split(data: Path) -> Split:
        train, dev = (
            _csv(data / "multidogo" / domain / f"{part}.tsv", "utterance", "intent", "\t")
            for part in ("train", "dev")
        )
        return train, dev

    return split


def hint3(bot: str) -> Callable[[Path], Split]:
    """Few questions an intent; every third intent is a stranger."""

    def split(data: Path) -> Split:
        rows = _csv(data / "hint3" / f"{bot}_train.csv", "sentence", "label")
        names = sorted({label for _, label in rows}, key=lambda n: zlib.crc32(f"x{n}".encode()))
        strange = set(names[::3])
        learned, asked = _split(rows, 4, seed=2)
        strangers = [(text, OTHER) for text, label in rows if label in strange]
        known = [row for row in asked if row[1] not in strange]
        return [row for row in learned if row[1] not in strange], [*known, *strangers]

    return split


SETS: Final[dict[str, Callable[[Path], Split]]] = {
    "banking77": banking77,
    "dstc11": dstc11,
    **{f"hint3_{bot}": hint3(bot) for bot in _BOTS},
    **{f"multidogo_{domain}": multidogo(domain) for domain in ("finance", "insurance")},
    "clinc150": clinc150,
}


def measure(rows: Split, folder: Path) -> dict[str, float | None]:
    """Fit on the first rows, ask the second; MCC and macro-F1 count `other` as a label."""
    train = folder / "train.csv"
    with train.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([("text", "label"), *rows[0]])
    classifier.fit(train, folder)
    asked = ({"text": text} for text, _ in rows[1])
    said = np.array([answer["label"] for answer in classifier.predict(folder, asked)])
    truth = np.array([in_scope_or_other(label) for _, label in rows[1]])
    inside = truth != OTHER
    return {
        "rows": len(truth),
        "accuracy": round(float((said == truth).mean()), 4),
        "in_scope_accuracy": round(float((said == truth)[inside].mean()), 4),
        "other_recall": None if inside.all() else round(float((said == OTHER)[~inside].mean()), 4),
        "mcc": round(float(matthews_corrcoef(truth, said)), 4),
        "macro_f1": round(float(f1_score(truth, said, average="macro", zero_division=0)), 4),
    }


def _split(rows: list[Row], share: int, *, seed: int) -> Split:
    """One row in `share` of each label is asked, at least one where `share` exceeds the rows."""
    groups: dict[str, list[int]] = defaultdict(list)
    for place, (_, label) in enumerate(rows):
        groups[label].append(place)
    chooser, asked = random.Random(seed), set[int]()
    for places in groups.values():
        chooser.shuffle(places)
        asked |= set(places[: max(1, len(places) // share)])
    kept = [row for place, row in enumerate(rows) if place not in asked]
    return kept, [rows[place] for place in sorted(asked)]


def _csv(path: Path, text: str, label: str, delimiter: str = ",") -> list[Row]:
    with path.open(encoding="utf-8", newline="") as handle:
        found = (
            csv.DictReader(handle, delimiter=delimiter, quoting=csv.QUOTE_NONE)
            if delimiter == "\t"
            else csv.DictReader(handle)
        )
        rows = [(row[text] or "", (row[label] or "").strip()) for row in found]
    return [(said, name) for said, name in rows if said.strip() and name]


def main() -> None:
    """Print one JSON line a set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder of the published sets")
    parser.add_argument("--sets", default=",".join(SETS), help="names, separated by commas")
    arguments = parser.parse_args()
    for name in arguments.sets.split(","):
        with tempfile.TemporaryDirectory() as folder:
            figures = measure(SETS[name](arguments.data), Path(folder))
        sys.stdout.write(json.dumps({"set": name, **figures}) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
