"""Turns templates into what a person writes or says: choices, slang, typos, code-mixing.

Slots such as `{phone}` pass through untouched, so that values can be filled in afterwards and
their place in the text is known. Which template is used does not belong here.
"""

import re
from random import Random
from typing import Any, Final

CHOICE: Final = re.compile(r"\[([^\[\]]*\|[^\[\]]*)\]")
SLOT: Final = re.compile(r"(\{[a-z_]+\})")
WORD: Final = re.compile(r"[A-Za-z']+")
SPACES: Final = re.compile(r"  +")
BEFORE_MARK: Final = re.compile(r" +([.,!?])")

Lexicon = dict[str, list[str]]


def expand(template: str, rng: Random) -> str:
    """Resolve `[one|two|]` alternatives, innermost first."""
    while "[" in template:
        chosen = CHOICE.sub(lambda m: rng.choice(m[1].split("|")), template)
        if chosen == template:
            break
        template = chosen
    return BEFORE_MARK.sub(r"\1", SPACES.sub(" ", template)).strip()


def _typo(word: str, rng: Random) -> str:
    at = rng.randrange(1, len(word) - 1)
    kind = rng.randrange(3)
    if kind == 0:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == 1:
        return word[:at] + word[at + 1 :]
    return word[:at] + word[at] + word[at:]


def swap_words(text: str, lexicon: Lexicon, chance: float, typos: float, rng: Random) -> str:
    """Replace words by an informal or foreign form, and mistype some; slots stay whole."""

    def one(found: re.Match[str]) -> str:
        word = found[0]
        forms = lexicon.get(word.lower())
        if forms and rng.random() < chance:
            form = rng.choice(forms)
            return form.capitalize() if word[0].isupper() and len(word) > 1 else form
        if typos and len(word) > 4 and rng.random() < typos:
            return _typo(word, rng)
        return word

    parts = SLOT.split(text)
    parts[::2] = [WORD.sub(one, part) if part else part for part in parts[::2]]
    return "".join(parts)


def stretch(text: str, words: frozenset[str], chance: float, rng: Random) -> str:
    """Lengthen the last letter of some stressed words, as in `lamaaaa` or `pleaseee`."""

    def one(found: re.Match[str]) -> str:
        word = found[0]
        if word.lower() in words and rng.random() < chance:
            return word + word[-1] * rng.randrange(1, 5)
        return word

    parts = SLOT.split(text)
    parts[::2] = [WORD.sub(one, part) if part else part for part in parts[::2]]
    return "".join(parts)


def _outside_slots(text: str, change: Any) -> str:
    parts = SLOT.split(text)
    parts[::2] = [change(part) for part in parts[::2]]
    return "".join(parts)


def casual_marks(text: str, rng: Random) -> str:
    """Drop capitals and full stops, repeat question and exclamation marks, as on a phone."""
    if rng.random() < 0.65:
        text = _outside_slots(text, str.lower)
    if text.endswith(".") and rng.random() < 0.75:
        text = text[:-1]
    if rng.random() < 0.25:
        text = text.replace(". ", rng.choice((", ", " ", "\n", ".. ")))
    if "?" in text and rng.random() < 0.3:
        text = text.replace("?", rng.choice(("??", "???", " ?", "")), 1)
    if rng.random() < 0.08:
        text = text.replace(", ", ",")
    return text


def shout(text: str) -> str:
    """Write everything outside the slots in capitals."""
    return _outside_slots(text, str.upper)


def spoken_fillers(text: str, fillers: list[str], rng: Random) -> str:
    """Put hesitation words where a speaker pauses."""
    words = text.split(" ")
    if len(words) < 7:
        return text
    for _ in range(rng.choice((0, 1, 1, 2))):
        at = rng.randrange(1, len(words) - 1)
        words.insert(at, rng.choice(fillers))
    return " ".join(words)


def sentence(text: str) -> str:
    """Begin with a capital letter."""
    return text[:1].upper() + text[1:]
