"""Apply rulebooks to whole interactions: what was said, left unsaid, or said at the wrong hour.

The rules are data (`rulebook`), their kinds are functions (`said_rules`, `contact_rules`). Every
finding carries the words that show it: what was said, or the opening words where something is
missing. What a rule asks about the person as well (how often, on whose clock) is decided in the
marts; here such a contact gets a tag of family `contact` with the words that made it one.
"""

from collections.abc import Sequence

from enrichment import contact_rules, rule_openings, said_rules
from enrichment.phrases import Phrases
from enrichment.rules import Rule, Rulebook
from enrichment.spoken import Finding, Heard, Span, Spoken, hear
from enrichment.tags import Tag

__all__ = ["DETECTOR", "VERSION", "Finding", "Spoken", "check"]

DETECTOR = "compliance"
VERSION = "compliance-3"


def check(
    turns: Sequence[Spoken], channel: str, direction: str, books: Sequence[Rulebook]
) -> list[Finding]:
    """Return the findings of one interaction, rule by rule; turns come in order."""
    anchors = rule_openings.anchors(tuple(books))
    heard = [hear(turn, anchors) for turn in turns]
    present = frozenset[Phrases]().union(*(each for turn in heard for _, each in turn.cut))
    findings: list[Finding] = []
    for rule, openers in rule_openings.applicable(tuple(books), channel, direction):
        # Most rules begin with words that nobody said.
        if openers is None or not openers.isdisjoint(present):
            findings.extend(_finding(rule, *found) for found in _APPLY[rule.kind](rule, heard))
    return findings


_APPLY = {
    "must_not_say": said_rules.said,
    "phrase": said_rules.said,
    "data_asked": said_rules.said,
    "data_exposed": said_rules.said,
    "proximity": said_rules.said,
    "must_say": said_rules.must_say,
    "if_then": said_rules.if_then,
    "sequence": said_rules.sequence,
    "contact_hours": contact_rules.hours,
    "contact_frequency": contact_rules.counted,
}


def _finding(rule: Rule, turn: Heard, span: Span) -> Finding:
    family = "contact" if contact_rules.asks_about_the_person(rule) else "compliance"
    tag = Tag(family, rule.id, 1.0, *span, DETECTOR, VERSION, rule.version)
    return Finding(turn.spoken.turn_no, tag)
