"""Writing values and file names into SQL, safely, and predicates over partition columns.

Only values that the program itself produced come here; users' SQL is `warehouse.query`.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any


def name(identifier: str) -> str:
    """A column, table or schema name in double quotes."""
    return '"' + identifier.replace('"', '""') + '"'


def literal(value: str | date | int) -> str:
    """A text, day or whole number as SQL; TypeError for anything else."""
    if isinstance(value, str):
        if "\x00" in value:
            raise ValueError("a text with a NUL character cannot stand in SQL")
        return "'" + value.replace("'", "''") + "'"
    if type(value) is date:
        return f"CAST('{value.isoformat()}' AS DATE)"
    if type(value) is int:
        return str(value)
    raise TypeError(f"{type(value).__name__} cannot be a literal; use str, date or int")


def file_list(paths: Iterable[Path]) -> str:
    """A list of exact file names: characters that would search for files are neutralised."""
    patterns = []
    for path in paths:
        text = str(path).replace("[", "[[]").replace("*", "[*]").replace("?", "[?]")
        patterns.append(literal(text))
    return "[" + ", ".join(patterns) + "]"


def partition_predicate(partitions: Sequence[Mapping[str, Any]]) -> str:
    """One predicate that holds for exactly the rows of `partitions`.

    Each mapping gives values for the same or other partition columns; None means NULL. Values
    that differ only in the last column are gathered into one IN list, so that a thousand days
    do not become a thousand nested ORs.
    """
    groups: dict[tuple[tuple[str, Any], ...], set[Any]] = {}
    lasts: dict[tuple[tuple[str, Any], ...], str] = {}
    for values in partitions:
        if not values:
            raise ValueError("a partition needs at least one column")
        # Days come last: they are what differs most often.
        *outer, last = sorted(values, key=lambda column: (column == "event_date", column))
        group = (*((column, values[column]) for column in outer), (last, ...))
        groups.setdefault(group, set()).add(values[last])
        lasts[group] = last
    terms = []
    for group, members in groups.items():
        outer_terms = [_equals(column, value) for column, value in group[:-1]]
        for term in _membership(lasts[group], members):
            terms.append("(" + " AND ".join([*outer_terms, term]) + ")")
    return " OR ".join(terms)


def _membership(column: str, members: set[Any]) -> list[str]:
    """`column` is one of `members`; NULL needs a term of its own."""
    known = sorted((member for member in members if member is not None), key=str)
    terms = []
    if len(known) == 1:
        terms.append(_equals(column, known[0]))
    elif known:
        terms.append(f"{name(column)} IN ({', '.join(literal(member) for member in known)})")
    if None in members:
        terms.append(_equals(column, None))
    return terms


def _equals(column: str, value: Any) -> str:
    if value is None:
        return f"{name(column)} IS NULL"
    return f"{name(column)} = {literal(value)}"
