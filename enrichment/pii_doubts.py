"""Second thoughts about finds of persons and addresses: what is a firm, a place, a day or a tag.

A find is dropped when the words in and beside it say that it is no person, and becomes part of an
address when it stands in one. Nothing is found here.
"""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from enrichment import lexicons, pii_tokens
from enrichment.pii_spans import Found, holds

_AROUND: Final = 40
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’`-][^\W\d_]+)*")
_FIRMS: Final = (
    r"Inc|Incorporated|Ltd|Limited|LLC|LLP|PLC|Plc|Corp|Corporation|Co|Company|GmbH|AG|BV|NV|Tbk|Persero|Pte|Pty"
    r"|Group|Holdings?|Partners|Associates|Technolog(?:y|ies)|Systems|Solutions|Software|Consulting|Analytics"
    r"|Industries|Enterprises|Ventures|Capital|Investments|Insurance|Bank|Airlines|Airways|Motors|Foods|Labs"
    r"|Laboratories|Pharmaceuticals|Biosciences?|Research|Institute|University|College|School|Hospital|Clinic|Hotel"
    r"|Resort|Restaurant|Cafe|Store|Shop|Studios?|Gallery|Games|Orchestra|Club|Foundation|Agency|Services|Media"
    r"|Entertainment|Records|Stadium|Airport|Station|Bridge|Lines|Stripes|Mall|Plaza|Islands?|Finance|Logistics?"
    r"|Ekspres|Express|Farma|Digital|Online"
)
_FIRM_BEHIND: Final = rf"^(?:,? (?:{_FIRMS})\b| (?:and|&|dan) (?:Sons|Co|Company|Partners|Associates|Daughters)\b)"
_FIRM_INSIDE: Final = re.compile(rf" (?:{_FIRMS})$")
_PLACES: Final = (
    r"bank|pt\.?|cv\.?|ud|hotel|apotek|bengkel|restoran|resto|warung|kedai|klinik|rs|rsud|rumah sakit"
    r"|universitas|sma|smk|sd|sekolah|pasar|stasiun|bandara|terminal|pelabuhan|kota|kabupaten|kab\.?|kecamatan|kec\.?"
    r"|kelurahan|kel\.?|desa|provinsi|pulau|gunung|city of|town of|university of|island of"
)
_FIRM_BEFORE: Final = rf"(?:^|[^\pL\pN])(?i:{_PLACES}) $"
_CALENDAR: Final = frozenset(
    "jan feb mar apr may jun jul aug sep sept oct nov dec mei agu agt okt des mon tue tues wed thu thur thurs"
    " fri sat sun january february march april june july august september october november december monday"
    " tuesday wednesday thursday friday saturday sunday januari februari maret juni juli agustus oktober"
    " november desember senin selasa rabu kamis jumat sabtu minggu ahad".split()
)
_NUMBER_NEAR: Final = r"^[ ,./-]{0,2}(?:[0-9]|\pL{3,9}[ .,/-]{1,2}[0-9])"
_NUMBER_BEFORE: Final = r"[0-9](?:st|nd|rd|th)?[ ,./-]{1,2}(?:\pL{3,9}[ .,/-]{1,2})?$"
_DRAWN: Final = re.compile(r"([^\W\d_])\1{2,}")
_TRIPLE: Final = re.compile(
    r"([^\W\d_]+(?:['’-][^\W\d_]+)*), ([^\W\d_]+(?:['’-][^\W\d_]+)*),? (?:and|dan|&) ([^\W\d_]+(?:['’-][^\W\d_]+)*)"
)
_TAG: Final = re.compile(r"#[^\W_]*$")
_NAMED: Final = frozenset("fFG")
_LISTS: Final = (":", ",")
"""Behind these marks three names are three persons."""


def settled(text: str, found: list[Found]) -> list[Found]:
    """Ordered finds of folded text without those that are no persons or addresses after all."""
    if not any(one.type in ("PERSON", "ADDRESS") for one in found):
        return found
    triples = _triples(text)
    return list(_with_towns(text, (one for one in found if not _refused(text, one, triples))))


def _refused(text: str, one: Found, triples: list[tuple[int, int]]) -> bool:
    if one.type == "ADDRESS":
        return _inside_a_code(text, one)
    if one.type != "PERSON":
        return False
    words = _WORD.findall(text[one.start : one.end])
    return (
        all(word.lower() in pii_tokens.TITLES for word in words)
        or _is_tag(text, one, words)
        or _is_firm(text, one, words)
        or any(start <= one.start and one.end <= end for start, end in triples)
        or (len(words) == 1 and (_is_day(text, one, words[0]) or _is_drawn(words[0])))
    )


def _inside_a_code(text: str, one: Found) -> bool:
    """True for a part of a longer word of letters and digits, or of a number."""
    before, after = text[max(0, one.start - 2) : one.start], text[one.end : one.end + 1]
    cut = before[-1:].isalnum() or before[-1:] == "_" or after.isalnum() or after == "_"
    return cut or (before[-1:] in (".", ",") and before[:1].isdigit() and text[one.start].isdigit())


def _is_tag(text: str, one: Found, words: list[str]) -> bool:
    """True for a word of a hashtag, unless its words are a listed full name: #BudiSantoso."""
    tag = _TAG.search(text, max(0, one.start - _AROUND), one.start)
    if not tag:
        return False
    inside = re.findall(r"[A-Z][^\W\d_A-Z]+", text[one.start : one.end])
    marks = [pii_tokens.marks(word.lower()) for word in inside]
    return not (len(marks) > 1 and "g" in marks[0] and not set("gfGF").isdisjoint(marks[-1]))


def _is_firm(text: str, one: Found, words: list[str]) -> bool:
    if holds(_FIRM_BEHIND, text[one.end : one.end + _AROUND]):
        return True
    if _FIRM_INSIDE.search(text[one.start : one.end]):
        return True
    if holds(_FIRM_BEFORE, text[max(0, one.start - _AROUND) : one.start]):
        return True
    return len(words) == 1 and _is_double_surname(words[0]) 


def _is_double_surname(word: str) -> bool:
    """ "Mayo-Walters" alone is a firm; a person has a given name in front."""
    parts = word.split("-")
    return len(parts) == 2 and all(map(_may_be_surname, parts))


def _triples(text: str) -> list[tuple[int, int]]:
    """Where three surnames stand as a firm does: "Owens, Duran and Oneal"."""
    return [
        match.span()
        for match in _TRIPLE.finditer(text)
        if all(map(_may_be_surname, match.groups())) and text[: match.start()].rstrip()[-1:] not in _LISTS
    ]


def _may_be_surname(word: str) -> bool:
    """True for a listed name that is not a given name alone."""
    held = pii_tokens.marks(word.lower())
    return not _NAMED.isdisjoint(held) and ("g" not in held or "f" in held)


def _is_day(text: str, one: Found, word: str) -> bool:
    """True for a month or a day of the week beside a number."""
    return word.lower() in _CALENDAR and (
        holds(_NUMBER_NEAR, text[one.end : one.end + _AROUND])
        or holds(_NUMBER_BEFORE, text[max(0, one.start - _AROUND) : one.start])
    )


@lru_cache(maxsize=4096)
def _is_drawn(word: str) -> bool:
    """True for a drawn-out word, "tolonggg", unless a given name is drawn out so."""
    lower = word.lower()
    if not _DRAWN.search(lower):
        return False
    shorter = {_DRAWN.sub(r"\1", lower), _DRAWN.sub(r"\1\1", lower)}
    return lexicons.words("id/given_names", "en/given_names").isdisjoint(shorter)


_TOWN_BEHIND: Final = re.compile(r"(?:,? |,?\s*\n[ >?]*)")


def _with_towns(text: str, found: Iterator[Found]) -> Iterator[Found]:
    """Take a word behind an address that no list of given names holds for its town."""
    last: Found | None = None
    for one in found:
        if last and one.type == "PERSON" and last.type == "ADDRESS" and _is_town(text, last, one):
            last = Found(last.start, one.end, "ADDRESS")
            continue
        if last:
            yield last
        last = one
    if last:
        yield last


def _is_town(text: str, address: Found, one: Found) -> bool:
    if not _TOWN_BEHIND.fullmatch(text, address.end, one.start):
        return False
    first = _WORD.findall(text[one.start : one.end])[0].lower()
    return "g" not in pii_tokens.marks(first)
