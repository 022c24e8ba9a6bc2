"""Names of persons: after a cue, behind a title, or well known.

Only names are found here. A word that is also an everyday word ("Indah", "Will") is hidden only
when a cue, a title or a full name stands with it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from enrichment import lexicons
from enrichment.pii_spans import Found, labelled, matches, pattern

_STRONG = (
    r"nama (?:lengkap )?(?:saya|aku|gue|gw|nya|ku|istri saya|suami saya|ibu kandung(?: saya)?|pemilik|penerima|pemesan)"
    r"(?: adalah| itu| yaitu)?"
    r"|namaku|namanya|nama ?:|atas nama|a\.n\.?|a/n|an\.|panggil saya|penerima ?:|name ?:|dgn nama|dengan nama"
    r"|my (?:full )?name(?:'s| is)|name is|call me|under the name(?: of)?|in the name of|name on the (?:account|card) is"
    r"|account holder(?: is)?|(?:husband|wife|son|daughter|friend|colleague|brother|sister|boss),? named"
)
CUE_WORDS = frozenset(
    [
        "nama",
        "namaku",
        "namanya",
        "name",
        "name's",
        "call",
        "panggil",
        "atas",
        "an",
        "a",
        "n",
        "penerima",
        "under",
        "holder",
        "named",
    ]
)
"""Words of which one at least stands in each strong cue."""
INTRODUCING = CUE_WORDS | frozenset(
    [
        "bapak",
        "ibu",
        "pak",
        "bu",
        "mbak",
        "mba",
        "mas",
        "kak",
        "kakak",
        "bang",
        "om",
        "tante",
        "saudara",
        "saudari",
        "miss",
        "mister",
        "madam",
        "mx",
        "bpk",
        "sdr",
        "sdri",
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "yth",
        "messrs",
        "dear",
        "halo",
        "hai",
        "hi",
        "hello",
        "hallo",
        "regards",
        "salam",
        "sincerely",
        "cheers",
        "saya",
        "aku",
        "i",
        "i'm",
        "im",
        "this",
        "it",
        "it's",
        "its",
        "speaking",
        "spoke",
        "talked",
        "chatting",
        "dengan",
        "bersama",
        "sama",
        "oleh",
        "by",
        "from",
        "contact",
        "under",
    ]
)
"""Words of which one at least stands in each cue, strong or weak."""
_TITLES = (
    r"bapak|ibu|pak|bu|mbak|mba|mas|kak|kakak|bang|om|tante|saudara|saudari|miss|mister|madam|mx"
    r"|(?:bpk|sdr|sdri|mr|mrs|ms|dr|prof|yth|messrs)\.?"
)
_GREETINGS = r"(?:dear|halo|hai|hi|hello|hallo|regards|salam|sincerely|cheers),?"
_WEAK = (
    r"saya|aku|i am|i'm|im|this is|it's|its|speaking with|speaking to|spoke (?:to|with)|talked to|chatting with"
    r"|dengan|bersama|sama|oleh|by|from|contact|under"
)
_CUES = rf"(?:(?:({_STRONG}) ?:?|({_TITLES}|{_GREETINGS})|({_WEAK}) ?:?))"
_CUE = rf"(?i)(?:^|[^\pL\pN]){_CUES}[ \t]{{1,2}}"
TITLED = rf"(?:^|[^\pL\pN])(?:(?i:{_TITLES.replace('|dr|', '|')})|D[rR]\.?)[ \t]{{1,2}}$"
"""Ends with a title; "dr" in lower case is short for "dari" as well."""
CUED = rf"(?i)(?:^|[^\pL\pN])(?:{_STRONG}) ?:?[ \t]{{1,2}}$"
"""Ends with words that a name follows."""
GREETED = rf"(?i)(?:^|[^\pL\pN])(?:{_GREETINGS})[ \t]{{1,2}}$"
"""Ends with a greeting."""
# In a text without a well-known name, only a strong cue or a capital letter can begin a name.
_CUE_STRICT = (
    rf"(?:^|[^\pL\pN])(?:(?i:({_STRONG})) ?:?[ \t]{{1,2}}"
    rf"|(?:(?i:({_TITLES}|{_GREETINGS}))|(?i:({_WEAK})) ?:?)[ \t]{{1,2}}\p{{Lu}})"
)
# A line, or a whole turn, that is nothing but a name: a signature, or the answer to "your name?".
_LINE = r"(?m)^[ \t]*((?:\p{Lu}[\pL'-]+)(?: \p{Lu}[\pL'-]*\.?){0,3})[.,!]?[ \t]*$"
_HERE = r"(\p{Lu}[\pL'-]+(?: \p{Lu}[\pL'-]+)?),? (?:here|di sini|disini|speaking)\b"
# Care teams sign posts so: "... ^Rina".
_SIGNED = r"\^(\p{Lu}[\pL'-]+)[ \t]*$"
_TAG = r"#((?:\p{Lu}\p{Ll}+){2,4})\b"
_CAMEL = re.compile(r"[^\W\d_][^\W\d_A-Z]*")
_PLAIN = str.maketrans(dict.fromkeys(".,;:!?()\"'\n\t/-*", " "))
_AFTER_WEAK = (
    r"(?i)^(?:,? ?(?:dari|from|speaking|here|disini|di sini|calling|yang tadi|ingin|mau|with)\b"
    r"|[.,!?]|\s*$)"
)
_SPEAKER = ("saya", "aku", "i am", "i'm", "im", "this is", "chatting with", "speaking with")
# One run of letters after another: linear in any engine, and quicker here than RE2.
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’`])*(?:-[^\W\d_]+)?\.?")
_MAX_WORDS = 4
_SHORT = 60
_REACH = 90


def find(text: str, *, introduced: bool, known: bool) -> Iterator[Found]:
    """Yield person names of folded text that stand behind a cue or alone.

    `introduced`: a word of a cue stands in it; `known`: a well-known name does.
    """
    if introduced:
        yield from _behind_cue(text, known=known)
    yield from _standing_alone(text)


def well_known(lower: str) -> bool:
    """True for a word, or a part of it, that is a given name and no everyday word."""
    return not _unambiguous().isdisjoint(lower.translate(_PLAIN).split())


def _behind_cue(text: str, *, known: bool) -> Iterator[Found]:
    for _, end, strength, first, last in labelled(_CUE if known else _CUE_STRICT, text):
        start = end if known or strength == 1 else end - 1
        if not text[start : start + 1].isalpha():
            continue
        cue = text[first:last]
        # "kak Ongkir ke Malang": behind a lower-case title a capital may begin the sentence.
        found = _walk(text, start, strong=strength == 1, known=strength == 2 and cue[0].islower())
        if found and (strength != 3 or _supported(text, found, cue.lower())):
            yield found


def _standing_alone(text: str) -> Iterator[Found]:
    """A name that fills its line, or says "X here"."""
    # Plain turns leave here: a name alone is short, or stands on a line of its own.
    alone = (_LINE,) if len(text) <= _SHORT or "\n" in text else ()
    here = (_HERE,) if "here" in text or "sini" in text or "speaking" in text else ()
    for expression in (*alone, *here):
        for match in matches(expression, text):
            start, end = match.span(1)
            words = [word.strip(".").lower() for word in text[start:end].split()]
            refused = not lexicons.words("not_names").isdisjoint(words)
            if not refused and not _known().isdisjoint(words):
                yield Found(start, end, "PERSON")
    if "^" in text:
        for match in matches(_SIGNED, text):
            yield Found(match.start(1), match.end(1), "PERSON")
    if "#" in text:
        yield from _in_hashtags(text)


def _in_hashtags(text: str) -> Iterator[Found]:
    """A hashtag whose words are a listed full name: #BudiSantoso."""
    for match in matches(_TAG, text):
        words = _CAMEL.findall(text[match.start(1) : match.end(1)])
        if is_full_name(words):
            yield Found(match.start(1), match.end(1), "PERSON")


