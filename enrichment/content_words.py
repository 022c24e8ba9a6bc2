"""The words of a text that tell its subject: without glue, greetings, courtesy and asking for help.

The lists are data (`taxonomies/discovery.yml`), in normalised spelling, languages side by side.
"""

import hashlib
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

import yaml

from enrichment import features

FILE: Final = Path(__file__).parent / "taxonomies" / "discovery.yml"
_MOST_WORDS: Final = 40
_MOST_CHARACTERS: Final = 2000


@cache
def listed(kind: str) -> frozenset[str]:
    """The words listed under `kind` (`stop` or `asks`), of all languages."""
    lists = yaml.safe_load(FILE.read_text("utf-8"))[kind]
    return frozenset(word for line in lists.values() for word in str(line).split())


@cache
def version() -> str:
    """Changes with the word lists or the spelling rules."""
    return f"{hashlib.sha256(FILE.read_bytes()).hexdigest()[:8]}-{features.version()}"


def content(text: str) -> tuple[str, ...]:
    """The words of a text that tell its subject, in order; of a long one the first."""
    return _content(text[:_MOST_CHARACTERS])


@lru_cache(maxsize=20_000)
def _content(text: str) -> tuple[str, ...]:
    stop = listed("stop")
    said = (word for _, _, word in features.words_of(text))
    kept = [w for w in said if w not in stop and not w.startswith("xx") and w[0].isalnum()]
    return tuple(kept[:_MOST_WORDS])
