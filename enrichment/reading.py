"""How heads read a batch of texts: whole texts and sentence windows, featurised once for all heads.

Every head asks for the same batch in turn, so the last few readings are remembered.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from enrichment import features, linear, word_vectors
from enrichment.normalise import Token
from warehouse.vocabulary import FLAGS

HEADS = ("sentiment", "drivers", "churn", *(f"flag_{flag}" for flag in FLAGS))
_SHORT = 45
"""A text of at most this many words is read whole; a longer one also in windows of sentences."""
_WINDOW = 30
_SENTENCE_END = re.compile(r"[.!?\n;][\s\"')\]]")


@dataclass(frozen=True)
class Reading:
    """A batch of texts as scored units.

    Units 0 to n-1 are the n whole texts. `windows[i]` lists the units of text i that are looked at
    one by one for a cue: the text itself when it is short, else its windows.
    """

    texts: tuple[str, ...]
    encoded: features.Encoded
    windows: tuple[tuple[int, ...], ...]

    def probabilities(self, head: str) -> linear.Floats:
        """What a bundled head says of each unit; all heads are asked in one pass."""
        return self._answers[head]

    @cached_property
    def _answers(self) -> dict[str, linear.Floats]:
        return linear.all_probabilities(HEADS, self.encoded)


def read(texts: Sequence[str]) -> Reading:
    """Return the texts as feature rows."""
    return _read(tuple(texts))


@lru_cache(maxsize=4)
def _read(texts: tuple[str, ...]) -> Reading:
    units = [features.Unit(i, features.words_of(text)) for i, text in enumerate(texts)]
    windows: list[tuple[int, ...]] = []
    for i, text in enumerate(texts):
        if len(units[i].words) <= _SHORT:
            windows.append((i,))
            continue
        cut = [features.Unit(i, words) for words in _cut(text, units[i].words)]
        windows.append(tuple(range(len(units), len(units) + len(cut))))
        units.extend(cut)
    return Reading(texts, word_vectors.encode(units), tuple(windows))


def _cut(text: str, words: tuple[Token, ...]) -> list[tuple[Token, ...]]:
    """Cut at sentence ends into windows of about 30 words; run-on speech is cut by length."""
    found: list[tuple[Token, ...]] = []
    current: list[Token] = []
    for word, following in zip(words, (*words[1:], None), strict=True):
        current.append(word)
        between = text[word[1] : following[0]] + " " if following else " "
        ended = _SENTENCE_END.search(between) is not None
        if following is None or len(current) >= _WINDOW or (ended and len(current) >= _WINDOW // 2):
            found.append(tuple(current))
            current = []
    return found
