"""The tokens of one text as the taggers read them: written how, on which lists, and where.

What is known of a single word stands in `pii_tokens`; here stands what its neighbours change.
"""

from functools import cached_property
from typing import Final

from enrichment.pii_tokens import INTRODUCING, OPENING, OWNED, PASSING, TOKEN, Entry, seen

_BEFORE: Final = ("<s>", "<")
_BEHIND: Final = ("</s>", ">")


class Row:
    """The tokens of one text, in parallel lists; offsets are characters, a final 's left out."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._words: list[str] = TOKEN.findall(text)
        self._near: list[tuple[str, str]] = []
        self._start: list[int] = []
        self._entries = entries = list(map(seen().__getitem__, self._words))
        self._first: dict[int, str] = {}
        self.candidates: list[int] = []
        """Places of the tokens that can be part of a name."""
        for place in [place for place, entry in enumerate(entries) if entry[3]]:
            _, _, first, role, _ = entries[place]
            if first and (not place or entries[place - 1][4] & OPENING):
                self._first[place] = first
            if role == 2 or (role == 1 and _introduced(entries, place)):
                self.candidates.append(place)

    @cached_property
    def lower(self) -> list[str]:
        """Each token in lower case, figures as zeros."""
        return [entry[0] for entry in self._entries]

    @cached_property
    def kind(self) -> list[str]:
        """How each token is written and on which lists it stands."""
        kinds = [entry[1] for entry in self._entries]
        for place, first in self._first.items():
            kinds[place] = first
        return kinds

    @property
    def near(self) -> list[tuple[str, str]]:
        """Lower case and kind of each token, behind two places before the text and before two."""
        if not self._near:
            inside = zip(self.lower, self.kind, strict=True)
            self._near = [_BEFORE, _BEFORE, *inside, _BEHIND, _BEHIND]
        return self._near

    @property
    def start(self) -> list[int]:
        """Where each token begins."""
        if not self._start:
            self._start = [match.start() for match in TOKEN.finditer(self._text)]
        return self._start

    def end(self, place: int) -> int:
        """Where a token ends."""
        word = self._words[place]
        return self.start[place] + len(word) - 2 * word.endswith(OWNED)


def _introduced(entries: list[Entry], place: int) -> bool:
    """True behind a title or a word before names; points and colons may stand between."""
    place -= 1
    while place >= 0 and entries[place][4] & PASSING:
        place -= 1
    return place >= 0 and entries[place][4] & INTRODUCING != 0
