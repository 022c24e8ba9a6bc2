"""The words of product feedback (`taxonomies/feedback.yml`), read into one automaton.

Only reading them belongs here; `feedback` applies them.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, Final

import ahocorasick
import yaml

from enrichment import features

FILE: Final = Path(__file__).parent / "taxonomies" / "feedback.yml"


@dataclass(frozen=True)
class Lists:
    """`automaton` finds (kind, name, letters of the phrase with its blanks); the rest are words
    and products that `feedback` asks about."""

    checksum: str
    automaton: Any
    not_praise: frozenset[str]
    people: frozenset[str]
    of_people: frozenset[str]


@cache
def lists() -> Lists:
    """The lists, read once; `checksum` stands for the bytes of the file."""
    content = FILE.read_bytes()
    rules = yaml.safe_load(content)
    automaton = ahocorasick.Automaton()
    for kind in ("products", "aspects"):
        for name, languages in rules[kind].items():
            for phrase in _phrases(languages, with_suffix=kind == "products"):
                automaton.add_word(f" {phrase} ", (kind, name, len(phrase) + 2))
    for phrase in _phrases(rules["nothing"], with_suffix=False):
        automaton.add_word(f" {phrase} ", ("nothing", "", len(phrase) + 2))
    automaton.make_automaton()
    checksum = hashlib.sha256(content).hexdigest()[:8]
    return Lists(
        checksum,
        automaton,
        not_praise=_words(rules["not_praise"]),
        people=frozenset(rules["people"]["products"]),
        of_people=_words(rules["people"]["words"]),
    )


def _words(languages: dict[str, str]) -> frozenset[str]:
    return frozenset(word for line in languages.values() for word in line.split())


def _phrases(languages: dict[str, list[str]], *, with_suffix: bool) -> Iterator[str]:
    for language, patterns in languages.items():
        for pattern in patterns:
            for words in product(*(part.split("|") for part in str(pattern).split())):
                phrase = " ".join(word for _, _, word in features.words_of(" ".join(words)))
                yield phrase
                if with_suffix and language == "id":
                    yield from (f"{phrase}nya", f"{phrase}-nya")
                elif with_suffix:
                    yield f"{phrase}-nya"
