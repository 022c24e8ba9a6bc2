"""Finds of persons that are firms, shops or places, by the words in and beside them."""

import re
from typing import Final

from enrichment import pii_tokens
from enrichment.pii_spans import Found, holds

_AROUND: Final = 40
_FIRMS: Final = (
    r"Inc|Incorporated|Ltd|Limited|LLC|LLP|PLC|Plc|Corp|Corporation|Co|Company|GmbH|Tbk|Persero|Pte|Pty|Group"
    r"|Holdings?|Technolog(?:y|ies)|Software|Analytics|Enterprises|Ventures|Investments|Insurance|Airlines|Airways"
)
"""A name before one of these is a firm."""
_PLACES: Final = (
    r"Partners|Associates|Systems|Solutions|Consulting|Industries|Capital|Bank|Motors|Foods|Labs|Laboratories"
    r"|Pharmaceuticals|Biosciences?|Research|Institute|University|College|School|Hospital|Clinic|Hotel|Resort"
    r"|Restaurant|Cafe|Store|Shop|Studios?|Gallery|Games|Orchestra|Club|Foundation|Agency|Services|Media"
    r"|Entertainment|Records|Stadium|Airport|Station|Bridge|Lines|Mall|Plaza|Islands?|Finance|Logistics?|Ekspres"
    r"|Express|Farma|Digital|Online"
)
"""So is one before these, unless it is a listed given name: "Sarah Bridge"."""
_SONS: Final = r"(?:and|&|dan) (?:Sons|Co|Company|Partners|Associates|Daughters)"
_FIRM_BEHIND: Final = rf"^(?:,? (?:{_FIRMS})\b| {_SONS}\b)"
_FIRM_INSIDE: Final = rf" (?:{_FIRMS})$"
_PLACE_BEHIND: Final = rf"^ (?:{_PLACES})\b"
_PLACE_INSIDE: Final = rf" (?:{_PLACES})$"
_BEFORE_WORDS: Final = frozenset(
    [
        "bank", "pt", "pt.", "cv", "cv.", "ud", "hotel", "apotek", "bengkel", "toko", "restoran", "resto", "warung",
        "kedai", "klinik", "rs", "rsud", "sakit", "universitas", "sma", "smk", "sd", "sekolah", "pasar", "stasiun",
        "bandara", "terminal", "pelabuhan", "kota", "kabupaten", "kab", "kab.", "kecamatan", "kec", "kec.", "kelurahan",
        "kel", "kel.", "desa", "provinsi", "pulau", "gunung",
    ]
)  # fmt: skip
_BEFORE: Final = "|".join(sorted(re.escape(word) for word in _BEFORE_WORDS))
_PLACE_BEFORE: Final = rf"(?:^|[^\pL\pN])(?i:{_BEFORE}) (?:\p{{Lu}}\pL+ )?$"
_PLACE_WITHIN: Final = rf"(?:^| )(?i:{_BEFORE}) \p{{Lu}}"
_TRIPLE: Final = re.compile(
    r"([^\W\d_]+(?:['’-][^\W\d_]+)*), ([^\W\d_]+(?:['’-][^\W\d_]+)*),? (?:and|dan|&) ([^\W\d_]+(?:['’-][^\W\d_]+)*)"
)
_JOINING: Final = (" and ", " dan ", " & ")
# What each of the expressions for words behind a name begins with.
_GOES_ON: Final = re.compile(r",? [A-Z]| (?:and|&|dan) ")
_NAMED: Final = frozenset("fFG")
_LISTS: Final = (":", ",")
"""Behind these marks three names are three persons."""


def is_firm(text: str, one: Found, words: list[str]) -> bool:
    """True when the words beside or in a find of `words` say that it names a firm or a place."""
    inside, after = text[one.start : one.end], text[one.end : one.end + _AROUND]
    several, goes_on = len(words) > 1, _GOES_ON.match(after) is not None
    if (goes_on and holds(_FIRM_BEHIND, after)) or (several and holds(_FIRM_INSIDE, inside)):
        return True
    placed = (
        (goes_on and holds(_PLACE_BEHIND, after))
        or (several and (holds(_PLACE_INSIDE, inside) or holds(_PLACE_WITHIN, inside)))
        or _stands_behind_place(text[max(0, one.start - _AROUND) : one.start])
        or (not several and "-" in inside and _is_double_surname(inside))
    )
    return placed and not holds_given(words)


def _stands_behind_place(before: str) -> bool:
    last = before.lower().rsplit(None, 2)[-2:]
    return not _BEFORE_WORDS.isdisjoint(last) and holds(_PLACE_BEFORE, before)


def holds_given(words: list[str]) -> bool:
    """True when a word is a given name of the short, read lists."""
    return any("g" in pii_tokens.marks(word.lower()) for word in words)


def _is_double_surname(word: str) -> bool:
    """ "Mayo-Walters" alone is a firm; a person has a given name in front."""
    parts = word.split("-")
    return len(parts) == 2 and all(map(_may_be_surname, parts))


def partners(text: str) -> list[tuple[int, int]]:
    """Where three surnames stand as a firm does: "Owens, Duran and Oneal"."""
    if "," not in text or not any(word in text for word in _JOINING):
        return []
    return [
        match.span()
        for match in _TRIPLE.finditer(text)
        if all(map(_may_be_surname, match.groups()))
        and text[: match.start()].rstrip()[-1:] not in _LISTS
    ]


def _may_be_surname(word: str) -> bool:
    """True for a listed name that is not a given name alone."""
    held = pii_tokens.marks(word.lower())
    return not _NAMED.isdisjoint(held) and ("g" not in held or "f" in held)
