"""The shapes of rules: what a rulebook holds once it is read. Nothing is read or applied here."""

from dataclasses import dataclass
from datetime import date, time
from typing import Final
from zoneinfo import ZoneInfo

from enrichment.phrases import Phrases

SEVERITIES: Final = ("low", "medium", "high", "critical")
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PHRASE_FIELDS: Final = (
    "phrases",
    "unless",
    "near",
    "trigger",
    "then",
    "first",
    "after",
    "phrases_after",
    "phrases_before",
    "cleared_by",
    "context",
)


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule on conduct, ready to apply. Empty `channels` or `directions` mean any.

    `holidays` are local dates. `zone_of` is `fixed` or `customer`: whose clock `opens` and `closes` are read on, where
    `zone` stands in for a customer whose zone nobody knows. `at_most` contacts are allowed in
    `within_days` days, where unanswered ones count if they belong to one of `campaigns`.
    """

    id: str
    title: str
    severity: str
    legal: str
    source: str
    kind: str
    version: str
    jurisdiction: str
    roles: tuple[str, ...]
    then_roles: tuple[str, ...]
    first_roles: tuple[str, ...]
    after_roles: tuple[str, ...]
    channels: tuple[str, ...]
    directions: tuple[str, ...]
    phrases: Phrases
    unless: Phrases
    near: Phrases
    trigger: Phrases
    then: Phrases
    first: Phrases
    after: Phrases
    phrases_after: Phrases
    phrases_before: Phrases
    cleared_by: Phrases
    context: Phrases
    within_words: int
    within_turns: int
    within_seconds: float | None
    opens: time
    closes: time
    weekdays: frozenset[int]
    holidays: frozenset[date]
    zone: ZoneInfo
    zone_of: str
    campaigns: tuple[str, ...]
    at_most: int
    within_days: int

    def lists(self) -> tuple[Phrases, ...]:
        """Every phrase list of the rule."""
        return tuple(getattr(self, name) for name in PHRASE_FIELDS)


@dataclass(frozen=True)
class CueRule:
    """Phrases by which a customer says one thing outright, and what takes them back.

    `tag` is what the phrases mean; after a softener they mean `softened_to`, when given. With
    `needs_softener` they count only after one, with `needs_model` only where the model does not
    rule it out. `blockers` are words or phrases that make a match harmless when they stand near.
    """

    id: str
    title: str
    tag: str
    version: str
    phrases: tuple[str, ...]
    blockers: tuple[str, ...]
    softeners: tuple[str, ...]
    softened_to: str
    needs_softener: bool
    needs_model: bool


@dataclass(frozen=True, eq=False)
class Criterion:
    """One line of a quality form. Empty `channels` or `directions` mean any.

    With a trigger it applies only where one of `trigger_roles` says it; of the kind `if_then` the
    phrases are looked for after the trigger, of another kind anywhere.

    `share` is the weight over the sum of the form's weights. `within_turns` counts agent turns
    from the opening, the closing or the trigger; 0 means all. With fewer than `least_turns` agent
    turns nothing can be expected.
    """

    id: str
    title: dict[str, str]
    share: float
    kind: str
    version: str
    place: str
    within_turns: int
    least_turns: int
    channels: tuple[str, ...]
    directions: tuple[str, ...]
    trigger_roles: tuple[str, ...]
    phrases: Phrases
    unless: Phrases
    trigger: Phrases

    def lists(self) -> tuple[Phrases, ...]:
        """Every phrase list of the criterion."""
        return self.phrases, self.unless, self.trigger


@dataclass(frozen=True, eq=False)
class Scorecard:
    """The criteria of one quality form; `version` changes with any byte of its file."""

    name: str
    version: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True, eq=False)
class Rulebook:
    """The rules of one file; `version` changes with any byte of it.

    A book of family `compliance` has `rules`, one of `churn` or `flag` has `cues`, one of
    `quality` has a `form`.
    """

    name: str
    version: str
    rules: tuple[Rule, ...]
    family: str = "compliance"
    cues: tuple[CueRule, ...] = ()
    form: Scorecard | None = None
