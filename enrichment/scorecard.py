"""Quality forms of agents (scorecards) read from YAML: which fields a criterion takes, all errors.

A form is a rulebook of family `quality` and is kept, replayed and promoted as one (`rulebook`);
`quality` applies it. An error names file, line and remedy, never a text of a contact.
"""

from typing import Any, Final

import yaml

from enrichment.phrases import PhraseError, Phrases
from enrichment.rulebook_nodes import Fields, Nodes, RulebookError
from enrichment.rules import Criterion, Rulebook, Scorecard
from warehouse.vocabulary import CHANNELS, DIRECTIONS, ROLES

FAMILY: Final = "quality"
KINDS: Final = ("must_say", "must_not_say", "if_then")
PLACES: Final = ("anywhere", "opening", "closing")
_TOP: Final = ("scorecard", "version", "criteria")
_NEEDED: Final = ("id", "title", "weight", "kind", "phrases")
_FIELDS: Final = (
    *_NEEDED,
    "unless",
    "trigger",
    "trigger_roles",
    "channels",
    "directions",
    "place",
    "within_turns",
    "least_turns",
)
_MOST_POINTS: Final = 1000


def is_form(root: Any) -> bool:
    """Whether a file is a quality form rather than a list of rules."""
    return isinstance(root, yaml.MappingNode) and any(
        key.value == "scorecard" for key, _ in root.value
    )


def read(file: str, root: Any, digest: str) -> Rulebook:
    """Read one form; `digest` stands for its bytes. What is wrong in several criteria is raised
    together, as RulebookError."""
    nodes = Nodes(file)
    top = nodes.mapping(root, _TOP)
    name = nodes.text(root, top, "scorecard")
    version = f"{name}-{nodes.text(root, top, 'version')}-{digest}"
    listed = top.get("criteria")
    if not isinstance(listed, yaml.SequenceNode) or not listed.value:
        raise nodes.fail(listed or root, "criteria must be a list with at least one criterion")
    read: list[tuple[dict[str, Any], int]] = []
    problems: list[str] = []
    for number, node in enumerate(listed.value, 1):
        try:
            criterion, points = _Line(nodes, node, number).criterion()
            if criterion["id"] in {known["id"] for known, _ in read}:
                raise nodes.fail(node, f"criterion {criterion['id']} is given twice; rename one")
            read.append((criterion, points))
        except RulebookError as error:
            problems.append(str(error))
    if problems:
        raise RulebookError("\n".join(problems))
    total = sum(points for _, points in read)
    criteria = tuple(
        Criterion(**fields, share=points / total, version=version) for fields, points in read
    )
    return Rulebook(name, version, (), FAMILY, form=Scorecard(name, version, criteria))


class _Line:
    """One criterion of a file; errors begin with its id, or its number where it has none."""

    def __init__(self, nodes: Nodes, node: Any, number: int) -> None:
        self._nodes, self._node = nodes, node
        self._name = f"criterion {number}"

    def criterion(self) -> tuple[dict[str, Any], int]:
        """The fields of a Criterion that do not depend on the others, and its points."""
        nodes, node = self._nodes, self._node
        fields = nodes.mapping(node, _FIELDS)
        identity = nodes.text(node, fields, "id")
        if not identity.replace("_", "").isalnum():
            raise self._fail(fields["id"], "id is a word of letters, digits and _")
        self._name = f"criterion {identity}"
        for name in _NEEDED:
            if name not in fields:
                raise self._fail(node, f"{name} is missing; add it")
        kind = nodes.one_of(fields["kind"], KINDS)
        if kind == "if_then" and "trigger" not in fields:
            raise self._fail(fields["kind"], "the kind if_then needs a trigger; add it")
        roles = nodes.words(fields, "trigger_roles", ROLES) or ("customer",)
        place = nodes.one_of(fields["place"], PLACES) if "place" in fields else "anywhere"
        read = {
            "id": identity,
            "title": self._titles(fields["title"]),
            "kind": kind,
            "place": place,
            "within_turns": nodes.count(fields, "within_turns"),
            "least_turns": nodes.count(fields, "least_turns") or 1,
            "channels": nodes.words(fields, "channels", CHANNELS),
            "directions": nodes.words(fields, "directions", DIRECTIONS),
            "trigger_roles": roles,
        }
        for name in ("phrases", "unless", "trigger"):
            read[name] = self._phrases(fields.get(name))
        return read, self._points(fields)

    def _fail(self, node: Any, message: str) -> RulebookError:
        return self._nodes.fail(node, f"{self._name}: {message}")

    def _points(self, fields: Fields) -> int:
        points = self._nodes.count(fields, "weight")
        if points > _MOST_POINTS:
            raise self._fail(fields["weight"], f"weight is a whole number up to {_MOST_POINTS}")
        return points

    def _titles(self, node: Any) -> dict[str, str]:
        sides = self._nodes.mapping(node, ("id", "en"))
        if set(sides) != {"id", "en"}:
            raise self._fail(node, "title is given in both languages: {id: ..., en: ...}")
        return {language: self._nodes.text(node, sides, language) for language in ("en", "id")}

    def _phrases(self, node: Any) -> Phrases:
        found: list[str] = []
        for item in self._nodes.both_languages(node) if node is not None else ():
            try:
                Phrases((item.value,))
            except PhraseError as error:
                raise self._fail(item, str(error)) from error
            found.append(item.value)
        return Phrases(found)
