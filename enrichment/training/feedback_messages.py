"""The labelled messages about products (`labels/feedback.txt`), read for measuring."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

FILE: Final = Path(__file__).parent / "labels" / "feedback.txt"
HALVES: Final = ("mended", "held")
_LINE: Final = re.compile(r"([+-]) (id|en): (.+)")
_MENTION: Final = re.compile(r"\{(\w+\.\w+): ([^{}]+)\}")


@dataclass(frozen=True)
class Mention:
    """What is said of which product (`product.aspect`), and the characters that say it."""

    tag: str
    start: int
    end: int


@dataclass(frozen=True)
class Message:
    """One message with its mentions, none or several; `half` is one of HALVES."""

    language: str
    half: str
    text: str
    mentions: tuple[Mention, ...]


@cache
def messages(file: Path = FILE) -> tuple[Message, ...]:
    """All messages. Raises ValueError naming the line that cannot be read."""
    return tuple(_read(file.read_text("utf-8")))


def _read(text: str) -> Iterator[Message]:
    turn: Counter[tuple[str, str]] = Counter()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        found = _message(match[3]) if match else None
        if match is None or found is None or bool(found[1]) != (match[1] == "+"):
            raise ValueError(
                f"line {number}: expected `+ id: {{product.aspect: words}}` or `- en: words`"
            )
        # Each kind is dealt in turn, so that both halves hold as many of it.
        kind = match[1], match[2]
        yield Message(match[2], HALVES[turn[kind] % 2], *found)
        turn[kind] += 1


def _message(marked: str) -> tuple[str, tuple[Mention, ...]] | None:
    """The text without its marks, and the mentions; None when a brace is left over."""
    text, mentions, last = "", [], 0
    for match in _MENTION.finditer(marked):
        text += marked[last : match.start()]
        mentions.append(Mention(match[1], len(text), len(text) + len(match[2])))
        text += match[2]
        last = match.end()
    text += marked[last:]
    return None if "{" in text or "}" in text else (text, tuple(mentions))
