"""Rulebooks: compliance rules as data, read from YAML and checked line by line.

Only reading and checking belong here; `compliance` applies the rules. An error names the file and
the line, and says what was expected.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import time
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

from enrichment.phrases import PhraseError, Phrases
from warehouse.vocabulary import CHANNELS, DIRECTIONS, ROLES

BUNDLED: Final = Path(__file__).parent / "rulebooks"
KINDS: Final = ("must_say", "must_not_say", "if_then", "contact_hours")
SEVERITIES: Final = ("low", "medium", "high", "critical")
WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TEXT_FIELDS: Final = ("id", "title", "severity", "legal", "kind")
_PHRASE_FIELDS: Final = (
    "phrases",
    "unless",
    "trigger",
    "then",
    "after",
    "phrases_after",
    "context",
)
_FIELDS: Final = frozenset(
    (*_TEXT_FIELDS, *_PHRASE_FIELDS, "roles", "then_roles", "channels", "directions")
) | {"within_turns", "within_seconds", "from", "to", "weekdays", "timezone"}
_NEEDED: Final = {
    "must_say": ("phrases", "within_turns"),
    "must_not_say": ("phrases",),
    "if_then": ("trigger", "then", "within_turns"),
    "contact_hours": ("from", "to", "weekdays", "timezone"),
}


class RulebookError(ValueError):
    """A rulebook that cannot be used; the message names file and line."""


@dataclass(frozen=True, eq=False)
class Rule:
    """One rule, ready to apply. Empty `channels` or `directions` mean any."""

    id: str
    title: str
    severity: str
    legal: str
    kind: str
    version: str
    jurisdiction: str
    roles: tuple[str, ...]
    then_roles: tuple[str, ...]
    channels: tuple[str, ...]
    directions: tuple[str, ...]
    phrases: Phrases
    unless: Phrases
    trigger: Phrases
    then: Phrases
    after: Phrases
    phrases_after: Phrases
    context: Phrases
    within_turns: int
    within_seconds: float | None
    opens: time
    closes: time
    weekdays: frozenset[int]
    zone: ZoneInfo

    def lists(self) -> tuple[Phrases, ...]:
        """Every phrase list of the rule."""
        return tuple(getattr(self, name) for name in _PHRASE_FIELDS)


@dataclass(frozen=True, eq=False)
class Rulebook:
    """The rules of one file; `version` changes with any byte of it."""

    name: str
    version: str
    rules: tuple[Rule, ...]


@cache
def bundled() -> tuple[Rulebook, ...]:
    """The rulebooks that ship with the project, by name."""
    return load_all(tuple(sorted(BUNDLED.glob("*.yml"))))


def load_all(paths: tuple[Path, ...]) -> tuple[Rulebook, ...]:
    """Read several rulebooks whose rule ids do not repeat. Raises RulebookError."""
    books = tuple(load(path) for path in paths)
    owner: dict[str, str] = {}
    for book in books:
        for rule in book.rules:
            if rule.id in owner:
                raise RulebookError(f"rule {rule.id} stands in {owner[rule.id]} and in {book.name}")
            owner[rule.id] = book.name
    return books


def beside_bundled(own: Sequence[Path]) -> tuple[Path, ...]:
    """Own rulebook files and the bundled ones whose names they do not take, by name.

    Returns nothing for nothing, which means the bundled rulebooks. Raises RulebookError.
    """
    if not own:
        return ()
    files = {load(path).name: path for path in sorted(BUNDLED.glob("*.yml"))}
    taken: set[str] = set()
    for path in own:
        name = load(path).name
        if name in taken:
            raise RulebookError(f"{path.name}: rulebook {name} is given twice")
        taken.add(name)
        files[name] = path
    return tuple(files[name] for name in sorted(files))


def load(path: Path) -> Rulebook:
    """Read one rulebook. Raises RulebookError naming file and line."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise RulebookError(f"{path.name}: cannot be read ({error.strerror})") from error
    return _parsed(path.name, content)


