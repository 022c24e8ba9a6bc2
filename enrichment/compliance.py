"""Apply rulebooks to whole interactions: what was said, left unsaid, or said at the wrong hour.

The rules are data (`rulebook`); this file knows only their kinds. Every finding carries the words
that show it: what was said, or the opening words where something is missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from enrichment import rule_openings
from enrichment.phrases import Phrases, Sentence, sentences
from enrichment.rule_openings import Anchored
from enrichment.rulebook import Rule, Rulebook
from enrichment.tags import Tag

DETECTOR = "compliance"
VERSION = "compliance-1"
_OPENING = 120


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
class _Heard:
    """A turn cut into sentences, each with the phrase lists that may match in it."""

    spoken: Spoken
    cut: tuple[tuple[Sentence, frozenset[Phrases]], ...]

    @property
    def role(self) -> str:
        return self.spoken.role

    def says(self, phrases: Phrases) -> bool:
        return any(phrases in present and phrases.said_in(s) for s, present in self.cut)

    def first(self, phrases: Phrases, unless: Phrases) -> tuple[int, int] | None:
        """The first match in a sentence that does not take it back, as characters."""
        for sentence, present in self.cut:
            if phrases not in present:
                continue
            span = next(phrases.find(sentence), None)
            if span and not (unless in present and unless.said_in(sentence)):
                return sentence.span(*span)
        return None


def check(
    turns: Sequence[Spoken], channel: str, direction: str, books: Sequence[Rulebook]
) -> list[Finding]:
    """Return the findings of one interaction, rule by rule; turns come in order."""
    anchors = rule_openings.anchors(tuple(books))
    heard = [_hear(turn, anchors) for turn in turns]
    present = frozenset[Phrases]().union(*(each for turn in heard for _, each in turn.cut))
    findings: list[Finding] = []
    for rule, openers in rule_openings.applicable(tuple(books), channel, direction):
        # Most rules begin with words that nobody said.
        if openers is None or not openers.isdisjoint(present):
            findings.extend(_APPLY[rule.kind](rule, heard))
    return findings


def _hear(turn: Spoken, anchors: Anchored) -> _Heard:
    asked = anchors.by_role.get(turn.role, anchors.all)
    if not asked.worth(turn.text):
        return _Heard(turn, ())
    cut = sentences(turn.text)
    return _Heard(turn, tuple((sentence, anchors.all.present(sentence)) for sentence in cut))


def _must_not_say(rule: Rule, turns: Sequence[_Heard]) -> Iterator[Finding]:
    armed = False
    for turn in turns:
        armed = armed or (turn.role == "customer" and turn.says(rule.after))
        if turn.role not in rule.roles:
            continue
        span = turn.first(rule.phrases, rule.unless)
        if span is None and armed:
            span = turn.first(rule.phrases_after, rule.unless)
        if span:
            yield _finding(rule, turn, span)


def _must_say(rule: Rule, turns: Sequence[_Heard]) -> Iterator[Finding]:
    speakers = [turn for turn in turns if turn.role in rule.roles and turn.spoken.text.strip()]
    began = turns[0].spoken.seconds or 0.0 if turns else 0.0
    timely = [turn for turn in speakers if _within(rule, turn, began)][: rule.within_turns]
    # A notice played by the bot or the system counts as said.
    notices = [turn for turn in turns if turn.role in rule_openings.NOTICES]
    if not speakers or any(turn.says(rule.phrases) for turn in (*timely, *notices)):
        return
    yield _finding(rule, speakers[0], _opening(speakers[0].spoken.text))


def _within(rule: Rule, turn: _Heard, began: float) -> bool:
    seconds = turn.spoken.seconds
    if rule.within_seconds is None or seconds is None:
        return True
    return seconds - began <= rule.within_seconds


def _if_then(rule: Rule, turns: Sequence[_Heard]) -> Iterator[Finding]:
    for place, turn in enumerate(turns):
        if turn.role not in rule.roles:
            continue
        span = turn.first(rule.trigger, rule.unless)
        answers = [later for later in turns[place + 1 :] if later.role in rule.then_roles]
        answers = answers[: rule.within_turns]
        # Nobody answered any more: a dropped contact, not a breach.
        if span and answers and not any(answer.says(rule.then) for answer in answers):
            yield _finding(rule, turn, span)


def _contact_hours(rule: Rule, turns: Sequence[_Heard]) -> Iterator[Finding]:
    moments = (turn.spoken.sent_at for turn in turns)
    begun = next((moment for moment in moments if moment is not None), None)
    if begun is None or not _closed(rule, begun):
        return
    for turn in turns:
        span = turn.first(rule.context, rule.unless) if turn.role in rule.roles else None
        if span:
            yield _finding(rule, turn, span)
            return


def _closed(rule: Rule, moment: datetime) -> bool:
    local = moment.astimezone(rule.zone)
    return local.weekday() not in rule.weekdays or not rule.opens <= local.time() <= rule.closes


_APPLY = {
    "must_not_say": _must_not_say,
    "must_say": _must_say,
    "if_then": _if_then,
    "contact_hours": _contact_hours,
}


def _opening(text: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip())
    return start, min(len(text.rstrip()), start + _OPENING)


def _finding(rule: Rule, turn: _Heard, span: tuple[int, int]) -> Finding:
    tag = Tag("compliance", rule.id, 1.0, *span, DETECTOR, VERSION, rule.version)
    return Finding(turn.spoken.turn_no, tag)
