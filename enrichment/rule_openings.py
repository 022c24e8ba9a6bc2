"""Which rules are worth applying to an interaction, told from single words before any rule is tried.

Nothing is decided here: a rule that is left out could not have found anything. What a rule finds
is for `compliance`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from enrichment.phrases import Anchors, Phrases
from enrichment.rules import Rule, Rulebook
from warehouse.vocabulary import ROLES

NOTICES: Final = ("bot", "system")
"""Roles whose words count as said for rules of what must be said."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """Anchors of all lists, and of those that can start something in the words of a role."""

    all: Anchors
    by_role: dict[str, Anchors]


@cache
def anchors(books: tuple[Rulebook, ...]) -> Anchored:
    """What is listened for in every turn under these rulebooks."""
    rules = [rule for book in books for rule in book.rules]
    every = Anchors(phrases for rule in rules for phrases in rule.lists())
    return Anchored(
        every,
        {
            role: Anchors(phrases for rule in rules for phrases in _asked(rule, role))
            for role in ROLES
        },
    )


def _asked(rule: Rule, role: str) -> Iterator[Phrases]:
    """The lists of a rule that are looked for in what this role says.

    Neither `unless` nor `near`, which only matter beside what another list found in the same
    sentence.
    """
    if role in rule.roles:
        yield from (rule.phrases, rule.phrases_after, rule.phrases_before)
        yield from (rule.trigger, rule.context)
    if role in rule.then_roles:
        yield rule.then
    if role in rule.first_roles:
        yield rule.first
    if role in rule.after_roles:
        yield rule.after
    if role == "customer":
        yield from (rule.after, rule.cleared_by)
    if role in NOTICES:
        yield rule.phrases


@cache
def applicable(
    books: tuple[Rulebook, ...], channel: str, direction: str
) -> tuple[tuple[Rule, frozenset[Phrases] | None], ...]:
    """The rules of such interactions, each with the lists of which one must occur for a finding.

    None where a finding is what was not said, or where any words do.
    """
    return tuple(
        (rule, _openers(rule))
        for book in books
        for rule in book.rules
        if (not rule.channels or channel in rule.channels)
        and (not rule.directions or direction in rule.directions)
    )


def _openers(rule: Rule) -> frozenset[Phrases] | None:
    counts = rule.kind in ("contact_hours", "contact_frequency")
    if rule.kind == "must_say" or (counts and rule.context.empty):
        return None
    said = (rule.phrases, rule.phrases_after, rule.phrases_before)
    return frozenset((*said, rule.trigger, rule.context))
