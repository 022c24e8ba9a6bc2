"""Try a rulebook on a few conversations before any history is tagged under it.

    python -m enrichment.try_rulebook FILE [--channel voice] [--direction outbound] [--at TIME]

Each line of standard input is one conversation, its turns divided by ` // `; a turn begins with
`c: ` (customer), `b: ` (bot) or `s: ` (system), else the agent says it. Mistakes of the file are
named with their lines. Personal data is not redacted here: write `[CARD]` where a number stands.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from enrichment import compliance, cues, features, quality, rulebook
from enrichment.rules import Rulebook
from enrichment.spoken import Spoken
from warehouse.vocabulary import CHANNELS, DIRECTIONS

_ROLES: Final = {"c": "customer", "a": "agent", "b": "bot", "s": "system"}


def conversation(line: str, moment: datetime | None = None) -> tuple[Spoken, ...]:
    """The turns of one line; all of them are sent at `moment`."""
    return tuple(_turn(number, part, moment) for number, part in enumerate(line.split(" // ")))


def _turn(number: int, part: str, moment: datetime | None) -> Spoken:
    mark, colon, words = part.strip().partition(": ")
    role = _ROLES.get(mark) if colon else None
    return Spoken(number, role or "agent", words if role else part.strip(), moment)


def answers(
    book: Rulebook, turns: tuple[Spoken, ...], channel: str, direction: str
) -> Iterator[str]:
    """What the book says of a conversation, one line a tag."""
    texts = {turn.turn_no: turn.text for turn in turns}
    for finding in compliance.check(turns, channel, direction, [book]):
        words = texts[finding.turn_no][finding.tag.start : finding.tag.end]
        what = "breaks" if finding.tag.family == "compliance" else "counts for"
        yield f"{what} {finding.tag.tag}: {words}"
    for finding in quality.assess(turns, channel, direction, book.form) if book.form else ():
        words = texts[finding.turn_no][finding.tag.start : finding.tag.end]
        criterion, _, outcome = finding.tag.tag.partition(".")
        yield f"{'meets' if outcome == 'met' else 'misses'} {criterion}: {words}"
    phrases = cues.compiled((book,))
    for turn in turns if book.cues else ():
        words_of = features.words_of(turn.text)
        for cue in phrases.find(words_of) if turn.role == "customer" else ():
            said = turn.text[words_of[cue.first][0] : words_of[cue.last][1]]
            yield f"says {book.family} {cue.tag}: {said}"


def main() -> int:
    """Read conversations from standard input; 1 when the rulebook cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--channel", choices=CHANNELS, default="chat")
    parser.add_argument("--direction", choices=DIRECTIONS, default="inbound")
    parser.add_argument("--at", type=datetime.fromisoformat, help="such as 2026-03-04T21:00+07:00")
    asked = parser.parse_args()
    if asked.at is not None and asked.at.tzinfo is None:
        parser.error("--at needs its zone, such as 2026-03-04T21:00+07:00")
    try:
        book = rulebook.load(asked.file)
    except rulebook.RulebookError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    size = f"{len(book.rules) + len(book.cues)} rules"
    if book.form:
        size = f"{len(book.form.criteria)} criteria"
    sys.stdout.write(f"{book.version}: {size}\n")
    for line in (text.strip() for text in sys.stdin):
        if line:
            turns = conversation(line, asked.at)
            found = list(answers(book, turns, asked.channel, asked.direction)) or ["nothing"]
            sys.stdout.write(f"{line}\n" + "".join(f"  {answer}\n" for answer in found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