@lru_cache(maxsize=32)
def _parsed(file: str, content: bytes) -> Rulebook:
    """Equal files give one and the same object, so that what is built on it is built once."""
    try:
        root = yaml.compose(content.decode("utf-8"), Loader=yaml.SafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{file}:{mark.line + 1}" if mark else file
        raise RulebookError(f"{place}: not valid YAML") from error
    return _Reader(file, hashlib.sha256(content).hexdigest()[:8]).book(root)


class _Reader:
    """Walks the YAML nodes of one file, so that every error knows its line."""

    def __init__(self, file: str, digest: str) -> None:
        self._file = file
        self._digest = digest

    def fail(self, node: Any, message: str) -> RulebookError:
        line = node.start_mark.line + 1 if node is not None else 1
        return RulebookError(f"{self._file}:{line}: {message}")

    def book(self, root: Any) -> Rulebook:
        top = self.mapping(root, frozenset({"rulebook", "version", "jurisdiction", "rules"}))
        name = self.text(root, top, "rulebook")
        version = f"{name}-{self.text(root, top, 'version')}-{self._digest}"
        jurisdiction = self.text(root, top, "jurisdiction")
        rules_node = top.get("rules")
        if not isinstance(rules_node, yaml.SequenceNode) or not rules_node.value:
            raise self.fail(rules_node or root, "rules must be a list with at least one rule")
        rules: list[Rule] = []
        for node in rules_node.value:
            rule = self.rule(node, version, jurisdiction)
            if rule.id in {known.id for known in rules}:
                raise self.fail(node, f"rule id {rule.id} is used twice")
            rules.append(rule)
        return Rulebook(name, version, tuple(rules))

    def rule(self, node: Any, version: str, jurisdiction: str) -> Rule:
        fields = self.mapping(node, _FIELDS)
        texts: dict[str, Any] = {name: self.text(node, fields, name) for name in _TEXT_FIELDS}
        self.one_of(fields["kind"], KINDS)
        self.one_of(fields["severity"], SEVERITIES)
        for name in _NEEDED[texts["kind"]]:
            if name not in fields:
                raise self.fail(node, f"rule {texts['id']} of kind {texts['kind']} needs {name}")
        lists: dict[str, Any] = {name: self.phrases(fields.get(name)) for name in _PHRASE_FIELDS}
        days = self.words(fields, "weekdays", WEEKDAYS)
        return Rule(
            **texts,
            **lists,
            version=version,
            jurisdiction=jurisdiction,
            roles=self.words(fields, "roles", ROLES) or ("agent",),
            then_roles=self.words(fields, "then_roles", ROLES) or ("agent",),
            channels=self.words(fields, "channels", CHANNELS),
            directions=self.words(fields, "directions", DIRECTIONS),
            within_turns=int(self.number(fields, "within_turns") or 0),
            within_seconds=self.number(fields, "within_seconds"),
            opens=self.clock(fields, "from"),
            closes=self.clock(fields, "to"),
            weekdays=frozenset(WEEKDAYS.index(day) for day in days),
            zone=self.zone(fields),
        )

    def mapping(self, node: Any, allowed: frozenset[str]) -> dict[str, Any]:
        if not isinstance(node, yaml.MappingNode):
            raise self.fail(node, "expected `name: value` lines")
        fields: dict[str, Any] = {}
        for key, value in node.value:
            if key.value not in allowed:
                raise self.fail(
                    key, f"unknown field {key.value!r}; known: {', '.join(sorted(allowed))}"
                )
            if key.value in fields:
                raise self.fail(key, f"field {key.value!r} is given twice")
            fields[key.value] = value
        return fields

    def text(self, node: Any, fields: dict[str, Any], name: str) -> str:
        value = fields.get(name)
        if not isinstance(value, yaml.ScalarNode) or not value.value.strip():
            raise self.fail(value or node, f"{name} must be a text")
        return str(value.value).strip()

    def one_of(self, node: Any, allowed: tuple[str, ...]) -> str:
        if node.value not in allowed:
            raise self.fail(node, f"{node.value!r} is none of {', '.join(allowed)}")
        return str(node.value)

    def words(self, fields: dict[str, Any], name: str, allowed: tuple[str, ...]) -> tuple[str, ...]:
        node = fields.get(name)
        if node is None:
            return ()
        return tuple(self.one_of(item, allowed) for item in self.items(node, name))

    def items(self, node: Any, name: str) -> Iterator[Any]:
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.fail(node, f"{name} must be a list")
        for item in node.value:
            if not isinstance(item, yaml.ScalarNode):
                raise self.fail(item, f"{name} must be a list of texts")
            yield item

    def phrases(self, node: Any) -> Phrases:
        if node is None:
            return Phrases(())
        sides = self.mapping(node, frozenset({"id", "en"}))
        if set(sides) != {"id", "en"}:
            raise self.fail(node, "phrases are given in both languages, id and en")
        found: list[str] = []
        for language, side in sides.items():
            for item in self.items(side, language):
                try:
                    Phrases((item.value,))
                except PhraseError as error:
                    raise self.fail(item, str(error)) from error
                found.append(item.value)
        return Phrases(found)

    def number(self, fields: dict[str, Any], name: str) -> float | None:
        node = fields.get(name)
        if node is None:
            return None
        try:
            value = float(node.value)
        except (TypeError, ValueError) as error:
            raise self.fail(node, f"{name} must be a number") from error
        if not 0 < value < 1e6:
            raise self.fail(node, f"{name} must be positive")
        return value

    def clock(self, fields: dict[str, Any], name: str) -> time:
        node = fields.get(name)
        if node is None:
            return time()
        try:
            return time.fromisoformat(node.value)
        except (TypeError, ValueError) as error:
            raise self.fail(node, f'{name} must be a time such as "08:00"') from error

    def zone(self, fields: dict[str, Any]) -> ZoneInfo:
        node = fields.get("timezone")
        try:
            return ZoneInfo(node.value if node is not None else "UTC")
        except (OSError, KeyError, ValueError, TypeError) as error:
            raise self.fail(node, "timezone must be a name such as Asia/Jakarta") from error
