"""Count the everyday words of each language from open text: facts, no sentences are kept.

    python -m enrichment.training.common_words --data DIR

DIR holds `stif` and `indonlu` (Indonesian) and `banking77` and `clinc150` (English). The lists
tell an ordinary word from a name and a doubled letter from an emphatic one.
"""

import argparse
import csv
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from enrichment import lexicons

OUT = Path(__file__).parents[1] / "lexicons"
KEEP = 4000
MIN_SEEN = 3


def _indonesian(data: Path) -> Iterator[str]:
    yield from (data / "stif" / "train.for").read_text("utf-8").splitlines()
    reviews = data / "indonlu" / "smsa_doc-sentiment-prosa" / "train_preprocess.tsv"
    for line in reviews.read_text("utf-8").splitlines():
        yield line.split("\t")[0]


def _english(data: Path) -> Iterator[str]:
    with (data / "banking77" / "train.csv").open(encoding="utf-8") as file:
        yield from (row["text"] for row in csv.DictReader(file))
    groups = json.loads((data / "clinc150" / "data_full_train_val.json").read_text("utf-8"))
    for name, rows in groups.items():
        if "train" in name:
            yield from (row[0] for row in rows)


def common(lines: Iterable[str], names: frozenset[str]) -> list[str]:
    """The most frequent words that are not given names, in alphabetical order."""
    seen = Counter(
        word
        for line in lines
        for word in line.lower().replace("?", " ").replace(".", " ").replace(",", " ").split()
        if word.isalpha() and word.isascii() and len(word) > 1
    )
    kept = [word for word, count in seen.most_common(KEEP) if count >= MIN_SEEN]
    return sorted(word for word in kept if word not in names)


def seen(data: Path) -> list[str]:
    """Words that Indonesian service texts and reviews use, persons of the news left out.

    A word of this list in lower case is rarely a name, whatever list of names holds it too.
    """
    lines = [*_indonesian(data), *(data / "stif" / "train.inf").read_text("utf-8").splitlines()]
    for path in sorted((data / "stif" / "unlabelled").iterdir()):
        lines += path.read_text("utf-8").splitlines()
    counts = Counter(word for line in lines for word in line.lower().split() if word.isalpha())
    held = lexicons.words("id/given_names", "id/common_words") - lexicons.words("ambiguous_names")
    held |= _persons(data)
    return sorted(word for word, count in counts.items() if count >= MIN_SEEN and word not in held)


def _persons(data: Path) -> frozenset[str]:
    """Words that name a person at least every second time in tagged news."""
    whole, named = Counter[str](), Counter[str]()
    for path in (data / "indonlu").glob("ner*/train_preprocess.txt"):
        for line in path.read_text("utf-8").splitlines():
            word, _, label = line.lower().partition("\t")
            whole[word] += 1
            named[word] += label.endswith(("-ppl", "-person"))
    return frozenset(word for word, count in named.items() if 2 * count >= whole[word])


def main() -> None:
    """Write `common_words.txt` of both languages, and the Indonesian words seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    for language, lines in (("id", _indonesian(data)), ("en", _english(data))):
        ambiguous = lexicons.words("ambiguous_names")
        names = lexicons.words(f"{language}/given_names") - ambiguous
        (OUT / language / "common_words.txt").write_text(
            "\n".join(common(lines, names)) + "\n", "utf-8"
        )
    (OUT / "names" / "indonesian_words.txt").write_text("\n".join(seen(data)) + "\n", "utf-8")


if __name__ == "__main__":
    main()
