"""E-mail addresses, written, spaced out or spoken ("budi at contoh titik com")."""

from collections.abc import Iterator

from enrichment.pii_spans import Found, holds, matches

_AT = r"(?:\s*(?:@|\(at\)|\[at\]|\{at\})\s*|\s+(?:at|et|ad)\s+)"
_DOT = r"(?:\.|\s*(?:\(dot\)|\[dot\]|\(titik\))\s*|\s+(?:titik|dot)\s+)"
_LOCAL_JOIN = r"(?:[._+-]|\s+(?:titik|dot|underscore|under score|garis bawah|strip|dash|minus)\s+)"
_PROVIDER = r"(?:gmail|googlemail|yahoo|ymail|hotmail|outlook|icloud|protonmail)"
_SUFFIX = (
    r"(?:com|co|net|org|id|io|me|info|biz|gov|edu|web|sch|ac|go|my|sg|uk|us|au|de|fr|jp|in|nl"
    r"|test|example)"
)
# After a dot that is said out loud, any word can end an address.
_SAID_END = r"(?:\s*\((?:dot|titik)\)\s*|\s+(?:titik|dot)\s+)\pL{2,12}"

_WRITTEN = r"[\pL\pN._%+'-]*[\pL\pN_%+-]@[\pL\pN-]+(?:\.[\pL\pN-]+)+"
_LOCAL = rf"[\pL\pN]+(?:{_LOCAL_JOIN}[\pL\pN]+){{0,4}}"
_SPOKEN = (
    rf"(?i)\b{_LOCAL}{_AT}(?:[\pL\pN-]+(?:{_DOT}[\pL\pN-]+){{0,2}}"
    rf"(?:{_DOT}{_SUFFIX}(?:{_DOT}(?:id|uk|my|sg|au|in))?|{_SAID_END})|{_PROVIDER}(?:\s+com)?)\b"
)

# "look at contoh dot com" is an invitation, not an address.
_VERBS = frozenset(
    [
        "look",
        "looking",
        "order",
        "shop",
        "buy",
        "check",
        "meet",
        "available",
        "find",
        "login",
        "log",
        "visit",
        "see",
        "us",
        "arrive",
        "located",
        "shopping",
        "ordered",
        "bought",
        "contact",
        "details",
        "info",
        "here",
        "there",
        "team",
        "working",
        "work",
        "hosted",
        "is",
    ]
)

TRIGGER = r"@|\b(?:at|et|ad)\b|[(\[{]at[)\]}]"
"""Stands in one space-separated piece at least of every text with an address."""

_TRIGGER = rf"(?i){TRIGGER}"


def find(text: str) -> Iterator[Found]:
    """Yield e-mail addresses of folded text."""
    if "@" in text:
        for match in matches(_WRITTEN, text):
            yield Found(match.start(), match.end(), "EMAIL")
    if not holds(_TRIGGER, text):
        return
    for match in matches(_SPOKEN, text):
        words = text[match.start() : match.end()]
        first = words.split(maxsplit=1)[0].lower()
        if "@" in words or first not in _VERBS:
            yield Found(match.start(), match.end(), "EMAIL")
