"""Fit and measure the language model: words and letter groups that lean to Indonesian or English.

    python -m enrichment.training.language --data DIR [--write]

DIR holds `stif`, `indonlu`, `banking77` and `clinc150`. One in ten lines of each set is held out.
Code-mixed text is composed: a stretch of an Indonesian line beside a stretch of an English one.
"""

import argparse
import csv
import json
import math
import random
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from enrichment import language, lexicons, model_files

SMOOTHING = 0.5
MIN_WORD = 2
MIN_GRAM = 8
LIMIT = 4.0
# A loanword alone reads as English; beside any Indonesian word it gives way.
LOANWORD = -0.6
LABELS = ("id", "en", "mix")


def corpora(data: Path) -> dict[str, list[str]]:
    """Lines of each set, named by kind."""
    reviews = data / "indonlu" / "smsa_doc-sentiment-prosa" / "train_preprocess.tsv"
    with (data / "banking77" / "train.csv").open(encoding="utf-8") as file:
        banking = [row["text"] for row in csv.DictReader(file)]
    clinc = json.loads((data / "clinc150" / "data_full_train_val.json").read_text("utf-8"))
    return {
        "id_formal": (data / "stif" / "train.for").read_text("utf-8").splitlines(),
        "id_slang": (data / "stif" / "train.inf").read_text("utf-8").splitlines(),
        "id_reviews": [line.split("\t")[0] for line in reviews.read_text("utf-8").splitlines()],
        "en_banking": banking,
        "en_assistant": [row[0] for name, rows in clinc.items() for row in rows],
    }


def split(lines: list[str], seed: int = 7) -> tuple[list[str], list[str]]:
    """Nine parts to fit, one to measure."""
    shuffled = sorted(set(lines))
    random.Random(seed).shuffle(shuffled)
    cut = len(shuffled) // 10
    return shuffled[cut:], shuffled[:cut]


def weights(counts_id: Counter[str], counts_en: Counter[str], least: int) -> dict[str, float]:
    """Log odds of each entry, positive for Indonesian, clipped and rounded."""
    total_id, total_en = sum(counts_id.values()), sum(counts_en.values())
    result = {}
    for entry in counts_id.keys() | counts_en.keys():
        if counts_id[entry] + counts_en[entry] < least:
            continue
        odds = math.log((counts_id[entry] + SMOOTHING) / total_id) - math.log(
            (counts_en[entry] + SMOOTHING) / total_en
        )
        result[entry] = round(max(-LIMIT, min(LIMIT, odds)), 2)
    return dict(sorted(result.items()))


def word_counts(lines: Iterable[str]) -> Counter[str]:
    """How often each word is written."""
    return Counter(word for line in lines for _, _, word in language.words(line))


def gram_counts(counts: Counter[str]) -> Counter[str]:
    """How many different words hold each letter group."""
    return Counter(gram for word in counts for gram in set(language.grams(word)))


def mixed(left: list[str], right: list[str], size: int, seed: int) -> Iterator[str]:
    """Compose code-mixed lines: a stretch of each language, in either order, or one inside."""
    rng = random.Random(seed)
    while size:
        first, second = rng.choice(left).split(), rng.choice(right).split()
        if len(first) < 3 or len(second) < 3:
            continue
        a = _stretch(rng, first)
        b = _stretch(rng, second)
        cut = rng.randrange(len(a) + 1) if rng.random() < 0.4 else rng.choice((0, len(a)))
        yield " ".join([*a[:cut], *b, *a[cut:]])
        size -= 1


def _stretch(rng: random.Random, tokens: list[str]) -> list[str]:
    size = rng.randint(3, min(10, len(tokens)))
    begin = rng.randrange(len(tokens) - size + 1)
    return tokens[begin : begin + size]


def fit(parts: dict[str, list[str]]) -> dict[str, Any]:
    """Word and letter weights, then a small linear decision over their sums."""
    indonesian = parts["id_formal"] + parts["id_slang"] + parts["id_reviews"]
    english = parts["en_banking"] + parts["en_assistant"]
    words_id, words_en = word_counts(indonesian), word_counts(english)
    model: dict[str, Any] = {}
    by_word = weights(words_id, words_en, MIN_WORD)
    by_word |= dict.fromkeys(lexicons.words("loanwords"), LOANWORD)
    by_gram = weights(gram_counts(words_id), gram_counts(words_en), MIN_GRAM)
    for name, table in (("word", by_word), ("gram", by_gram)):
        model[f"{name}s"] = np.array(list(table))
        model[f"{name}_weights"] = np.array(list(table.values()))
    # The decision is fitted below; until then the scorer only sums.
    model |= {"labels": list(LABELS), "coefficients": [], "intercepts": []}
    rng = random.Random(3)
    texts = {
        "id": rng.sample(indonesian, 4000),
        "en": rng.sample(english, 4000),
        "mix": list(mixed(indonesian, english, 3000, seed=5)),
    }
    scorer = language.Scorer(model)
    rows = [(scorer.features(text), label) for label, lines in texts.items() for text in lines]
    decision = LogisticRegression(C=1.0, max_iter=500)
    decision.fit(np.array([row for row, _ in rows]), [LABELS.index(label) for _, label in rows])
    model["coefficients"] = np.round(decision.coef_, 4)
    model["intercepts"] = np.round(decision.intercept_, 4)
    return model


def measure(model: dict[str, Any], held: dict[str, list[str]]) -> dict[str, float]:
    """Share of held-out lines of each kind that get their language."""
    scorer = language.Scorer(model)
    shares = {}
    for kind, lines in held.items():
        wanted = kind.split("_")[0]
        lines = [line for line in lines if line.strip()]
        right = sum(scorer.detect(line)[0] == wanted for line in lines)
        shares[kind] = round(right / len(lines), 4)
    return shares


def main() -> None:
    """Fit, measure on held-out lines, write the model when asked."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    sets = {kind: split(lines) for kind, lines in corpora(options.data).items()}
    held = {kind: rest for kind, (_, rest) in sets.items()}
    left = held["id_slang"] + held["id_formal"]
    held["mix_composed"] = list(mixed(left, held["en_banking"], 1000, seed=11))
    model = fit({kind: part for kind, (part, _) in sets.items()})
    print(json.dumps(measure(model, held), indent=2))  # noqa: T201
    if options.write:
        model_files.save(language.MODEL, model)


if __name__ == "__main__":
    main()
