"""Words that say little about the language they come from: loans, fixed phrases, third languages.

Reads the leanings that `language` found for each word; the word lists are in `lexicons`.
"""

from functools import cache
from itertools import pairwise
from typing import Final

from enrichment import lexicons

STRONG: Final = 1.2
"""A word that leans further than this belongs plainly to one language."""
_LOAN: Final = -0.6
"""A word or phrase that Indonesian borrows leans this much to English, and no more."""
_PLAINLY: Final = 4


def elsewhere(found: list[str], leans: list[float], seen: list[bool]) -> bool:
    """True when words of third languages are at least as many as plainly known ones."""
    listed = lexicons.words("foreign_words")
    if listed.isdisjoint(found):
        return False
    outside = sum(word in listed for word in found)
    if outside < min(2, (len(found) + 1) // 2):
        return False
    plain = sum(
        known and abs(lean) > STRONG and word not in listed
        for word, lean, known in zip(found, leans, seen, strict=True)
    )
    return outside >= plain


def borrowed(found: list[str], values: list[float]) -> list[float]:
    """Beside Indonesian words, fixed English phrases ("thank you") and option letters say little."""
    if max(values, default=0.0) <= STRONG:
        return values
    weak = {i for i, word in enumerate(found) if len(word) == 1 and word != "i"}
    if not _phrase_words().isdisjoint(found):
        phrases = lexicons.words("loan_phrases")
        for i, (word, following) in enumerate(pairwise(found)):
            if f"{word} {following}" in phrases:
                weak |= {i, i + 1}
    if not weak:
        return values
    return [max(value, _LOAN) if i in weak else value for i, value in enumerate(values)]


@cache
def _phrase_words() -> frozenset[str]:
    """The first words of the phrases: a text without one holds no phrase."""
    return frozenset(phrase.split()[0] for phrase in lexicons.words("loan_phrases"))


def one_loan(values: list[float]) -> str:
    """The language of a plain sentence with one word of the other, else "".

    One foreign word is a loan or a name, not a second language.
    """
    english = sum(value < -STRONG for value in values)
    indonesian = sum(value > STRONG for value in values)
    if english <= 1 and indonesian >= _PLAINLY:
        return "id"
    return "en" if indonesian <= 1 and english >= _PLAINLY else ""
