"""Redaction within one conversation: what is said, and whatever else a source adds as metadata.

Which words are personal is decided by the function passed in; here stands which texts are asked.
"""

import re
from collections.abc import Collection, Sequence
from typing import Any

import orjson

from ingestion.conform.facts import Hidden, Redact

_SHORT = 80  # characters; longer texts hardly ever come twice
_LONG_NUMBER = 10**8  # a number this long may be a phone or an identity card
# One lower-case word or media type, such as `image/jpeg`: no sentence, number or address.
_CODE_WORD = re.compile(r"[a-z][a-z_./-]{0,31}")
_BETWEEN = re.compile(r"[\W\d_]+")


def remembering(redact: Redact) -> Redact:
    """Asks for a short text with the same names only once: greetings, subjects, queues, ids."""
    known: dict[tuple[str, tuple[str, ...]], Hidden] = {}

    def hide(text: str, names: Sequence[str]) -> Hidden:
        if len(text) > _SHORT:
            return redact(text, names)
        asked = (text, tuple(names))
        if asked not in known:
            known[asked] = redact(text, names)
        return known[asked]

    return hide


class Hiding:
    """Hides the same names in all texts of one conversation; equal short texts only once."""

    def __init__(self, names: Collection[str], redact: Redact) -> None:
        self._names = sorted(names)
        self._redact = redact
        self._name_parts = {
            part for name in self._names for part in _BETWEEN.split(name.casefold())
        }
        self._known: dict[str, str] = {}
        self._written: dict[bytes, str] = {}

    def words(self, text: str) -> Hidden:
        """A text without personal data, and what was hidden where."""
        return self._redact(text, self._names)

    def column(self, text: str | None) -> str | None:
        """A short value that many rows repeat, without personal data."""
        if not text or self._is_code(text):
            return text or None
        if text not in self._known:
            self._known[text] = self.words(text).text
        return self._known[text]

    def json(self, metadata: dict[str, Any]) -> str:
        """Metadata as JSON; it may quote subjects and names, so every text in it is redacted."""
        if not metadata:
            return "{}"
        clear = orjson.dumps(metadata, option=orjson.OPT_SORT_KEYS)
        if clear not in self._written:
            hidden = orjson.dumps(self._value(metadata), option=orjson.OPT_SORT_KEYS)
            self._written[clear] = hidden.decode()
        return self._written[clear]

    def _value(self, value: Any) -> Any:
        if isinstance(value, str):
            return self.column(value) or value
        if isinstance(value, dict):
            return {key: self._value(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self._value(inner) for inner in value]
        if isinstance(value, int) and abs(value) >= _LONG_NUMBER:
            hidden = self.column(str(value))
            return value if hidden == str(value) else hidden
        return value

    def _is_code(self, text: str) -> bool:
        """Whether the text can name nobody: a plain code that shares no part with a name."""
        if not _CODE_WORD.fullmatch(text):
            return False
        return self._name_parts.isdisjoint(_BETWEEN.split(text))
