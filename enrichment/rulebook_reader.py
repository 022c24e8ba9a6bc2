"""From the YAML of one file to a Rulebook: which fields each kind of rule takes, and all errors."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Final, TypeVar

import yaml

from enrichment import rulebook_cues
from enrichment.phrases import PhraseError, Phrases
from enrichment.rulebook_nodes import Fields, Nodes, RulebookError
from enrichment.rules import PHRASE_FIELDS, SEVERITIES, WEEKDAYS, CueRule, Rule, Rulebook
from warehouse.vocabulary import CHANNELS, DIRECTIONS, PII_TYPES, ROLES

_TEXTS: Final = ("id", "title", "severity", "legal", "kind")
_SHARED: Final = frozenset((*_TEXTS, "source", "roles", "channels", "directions", "unless"))
_SAID: Final = {
    *("near", "within_words", "within_turns", "within_seconds", "cleared_by"),
    *("after", "after_roles", "phrases_after", "phrases_before"),
}
_HOURS: Final = ("from", "to", "weekdays", "timezone")
# Fields that a kind needs, and fields that it may have besides those of all kinds.
_KINDS: Final[dict[str, tuple[tuple[str, ...], set[str]]]] = {
    "must_say": (("phrases", "within_turns"), {"within_seconds"}),
    "must_not_say": (("phrases",), _SAID),
    "if_then": (("trigger", "then", "within_turns"), {"then_roles", "within_seconds"}),
    "contact_hours": (_HOURS, {"zone_of", "holidays", "context"}),
    "phrase": (("phrases",), _SAID),
    "proximity": (("phrases", "near", "within_words"), set()),
    "sequence": (("first", "phrases"), {"first_roles", "within_turns", "within_seconds"}),
    "contact_frequency": (("at_most", "within_days", "timezone"), {"context", "campaigns"}),
    "data_asked": (("phrases",), _SAID),
    "data_exposed": (("exposed",), {"cleared_by"}),
}
KINDS: Final = tuple(_KINDS)
_FIELDS: Final = sorted(_SHARED.union(*({*needed, *more} for needed, more in _KINDS.values())))
_TOP: Final = ("rulebook", "version", "family", "jurisdiction", "words", "softeners", "rules")
_LIST: Final = re.compile(r"\$(\w+)")
_WHOSE_CLOCK: Final = ("fixed", "customer")
_LONGEST_WINDOW: Final = 366

_AnyRule = TypeVar("_AnyRule", Rule, CueRule)


def read(file: str, root: Any, digest: str) -> Rulebook:
    """Read the rules of one file; `digest` stands for its bytes. Raises RulebookError."""
    nodes = Nodes(file)
    top = nodes.mapping(root, _TOP)
    name = nodes.text(root, top, "rulebook")
    version = f"{name}-{nodes.text(root, top, 'version')}-{digest}"
    family = "compliance"
    if "family" in top:
        family = nodes.one_of(top["family"], ("compliance", *rulebook_cues.TAGS))
    if family == "compliance":
        if "softeners" in top:
            raise nodes.fail(top["softeners"], "softeners belong to family churn; remove them")
        book = _Book(nodes, version, nodes.text(root, top, "jurisdiction"), _words(nodes, top))
        rules = _each(nodes, root, top, lambda node: _rule(book, node))
        return Rulebook(name, version, tuple(rules))
    if "words" in top:
        raise nodes.fail(top["words"], "words belong to family compliance; remove them")
    cues = rulebook_cues.Reader(nodes, family, version, top)
    return Rulebook(name, version, (), family, tuple(_each(nodes, root, top, cues.rule)))


def _each(nodes: Nodes, root: Any, top: Fields, rule: Callable[[Any], _AnyRule]) -> list[_AnyRule]:
    """All rules of the file; what is wrong in several of them is raised together."""
    listed = top.get("rules")
    if not isinstance(listed, yaml.SequenceNode) or not listed.value:
        raise nodes.fail(listed or root, "rules must be a list with at least one rule")
    read: list[_AnyRule] = []
    problems: list[str] = []
    for node in listed.value:
        try:
            found = rule(node)
            if found.id in {known.id for known in read}:
                raise nodes.fail(node, f"rule id {found.id} is used twice; rename one of them")
            read.append(found)
        except RulebookError as error:
            problems.append(str(error))
    if problems:
        raise RulebookError("\n".join(problems))
    return read


@dataclass(frozen=True)
class _Book:
    """What the rules of one file share; `words` are alternatives by the name of their list."""

    nodes: Nodes
    version: str
    jurisdiction: str
    words: dict[str, str]


def _words(nodes: Nodes, top: Fields) -> dict[str, str]:
    """The named lists, each as `one|other`; a blank inside an entry becomes an underscore."""
    node = top.get("words")
    if node is None:
        return {}
    names = [key.value for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    fields = nodes.mapping(node, names)
    return {
        name: "|".join("_".join(word.split()) for word in nodes.texts(fields, name))
        for name in fields
    }


def _rule(book: _Book, node: Any) -> Rule:
    nodes = book.nodes
    fields = nodes.mapping(node, _FIELDS)
    texts: dict[str, Any] = {name: nodes.text(node, fields, name) for name in _TEXTS}
    nodes.one_of(fields["kind"], KINDS)
    nodes.one_of(fields["severity"], SEVERITIES)
    lists: dict[str, Any] = {name: _phrases(book, fields.get(name)) for name in PHRASE_FIELDS}
    exposed = nodes.words(fields, "exposed", PII_TYPES)
    if exposed:
        lists["phrases"] = Phrases(f"xx{kind.lower()}" for kind in exposed)
    days = nodes.words(fields, "weekdays", WEEKDAYS)
    rule = Rule(
        **texts,
        **lists,
        source=nodes.optional_text(fields, "source"),
        version=book.version,
        jurisdiction=book.jurisdiction,
        roles=nodes.words(fields, "roles", ROLES) or ("agent",),
        then_roles=nodes.words(fields, "then_roles", ROLES) or ("agent",),
        first_roles=nodes.words(fields, "first_roles", ROLES) or ("agent", "bot", "system"),
        after_roles=nodes.words(fields, "after_roles", ROLES) or ("customer",),
        channels=nodes.words(fields, "channels", CHANNELS),
        directions=nodes.words(fields, "directions", DIRECTIONS),
        within_words=nodes.count(fields, "within_words"),
        within_turns=nodes.count(fields, "within_turns"),
        within_seconds=nodes.number(fields, "within_seconds"),
        opens=nodes.clock(fields, "from"),
        closes=nodes.clock(fields, "to"),
        weekdays=frozenset(WEEKDAYS.index(day) for day in days),
        holidays=nodes.dates(fields, "holidays"),
        zone=nodes.zone(fields, "timezone"),
        zone_of=nodes.one_of(fields["zone_of"], _WHOSE_CLOCK) if "zone_of" in fields else "fixed",
        campaigns=nodes.texts(fields, "campaigns"),
        at_most=nodes.count(fields, "at_most"),
        within_days=nodes.count(fields, "within_days"),
    )
    _fits(nodes, node, fields, rule)
    return rule


def _fits(nodes: Nodes, node: Any, fields: Fields, rule: Rule) -> None:
    """Raise RulebookError unless the fields are those of the kind and agree with each other."""
    needed, more = _KINDS[rule.kind]
    for name in needed:
        if name not in fields:
            raise nodes.fail(node, f"rule {rule.id} of kind {rule.kind} needs {name}")
    for name in fields:
        if name not in _SHARED | more and name not in needed:
            raise nodes.fail(
                fields[name], f"{name} means nothing in a rule of kind {rule.kind}; remove it"
            )
    _together(nodes, fields)
    if rule.kind == "contact_hours" and rule.opens >= rule.closes:
        raise nodes.fail(fields["to"], "to must be later than from on the same day")
    if rule.within_days > _LONGEST_WINDOW:
        raise nodes.fail(fields["within_days"], f"within_days must be at most {_LONGEST_WINDOW}")


def _together(nodes: Nodes, fields: Fields) -> None:
    """Raise RulebookError for a field whose partner is missing."""
    for name in ("after_roles", "phrases_before"):
        if name in fields and "after" not in fields:
            raise nodes.fail(fields[name], f"{name} means nothing without after; add it")
    for one, other in (("near", "within_words"), ("after", "phrases_after")):
        if (one in fields) != (other in fields):
            given = one if one in fields else other
            raise nodes.fail(fields[given], f"{one} and {other} are given together or not at all")


def _phrases(book: _Book, node: Any) -> Phrases:
    if node is None:
        return Phrases(())
    found: list[str] = []
    for item in book.nodes.both_languages(node):
        phrase = _LIST.sub(partial(_named, book, item), item.value)
        try:
            Phrases((phrase,))
        except PhraseError as error:
            raise book.nodes.fail(item, str(error)) from error
        found.append(phrase)
    return Phrases(found)


def _named(book: _Book, item: Any, match: re.Match[str]) -> str:
    name = match[1]
    if name not in book.words:
        known = ", ".join(f"${word}" for word in book.words) or "none; add them under words:"
        raise book.nodes.fail(item, f"no list of words is called ${name}; there are: {known}")
    return book.words[name]
