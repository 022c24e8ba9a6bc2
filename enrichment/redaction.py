"""Hide personal data in text: the one place where clear text becomes text that may be stored.

Detectors find (`pii_*`), this file decides and replaces. Every span becomes a placeholder such as
`[PHONE]`; the result is stable: redacting it again changes nothing.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from typing import NamedTuple

from enrichment import (
    lexicons,
    model_files,
    pii_address,
    pii_documents,
    pii_doubts,
    pii_email,
    pii_gate,
    pii_known,
    pii_names,
    pii_numbers,
    pii_own,
    pii_secrets,
    pii_tagged,
    pii_tagger,
    pii_tokens,
)
from enrichment.pii_spans import Found, fold, placeholder_pattern, resolve
from warehouse.settings import company_names

_CODE_VERSION = "4"
_LISTS = (
    "id/given_names",
    "en/given_names",
    "en/surnames",
    "ambiguous_names",
    "not_names",
    "id/common_words",
    "en/common_words",
    "id/slang",
    "en/slang",
    "id/slang_learned",
    *pii_tokens.LISTS,
)
# A placeholder can bring two words together that then mean something; a few rounds settle it.
_MAX_ROUNDS = 12
_OFTEN_SAID = 300  # characters
_MOST_TEXTS = 16_384


class RedactedSpan(NamedTuple):
    """One hidden value: `start`, `end` around the placeholder, `raw_*` in the given text."""

    type: str
    start: int
    end: int
    raw_start: int
    raw_end: int


class Redacted(NamedTuple):
    """Text without personal data and where it stood; all offsets are characters."""

    text: str
    spans: tuple[RedactedSpan, ...]


def version() -> str:
    """Changes with the rules, any word list, the tagger, or the company's own names."""
    return f"{_released()}-{pii_own.version(company_names())}"


@cache
def _released() -> str:
    tagger = model_files.sha256(pii_tagger.MODEL)[:8]
    return f"redaction-{_CODE_VERSION}-{lexicons.digest(*_LISTS)}-{tagger}"


def redact(text: str, names: Sequence[str] = ()) -> Redacted:
    """Replace personal data by placeholders.

    `names` are persons known to take part; they are hidden wherever they occur. The company's own
    names stay readable (`pii_own`). Placeholders already in the text are left as they are and give
    no span.
    """
    spans: tuple[RedactedSpan, ...] = ()
    current = text
    for _ in range(_MAX_ROUNDS):
        found = detect(current, names)
        if not found:
            break
        current, new = _replace(current, found)
        spans = _compose(spans, new)
    return Redacted(current, spans)


def detect(text: str, names: Sequence[str] = ()) -> list[Found]:
    """Find personal data in one pass; ordered, without overlaps."""
    asked = _texts()[text] if len(text) <= _OFTEN_SAID else _asked(text, pii_gate.look(text))
    return _decided(text, asked, names) if asked or names else []


def search(text: str, names: Sequence[str], possible: pii_gate.Possible) -> list[Found]:
    """Ask every detector that `possible` does not rule out."""
    return _decided(text, _asked(text, possible), names)


class _Texts(dict[str, tuple[Found, ...]]):
    """What was found in short texts: agents and bots repeat themselves, all the more once names
    are hidden.
    """

    def __missing__(self, text: str) -> tuple[Found, ...]:
        if len(self) >= _MOST_TEXTS:
            self.clear()
        self[text] = found = _asked(text, pii_gate.look(text))
        return found


@cache
def _texts() -> _Texts:
    texts = _Texts()
    pii_tagger.when_changed(texts.clear)
    return texts


def _asked(text: str, possible: pii_gate.Possible) -> tuple[Found, ...]:
    """What the detectors find that need no names; in any order, with overlaps."""
    if not (possible.numbers or possible.names):
        return ()
    plain = fold(text)
    found: list[Found] = []
    if possible.numbers:
        for asked, detector in (
            (possible.emails, pii_email),
            (possible.documents, pii_documents),
            (True, pii_numbers),
            (possible.secrets, pii_secrets),
            (possible.addresses, pii_address),
        ):
            if asked:
                found.extend(detector.find(plain))
    if possible.names:
        found.extend(pii_names.find(plain, introduced=possible.introduced, known=possible.known))
    found.extend(
        pii_tagged.find(
            plain, numbers=possible.numbers, names=possible.names, streets=possible.addresses
        )
    )
    return tuple(found)


def _decided(text: str, asked: Sequence[Found], names: Sequence[str]) -> list[Found]:
    """Settle what was found, and where the persons that the source names are found."""
    plain = fold(text)
    given = list(pii_known.given(plain, names)) if names else []
    if not (asked or given):
        return given
    own = company_names()
    persons = pii_own.persons(tuple(names), own) if names else ()
    if given and len(persons) < len(names):
        given = list(pii_known.given(plain, persons)) if persons else []
    settled = pii_doubts.settled(text, _whole(plain, resolve([*asked, *given])), persons)
    return pii_own.without(plain, settled, persons, own)


def _whole(text: str, found: list[Found]) -> list[Found]:
    """Leave out what an overlap has cut down to an address without a number or a bare mark."""
    return [
        one
        for one in found
        if one.type != "ADDRESS" or any(char.isdigit() for char in text[one.start : one.end])
    ]


def placeholders(text: str) -> list[tuple[int, int, str]]:
    """Start, end and type of every placeholder in redacted text."""
    if "[" not in text:
        return []
    return [(m.start(), m.end(), m.group()[1:-1]) for m in placeholder_pattern().finditer(text)]


def _replace(text: str, found: list[Found]) -> tuple[str, list[RedactedSpan]]:
    pieces: list[str] = []
    spans: list[RedactedSpan] = []
    position = length = 0
    for item in found:
        placeholder = f"[{item.type}]"
        pieces += [text[position : item.start], placeholder]
        length += item.start - position
        spans.append(
            RedactedSpan(item.type, length, length + len(placeholder), item.start, item.end)
        )
        length += len(placeholder)
        position = item.end
    pieces.append(text[position:])
    return "".join(pieces), spans


def _compose(old: tuple[RedactedSpan, ...], new: list[RedactedSpan]) -> tuple[RedactedSpan, ...]:
    """Express two rounds as one: shift the old spans, trace the new ones to the raw text."""
    if not old:
        return tuple(new)
    # How much longer the text has become behind each new span, and behind each old one.
    grown = [0, *accumulate((n.end - n.start) - (n.raw_end - n.raw_start) for n in new)]
    lost = [0, *accumulate((o.raw_end - o.raw_start) - (o.end - o.start) for o in old)]
    new_ends, old_ends = [n.raw_end for n in new], [o.end for o in old]
    moved: list[RedactedSpan] = []
    for span in old:
        shift = grown[bisect_right(new_ends, span.start)]
        moved.append(
            RedactedSpan(
                span.type, span.start + shift, span.end + shift, span.raw_start, span.raw_end
            )
        )
    for span in new:
        back = lost[bisect_right(old_ends, span.raw_start)]
        moved.append(
            RedactedSpan(
                span.type, span.start, span.end, span.raw_start + back, span.raw_end + back
            )
        )
    return tuple(sorted(moved, key=lambda span: span.start))
