"""What a JSON file is about, judged from its first bytes alone.

Used only to recognise formats: the head is usually cut in the middle, so it is scanned, not
parsed. Keys are reported with their depth: the keys of the outermost object have depth 1;
an enclosing array does not count.
"""

from functools import lru_cache
from typing import Any

import orjson

from ingestion.connectors.reading import BOM, structural_parts

MOST_LINES = 5


@lru_cache(maxsize=16)
def outlines(head: bytes) -> tuple["Outline", ...]:
    """The outline of the head as one document, or of its first lines alone, or of both.

    Where the first line is a document of its own, the first lines say enough. Otherwise the
    head may be a document that was cut, or lines of which the first is longer than the head.
    """
    text = head.removeprefix(BOM).lstrip()
    if text[:1] not in (b"{", b"["):
        return ()
    complete = _complete(text)
    if complete is not None:
        return (complete,)
    lines = text.split(b"\n", MOST_LINES)[:MOST_LINES]
    objects = [line for line in lines if line.lstrip()[:1] == b"{"]
    documents = [_complete(line) for line in objects]
    read = [known or Outline(line) for known, line in zip(documents, objects, strict=True)]
    if text[:1] == b"{" and documents[0] is not None:
        return tuple(read)
    return (Outline(text), *read)


def _complete(text: bytes) -> "Outline | None":
    """Reading a document that ends within the head is much faster than scanning it."""
    try:
        return Outline.of(orjson.loads(text))
    except orjson.JSONDecodeError:
        return None


class Outline:
    """Keys and string values of a JSON text by depth."""

    def __init__(self, text: bytes = b"") -> None:
        self._keys: dict[int, set[str]] = {}
        self._values: set[tuple[str, str]] = set()
        if text:
            self._scan(structural_parts(text))

    @classmethod
    def of(cls, document: Any) -> "Outline":
        """The outline of a document that was read as a whole."""
        outline = cls()
        waiting: list[tuple[Any, int]] = [(document, 1)]
        while waiting:
            value, depth = waiting.pop()
            if isinstance(value, list):
                waiting += [(item, depth) for item in value]
            elif isinstance(value, dict):
                outline._keys.setdefault(depth, set()).update(value)
                outline._values.update((k, v) for k, v in value.items() if isinstance(v, str))
                waiting += [(item, depth + 1) for item in value.values()]
        return outline

    def keys(self, depth: int) -> set[str]:
        """All keys seen at `depth`, of whatever objects stand there."""
        return self._keys.get(depth, set())

    def has_value(self, key: str, value: str) -> bool:
        """Whether some object anywhere says `key: value` with a string value."""
        return (key, value) in self._values

    def _scan(self, parts: list[bytes]) -> None:
        depth = 0
        key = ""
        for index in range(0, len(parts), 2):
            between = parts[index].strip()
            depth += _net(between, b"{", b"}")
            if index + 1 >= len(parts):
                return
            string = parts[index + 1].decode("utf-8", "replace")
            follows = parts[index + 2].lstrip()[:1] if index + 2 < len(parts) else b""
            if follows == b":":
                key = string
                self._keys.setdefault(depth, set()).add(key)
            elif between == b":":
                self._values.add((key, string))


def _net(text: bytes, opening: bytes, closing: bytes) -> int:
    return text.count(opening) - text.count(closing)
