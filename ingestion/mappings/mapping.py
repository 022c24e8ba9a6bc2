"""A mapping, read and checked: which files it is for, and where each of our fields comes from."""

import re
from collections import abc
from dataclasses import dataclass, field
from datetime import timedelta

from ingestion.mappings.targets import CONVERSATION, MESSAGE, STATED, Target, targets_of
from ingestion.mappings.times import Clock

OTHERWISE = "*"
"""In a value map: whatever is not listed."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a field comes from: columns or dotted paths of theirs, or a constant.

    Several columns are joined by a blank: a day and a clock, a first and a last name.
    """

    paths: tuple[str, ...] = ()
    value: str | None = None

    @property
    def named(self) -> str:
        """The columns in words, for messages."""
        return " + ".join(self.paths) or "constant"


@dataclass(frozen=True, slots=True)
class Mapping:
    """One mapping file. `digest` changes with any byte of it and with the zone it relies on.

    `message_path` leads to the list of messages when a row is a whole conversation;
    `message_columns` are then read from each message, all other columns from the row.
    """

    name: str
    file: str
    digest: str
    match: tuple[re.Pattern[str], ...]
    format: str
    kind: str
    source_system: str
    columns: dict[str, Source]
    clock: Clock = field(default_factory=Clock)
    delimiter: str | None = None
    encoding: str | None = None
    records: str = ""
    decimal_comma: bool = False
    session_gap: timedelta | None = None
    message_path: str = ""
    message_columns: dict[str, Source] = field(default_factory=dict)
    values: dict[str, dict[str, str]] = field(default_factory=dict)

    def matches(self, name: str) -> bool:
        """Whether a file with this name, relative to the landing folder, is meant."""
        return any(pattern.match(name) for pattern in self.match)

    def targets(self) -> abc.Mapping[str, Target]:
        """All fields that this mapping may fill, by name."""
        return targets_of(self.kind)

    @property
    def one_row_per_message(self) -> bool:
        """Whether every row is a message of its own."""
        return "text" in self.columns and not self.message_path

    @property
    def states_interactions(self) -> bool:
        """Whether rows tell something that only a whole conversation has."""
        return not self.one_row_per_message or bool(STATED.keys() & self.columns.keys())

    def paths(self) -> list[str]:
        """Their columns that every row must have, in the order of the mapping."""
        found = [path for source in self.columns.values() for path in source.paths]
        return list(dict.fromkeys([*found, self.message_path] if self.message_path else found))


MESSAGE_ONLY = frozenset(MESSAGE) - frozenset(CONVERSATION)
"""Fields that make no sense for a conversation as a whole."""
