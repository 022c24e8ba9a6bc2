"""Walks the YAML of a mapping so that every error names file and line and says what to write.

text of the file -> root -> fields, words, numbers. What a mapping means does not belong here.
"""

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

import yaml

MOST_BYTES = 256 * 1024


class MappingError(ValueError):
    """A mapping that cannot be used; the message names file and line and the remedy."""


def root_of(content: bytes, file: str) -> Any:
    """The top node of one YAML file. Raises MappingError."""
    if len(content) > MOST_BYTES:
        raise MappingError(f"{file}: larger than {MOST_BYTES} bytes; this is no mapping")
    try:
        root = yaml.compose(content.decode("utf-8-sig"), Loader=yaml.SafeLoader)
    except UnicodeDecodeError as error:
        raise MappingError(f"{file}: not in UTF-8; save it as UTF-8") from error
    except (yaml.YAMLError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{file}:{mark.line + 1}" if mark else file
        words = (
            "not valid YAML; check the indentation, and put texts with `:`, `#` or `*` in quotes"
        )
        raise MappingError(f"{place}: {words}") from error
    if root is None:
        raise MappingError(
            f"{file}:1: the file is empty; `lakehouse mapping draft FILE` starts one"
        )
    return root


class Nodes:
    """Typed access to the nodes of one file."""

    def __init__(self, file: str) -> None:
        self.file = file

    def fail(self, node: Any, message: str) -> MappingError:
        """The error at the line of `node`."""
        line = node.start_mark.line + 1 if node is not None else 1
        return MappingError(f"{self.file}:{line}: {message}")

    def pairs(self, node: Any, what: str) -> list[tuple[str, Any, Any]]:
        """(key, key node, value node) of a mapping node, no key twice."""
        if not isinstance(node, yaml.MappingNode):
            raise self.fail(node, f"{what} must be lines of `name: value`")
        found: dict[str, tuple[str, Any, Any]] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self.fail(key, f"{what} has a key that is no text")
            if key.value in found:
                raise self.fail(key, f"{key.value!r} is given twice under {what}; keep one")
            found[key.value] = (str(key.value), key, value)
        return list(found.values())

    def fields(self, node: Any, what: str, allowed: Iterable[str]) -> dict[str, Any]:
        """Value nodes by name; a name that is not allowed is an error with the nearest ones."""
        known = sorted(allowed)
        fields: dict[str, Any] = {}
        for name, key, value in self.pairs(node, what):
            if name not in known:
                raise self.fail(key, f"unknown field {name!r} under {what}; {_advice(name, known)}")
            fields[name] = value
        return fields

    def text(self, node: Any, what: str) -> str:
        """One text that is not blank."""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            raise self.fail(node, f"{what} must be one text")
        return str(node.value)

    def texts(self, node: Any, what: str) -> list[tuple[str, Any]]:
        """One text or a list of texts, with their nodes."""
        items = node.value if isinstance(node, yaml.SequenceNode) else [node]
        if not items:
            raise self.fail(node, f"{what} must not be empty")
        return [(self.text(item, what), item) for item in items]

    def one_of(self, node: Any, what: str, allowed: Iterable[str]) -> str:
        """One of the allowed words."""
        value, known = self.text(node, what), tuple(allowed)
        if value not in known:
            raise self.fail(node, f"{what} {value!r} is none of {', '.join(known)}")
        return value

    def needed(self, root: Any, fields: Mapping[str, Any], name: str, why: str) -> Any:
        """The node of a field that must be there."""
        if name not in fields:
            raise self.fail(root, f"field {name!r} is missing; {why}")
        return fields[name]


def _advice(name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"did you mean {near[0]!r}?" if near else f"known: {', '.join(known)}"
