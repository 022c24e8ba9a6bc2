"""A turn as the rules see it: who said what and when, cut into sentences, searched for phrases."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from enrichment.phrases import Phrases, Sentence, sentences
from enrichment.rule_openings import Anchored
from enrichment.tags import Tag

Span = tuple[int, int]


class Spoken(NamedTuple):
    """One turn as the rules see it; `sent_at` is aware, `seconds` count from the call's start."""

    turn_no: int
    role: str
    text: str
    sent_at: datetime | None = None
    seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """A tag and the turn whose words show it."""

    turn_no: int
    tag: Tag


@dataclass(frozen=True, slots=True)
class Heard:
    """A turn cut into sentences, each with the phrase lists that may match in it."""

    spoken: Spoken
    cut: tuple[tuple[Sentence, frozenset[Phrases]], ...]

    @property
    def role(self) -> str:
        return self.spoken.role

    def says(self, phrases: Phrases) -> bool:
        """True when one of the phrases is said."""
        return any(phrases in present and phrases.said_in(s) for s, present in self.cut)

    def first(self, phrases: Phrases, unless: Phrases) -> Span | None:
        """The first match in a sentence that does not take it back, as characters."""
        for sentence, present in self.cut:
            if phrases not in present:
                continue
            span = next(phrases.find(sentence), None)
            if span and not (unless in present and unless.said_in(sentence)):
                return sentence.span(*span)
        return None

    def follows(self, earlier: Phrases, phrases: Phrases, unless: Phrases) -> Span | None:
        """The first match in a sentence after one that says `earlier`."""
        ready = False
        for sentence, present in self.cut:
            span = next(phrases.find(sentence), None) if ready and phrases in present else None
            if span and not (unless in present and unless.said_in(sentence)):
                return sentence.span(*span)
            ready = ready or (earlier in present and earlier.said_in(sentence))
        return None

    def close(self, phrases: Phrases, near: Phrases, words: int, unless: Phrases) -> Span | None:
        """The first place where both lists match with at most so many words in between."""
        for sentence, present in self.cut:
            if phrases not in present or near not in present:
                continue
            if unless in present and unless.said_in(sentence):
                continue
            for span in _pairs(sentence, phrases, near, words):
                return sentence.span(*span)
        return None


def hear(turn: Spoken, anchors: Anchored) -> Heard:
    """Cut a turn into sentences and note which lists are worth trying in each.

    A turn in which no list of its role can match is not cut.
    """
    asked = anchors.by_role.get(turn.role, anchors.all)
    if not asked.worth(turn.text):
        return Heard(turn, ())
    cut = sentences(turn.text)
    return Heard(turn, tuple((sentence, anchors.all.present(sentence)) for sentence in cut))


def elapsed(earlier: Spoken, later: Spoken) -> float | None:
    """Seconds between two turns by the call's clock or by when they were sent; None if unknown."""
    if earlier.seconds is not None and later.seconds is not None:
        return later.seconds - earlier.seconds
    if earlier.sent_at is not None and later.sent_at is not None:
        return (later.sent_at - earlier.sent_at).total_seconds()
    return None


def _pairs(sentence: Sentence, phrases: Phrases, near: Phrases, words: int) -> Iterator[Span]:
    """Stretches that hold a match of each list; both orders count, overlaps do not."""
    others = list(near.find(sentence))
    for start, end in phrases.find(sentence):
        for other_start, other_end in others:
            first, last = min(end, other_end), max(start, other_start)
            # Every word begins with a blank, so the blanks in between count words.
            if first <= last and sentence.text.count(" ", first, last) <= words:
                yield min(start, other_start), max(end, other_end)
