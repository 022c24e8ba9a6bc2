"""Scorecards: the quality form of agents as data, read from YAML and checked.

Only reading and checking belong here; `quality` applies the form. How phrases are written:
`phrases`. An error names the file, the criterion and what was expected, never a text of a contact.
"""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

from enrichment.phrases import PhraseError, Phrases
from warehouse.vocabulary import CHANNELS, DIRECTIONS, ROLES

BUNDLED: Final = Path(__file__).parent / "scorecards"
KINDS: Final = ("must_say", "must_not_say", "if_then")
PLACES: Final = ("anywhere", "opening", "closing")
_LISTS: Final = ("phrases", "unless", "trigger")
_NEEDED: Final = frozenset({"id", "title", "weight", "kind", "phrases"})
_FIELDS: Final = _NEEDED | {
    "unless",
    "trigger",
    "trigger_roles",
    "channels",
    "directions",
    "place",
    "within_turns",
    "least_turns",
}


class ScorecardError(ValueError):
    """A scorecard that cannot be used; the message names file and criterion."""


@dataclass(frozen=True, eq=False)
class Criterion:
    """One line of the form. Empty `channels` or `directions` mean any.

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
    """The criteria of one form; `version` changes with any byte of its file."""

    name: str
    version: str
    criteria: tuple[Criterion, ...]


@cache
def bundled() -> Scorecard:
    """The form that ships with the project."""
    return load(BUNDLED / "service.yml")


def load(path: Path) -> Scorecard:
    """Read one form. Raises ScorecardError."""
    try:
        content = path.read_bytes()
        form = yaml.safe_load(content.decode("utf-8"))
    except OSError as error:
        raise ScorecardError(f"{path.name}: cannot be read ({error.strerror})") from error
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScorecardError(f"{path.name}: not valid YAML") from error
    if not isinstance(form, dict) or set(form) != {"scorecard", "version", "criteria"}:
        raise ScorecardError(f"{path.name}: needs scorecard, version and criteria, nothing else")
    lines = form["criteria"]
    if not isinstance(lines, list) or not lines:
        raise ScorecardError(f"{path.name}: criteria must be a list with at least one criterion")
    for number, line in enumerate(lines, 1):
        _check(line, f"{path.name}: criterion {number}")
    if len({line["id"] for line in lines}) < len(lines):
        raise ScorecardError(f"{path.name}: two criteria have the same id")
    version = f"{form['scorecard']}-{form['version']}-{hashlib.sha256(content).hexdigest()[:8]}"
    total = sum(line["weight"] for line in lines)
    criteria = tuple(_criterion(line, version, total, path.name) for line in lines)
    return Scorecard(str(form["scorecard"]), version, criteria)


def _check(line: Any, where: str) -> None:
    if not isinstance(line, dict):
        raise ScorecardError(f"{where}: expected `name: value` lines")
    if missing := _NEEDED - set(line):
        raise ScorecardError(f"{where}: needs {', '.join(sorted(missing))}")
    if unknown := set(line) - _FIELDS:
        raise ScorecardError(f"{where}: unknown field {', '.join(sorted(map(str, unknown)))}")
    if not isinstance(line["id"], str) or not line["id"].replace("_", "").isalnum():
        raise ScorecardError(f"{where}: id is a word of letters, digits and _")
    title = line["title"]
    if not isinstance(title, dict) or set(title) != {"id", "en"}:
        raise ScorecardError(f"{where}: title is given in both languages, id and en")
    if not isinstance(line["weight"], int) or not 0 < line["weight"] <= 1000:
        raise ScorecardError(f"{where}: weight is a whole number from 1 to 1000")
    for name, least in (("within_turns", 1), ("least_turns", 1)):
        value = line.get(name, least)
        if not isinstance(value, int) or value < least:
            raise ScorecardError(f"{where}: {name} is a whole number of at least {least}")
    _check_words(line, where)


def _check_words(line: dict[str, Any], where: str) -> None:
    single = {"kind": KINDS, "place": PLACES}
    many = {"channels": CHANNELS, "directions": DIRECTIONS, "trigger_roles": ROLES}
    for name, allowed in single.items():
        if name in line and line[name] not in allowed:
            raise ScorecardError(f"{where}: {name} is one of {', '.join(allowed)}")
    for name, words in many.items():
        value = line.get(name, [])
        if not isinstance(value, list) or not set(map(str, value)) <= set(words):
            raise ScorecardError(f"{where}: {name} is a list of {', '.join(words)}")
    if line["kind"] == "if_then" and "trigger" not in line:
        raise ScorecardError(f"{where}: a criterion of the kind if_then needs a trigger")


def _criterion(line: dict[str, Any], version: str, total: int, file: str) -> Criterion:
    where = f"{file}: criterion {line['id']}"
    lists = {name: _phrases(line.get(name), f"{where}: {name}") for name in _LISTS}
    return Criterion(
        id=line["id"],
        title=dict(line["title"]),
        share=line["weight"] / total,
        kind=line["kind"],
        version=version,
        place=line.get("place", "anywhere"),
        within_turns=line.get("within_turns", 0),
        least_turns=line.get("least_turns", 1),
        channels=tuple(line.get("channels", ())),
        directions=tuple(line.get("directions", ())),
        trigger_roles=tuple(line.get("trigger_roles", ("customer",))),
        **lists,
    )


def _phrases(sides: Any, where: str) -> Phrases:
    if sides is None:
        return Phrases(())
    if not isinstance(sides, dict) or set(sides) != {"id", "en"}:
        raise ScorecardError(f"{where} are given in both languages, id and en")
    found = [phrase for language in ("id", "en") for phrase in sides[language] or ()]
    if not all(isinstance(phrase, str) for phrase in found):
        raise ScorecardError(f"{where} must be lists of texts")
    try:
        return Phrases(found)
    except PhraseError as error:
        raise ScorecardError(f"{where}: {error}") from error
