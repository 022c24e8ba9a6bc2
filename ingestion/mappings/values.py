"""Single values of a row: found at their path, replaced by the value map, exactly typed.

row -> Values -> our field. Nothing is guessed: what the mapping does not state is rejected.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import missing, wrong_type
from ingestion.connectors.tabular_cells import read_number, read_truth, read_whole
from ingestion.mappings.columns import fold
from ingestion.mappings.mapping import OTHERWISE, Mapping, Source
from ingestion.mappings.rows import find
from ingestion.mappings.targets import Target
from ingestion.mappings.times import Clock

_DURATION = re.compile(r"(\d{1,4}):([0-5]\d):([0-5]\d)", re.ASCII)
_GROUPED = re.compile(r"-?\d{1,3}(?:\.\d{3})+(?:,\d+)?|-?\d+(?:,\d+)?", re.ASCII)
_ISO = Clock()


@dataclass(frozen=True, slots=True)
class Values:
    """Reads the fields of one row, or of one message within it (`message` wins over `row`)."""

    mapping: Mapping
    row: dict[str, Any]
    message: dict[str, Any] | None = None

    def get(self, name: str) -> Any:
        """The field with its exact type, None where the source says nothing.

        Raises RejectedInput that names our field and their column.
        """
        found = self._source(name)
        if found is None:
            return None
        source, row = found
        if source.value is not None:
            return self._typed(name, source.value, f"{name} (constant)", constant=True)
        what = f"{name} (column {source.named})"
        value = self._replaced(name, _found(source, row, what), what)
        if value is None or (isinstance(value, str) and not value.strip()):
            return None
        return self._typed(name, value, what, constant=False)

    def need(self, name: str) -> Any:
        """The field, which must not be empty."""
        value = self.get(name)
        if value is None:
            raise missing(name)
        return value

    def _source(self, name: str) -> tuple[Source, dict[str, Any]] | None:
        if self.message is not None and name in self.mapping.message_columns:
            return self.mapping.message_columns[name], self.message
        source = self.mapping.columns.get(name)
        return None if source is None else (source, self.row)

    def _replaced(self, name: str, value: Any, what: str) -> Any:
        table = self.mapping.values.get(name)
        if table is None:
            return value
        if isinstance(value, dict | list):
            raise wrong_type(what, "one value")
        plain = "" if value is None else fold(_words(value))
        if plain in table:
            return table[plain]
        if not plain:
            return None
        if OTHERWISE not in table:
            raise RejectedInput(
                "unknown_value",
                f"{what} holds a value that values.{name} of {self.mapping.file} does not list;"
                f' add it, or "{OTHERWISE}" for all others',
            )
        return table[OTHERWISE]

    def _typed(self, name: str, value: Any, what: str, *, constant: bool) -> Any:
        target = self.mapping.targets()[name]
        if target.reader == "time":
            return (_ISO if constant else self.mapping.clock).moment(value, what)
        if target.reader == "day":
            return (_ISO if constant else self.mapping.clock).day(value, what)
        return _read(target, value, what, self.mapping.decimal_comma)


def _found(source: Source, row: dict[str, Any], what: str) -> Any:
    """The value of the column; of several, what is filled, joined by a blank."""
    if len(source.paths) == 1:
        return find(row, source.paths[0])
    parts = [find(row, path) for path in source.paths]
    if any(part is not None and not isinstance(part, str) for part in parts):
        raise wrong_type(what, "texts, which alone can be joined")
    return " ".join(part.strip() for part in parts if part and part.strip()) or None


def _words(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(target: Target, value: Any, what: str, comma: bool) -> Any:
    if target.reader == "id":
        return read_id(value, what) or None
    if target.reader == "text":
        if not isinstance(value, str):
            raise wrong_type(what, "a text")
        return value
    if target.reader == "word":
        return _word(value, what, target.words)
    if target.reader == "seconds" and isinstance(value, str):
        value = _in_seconds(value)
    if comma and isinstance(value, str) and target.reader != "truth":
        value = _with_point(value, what)
    return _number(target, value, what)


def read_id(value: Any, what: str) -> str:
    """An id, as text or as a whole number; a number with a point has lost digits somewhere."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str):
        raise wrong_type(what, "a text or a whole number")
    return value.strip().replace("\x00", "")


def _word(value: Any, what: str, words: tuple[str, ...]) -> str:
    word = value.strip().lower() if isinstance(value, str) else ""
    if word not in words:
        raise RejectedInput(
            "unknown_value",
            f"{what} is none of {', '.join(words)}; say under values of the mapping which it means",
        )
    return word


def _number(target: Target, value: Any, what: str) -> Any:
    try:
        if target.reader == "truth":
            return read_truth(value)
        if target.reader == "whole":
            return read_whole(value)
        number = read_number(value)
    except (ValueError, OverflowError) as error:
        words = {"truth": "true or false", "whole": "a whole number"}.get(target.reader, "a number")
        raise RejectedInput(
            "bad_cell", f"{what} must be {words}; see values and decimal of the mapping"
        ) from error
    if target.reader == "seconds" and number < 0:
        raise RejectedInput("negative_duration", f"{what} is negative; a duration starts at 0")
    return number


def _in_seconds(value: str) -> str | float:
    """`01:02:03` is hours, minutes and seconds; anything else must be a number of seconds."""
    match = _DURATION.fullmatch(value.strip())
    if match is None:
        return value
    hours, minutes, seconds = (int(part) for part in match.groups())
    return float(hours * 3600 + minutes * 60 + seconds)


def _with_point(value: str, what: str) -> str:
    """`1.250.000,50` as the mapping says that numbers are written; other spellings are refused."""
    if not _GROUPED.fullmatch(value.strip()):
        raise RejectedInput("bad_cell", f"{what} must be a number such as 1.250.000,50")
    return value.strip().replace(".", "").replace(",", ".")


def latest(*moments: datetime | None) -> datetime | None:
    """The latest of the known times."""
    return max((moment for moment in moments if moment is not None), default=None)
