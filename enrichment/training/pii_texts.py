"""Texts with persons and addresses marked, for fitting and measuring the taggers.

Published sets (presidio_synth, IndoNLU's NERP and NERGrit), sentences of our own (`seeds/pii.yml`)
filled with listed names, and service texts that hold next to none. Reading only.
"""

import csv
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from enrichment import lexicons
from enrichment.training.samples import HERE

Span = tuple[int, int, str]

TYPES: Final = {
    "PERSON": "PERSON",
    "STREET_ADDRESS": "ADDRESS",
    "ZIP_CODE": "ADDRESS",
    "CREDIT_CARD": "CARD",
    "PHONE_NUMBER": "PHONE",
    "EMAIL_ADDRESS": "EMAIL",
    "IBAN_CODE": "BANK_ACCOUNT",
    "US_SSN": "NIK",
    "US_DRIVER_LICENSE": "NIK",
}
"""Presidio's types that have a type of ours; the others are no personal data here."""
_SLOT: Final = re.compile(r"\{(\w+)\}")
_VARIANTS: Final = 14
_WORDS: Final = {
    "word": "names/english_words",
    "plain": "en/common_words",
    "kata": "id/common_words",
}
"""Slots that any everyday word fills."""


@dataclass(frozen=True)
class Marked:
    """A text with its spans; texts of one `group` stay on one side of a split."""

    text: str
    spans: tuple[Span, ...]
    source: str
    group: str


def presidio(data: Path) -> Iterator[Marked]:
    """English synthetic texts; the group is the template."""
    path = data / "presidio_synth" / "synth_dataset_v2.json"
    for row in json.loads(path.read_text(encoding="utf-8")):
        spans = tuple(
            (span["start_position"], span["end_position"], TYPES[span["entity_type"]])
            for span in row["spans"]
            if span["entity_type"] in TYPES
        )
        group = f"presidio:{row['template_id']}"
        yield Marked(row["full_text"], tuple(sorted(spans)), "presidio_synth", group)


def named(data: Path, part: str = "train") -> Iterator[Marked]:
    """Indonesian news and encyclopedia sentences with their persons."""
    for name, tag in (("nergrit_ner-grit", "PERSON"), ("nerp_ner-prosa", "PPL")):
        path = data / "indonlu" / name / f"{part}_preprocess.txt"
        for number, block in enumerate(path.read_text(encoding="utf-8").split("\n\n")):
            pairs = [line.split("\t") for line in block.splitlines() if "\t" in line]
            if pairs:
                yield _joined(pairs, tag, name.split("_")[0], f"{name}:{number}")


def _joined(pairs: list[list[str]], tag: str, source: str, group: str) -> Marked:
    text, spans = "", list[Span]()
    for word, label in pairs:
        start = len(text) + bool(text)
        text = f"{text} {word}" if text else word
        if label == f"B-{tag}":
            spans.append((start, len(text), "PERSON"))
        elif label == f"I-{tag}" and spans:
            spans[-1] = (spans[-1][0], len(text), "PERSON")
    return Marked(text, tuple(spans), source, group)


def service(data: Path) -> Iterator[Marked]:
    """Service texts in both languages, users masked: hardly a person in them."""
    for part in ("train.inf", "train.for"):
        for line in (data / "stif" / part).read_text(encoding="utf-8").splitlines():
            yield Marked(line, (), "stif", f"stif:{line}")
    with (data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle):
            yield Marked(row["text"], (), "banking77", f"banking77:{row['text']}")


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
    if slot in _WORDS:
        word = str(chooser.choice(lexicons.entries(_WORDS[slot])))
        return (word if slot == "plain" else _capital(word)), ""
    if slot == "brand":
        return _capital(_invented(chooser)), ""
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
    if slot == "last":
        return _capital(chooser.choice(lexicons.entries("en/surnames")))
    lists = {"road": "roads_id", "city": "cities", "town": "towns"}
    return str(chooser.choice(content[lists[slot]]))


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


def messages(path: Path, part: str, language: str) -> Iterator[Marked]:
    """The project's own invented messages; `part` is first or second."""
    found = "first"
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            found = "second" if line.startswith("# Second") else found
        elif found == part and line.startswith(f"{language}\t"):
            yield marked(line.partition("\t")[2].replace("\\n", "\n"), "messages")


_MARK: Final = re.compile(r"\{([A-Z_]+)\|([^}]*)\}")


def marked(line: str, source: str) -> Marked:
    """Read `{TYPE|value}` marks."""
    text, spans, position = "", list[Span](), 0
    for match in _MARK.finditer(line):
        text += line[position : match.start()]
        spans.append((len(text), len(text) + len(match.group(2)), match.group(1)))
        text, position = text + match.group(2), match.end()
    return Marked(text + line[position:], tuple(spans), source, line)
