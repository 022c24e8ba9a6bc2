"""The company's own names: firms, brands, products and bots that redaction leaves readable.

Only finds of persons and addresses are given back here, never numbers or e-mail addresses. A find
is given back when nothing is left of it but own names and everyday words. Who is called like the
company stays hidden: behind a title or "my name is", beside another name, or known to take part.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from hashlib import sha256
from typing import Final

import re2

from enrichment import pii_known, pii_tokens
from enrichment.pii_names import CUED, INTRODUCING, TITLED
from enrichment.pii_spans import BARRIER, Found, holds, matches
from enrichment.pii_tagged import STREET

_PERSONAL: Final = ("PERSON", "ADDRESS")
# "Telivaranya", "Telivara-ku", "Telivara's"; a product's number: "Vara 25".
_ENDING: Final = r"(?:-?(?:nya|ku|mu|lah|kah|pun)|['’]s)?"
_NUMBER: Final = r"(?: [0-9]{1,4}\b)?"
_JOINS: Final = "_@.-'’"
"""Between a name and more letters these make one word of both: "vara.wijaya", "Vara-Wijaya"."""
_NAMES: Final = frozenset("gfGFa")
_PLAIN: Final = frozenset("dDest")
_BEFORE: Final = 48
_BOT: Final = r"(?i)\b(?:asisten|assistant|virtual|chat ?bot|bot|robot)\b"
"""Behind "my name is Vara" these words say that no person speaks."""
_BOT_REACH: Final = 40
_GAP: Final = 4
_WORD: Final = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)*")
_NUMBER_CHARACTERS: Final = 8
"""Ending and number that may stand behind an own name."""

Place = tuple[int, int]


def version(names: Sequence[str]) -> str:
    """Eight hex digits that change with the names, not with their order or case."""
    return sha256("\n".join(sorted({name.casefold() for name in names})).encode()).hexdigest()[:8]


@lru_cache(maxsize=4096)
def persons(known: tuple[str, ...], own: tuple[str, ...]) -> tuple[str, ...]:
    """Names of those who take part, without those that are the company's: "Telivara Care"."""
    return tuple(name for name in known if not _is_own(name, own)) if own else known


def without(
    text: str, found: list[Found], known: Sequence[str], own: tuple[str, ...]
) -> list[Found]:
    """Leave out of ordered finds of folded text what names the company.

    `known` are persons who take part; a word of their names is theirs wherever it stands.
    """
    if not own or not _near(text, found, own):
        return found
    places = [place for place in _places(text, own) if not _of_person(text, place, found, known)]
    if not places:
        return found
    given_back = [one.type in _PERSONAL and _nothing_left(text, one, places) for one in found]
    taken = _words(text, [one for one, back in zip(found, given_back, strict=True) if not back])
    return [
        one
        for one, back in zip(found, given_back, strict=True)
        if not back or not taken.isdisjoint(_words(text, [one]))
    ]


def _near(text: str, found: list[Found], own: tuple[str, ...]) -> bool:
    """True when an own name may stand in a find of a person or an address, or just before."""
    words, reach = _first_words(own)
    for one in found:
        if one.type in _PERSONAL:
            held = text[max(0, one.start - reach) : one.end].lower()
            if any(word in held for word in words):
                return True
    return False


def _is_own(name: str, own: tuple[str, ...]) -> bool:
    places = list(_places(name, own))
    return bool(places) and _nothing_left(name, Found(0, len(name), "PERSON"), places)


@lru_cache(maxsize=8)
def _first_words(own: tuple[str, ...]) -> tuple[tuple[str, ...], int]:
    """One of these stands in every own name; and the most characters that a find has before it."""
    words = {name.split()[0].lower() for name in own}
    least = sorted(w for w in words if not any(w != other and other in w for other in words))
    return tuple(least), max(map(len, own)) + _NUMBER_CHARACTERS


@lru_cache(maxsize=8)
def _expression(own: tuple[str, ...]) -> str:
    """Finds own names with their endings and a number, the longest first."""
    longest = sorted(own, key=lambda name: (-len(name), name))
    words = "|".join(r"\s+".join(map(re2.escape, name.split())) for name in longest)
    return rf"(?i)((?:{words}){_ENDING}){_NUMBER}"


