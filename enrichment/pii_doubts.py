"""Second thoughts about finds of persons and addresses: what is a firm, a place, a day or a tag.

A find is dropped when the words in and beside it say that it is no person, and becomes part of an
address when it stands in one. Nothing is found here.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final

from enrichment import lexicons, pii_firms, pii_known, pii_tokens
from enrichment.pii_names import CUED, GREETED, TITLED, is_full_name
from enrichment.pii_spans import Found, holds

_AROUND: Final = 40
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*")
# "I'm with RT 6 Boozers": a neighbourhood alone is none.
_NO_ADDRESS: Final = r"(?i)^(?:\pL+ )?r[tw] ?[0-9]{1,3}(?: \pL+)?$"
_CALENDAR: Final = frozenset(
    [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
        "mei", "agu", "agt", "okt", "des", "january", "february", "march", "april", "june", "july",
        "august", "september", "october", "november", "december", "januari", "februari", "maret",
        "juni", "juli", "agustus", "oktober", "nopember", "desember", "mon", "tue", "tues", "wed",
        "thu", "thur", "thurs", "fri", "sat", "sun", "monday", "tuesday", "wednesday", "thursday",
        "friday", "saturday", "sunday", "senin", "selasa", "rabu", "kamis", "jumat", "sabtu",
        "minggu", "ahad",
    ]
)  # fmt: skip
_NUMBER_NEAR: Final = r"^[ ,./-]{0,2}(?:[0-9]|\pL{3,9}[ .,/-]{1,2}[0-9])"
_NUMBER_BEFORE: Final = r"[0-9](?:st|nd|rd|th)?[ ,./-]{1,2}(?:\pL{3,9}[ .,/-]{1,2})?$"
_DRAWN: Final = re.compile(r"([^\W\d_])\1{2,}")
_TAG: Final = re.compile(r"#[^\W_]*$")
_CAMEL: Final = re.compile(r"[A-Z][^\W\d_A-Z]+")
_TOWN_BEHIND: Final = (
    r"(?:^|\[ADDRESS\])(?:[.,]{0,2} |[.,]{0,2}\s*\n[ >?-]*)(?:(?:\p{Lu}[\pL.'-]+|\pL{1,3}) ){0,3}$"
)
_PLACED: Final = "[ADDRESS]"
_CROSSING: Final = r"^ (?:and|&|dan) (?:\pL{1,4}\.? ){0,2}$"


def settled(text: str, found: list[Found], known: Sequence[str]) -> list[Found]:
    """Ordered finds without those that are no persons or addresses after all.

    `text` may hold placeholders; a town behind `[ADDRESS]` is an address too. `known` are persons
    who take part: nobody doubts a word of their names.
    """
    kinds = {one.type for one in found}
    if "PERSON" not in kinds and "ADDRESS" not in kinds:
        return found
    triples = pii_firms.partners(text)
    left = [one for one in found if not _refused(text, one, triples, known)]
    placed = "PERSON" in kinds and ("ADDRESS" in kinds or _PLACED in text)
    return list(_in_addresses(text, left)) if placed else left


def _refused(text: str, one: Found, triples: list[tuple[int, int]], known: Sequence[str]) -> bool:
    if one.type == "ADDRESS":
        return _inside_a_code(text, one) or holds(_NO_ADDRESS, text[one.start : one.end])
    if one.type != "PERSON":
        return False
    words = _WORD.findall(text[one.start : one.end])
    alone = words[0].lower() if len(words) == 1 else ""
    if alone in pii_tokens.TITLES:
        return True
    doubtful = (
        (alone and (_is_drawn(alone) or _is_day(text, one, alone)))
        or any(start <= one.start and one.end <= end for start, end in triples)
        or pii_firms.is_firm(text, one, words)
        or ("#" in text and _is_tag(text, one))
    )
    return bool(doubtful) and not _is_called(text, one) and not _takes_part(words, known)


def _takes_part(words: list[str], known: Sequence[str]) -> bool:
    """True when a word is part of the name of somebody that the source names."""
    return not pii_known.parts(tuple(known)).isdisjoint(word.lower() for word in words)


def _is_called(text: str, one: Found) -> bool:
    """True behind a title or words that a name follows."""
    before = text[max(0, one.start - _AROUND) : one.start]
    return holds(TITLED, before) or holds(CUED, before)


def _inside_a_code(text: str, one: Found) -> bool:
    """True for a part of a longer word of letters and digits, or of a number: 1.275.000."""
    before, after = text[max(0, one.start - 2) : one.start], text[one.end : one.end + 1]
    inside = text[one.start : one.end]
    if len(before) == 2 and before[0].isdigit() and before[1] in ".,":
        return holds(r"^[0-9]{3}(?:[^0-9]|$)", inside)
    cut = before[-1:].isalnum() or before[-1:] == "_" or after.isalnum() or after == "_"
    return cut and len(inside.split()) == 1


def _is_tag(text: str, one: Found) -> bool:
    """True for a word of a hashtag, unless its words are a listed full name: #BudiSantoso."""
    tag = _TAG.search(text, max(0, one.start - _AROUND), one.start)
    return bool(tag) and not is_full_name(_CAMEL.findall(text[one.start : one.end]))


def _is_day(text: str, one: Found, lower: str) -> bool:
    """True for a month or a day of the week beside a number."""
    if lower not in _CALENDAR:
        return False
    before = text[max(0, one.start - _AROUND) : one.start]
    return not holds(GREETED, before) and (
        holds(_NUMBER_NEAR, text[one.end : one.end + _AROUND]) or holds(_NUMBER_BEFORE, before)
    )


@lru_cache(maxsize=4096)
def _is_drawn(lower: str) -> bool:
    """True for a drawn-out word, "tolonggg", unless a given name is drawn out so."""
    if not _DRAWN.search(lower):
        return False
    shorter = {_DRAWN.sub(r"\1", lower), _DRAWN.sub(r"\1\1", lower)}
    return lexicons.words("id/given_names", "en/given_names").isdisjoint(shorter)


def _in_addresses(text: str, found: list[Found]) -> Iterator[Found]:
    """Make one address of an address and the town behind it, or the street that crosses it."""
    last: Found | None = None
    for one in found:
        if last and _together(text, last, one):
            last = Found(last.start, one.end, "ADDRESS")
            continue
        if last:
            yield last
        town = one.type == "PERSON" and _is_town(text, max(0, one.start - _AROUND), one, _PLACED)
        last = one._replace(type="ADDRESS") if town else one
    if last:
        yield last


def _together(text: str, first: Found, second: Found) -> bool:
    if second.start - first.end > _AROUND:
        return False
    if (first.type, second.type) == ("ADDRESS", "PERSON"):
        return _is_town(text, first.end, second, "")
    alone = " " not in text[first.start : first.end]
    crossing = (first.type, second.type) == ("PERSON", "ADDRESS") and alone
    return crossing and holds(_CROSSING, text[first.end : second.start])


def _is_town(text: str, start: int, one: Found, needed: str) -> bool:
    """True for a word behind an address, from `start` on, that is no listed given name."""
    between = text[start : one.start]
    if needed not in between or not holds(_TOWN_BEHIND, between):
        return False
    return not pii_firms.holds_given(_WORD.findall(text[one.start : one.end]))
