"""Texts with personal data marked, for fitting and measuring the taggers.

Published sets (presidio_synth, IndoNLU's NERP and NERGrit), service texts that hold next to no
person, and the project's own messages. Reading only; sentences of our own are in `pii_seeds`.
"""

import csv
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

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
