"""How phrases of rulebooks are written, and the RE2 expression of each.

A phrase is words of the normalised text, with seven signs:

    kirim*          any word that begins so
    pin|otp         either word; `kode_otp` with an underscore is two words in a row
    ya?             the word may be missing
    ...  or ...6    up to four (or six) words of the same sentence in between
    ?               alone, or last of several words: the question mark that ends a sentence
    ^               alone at an end of the phrase: there the sentence begins or ends
    /refund(ed|s)?/ the whole phrase is one RE2 expression over whole words

What a list of phrases finds in a turn belongs to `phrases`.
"""

import math
from typing import Final

import re2

from enrichment import lexicons, normalise

_ASKED: Final = "?"
_EDGE: Final = "^"
_GAP: Final = 4
_LONGEST_GAP: Final = 12
# A long list of unusual words is met less often than one everyday word, let alone one of these.
_EVERYDAY_COST: Final = 200
_CONSTANT_COST: Final = 5000
_CONSTANT: Final = frozenset({
    "kami", "saya", "anda", "di", "ada", "apa", "ini", "itu", "tidak", "yang", "ya", "bisa", "untuk",
    "sudah", "belum", "atau", "sini", "xxnumber", "i", "you", "we", "the", "your", "this", "that", "it",
    "is", "are", "to", "in", "on", "and", "me", "us", "not", "can", "will", "xxperson", "xxphone",
    "kasih", "terima", "terima kasih", "ibu", "bapak", "pak", "bu", "kak", "dengan", "ke", "dari",
    "mohon", "boleh", "nomor", "nama", "lagi", "siapa", "for", "a", "my", "am", "i am", "have",
    "with", "of", "do", "no", "please", "tv",
})  # fmt: skip
_ANY_WORD: Final = r" [^ .!?;][^ ]*"


class PhraseError(ValueError):
    """A phrase that cannot be read; the message says why."""


def expression(phrase: str) -> str:
    """The RE2 expression of a phrase, from the blank before it to the one after it.

    Raises PhraseError.
    """
    if _is_expression(phrase):
        return f" (?i:{_checked(phrase.strip()[1:-1])}) "
    parts: list[str] = []
    begins, signs, ends = _edges(phrase)
    for sign in signs:
        if sign.startswith("..."):
            parts.append(f"(?:{_ANY_WORD}){{0,{_gap(sign[3:])}}}")
        elif sign == _ASKED and parts:
            parts.append(r" \?")
        else:
            parts.append(_choice(sign))
    if not parts or any(end.startswith(f"(?:{_ANY_WORD})") for end in (parts[0], parts[-1])):
        raise PhraseError(f"phrase {phrase!r} must begin and end with a word")
    return begins + "".join(parts) + " " + ends


def _edges(phrase: str) -> tuple[str, list[str], str]:
    """What ties a phrase to the beginning or end of its sentence, and the signs in between."""
    signs = phrase.split()
    first, last = signs[:1] == [_EDGE], signs[1:] != [] and signs[-1] == _EDGE
    return "^" * first, signs[first : len(signs) - last], "$" * last


def _is_expression(phrase: str) -> bool:
    plain = phrase.strip()
    return len(plain) > 1 and plain.startswith("/") and plain.endswith("/")


def _checked(given: str) -> str:
    """The expression as it was given. Raises PhraseError for what RE2 cannot run safely."""
    options = re2.Options()
    options.log_errors = False
    try:
        empty = re2.compile(given, options).fullmatch("")
    except re2.error as error:
        reason = error.args[0].decode() if isinstance(error.args[0], bytes) else error.args[0]
        rule = "; it has no look-around and no back-references, so that its time is linear"
        raise PhraseError(f"RE2 refuses /{given}/: {reason}{rule}") from error
    if empty:
        raise PhraseError(f"/{given}/ matches nothing at all; make it need a word")
    return given


def anchors(phrase: str) -> frozenset[str]:
    """Beginnings of words at the phrase's most telling place: few and unusual alternatives."""
    everyday = lexicons.words("id/common_words", "en/common_words")
    best: tuple[float, frozenset[str]] = (math.inf, frozenset())
    if _is_expression(phrase):
        return best[1]
    for sign in phrase.split():
        # What may be missing tells nothing, and neither does a question mark.
        if sign == _EDGE or sign.startswith("...") or sign.endswith("?"):
            continue
        cost = sum(_cost(_plain(word), everyday) for word in sign.split("|"))
        # A whole word ends with a blank, so that "sel" is not tried on every "selamat".
        starts = [f" {_plain(w)}" if w.endswith("*") else f" {_plain(w)} " for w in sign.split("|")]
        best = min(best, (cost, frozenset(starts)), key=lambda pair: pair[0])
    return best[1]


def _cost(word: str, everyday: frozenset[str]) -> int:
    """How often the word is met, roughly."""
    if word in _CONSTANT:
        return _CONSTANT_COST
    return _EVERYDAY_COST if word in everyday else 1


def _spelled(word: str) -> str:
    """The word without its signs; placeholders such as xxbank_account keep their underscore."""
    plain = word.removesuffix("*")
    return plain if plain.startswith("xx") else plain.replace("_", " ").strip()


def _plain(word: str) -> str:
    spelled = _spelled(word)
    if word.endswith("*") or spelled.startswith("xx"):
        return spelled.lower()
    return normalise.normalise(spelled)


def _gap(number: str) -> int:
    if number and not (number.isdigit() and int(number) <= _LONGEST_GAP):
        raise PhraseError(f"a gap is written ... or ...N with N up to {_LONGEST_GAP}")
    return int(number) if number else _GAP


def _choice(sign: str) -> str:
    """One position of a phrase: alternatives, beginnings, optional."""
    asked = sign.split("|")[-1] == _ASKED
    optional = sign.endswith("?") and not asked
    words = [_word(word) for word in (sign if asked else sign.removesuffix("?")).split("|")]
    return f"(?: (?:{'|'.join(words)}))" + ("?" if optional else "")


def _word(word: str) -> str:
    if word == _ASKED:
        return re2.escape(_ASKED)
    plain = _spelled(word)
    if not plain or any(sign in plain for sign in "*?|"):
        raise PhraseError(f"cannot read the word {word!r}")
    if word.endswith("*"):
        return re2.escape(plain.lower()) + "[^ ]*"
    if plain.startswith("xx"):
        return re2.escape(plain.lower())
    # Authors may write slang or contractions: phrases pass through the same spelling as texts.
    return re2.escape(normalise.normalise(plain))
