"""Numbers of identity documents that have no fixed shape: driving licence, passport, social security.

Found only behind the words that name them. Reported as type `NIK`, read as "identity number": the
list of types is closed, and each of these names one person.
"""

from collections.abc import Iterator

from enrichment.pii_spans import Found, beside, matches

_WORDS = (
    r"driver'?s? licen[cs]e|driving licen[cs]e|passport|paspor|surat izin mengemudi|no(?:mor)? sim|sim [abc]"
    r"|ssn|social security|itin|nric|fin number|aadhaar|national insurance|identity card|id card"
)
_FILLER = r"(?:\s*(?:number|nomor|no|num|card|id|is|was|adalah|saya|nya|ku|my|the|it|ya|kak|[:.#=])){0,4}\s*"
_SPOKEN = r"(?:zero|oh|nol|kosong|one|satu|two|dua|three|tiga|four|empat|five|lima|six|enam|seven|tujuh|eight|delapan|nine|sembilan)"
_VALUE = (
    r"((?-i:[A-Z]{0,3})[0-9](?:[ -]?[0-9]){4,16}(?-i:[A-Z])?\b"
    rf"|{_SPOKEN}(?:[ ,-]{{1,2}}{_SPOKEN}){{4,15}}\b)"
)
_DOCUMENT = rf"(?i)\b(?:{_WORDS})\b{_FILLER}{_VALUE}"
# The printed form of an American social security number.
_SOCIAL = r"\b[0-9]{3}-[0-9]{2}-[0-9]{4}\b"
_CODED = r"(?i)(?:[#/_=-]|\b(?:order|pesanan|resi|invoice|ticket|tiket|case|ref|booking|kode|code)[^\pL]{0,3}(?:no|number|nomor)?[^\pL]{0,4})$"
_BEFORE = 24
TRIGGER = (
    r"licen|passport|paspor|mengemudi|\bsim\b|ssn|social|itin|nric|\bfin\b|aadhaar|insurance|card"
    r"|[0-9]{3}-[0-9]{2}-[0-9]{4}"
)
"""Stands in one space-separated piece at least of every text with such a number."""


def find(text: str) -> Iterator[Found]:
    """Yield identity numbers of folded text."""
    for match in matches(_DOCUMENT, text):
        yield Found(match.start(1), match.end(1), "NIK")
    for match in matches(_SOCIAL, text):
        before = text[max(0, match.start() - _BEFORE) : match.start()]
        after = text[match.end() : match.end() + 1]
        if after not in ("-", "/") and beside(_CODED, before) < 0:
            yield Found(match.start(), match.end(), "NIK")
