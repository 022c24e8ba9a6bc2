"""Compile the long name lists: `python -m enrichment.training.name_lists --words FILE`.

Needs the packages `faker` and `names` (both MIT), which the product itself does not use, and FILE,
a plain English word list (Debian's `wamerican-small`, SCOWL, free to copy and change). Only words
are kept: given names, family names, places, and English words that a capital may begin.
"""

import argparse
import importlib
import pkgutil
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final

from enrichment import lexicons

OUT: Final = lexicons.FOLDER / "names"
_WORD: Final = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-])*[^\W\d_]")
_LATIN: Final = re.compile(r"[A-Za-zÀ-ɏḀ-ỿ'’-]+")
_FAMILY: Final = ("last", "surname", "family")
_SKIPPED: Final = ("format", "prefix", "suffix")
_CENSUS_FAMILIES: Final = 12_000
_PLACES: Final = {
    "id_ID": ("cities", "states", "countries"),
    "en_US": ("states", "countries"),
    "en_GB": ("counties",),
    "en_AU": ("states",),
    "en_IN": ("cities", "states"),
    "de_DE": ("cities", "states"),
    "pl_PL": ("cities",),
}
"""Lists of Faker's address providers that name towns, provinces and countries."""


def persons() -> tuple[set[str], set[str]]:
    """Given and family names of every Latin-script locale, lower case, one word each."""
    given, family = set[str](), set[str]()
    providers = importlib.import_module("faker.providers.person")
    for module in pkgutil.iter_modules(providers.__path__):
        provider = importlib.import_module(f"{providers.__name__}.{module.name}").Provider
        for key in dir(provider):
            if "name" in key and not any(word in key for word in _SKIPPED):
                target = family if any(word in key for word in _FAMILY) else given
                target.update(_words(_values(getattr(provider, key))))
    folder = Path(str(importlib.import_module("names").__file__)).parent
    for name in ("dist.female.first", "dist.male.first"):
        given.update(_census(folder / name, None))
    family.update(_census(folder / "dist.all.last", _CENSUS_FAMILIES))
    return given, family


def places() -> set[str]:
    """Words of towns, provinces and countries, lower case."""
    found = set[str]()
    for locale, keys in _PLACES.items():
        provider = importlib.import_module(f"faker.providers.address.{locale}").Provider
        for key in keys:
            found.update(_words(_values(getattr(provider, key))))
    return found


def _values(value: Any) -> Iterable[Any]:
    return value if isinstance(value, (dict, list, tuple, set)) else ()


def _words(values: Iterable[Any]) -> Iterator[str]:
    for value in values:
        for word in str(value).split():
            if _LATIN.fullmatch(word) and _WORD.fullmatch(word):
                yield word.lower()


def _census(path: Path, most: int | None) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [line.split()[0].lower() for line in lines[:most]]


def _write(name: str, source: str, words: Iterable[str]) -> None:
    text = "\n".join([f"# {source}", *sorted(words)]) + "\n"
    (OUT / f"{name}.txt").write_text(text, "utf-8")


def main() -> None:
    """Write the four lists."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=Path, required=True, help="English words, one a line")
    listed = parser.parse_args().words.read_text("utf-8").splitlines()
    given, family = persons()
    plain = {word for word in listed if word.isalpha() and word.islower() and len(word) > 1}
    _write("given", "Given names, from Faker and names (MIT, US census).", given)
    _write("family", "Family names, from Faker and names (MIT, US census).", family - given)
    _write("places", "Words of places, from Faker (MIT).", places())
    _write("english_words", "English words, from SCOWL (wamerican-small).", plain)


if __name__ == "__main__":
    main()
