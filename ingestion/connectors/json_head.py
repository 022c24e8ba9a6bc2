"""What a JSON file is about, judged from its first bytes alone.

Used only to recognise formats: the head is usually cut in the middle, so it is scanned, not
parsed. Keys are reported with their depth: the keys of the outermost object have depth 1;
an enclosing array does not count.
"""

from functools import lru_cache

from ingestion.connectors.reading import BOM, structural_parts

MOST_LINES = 5


@lru_cache(maxsize=16)
def outlines(head: bytes) -> tuple["Outline", ...]:
    """The outline of the head as one document, then of its first lines alone."""
    text = head.removeprefix(BOM).lstrip()
    if text[:1] not in (b"{", b"["):
        return ()
    whole = Outline(text)
    lines = [line for line in text.split(b"\n", MOST_LINES)[:MOST_LINES] if line.strip()]
    return (whole, *(Outline(line) for line in lines if line.lstrip()[:1] == b"{"))


class Outline:
    """Keys and string values of a JSON text by depth."""

    def __init__(self, text: bytes) -> None:
        self._keys: dict[int, set[str]] = {}
        self._values: set[tuple[str, str]] = set()
        self._scan(structural_parts(text))

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
