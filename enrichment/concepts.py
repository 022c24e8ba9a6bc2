"""Bilingual word lists: which concepts a word names, its polarity, and whether it negates.

The lists are data (`taxonomies/concepts.yml`), Indonesian and English side by side, so that what
a model learns from one language helps in the other. Phrases belong to the cue files, not here.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import yaml

_FILE: Final = Path(__file__).parent / "taxonomies" / "concepts.yml"
_SHORTEST_STEM: Final = 3


@dataclass(frozen=True, slots=True)
class Concepts:
    """What a word means: concept names, polarity (-1, 0, 1), and whether it negates."""

    names: tuple[str, ...]
    polarity: int
    negates: bool


@dataclass(frozen=True)
class _Lists:
    exact: dict[str, tuple[str, ...]]
    stems: dict[str, tuple[str, ...]]


@cache
def digest() -> str:
    """Short checksum of the lists."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()[:8]


def of_word(word: str) -> Concepts:
    """Return what a normalised word means; an unknown word means nothing."""
    lists = _lists()
    names = (*lists.exact.get(word, ()), *_by_stem(word, lists.stems))
    polarity = ("positive" in names) - ("negative" in names)
    topics = tuple(n for n in names if n not in ("positive", "negative", "negation"))
    return Concepts(topics, polarity, "negation" in names)


def _by_stem(word: str, stems: dict[str, tuple[str, ...]]) -> tuple[str, ...]:
    # Longest stem first: "berlangganan*" is asked before "berlang*".
    for end in range(len(word), _SHORTEST_STEM - 1, -1):
        if word[:end] in stems:
            return stems[word[:end]]
    return ()


@cache
def _lists() -> _Lists:
    exact: dict[str, list[str]] = {}
    stems: dict[str, list[str]] = {}
    for concept, languages in yaml.safe_load(_FILE.read_text(encoding="utf-8")).items():
        for words in languages.values():
            for word in str(words).split():
                target, key = (stems, word[:-1]) if word.endswith("*") else (exact, word)
                known = target.setdefault(key, [])
                if concept not in known:
                    known.append(concept)
    return _Lists(
        {word: tuple(names) for word, names in exact.items()},
        {word: tuple(names) for word, names in stems.items()},
    )
