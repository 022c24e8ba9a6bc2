"""Kinds of rules about contacts: at what hour, and which ones are counted per person."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import pyarrow as pa

from enrichment.rules import Rule, Rulebook
from enrichment.said_rules import Found, opening
from enrichment.spoken import Heard, Span
from warehouse.contracts import CONTACT_RULES


def asks_about_the_person(rule: Rule) -> bool:
    """Whether the rule needs to know who was contacted, so that the marts decide it."""
    return rule.kind == "contact_frequency" or rule.zone_of == "customer"


def hours(rule: Rule, turns: Sequence[Heard]) -> Found:
    """The words that made this a contact of the rule, if it began when it must not.

    A rule on the customer's own clock returns every such contact.
    """
    if asks_about_the_person(rule):
        yield from counted(rule, turns)
        return
    begun = next((turn.spoken.sent_at for turn in turns if turn.spoken.sent_at is not None), None)
    if begun is not None and closed(rule, begun):
        yield from counted(rule, turns)


def counted(rule: Rule, turns: Sequence[Heard]) -> Found:
    """The first words of `context`; any first words of the company where no context is given."""
    for turn in turns:
        span = _context(rule, turn) if turn.role in rule.roles else None
        if span:
            yield turn, span
            return


def _context(rule: Rule, turn: Heard) -> Span | None:
    if rule.context.empty:
        return opening(turn) if turn.spoken.text.strip() else None
    return turn.first(rule.context, rule.unless)


def closed(rule: Rule, moment: datetime) -> bool:
    """Whether the rule forbids a contact at this moment; both `opens` and `closes` are allowed."""
    local = moment.astimezone(rule.zone)
    if local.weekday() not in rule.weekdays or local.date() in rule.holidays:
        return True
    return not rule.opens <= local.time() <= rule.closes


def for_marts(books: Iterable[Rulebook]) -> pa.Table:
    """What the marts must know of the rules that ask about the person: CONTACT_RULES.

    `weekdays` are ISO numbers (1 is Monday); hours are null for rules on frequency, and
    `at_most` and `within_days` for rules on hours.
    """
    rules = (rule for book in books for rule in book.rules)
    rows = [_row(rule) for rule in rules if asks_about_the_person(rule)]
    return pa.Table.from_pylist(rows, schema=CONTACT_RULES)


def _row(rule: Rule) -> dict[str, Any]:
    on_hours = rule.kind == "contact_hours"
    return {
        "rule_id": rule.id,
        "rulebook_version": rule.version,
        "kind": rule.kind,
        "timezone": rule.zone.key,
        "opens": rule.opens if on_hours else None,
        "closes": rule.closes if on_hours else None,
        "weekdays": [day + 1 for day in sorted(rule.weekdays)],
        "holidays": sorted(rule.holidays),
        "at_most": rule.at_most or None,
        "within_days": rule.within_days or None,
        "campaigns": list(rule.campaigns),
        "directions": list(rule.directions),
        "channels": list(rule.channels),
    }
