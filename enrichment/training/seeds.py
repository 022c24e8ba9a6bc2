"""Our own invented sentences: read from `seeds/*.yml` and varied by filling their slots."""

import random
import re
from collections.abc import Iterator
from typing import Any

import yaml

from enrichment.training.samples import HERE, Sample
from warehouse.vocabulary import FLAGS

_SLOT = re.compile(r"\{(\w+)\}")
_VARIANTS = 4


def drivers() -> Iterator[Sample]:
    """Sentences for each driver in Indonesian, English and mixed."""
    for language in ("en", "id", "mix"):
        content = _read(f"drivers_{language}")
        for driver, sentences in content["drivers"].items():
            for sentence in sentences:
                labels = {"driver": driver}
                if driver != "termination":
                    labels["churn"] = "none"
                yield from _filled(sentence, language, labels, content["slots"])


def churn() -> Iterator[Sample]:
    """Sentences that announce, threaten, or only seem to announce leaving."""
    content = _read("churn")
    for language in ("en", "id", "mix"):
        for level, sentences in content[language].items():
            for sentence in sentences:
                yield from _filled(sentence, language, {"churn": level}, content["slots"])


def flags() -> Iterator[Sample]:
    """Sentences with all four flags known."""
    content = _read("flags")
    for language in ("en", "id", "mix"):
        for names, sentences in content[language].items():
            held = {name.strip() for name in str(names).split(",")}
            labels = {flag: str(int(flag in held)) for flag in FLAGS}
            for sentence in sentences:
                yield from _filled(sentence, language, labels, content["slots"])


def sentiment() -> Iterator[Sample]:
    """Sentences with their sentiment."""
    content = _read("sentiment")
    for language in ("en", "id", "mix"):
        for label, sentences in content[language].items():
            for sentence in sentences:
                yield from _filled(sentence, language, {"sentiment": label}, content["slots"])


def _read(name: str) -> dict[str, Any]:
    text = (HERE / "seeds" / f"{name}.yml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def _filled(
    sentence: str, language: str, labels: dict[str, str], slots: dict[str, list[Any]]
) -> Iterator[Sample]:
    """The sentence with its slots filled in a few ways; all variants share one group."""
    count = _VARIANTS if _SLOT.search(sentence) else 1
    chooser = random.Random(sentence)
    seen = set()
    for _ in range(count):
        text = _SLOT.sub(lambda match: str(chooser.choice(slots[match.group(1)])), sentence)
        if text not in seen:
            seen.add(text)
            yield Sample(text, "seeds", language, sentence, labels, 1.5 if count == 1 else 1.0)
