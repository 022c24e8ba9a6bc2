"""Sentences in which customers ask something, and the answer that agents mostly give.

Only finding them belongs here; questions of the same meaning are grouped by `clusters`.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final

from enrichment import content_words, normalise

_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+|\n+")
_LEAST_WORDS: Final = 2
_LONGEST: Final = 240
_ANSWERS: Final = 3
_LEAST_ANSWER: Final = 4


def sentences(text: str) -> list[str]:
    """The sentences of a text, without blanks around."""
    return [part for part in map(str.strip, _SENTENCE_END.split(text)) if part]


def stated(text: str) -> list[str]:
    """The sentences of a text that may be shown as an answer: none that is longer than a few lines."""
    return [part for part in sentences(text) if len(part) <= _LONGEST]


def asked(text: str) -> list[str]:
    """The questions of a text that name a subject, as they stand, without blanks around.

    "Any solution?" names none and is left out.
    """
    return [part for part in stated(text) if _asks(part)]


def _asks(sentence: str) -> bool:
    spoken = normalise.normalise(sentence).split()
    asks = content_words.listed("asks")
    if "?" not in sentence:
        stop = content_words.listed("stop")
        first = next((word for word in spoken if word in asks or word not in stop), "")
        if first not in asks:
            return False
    return len(set(content_words.content(sentence)) - asks) >= _LEAST_WORDS


def best_answers(
    given: Sequence[Iterable[str]], everywhere: Counter[str], total: int
) -> list[tuple[str, int]]:
    """The sentences that agents gave most after these questions and seldom after others, best first.

    `given` holds the agents' sentences after each question; `everywhere` counts, over `total`
    questions, how many were followed by a sentence (as `plain` spells it). Each sentence comes
    with how many of these questions it followed.
    """
    shown: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for answers in given:
        said = {plain(answer): answer for answer in sorted(answers, reverse=True)}
        counts.update(said.keys())
        for key, answer in said.items():
            shown[key] = min(answer, shown.get(key, answer))

    def worth(key: str) -> float:
        # A farewell follows every question alike; an answer follows its own.
        return round(counts[key] * (counts[key] / len(given) - everywhere[key] / total), 6)

    known = [key for key in counts if "?" not in key and worth(key) > 0 and _says_much(key)]
    best = sorted(known, key=lambda key: (-worth(key), key))[:_ANSWERS]
    return [(shown[key], counts[key]) for key in best]


def _says_much(answer: str) -> bool:
    return len(set(content_words.content(answer))) >= _LEAST_ANSWER


@lru_cache(maxsize=20_000)
def plain(answer: str) -> str:
    """One spelling of an answer, so that equal ones are counted together."""
    return normalise.normalise(answer)
