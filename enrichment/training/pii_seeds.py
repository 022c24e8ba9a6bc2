"""Sentences of our own with persons and addresses in their places: `seeds/pii.yml`, filled.

Slots are filled with listed names, with invented ones that no list holds, with addresses, and with
words that have a capital and are no person.
"""

import random
import re
from collections.abc import Iterator
from functools import cache
from typing import Any, Final

import yaml

from enrichment import lexicons
from enrichment.training.pii_texts import Marked, Span
from enrichment.training.samples import HERE

_SLOT: Final = re.compile(r"\{(\w+)\}")
_VARIANTS: Final = 14
_WORDS: Final = {
    "word": "names/english_words",
    "plain": "en/common_words",
    "kata": "id/common_words",
}
"""Slots that any everyday word fills."""


def seeds() -> Iterator[Marked]:
    """Our own sentences, filled; the group is the sentence."""
    content = _seed_file()
    for language in ("id", "en", "mix"):
        for sentence in content[language]:
            chooser = random.Random(sentence)
            for _ in range(_VARIANTS if _SLOT.search(sentence) else 2):
                yield _varied(_filled(sentence, language, chooser), chooser)


@cache
def _seed_file() -> dict[str, Any]:
    text = (HERE / "seeds" / "pii.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _filled(sentence: str, language: str, chooser: random.Random) -> Marked:
    text, spans, position = "", list[Span](), 0
    for match in _SLOT.finditer(sentence):
        text += sentence[position : match.start()]
        value, kind = _value(match.group(1), language, chooser)
        if kind:
            spans.append((len(text), len(text) + len(value), kind))
        text, position = text + value, match.end()
    text += sentence[position:]
    return Marked(text, tuple(spans), "seeds", f"seed:{sentence}")


def _value(slot: str, language: str, chooser: random.Random) -> tuple[str, str]:
    content = _seed_file()
    if slot in ("name", "given"):
        return _name(language, chooser, full=slot == "name"), "PERSON"
    if slot == "surname":
        return _capital(_word(language, chooser, family=True)), "PERSON"
    if slot in _WORDS:
        word = str(chooser.choice(lexicons.entries(_WORDS[slot])))
        return (word if slot == "plain" else _capital(word)), ""
    if slot == "brand":
        return _capital(_invented(chooser)), ""
    if slot == "place":
        return _place(chooser), ""
    if slot == "firm":
        return _firm(chooser), ""
    if slot == "thing" and chooser.random() < 0.25:
        return f"{_capital(_invented(chooser))} {chooser.choice(content['endings'])}", ""
    if slot.startswith("street"):
        form = chooser.choice(content["forms_id" if slot == "street_id" else "forms_en"])
        return _SLOT.sub(lambda match: _part(match.group(1), chooser), form), "ADDRESS"
    return str(chooser.choice(content[f"{slot}s"])), ""


def _part(slot: str, chooser: random.Random) -> str:
    """One part of an address."""
    content = _seed_file()
    bounds = {"n": (1, 999), "d": (1, 9), "zip": (10_000, 99_999)}
    if slot in bounds:
        return str(chooser.randint(*bounds[slot]))
    if slot == "place":
        return _place(chooser)
    if slot == "last":
        return _capital(chooser.choice(lexicons.entries("en/surnames")))
    lists = {"road": "roads_id", "city": "cities", "town": "towns"}
    return str(chooser.choice(content[lists[slot]]))


def _place(chooser: random.Random) -> str:
    """A town; one in four is on no list."""
    if chooser.random() < 0.25:
        return _capital(_invented(chooser))
    return _capital(chooser.choice(lexicons.entries("names/places")))


def _firm(chooser: random.Random) -> str:
    """A firm that is called like its owners, or with a name of its own."""
    surnames = lexicons.entries("en/surnames" if chooser.random() < 0.5 else "names/family")
    one, two = (_capital(chooser.choice(surnames)) for _ in range(2))
    end = str(chooser.choice(_seed_file()["firm_ends"]))
    brand, second = (_capital(_invented(chooser)) for _ in range(2))
    forms = (
        f"{one}-{two}",
        f"{one} {end}",
        f"{brand} {end}",
        brand,
        f"{brand} {second}",
        f"{one} {two}",
    )
    return chooser.choices(forms, weights=(2, 2, 2, 3, 2, 1))[0]


def _name(language: str, chooser: random.Random, *, full: bool) -> str:
    sizes = ((1, 2, 2, 2, 3) if language != "en" else (2, 2, 2, 3)) if full else (1,)
    size = chooser.choice(sizes)
    words = [_capital(_word(language, chooser, family=i > 0)) for i in range(size)]
    if language == "en" and size == 3:
        words[1] = words[1][0] + chooser.choice(("", "."))
    return " ".join(words)


def _word(language: str, chooser: random.Random, *, family: bool) -> str:
    """One name; one in five is on no list, put together from two that are."""
    listed = lexicons.entries("names/family" if family else "names/given")
    draw = chooser.random()
    if draw < 0.2:
        return _invented(chooser)
    if language != "en" and draw < 0.8:
        return chooser.choice(lexicons.entries("id/given_names"))
    return chooser.choice(
        listed if draw < 0.65 else lexicons.entries("en/surnames" if family else "en/given_names")
    )


def _invented(chooser: random.Random) -> str:
    """The beginning of one name and the end of another."""
    listed = lexicons.entries("names/given")
    first, second = chooser.choice(listed), chooser.choice(listed)
    return first[: max(2, len(first) // 2)] + second[len(second) // 2 :]


def _capital(word: str) -> str:
    return "-".join(part[:1].upper() + part[1:] for part in word.split("-"))


def _varied(row: Marked, chooser: random.Random) -> Marked:
    """As typed: a third in lower case, a few in upper case."""
    draw, text = chooser.random(), row.text
    if draw < 0.35:
        text = text.lower()
    elif draw < 0.5:
        text = text[:1].upper() + text[1:]
    elif draw < 0.53:
        text = text.upper()
    # A few letters change their length with their case; such a text stays as it was.
    kept = text if len(text) == len(row.text) else row.text
    return Marked(kept, row.spans, row.source, row.group)