def _places(text: str, own: tuple[str, ...]) -> Iterator[Place]:
    """Where own names stand as words of their own."""
    for match in matches(_expression(own), text):
        start, end = match.span()
        if _joined(text[end : end + 2]):
            end = match.end(1)
        before, after = text[max(0, start - 2) : start], text[end : end + 2]
        if not (_joined(before[::-1]) or _joined(after)):
            yield start, end


def _joined(beside: str) -> bool:
    """True when the characters outwards from a name make it part of a longer word."""
    first, second = beside[:1], beside[1:2]
    if first in ("@", "#"):
        # "@telivara" and "#telivara" name the company, "budi@telivara" does not.
        return second.isalnum() or (first == "@" and bool(second.strip()))
    return first.isalnum() or first == "_" or (bool(first) and first in _JOINS and second.isalnum())


def _meets(place: Place, found: list[Found]) -> bool:
    """True when a find of a person or an address overlaps a place."""
    start, end = place
    return any(one.start < end and one.end > start and one.type in _PERSONAL for one in found)


def _of_person(text: str, place: Place, found: list[Found], known: Sequence[str]) -> bool:
    """True when a person is called so here: a title, a cue, or another name stands with it."""
    start, end = place
    if not pii_known.parts(tuple(known)).isdisjoint(text[start:end].lower().split()):
        return True
    before = text[max(0, start - _BEFORE) : start]
    if not INTRODUCING.isdisjoint(_WORD.findall(before.lower())):
        if holds(TITLED, before):
            return True
        if holds(CUED, before) and not holds(_BOT, text[end : end + _BOT_REACH]):
            return True
    return _beside(text, place) or any(
        one.type == "PERSON" and (_touches(text, one.end, start) or _touches(text, end, one.start))
        for one in found
    )


def _touches(text: str, left: int, right: int) -> bool:
    """True when one blank, or an initial, stands between two places."""
    gap = text[left:right] if 0 < right - left <= _GAP else ""
    initial = gap.strip(" .")
    return gap == " " or (len(initial) == 1 and initial.isupper() and gap[-1] == " ")


def _beside(text: str, place: Place) -> bool:
    """True when the word before or after, one blank away, can only be a name."""
    before, after = text[max(0, place[0] - _BEFORE) : place[0]], text[place[1] :][:_BEFORE]
    words = []
    if before[-1:] == " ":
        words += pii_tokens.TOKEN.findall(before)[-1:]
    if after[:1] == " ":
        words += pii_tokens.TOKEN.findall(after)[:1]
    return any(_is_name(word) for word in words)


def _is_name(word: str) -> bool:
    held = pii_tokens.marks(word.lower())
    return word[0].isalpha() and not _NAMES.isdisjoint(held) and _PLAIN.isdisjoint(held)


def _nothing_left(text: str, found: Found, places: list[Place]) -> bool:
    """True when a find holds an own name and, besides, only everyday words."""
    rest, position, holding = [], found.start, False
    for start, end in places:
        if start < found.end and end > found.start:
            rest.append(text[position : max(position, start)])
            position, holding = max(position, end), True
    if not holding:
        return False
    rest.append(text[position : max(position, found.end)])
    around = text[max(0, found.start - 12) : found.end]
    if found.type == "ADDRESS" and holds(STREET, around):
        return False
    return all(_is_plain(word) for part in rest for word in pii_tokens.TOKEN.findall(part))


def _is_plain(word: str) -> bool:
    if word[0].isdigit() or word[0] == BARRIER:
        return False
    held = pii_tokens.marks(word.lower())
    return (
        not word[0].isalpha()
        or ("n" in held)
        or (not _PLAIN.isdisjoint(held) and _NAMES.isdisjoint(held))
    )


def _words(text: str, found: list[Found]) -> set[str]:
    """Words of the persons among finds."""
    return {
        word.lower()
        for one in found
        if one.type == "PERSON"
        for word in pii_tokens.TOKEN.findall(text[one.start : one.end])
        if word[0].isalpha()
    }
