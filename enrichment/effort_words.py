"""The word lists of effort (`lexicons/effort.yml`), compiled once.

What they mean together is decided in `effort`.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from enrichment import lexicons
from enrichment.phrases import Anchors, Phrases

_FILE = lexicons.FOLDER / "effort.yml"


@dataclass(frozen=True, eq=False)
class EffortWords:
    """`said`: sign -> phrases of customers; `asks`: fact -> phrases of questions about it."""

    version: str
    said: dict[str, Phrases]
    asks: dict[str, Phrases]
    request: Phrases
    again: Phrases
    not_again: Phrases
    anchors: Anchors


@cache
def words() -> EffortWords:
    """The lists of both languages; raises KeyError for a list without one of them."""
    content = _FILE.read_bytes()
    book = yaml.safe_load(content)
    said = {name: _both(sides) for name, sides in book["said"].items()}
    asks = {name: _both(sides) for name, sides in book["asks"].items()}
    single = {name: _both(book[name]) for name in ("request", "again", "not_again")}
    version = f"{book['version']}-{hashlib.sha256(content).hexdigest()[:8]}"
    lists = (*said.values(), *asks.values(), *single.values())
    return EffortWords(version, said, asks, **single, anchors=Anchors(lists))


def _both(sides: dict[str, Any]) -> Phrases:
    return Phrases(_listed(sides))


def _listed(sides: dict[str, Any]) -> Iterator[str]:
    for language in ("id", "en"):
        yield from sides[language]
