"""Apply rulebooks to whole interactions: what was said, left unsaid, or said at the wrong hour.

The rules are data (`rulebook`); this file knows only their kinds. Every finding carries the words
that show it: what was said, or the opening words where something is missing.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from enrichment.phrases import Phrases, Sentence, sentences
from enrichment.rulebook import Rule, Rulebook
from enrichment.tags import Tag

DETECTOR = "compliance"
VERSION = "compliance-1"
_OPENING = 120


@dataclass(frozen=True, slots=True)
class Spoken:
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


def check(
    turns: Sequence[Spoken], channel: str, direction: str, books: Sequence[Rulebook]
) -> list[Finding]:
    """Return the findings of one interaction, rule by rule; turns come in order."""
    findings: list[Finding] = []
    for book in books:
        for rule in book.rules:
            if rule.channels and channel not in rule.channels:
                continue
            if rule.directions and direction not in rule.directions:
                continue
            findings.extend(_APPLY[rule.kind](rule, turns))
    return findings


def _must_not_say(rule: Rule, turns: Sequence[Spoken]) -> Iterator[Finding]:
    armed = False
    for turn in turns:
        cut = sentences(turn.text)
        armed = armed or any(turn.role == "customer" and rule.after.said_in(s) for s in cut)
        if turn.role not in rule.roles:
            continue
        span = _first(rule.phrases, cut, rule.unless)
        if span is None and armed:
            span = _first(rule.phrases_after, cut, rule.unless)
        if span:
            yield _finding(rule, turn, span)


def _must_say(rule: Rule, turns: Sequence[Spoken]) -> Iterator[Finding]:
    speakers = [turn for turn in turns if turn.role in rule.roles and turn.text.strip()]
    heard = [turn for turn in speakers if _within(rule, turn, turns)][: rule.within_turns]
    # A notice played by the bot or the system counts as said.
    notices = [turn for turn in turns if turn.role in ("bot", "system")]
    if not speakers or any(_says(rule.phrases, turn) for turn in (*heard, *notices)):
        return
    opening = speakers[0]
    yield _finding(rule, opening, _opening(opening.text))


def _within(rule: Rule, turn: Spoken, turns: Sequence[Spoken]) -> bool:
    if rule.within_seconds is None or turn.seconds is None:
        return True
    return turn.seconds - (turns[0].seconds or 0.0) <= rule.within_seconds


def _if_then(rule: Rule, turns: Sequence[Spoken]) -> Iterator[Finding]:
    for place, turn in enumerate(turns):
        if turn.role not in rule.roles:
            continue
        span = _first(rule.trigger, sentences(turn.text), rule.unless)
        answers = [later for later in turns[place + 1 :] if later.role in rule.then_roles]
        answers = answers[: rule.within_turns]
        # Nobody answered any more: a dropped contact, not a breach.
        if span and answers and not any(_says(rule.then, answer) for answer in answers):
            yield _finding(rule, turn, span)


def _contact_hours(rule: Rule, turns: Sequence[Spoken]) -> Iterator[Finding]:
    begun = next((turn.sent_at for turn in turns if turn.sent_at is not None), None)
    if begun is None or not _closed(rule, begun):
        return
    for turn in turns:
        span = _first(rule.context, sentences(turn.text), rule.unless)
        if turn.role in rule.roles and span:
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


def _says(phrases: Phrases, turn: Spoken) -> bool:
    return any(phrases.said_in(sentence) for sentence in sentences(turn.text))


def _first(phrases: Phrases, cut: Sequence[Sentence], unless: Phrases) -> tuple[int, int] | None:
    """The first match in a sentence that does not take it back."""
    for sentence in cut:
        for start, end in phrases.find(sentence):
            if not unless.said_in(sentence):
                return sentence.span(start, end)
            break
    return None


def _opening(text: str) -> tuple[int, int]:
    start = len(text) - len(text.lstrip())
    return start, min(len(text.rstrip()), start + _OPENING)


def _finding(rule: Rule, turn: Spoken, span: tuple[int, int]) -> Finding:
    tag = Tag("compliance", rule.id, 1.0, *span, DETECTOR, VERSION, rule.version)
    return Finding(turn.turn_no, tag)
