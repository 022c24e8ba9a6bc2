"""YAML values of a rulebook, read node by node, so that every error names its line and remedy."""

from collections.abc import Collection, Iterator
from datetime import date, time
from difflib import get_close_matches
from typing import Any, Final
from zoneinfo import ZoneInfo

import yaml

_LARGEST: Final = 1_000_000

Fields = dict[str, Any]


class RulebookError(ValueError):
    """A rulebook that cannot be used; each line of the message names file, line and remedy."""


class Nodes:
    """Reads the nodes of one file. Every method raises RulebookError for what it cannot read."""

    def __init__(self, file: str) -> None:
        self._file = file

    def fail(self, node: Any, message: str) -> RulebookError:
        """The error to raise about this node."""
        line = node.start_mark.line + 1 if node is not None else 1
        return RulebookError(f"{self._file}:{line}: {message}")

    def mapping(self, node: Any, allowed: Collection[str]) -> Fields:
        """The fields of a mapping, each of a known name and given once."""
        if not isinstance(node, yaml.MappingNode):
            raise self.fail(node, "expected `name: value` lines")
        fields: Fields = {}
        for key, value in node.value:
            if key.value not in allowed:
                raise self.fail(key, _unknown(str(key.value), allowed))
            if key.value in fields:
                raise self.fail(key, f"field {key.value!r} is given twice; remove one of them")
            fields[key.value] = value
        return fields

    def text(self, node: Any, fields: Fields, name: str) -> str:
        """A text that must be there; `node` is named where it is missing."""
        value = fields.get(name)
        if not isinstance(value, yaml.ScalarNode) or not value.value.strip():
            raise self.fail(value or node, f"{name} must be a text")
        return str(value.value).strip()

    def optional_text(self, fields: Fields, name: str) -> str:
        """A text, or nothing where the field is not given."""
        return self.text(None, fields, name) if name in fields else ""

    def one_of(self, node: Any, allowed: Collection[str]) -> str:
        """One of the allowed words."""
        if not isinstance(node.value, str) or node.value not in allowed:
            said = repr(node.value) if isinstance(node.value, str) else "this"
            raise self.fail(node, f"{said} is none of {', '.join(allowed)}")
        return str(node.value)

    def words(self, fields: Fields, name: str, allowed: Collection[str]) -> tuple[str, ...]:
        """A list of allowed words, empty where the field is not given."""
        node = fields.get(name)
        if node is None:
            return ()
        return tuple(self.one_of(item, allowed) for item in self.items(node, name))

    def texts(self, fields: Fields, name: str) -> tuple[str, ...]:
        """A list of texts, empty where the field is not given."""
        node = fields.get(name)
        return tuple(i.value.strip() for i in self.items(node, name)) if node is not None else ()

    def items(self, node: Any, name: str) -> Iterator[Any]:
        """The nodes of a list of texts, none of them empty."""
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            raise self.fail(node, f"{name} must be a list such as [one, two], with at least one")
        for item in node.value:
            if not isinstance(item, yaml.ScalarNode):
                raise self.fail(item, f"{name} must be a list of texts; put quotes around the text")
            if not item.value.strip():
                raise self.fail(item, f"{name} holds an empty text; fill it in or remove the line")
            yield item

    def number(self, fields: Fields, name: str) -> float | None:
        """A number above zero, None where the field is not given."""
        node = fields.get(name)
        if node is None:
            return None
        try:
            value = float(node.value)
        except (TypeError, ValueError) as error:
            raise self.fail(node, f"{name} must be a number, such as 3") from error
        if not 0 < value < _LARGEST:
            raise self.fail(node, f"{name} must be positive and below {_LARGEST:,}")
        return value

    def count(self, fields: Fields, name: str) -> int:
        """A whole number above zero, 0 where the field is not given."""
        value = self.number(fields, name)
        if value is not None and value != int(value):
            raise self.fail(fields[name], f"{name} must be a whole number, such as 3")
        return int(value or 0)

    def truth(self, fields: Fields, name: str) -> bool:
        """`true` or `false`, false where the field is not given."""
        return name in fields and self.one_of(fields[name], ("true", "false")) == "true"

    def clock(self, fields: Fields, name: str) -> time:
        """A time of day without a zone, midnight where the field is not given."""
        node = fields.get(name)
        if node is None:
            return time()
        try:
            moment = time.fromisoformat(node.value)
        except (TypeError, ValueError) as error:
            raise self.fail(node, f'{name} must be a time such as "08:00"') from error
        if moment.tzinfo is not None:
            raise self.fail(node, f'{name} must be a time such as "08:00"; name the zone apart')
        return moment

    def dates(self, fields: Fields, name: str) -> frozenset[date]:
        """A list of days, empty where the field is not given."""
        node, found = fields.get(name), set[date]()
        for item in self.items(node, name) if node is not None else ():
            try:
                day = date.fromisoformat(item.value)
            except ValueError as error:
                raise self.fail(item, f"{name} holds days such as 2026-08-17") from error
            if day in found:
                raise self.fail(item, f"{name} holds {day} twice; remove one of them")
            found.add(day)
        return frozenset(found)

    def zone(self, fields: Fields, name: str) -> ZoneInfo:
        """A time zone by its name, UTC where the field is not given."""
        node = fields.get(name)
        try:
            return ZoneInfo(node.value if node is not None else "UTC")
        except (OSError, KeyError, ValueError, TypeError) as error:
            raise self.fail(node, f"{name} must be a name such as Asia/Jakarta") from error

    def both_languages(self, node: Any) -> Iterator[Any]:
        """The nodes of texts that are given in Indonesian and in English, in this order."""
        sides = self.mapping(node, ("id", "en"))
        if set(sides) != {"id", "en"}:
            raise self.fail(node, "phrases are given in both languages, id and en")
        for language, side in sides.items():
            yield from self.items(side, language)


def _unknown(name: str, allowed: Collection[str]) -> str:
    near = get_close_matches(name, allowed, n=1)
    meant = f"; did you mean {near[0]!r}? Known:" if near else "; known:"
    return f"unknown field {name!r}{meant} {', '.join(sorted(allowed))}"
