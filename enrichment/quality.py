"""Apply the scorecard to whole interactions: which criteria an agent met, each with its words.

A criterion gives one tag: `<criterion>.met` or `<criterion>.not_met`, whose score is the
criterion's share of the form. What does not apply gives no tag. A met criterion shows the words
that meet it; a missed one the words that should have led to it, or the opening of the agent's turn.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import pyarrow as pa

from enrichment.compliance import Finding, Spoken
from enrichment.phrases import Anchors, Phrases, Sentence, sentences
from enrichment.rules import Criterion, Scorecard
from enrichment.tags import Tag
from warehouse.contracts import QUALITY_FORM

DETECTOR: Final = "quality"
VERSION: Final = "quality-1"
_OPENING: Final = 120
_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Heard:
    """A turn cut into sentences, each with the phrase lists that may match in it."""

    spoken: Spoken
    cut: tuple[tuple[Sentence, frozenset[Phrases]], ...]

    def first(self, phrases: Phrases, unless: Phrases | None = None) -> _Span | None:
        """The first match in a sentence that does not take it back, as characters."""
        for sentence, present in self.cut:
            if phrases not in present:
                continue
            span = next(phrases.find(sentence), None)
            if span is None:
                continue
            if unless is None or unless not in present or not unless.said_in(sentence):
                return sentence.span(*span)
        return None


def assess(
    turns: Sequence[Spoken], channel: str, direction: str, form: Scorecard
) -> Iterator[Finding]:
    """The criteria that apply to one interaction, in the order of the form; turns come in order."""
    if not any(turn.role == "agent" and turn.text.strip() for turn in turns):
        return
    anchors = _anchors(form)
    heard = [_hear(turn, anchors) for turn in turns if turn.text.strip()]
    for criterion in form.criteria:
        if criterion.channels and channel not in criterion.channels:
            continue
        if criterion.directions and direction not in criterion.directions:
            continue
        finding = _judge(criterion, heard)
        if finding is not None:
            yield finding


def for_marts(form: Scorecard) -> pa.Table:
    """What the marts must know of the form: QUALITY_FORM, in the order of the form."""
    rows = [
        {
            "criterion": criterion.id,
            "title_en": criterion.title["en"],
            "title_id": criterion.title["id"],
            "weight": criterion.share,
            "rulebook_version": criterion.version,
        }
        for criterion in form.criteria
    ]
    return pa.Table.from_pylist(rows, schema=QUALITY_FORM)


@cache
def _anchors(form: Scorecard) -> Anchors:
    return Anchors(phrases for criterion in form.criteria for phrases in criterion.lists())


def _hear(turn: Spoken, anchors: Anchors) -> _Heard:
    return _Heard(
        turn, tuple((sentence, anchors.present(sentence)) for sentence in sentences(turn.text))
    )


def _judge(criterion: Criterion, heard: Sequence[_Heard]) -> Finding | None:
    agents = [turn for turn in heard if turn.spoken.role == "agent"]
    if len(agents) < criterion.least_turns:
        return None
    if criterion.kind == "if_then":
        return _if_then(criterion, heard)
    trouble = _triggered(criterion, heard)
    if criterion.trigger.anchors and trouble is None:
        return None
    looked = _looked_at(criterion, agents)
    said = _said(criterion, looked)
    if criterion.kind == "must_not_say":
        return _finding(criterion, said, False) if said else _missing(criterion, agents[0], True)
    if not said and trouble:
        return _finding(criterion, trouble, False)
    # What was never said shows the turn in which it was due.
    due = looked[-1] if criterion.place == "closing" else looked[0]
    return _finding(criterion, said, True) if said else _missing(criterion, due, False)


def _triggered(criterion: Criterion, heard: Sequence[_Heard]) -> tuple[_Heard, _Span] | None:
    for turn in heard:
        if turn.spoken.role in criterion.trigger_roles:
            span = turn.first(criterion.trigger)
            if span is not None:
                return turn, span
    return None


def _looked_at(criterion: Criterion, agents: Sequence[_Heard]) -> Sequence[_Heard]:
    if criterion.place == "anywhere" or not criterion.within_turns:
        return agents
    if criterion.place == "opening":
        return agents[: criterion.within_turns]
    return agents[-criterion.within_turns :]


def _said(criterion: Criterion, turns: Sequence[_Heard]) -> tuple[_Heard, _Span] | None:
    for turn in turns:
        span = turn.first(criterion.phrases, criterion.unless)
        if span is not None:
            return turn, span
    return None


def _if_then(criterion: Criterion, heard: Sequence[_Heard]) -> Finding | None:
    for place, turn in enumerate(heard):
        if turn.spoken.role not in criterion.trigger_roles:
            continue
        span = turn.first(criterion.trigger)
        if span is None:
            continue
        later = [other for other in heard[place + 1 :] if other.spoken.role == "agent"]
        if not later:
            # Nobody answered any more: a dropped contact says nothing about manners.
            return None
        said = _said(criterion, later[: criterion.within_turns or None])
        return _finding(criterion, said, True) if said else _finding(criterion, (turn, span), False)
    return None


def _missing(criterion: Criterion, turn: _Heard, met: bool) -> Finding:
    text = turn.spoken.text
    start = len(text) - len(text.lstrip())
    return _finding(criterion, (turn, (start, min(len(text.rstrip()), start + _OPENING))), met)


def _finding(criterion: Criterion, said: tuple[_Heard, _Span], met: bool) -> Finding:
    turn, span = said
    name = f"{criterion.id}.{'met' if met else 'not_met'}"
    tag = Tag("quality", name, criterion.share, *span, DETECTOR, VERSION, criterion.version)
    return Finding(turn.spoken.turn_no, tag)