def is_full_name(words: Sequence[str]) -> bool:
    """True for a given name that is no everyday word, and listed names behind it."""
    first, *rest = [word.lower() for word in words] or [""]
    return bool(rest) and first in _unambiguous() and _known().issuperset(rest)


def _supported(text: str, found: Found, cue: str) -> bool:
    """After a weak cue: a known first name, or words that introduce a person follow."""
    first = text[found.start : found.end].split()[0].lower()
    capital = text[found.start].isupper()
    if _is_name(first) and (capital or first not in everyday()):
        return first not in everyday() or cue in _SPEAKER or cue == "dengan"
    return (
        capital
        and cue in _SPEAKER
        and bool(pattern(_AFTER_WEAK).search(text[found.end : found.end + 14]))
    )


def _walk(text: str, start: int, *, strong: bool, known: bool) -> Found | None:
    """Read up to four words that can be a name."""
    begin = end = start
    for position in range(_MAX_WORDS):
        reach = text[end : end + _REACH]
        gap = len(reach) - len(reach.lstrip(" "))
        match = _WORD.match(reach, gap)
        if match is None or (position and gap != 1):
            break
        word = match.group()
        # An initial keeps its point; any other point ends the sentence.
        core = word if len(word) == 2 else word.rstrip(".")
        if position == 0 and _again(core):
            begin = end = end + gap + len(word)
            continue
        if not _acceptable(core, first=end == start, strong=strong, known=known):
            break
        begin = end + gap if end == start else begin
        end += gap + len(core)
        if word != core:
            break
    while begin < end and text[begin] == " ":
        begin += 1
    return Found(begin, end, "PERSON") if end > begin and end > start else None


def _again(word: str) -> bool:
    """A second title: "Halo Bapak Budi"."""
    return word.lower() in {"bapak", "ibu", "pak", "bu", "mbak", "mas", "kak", "mr", "mrs", "ms"}


@lru_cache(maxsize=65_536)
def _acceptable(word: str, *, first: bool, strong: bool, known: bool) -> bool:
    lower = word.lower().removesuffix(".").removesuffix("'s")
    if lower in lexicons.words("not_names"):
        return False
    if len(lower) == 1:
        return not first and word[0].isupper()
    if lower in _unambiguous():
        return True
    # Possessive forms of things, "Tagihannya", are no names.
    ordinary = lower in everyday() or (lower.endswith("nya") and len(lower) > 5)
    capital = word[0].isupper()
    if known and first:
        return capital and _is_name(lower) and not word.isupper()
    if strong:
        return not ordinary or (capital and not word.isupper() and _is_name(lower))
    ordinary = ordinary or lower in _dictionary()
    return capital and (not ordinary or (_is_name(lower) and not word.isupper()))


def _is_name(lower: str) -> bool:
    return lower in _known()


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    return lexicons.words("id/given_names", "en/given_names", "en/surnames")


@lru_cache(maxsize=1)
def _unambiguous() -> frozenset[str]:
    return _known() - lexicons.words("ambiguous_names", "not_names", "en/surnames") - everyday()


@lru_cache(maxsize=1)
def everyday() -> frozenset[str]:
    """Everyday words of both languages, and words that are no names."""
    words = lexicons.words("id/common_words", "en/common_words", "not_names")
    slang = frozenset(lexicons.mapping("id/slang", "en/slang", "id/slang_learned"))
    return words | slang


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    """Rarer words: a capital alone makes no name of them."""
    return lexicons.words("names/english_words", "names/indonesian_words")
