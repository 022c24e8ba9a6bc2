"""The labelled conversations about rules on conduct (`labels/conduct*.txt`), read for measuring.

The first lines of each file say who wrote it and what it may be used for.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

from enrichment.spoken import Spoken
from enrichment.try_rulebook import conversation

_LABELS: Final = Path(__file__).parent / "labels"
FILE: Final = _LABELS / "conduct.txt"
SECOND: Final = _LABELS / "conduct_second.txt"
UNSEEN: Final = _LABELS / "conduct_third.txt"
OWN: Final = _LABELS / "conduct_own.txt"
_LINE: Final = re.compile(r"([+-]) (id|en): (?:@(\S+) )?(.+)")


@dataclass(frozen=True)
class Case:
    """One conversation: about which rule it is, and whether it breaks that rule."""

    rule: str
    breaks: bool
    language: str
    channel: str
    direction: str
    turns: tuple[Spoken, ...]


@cache
def cases(file: Path = FILE) -> tuple[Case, ...]:
    """All conversations. Raises ValueError naming the line that cannot be read."""
    return tuple(_read(file.read_text("utf-8")))


def _read(text: str) -> Iterator[Case]:
    rule, setting = "", dict[str, str]()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if line.startswith("["):
            rule, *pairs = line.strip("[]").split()
            setting = dict(pair.split("=", 1) for pair in pairs)
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"line {number}: expected `+ id: words` or `- en: words`")
        sign, language, at, said = match.groups()
        moment = datetime.fromisoformat(at) if at else None
        turns = conversation(said, moment)
        yield Case(
            rule,
            sign == "+",
            language,
            setting["channel"],
            setting.get("direction", "inbound"),
            turns,
        )
