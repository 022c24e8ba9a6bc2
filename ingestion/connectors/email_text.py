"""The words a person wrote in a mail, without quoted mails and signatures.

text -> own_words. HTML first goes through `email_html`. Line by line and linear in the length
of the text; the words of mail programs stand in `email_words`.
"""

import re
from collections.abc import Sequence

from ingestion.connectors.email_words import (
    ABOVE,
    CLOSINGS,
    DEVICES,
    DIVIDERS,
    FORWARDS,
    FROM_KEYS,
    HEADER_KEYS,
    OPENINGS,
    VERBS,
)

CLOSING_LINES = 7
SIGNATURE_LINES = 15
ATTRIBUTION_LINES = 4
LONGEST_ATTRIBUTION = 400
_CLOCK = re.compile(r"\b\d{1,2}[:.]\d{2}\b", re.ASCII)
_DAY = re.compile(r"\d{4}|\d{1,2}[./]\d{1,2}[./]\d{2}", re.ASCII)


def own_words(text: str) -> str:
    """The text without quotes and signature; a forward without own words is kept whole."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u00a0", " ").split("\n")
    kept, forwarded = _without_quotes(lines)
    kept = _without_signature(kept)
    result = _joined(kept)
    return _joined(lines) if forwarded and not result else result


def _joined(lines: Sequence[str]) -> str:
    """Lines without trailing blanks and without runs of empty lines."""
    found: list[str] = []
    for line in lines:
        line = line.rstrip()
        if line or (found and found[-1]):
            found.append(line)
    return "\n".join(found).strip()


def _without_quotes(lines: list[str]) -> tuple[list[str], bool]:
    kept: list[str] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if line.lstrip().startswith(">"):
            index += 1
            continue
        size = _attribution(lines, index)
        if size:
            # Below the quoted lines an answer may follow; without the marks all below is quoted.
            if not _quote_follows(lines, index + size):
                return kept, False
            index += size
            continue
        if _is_divider(line, FORWARDS):
            return kept, True
        if _ends_here(lines, index):
            return _without_rule(kept), False
        kept.append(line)
        index += 1
    return kept, False


def _ends_here(lines: list[str], index: int) -> bool:
    """Whether all from this line on is somebody else's mail."""
    line = lines[index]
    if _is_divider(line, DIVIDERS) or _is_header_block(lines, index):
        return True
    return len(line) < 200 and any(words in line.lower() for words in ABOVE)


def _without_rule(kept: list[str]) -> list[str]:
    """Drop the line of dashes or underscores that some programs draw above the quote."""
    while kept and not kept[-1].strip(" _-=*—"):
        kept = kept[:-1]
    return kept


def _attribution(lines: list[str], index: int) -> int:
    """How many lines from `index` say `On <date> <somebody> wrote:`; 0 when they do not."""
    first = lines[index].strip()
    if not first or len(first) > LONGEST_ATTRIBUTION:
        return 0
    if not first.lower().startswith(OPENINGS) and not first[0].isdigit() and "@" not in first:
        return 0
    joined = ""
    for size in range(1, ATTRIBUTION_LINES + 1):
        line = lines[index + size - 1].strip() if index + size <= len(lines) else ""
        if not line or (size > 1 and line.startswith(">")):
            return 0
        joined = f"{joined} {line}".strip()
        if len(joined) > LONGEST_ATTRIBUTION:
            return 0
        if joined.endswith((":", "：")):
            told = _ends_in_verb(joined) or (size <= 2 and _dated_address(joined))
            return size if told else 0
    return 0


def _dated_address(joined: str) -> bool:
    """`02.03.2026, 09:00, "Dimas" <d@toko.example>:`, as programs write that use no verb."""
    last = joined[:-1].rstrip(" >\"'").rpartition(" ")[2]
    return "@" in last and bool(_CLOCK.search(joined)) and bool(_DAY.search(joined))


def _ends_in_verb(joined: str) -> bool:
    ending = joined[:-1].rstrip().lower()
    dated = any(character.isdigit() for character in ending) or "@" in ending
    return dated and (
        ending.endswith(VERBS) or any(f" {verb} " in ending[-160:] for verb in ("schrieb",))
    )


def _quote_follows(lines: list[str], index: int) -> bool:
    for line in lines[index : index + 3]:
        if line.strip():
            return line.lstrip().startswith(">")
    return False


def _is_divider(line: str, phrases: Sequence[str]) -> bool:
    """`-----Original Message-----` and its relatives; the phrase alone on its line."""
    bare = line.strip().strip("-_=* :").lower()
    return bare in phrases and (line.strip()[:1] in "-_=*" or line.strip().endswith(":"))


def _is_header_block(lines: list[str], index: int) -> bool:
    """`From: ...` and at least two more header fields close by.

    Where another field comes first, the block must be three fields without a gap.
    """
    first = _field(lines[index])
    if first in FROM_KEYS:
        return sum(_field(line) in HEADER_KEYS for line in lines[index + 1 : index + 7]) >= 2
    if first not in HEADER_KEYS:
        return False
    following = [_field(line) for line in lines[index + 1 : index + 3]]
    known = [name in HEADER_KEYS or name in FROM_KEYS for name in following]
    return len(known) == 2 and all(known) and any(name in FROM_KEYS for name in following)


def _field(line: str) -> str | None:
    name, colon, rest = line[:80].strip().strip("*").partition(":")
    return name.strip(" *").lower() if colon and (rest.strip() or len(name) < 20) else None


def _without_signature(lines: list[str]) -> list[str]:
    filled = [index for index, line in enumerate(lines) if line.strip()]
    for index in filled:
        if lines[index].rstrip("\r\n") in ("-- ", "--") and index >= len(lines) - SIGNATURE_LINES:
            return lines[:index]
    for index in filled[-3:]:
        if lines[index].strip().lower().startswith(DEVICES):
            return _without_closing(lines[:index])
    return _without_closing(lines)


def _without_closing(lines: list[str]) -> list[str]:
    """Cut at `Regards,` when only short lines, such as a name and a title, follow."""
    filled = [index for index, line in enumerate(lines) if line.strip()]
    while filled and not lines[filled[-1]].strip(" -_*=—"):
        filled.pop()
    for place, index in list(enumerate(filled))[-CLOSING_LINES:]:
        if place == 0:
            continue
        closing = lines[index].strip(" ,.!*").lower()
        after = [lines[later].strip() for later in filled[place + 1 :]]
        if _closes(closing, lines[index]) and all(_is_signature_line(line) for line in after):
            return lines[:index]
    return lines


def _closes(closing: str, line: str) -> bool:
    head, comma, tail = closing.partition(",")
    if closing in CLOSINGS:
        return True
    # `Regards,Bob` on one line; a sentence after the comma is no signature.
    return bool(comma) and head.strip() in CLOSINGS and len(tail.split()) <= 3 and len(line) < 60


def _is_signature_line(line: str) -> bool:
    return len(line) <= 60 and not line.endswith(("?", "!")) and len(line.split()) <= 8
