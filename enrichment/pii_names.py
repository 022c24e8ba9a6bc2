"""Names of persons: after a cue, behind a title, from the source's own list, or well known.

Only names are found here. A word that is also an everyday word ("Indah", "Will") is hidden only
when a cue, a title or a full name stands with it.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import re2

from enrichment import lexicons
from enrichment.pii_spans import BARRIER, Found, matches, pattern

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
_PLAIN = str.maketrans(dict.fromkeys(".,;:!?()\"'\n\t/-*", " "))
_AFTER_WEAK = (
    r"(?i)^(?:,? ?(?:dari|from|speaking|here|disini|di sini|calling|yang tadi|ingin|mau|with)\b"
    r"|[.,!?]|\s*$)"
)
_SPEAKER = ("saya", "aku", "i am", "i'm", "im", "this is", "chatting with", "speaking with")
# One run of letters after another: linear in any engine, and quicker here than RE2.
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’`])*(?:-[^\W\d_]+)?\.?")
_PLAIN_WORD = re.compile(r"\w+", re.ASCII)
_BLANKS = frozenset(" \t\n\f\r")
_MANY = 40
"""Words of known names beyond which one compiled pattern is quicker."""
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
    for match in matches(_CUE if known else _CUE_STRICT, text):
        strength = match.lastindex
        start = match.end() if known or strength == 1 else match.end() - 1
        if not text[start : start + 1].isalpha():
            continue
        cue = text[match.start(strength) : match.end(strength)]
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
    if "^" not in text:
        return
    for match in matches(_SIGNED, text):
        yield Found(match.start(1), match.end(1), "PERSON")


def _supported(text: str, found: Found, cue: str) -> bool:
    """After a weak cue: a known first name, or words that introduce a person follow."""
    first = text[found.start : found.end].split()[0].lower()
    capital = text[found.start].isupper()
    if _is_name(first) and (capital or first not in _ordinary()):
        return first not in _ordinary() or cue in _SPEAKER or cue == "dengan"
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
    ordinary = lower in _ordinary() or (lower.endswith("nya") and len(lower) > 5)
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
    return _known() - lexicons.words("ambiguous_names", "not_names", "en/surnames") - _ordinary()


@lru_cache(maxsize=1)
def _ordinary() -> frozenset[str]:
    words = lexicons.words("id/common_words", "en/common_words", "not_names")
    slang = frozenset(lexicons.mapping("id/slang", "en/slang", "id/slang_learned"))
    return words | slang


@lru_cache(maxsize=1)
def _dictionary() -> frozenset[str]:
    """Rarer words: a capital alone makes no name of them."""
    return lexicons.words("names/english_words", "names/indonesian_words")


class _Known(NamedTuple):
    """Lower-case names of a source: in full by their first word, parts, and what one must hold."""

    whole: dict[str, list[tuple[str, ...]]]
    parts: frozenset[str]
    needles: tuple[str, ...]


def given(text: str, names: Sequence[str]) -> Iterator[Found]:
    """The names that the source knows: in full in any spelling, in parts with care."""
    simple = _simple(tuple(names))
    if simple and text.isascii():
        yield from _plainly(text, simple)
        return
    if _nobody(text, tuple(names)):
        return
    whole, parts = _compiled(tuple(names))
    if whole is not None:
        for match in whole.finditer(text):
            yield Found(match.start(), match.end(), "PERSON")
    if parts is None:
        return
    for match in parts.finditer(text):
        if _written_as_name(text, match.start(), match.group()):
            yield Found(match.start(), match.end(), "PERSON")


def _nobody(text: str, names: tuple[str, ...]) -> bool:
    """True when plain text holds no part of any name, and nothing needs compiling."""
    needles = _needles(names)
    if not needles or not text.isascii():
        return False
    lower = text.lower()
    return not any(needle in lower for needle in needles)


@lru_cache(maxsize=4096)
def _needles(names: tuple[str, ...]) -> tuple[str, ...]:
    """One word of each name and of each part; none when names are not plain or too many."""
    whole, parts = _pieces(names)
    words = {max(name.split(), key=len).lower() for name in whole} | {
        part.lower() for part in parts
    }
    plain = len(words) <= _MANY and all(word.isascii() for word in words)
    return tuple(sorted(words)) if plain else ()


def _plainly(text: str, known: _Known) -> Iterator[Found]:
    """What the compiled patterns find, without compiling: names and text are plain words."""
    lower = text.lower()
    for needle in known.needles:
        if needle in lower:
            break
    else:
        return
    words = [(match.group(), *match.span()) for match in _PLAIN_WORD.finditer(lower)]
    after = 0
    for place, (word, start, end) in enumerate(words):
        if word in known.parts and _written_as_name(text, start, text[start:end]):
            yield Found(start, end, "PERSON")
        if place >= after and word in known.whole:
            names = known.whole[word]
            size = next((len(name) for name in names if _stands(lower, words, place, name)), 0)
            if size:
                after = place + size
                yield Found(start, words[after - 1][2], "PERSON")


def _stands(
    text: str, words: list[tuple[str, int, int]], place: int, name: tuple[str, ...]
) -> bool:
    """True when the words of a name follow each other from a place on."""
    here = words[place : place + len(name)]
    return tuple(word for word, _, _ in here) == name and all(
        _BLANKS.issuperset(text[left[2] : right[1]]) for left, right in pairwise(here)
    )


def _written_as_name(text: str, start: int, word: str) -> bool:
    """A part that is an everyday word ("Putri") counts only when written as a name."""
    plain = word.lower() in _ordinary() or word.lower() in lexicons.words("ambiguous_names")
    return not plain or (word[0].isupper() and not word.isupper() and not _opens(text, start))


def _opens(text: str, start: int) -> bool:
    """True at the beginning of a sentence, where everyday words have capitals too."""
    before = text[:start][-3:].rstrip(" ")
    return not before or before[-1] in ".!?\n"


@lru_cache(maxsize=4096)
def _simple(names: tuple[str, ...]) -> _Known | None:
    """Names that are plain words, and not too many; else None."""
    longest_first, parts = _pieces(names)
    words = [part for name in longest_first for part in name.split()] + parts
    if len(words) > _MANY or not all(word.isascii() and word.isalnum() for word in words):
        return None
    whole: dict[str, list[tuple[str, ...]]] = {}
    for name in longest_first:
        inside = tuple(name.lower().split())
        whole.setdefault(inside[0], []).append(inside)
    found = frozenset(part.lower() for part in parts)
    return _Known(whole, found, tuple(sorted(found | set(whole))))


def _pieces(names: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """Whole names and their parts of three letters or more, the longest first."""
    clean = [" ".join(name.replace(BARRIER, " ").split()) for name in names]
    whole = sorted({name for name in clean if " " in name}, key=len, reverse=True)
    parts = sorted(
        {part.strip(".,") for name in clean for part in name.split() if len(part.strip(".,")) >= 3},
        key=len,
        reverse=True,
    )
    return whole, parts


@lru_cache(maxsize=4096)
def _compiled(names: tuple[str, ...]) -> tuple[Any, Any]:
    """Patterns for whole names and for their parts."""
    whole, parts = _pieces(names)
    return _bounded([r"\s+".join(map(re2.escape, name.split())) for name in whole]), _bounded(
        [re2.escape(part) for part in parts]
    )


def _bounded(options: list[str]) -> Any:
    # RE2's \b knows ASCII letters only; names are split at any letter or digit instead.
    return re2.compile(rf"(?i)\b(?:{'|'.join(options)})\b") if options else None
