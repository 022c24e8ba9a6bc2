"""Real customer texts in both languages, in an order that is always the same.

With `--data DIR` (the folder of published sets that `enrichment.training` reads) these are English
bank questions, Indonesian tweets to customer service and Indonesian reviews; without it, the
invented texts of the sample.
"""

import csv
import json
import random
from pathlib import Path

from benchmarks.home import Home
from enrichment.training import samples


def texts(home: Home) -> list[str]:
    """Distinct texts, the languages mixed."""
    if home.data is None:
        _ = home.sampled
        lines = home.turns.read_text("utf-8").splitlines()
        found = [json.loads(line)["text"] for line in lines]
    else:
        found = [*questions(home.data), *_tweets(home.data)]
        found += [sample.text for sample in samples.smsa(home.data, "train")]
    distinct = [text for text in dict.fromkeys(found) if text.strip()]
    random.Random(1).shuffle(distinct)
    return distinct


def questions(data: Path) -> list[str]:
    """English questions to a bank."""
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        return [row["text"] for row in csv.DictReader(file)]


def _tweets(data: Path) -> list[str]:
    files = [data / "stif" / "train.inf", *sorted((data / "stif" / "unlabelled").glob("*.inf"))]
    return [line for file in files for line in file.read_text("utf-8").splitlines()]
