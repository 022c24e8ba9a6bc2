"""Drafts a mapping from the first rows of a file, for a person to check and complete.

file -> guesses -> YAML text. Of the content only words for roles and consent are repeated, when
they are among those known beforehand; names of columns are.
"""

import json
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from ingestion.mappings import guesses
from ingestion.mappings.sampled import Sampled, sampled
from ingestion.mappings.targets import Target, needed_by, targets_of
from ingestion.mappings.words import DIRECTIONS, ROLES, TRUTHS

_PLAIN = re.compile(r"[A-Za-z0-9_][\w ./*()-]*[\w)*]|[A-Za-z_]", re.ASCII)
_RESERVED = frozenset(("true", "false", "yes", "no", "on", "off", "null", "y", "n"))
_NEEDED: Final = {
    "conversation": "the id that all messages of a conversation share",
    "sent_at": "when a message was written",
    "role": "who wrote it: a column, or a constant such as {value: customer}",
    "text": "the words of a message",
    "started_at": "when the conversation began",
    "updated_at": 'no such column: the day of the export, {value: "2026-11-01T00:00:00+07:00"}',
    "survey_type": "a column, or a constant such as {value: csat}",
}


def suggest(path: Path) -> str:
    """A mapping for files like this one, as YAML with comments on what to check.

    Raises RejectedInput when the file is no CSV, JSON or Parquet, and OSError.
    """
    found = sampled(path)
    kind = guesses.kind_of(found)
    return "\n".join((*_head(path, found, kind), *_body(found, kind))) + "\n"


def _head(path: Path, found: Sampled, kind: str) -> Iterator[str]:
    stem = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\d+", "", path.stem.lower())).strip("-")
    pattern = re.sub(r"\d[\d_.-]*\d|\d", "*", path.stem) + path.suffix
    yield f"# Drafted from {path.name}. Check every line, then: lakehouse mapping check FILE"
    yield f"name: {(stem or 'export')[:40]}"
    yield f"match: {_quoted(pattern, always=True)}  # in any folder; desk/*.csv: in that one only"
    yield f"format: {found.format}"
    if found.delimiter not in (None, ","):
        yield f"delimiter: {_quoted(str(found.delimiter), always=True)}"
    if found.records:
        yield f"records: {_quoted(found.records)}"
    yield f"kind: {kind}"
    if kind == "conversations":
        has_words = "text" in guesses.columns_of(found, kind) or guesses.message_list(found)
        yield f"channel: {'chat' if has_words else 'voice'}  # voice, chat, email or social"


def _body(found: Sampled, kind: str) -> Iterator[str]:
    columns = guesses.columns_of(found, kind)
    listed = guesses.message_list(found) if kind == "conversations" else None
    inner = guesses.message_columns(found.lists[listed]) if listed else {}
    targets = targets_of(kind)
    told = {name: found.values[path] for name, path in columns.items()}
    told |= {name: found.lists[str(listed)][path] for name, path in inner.items()}
    clock = guesses.clock_beside(found, columns)
    joined: dict[str, str] = {}
    if clock:
        field = "sent_at" if "sent_at" in columns else "started_at"
        pairs = zip(told[field], found.values[clock], strict=False)
        told[field] = [f"{day} {hour}" for day, hour in pairs]
        joined[field] = clock
    yield from _time(told, targets)
    if guesses.decimal_comma(_of_readers(told, targets, "number", "whole", "seconds")):
        yield 'decimal: ","'
    yield "columns:"
    yield from _lines(columns, "  ", joined)
    yield from _missing(_needed(kind, columns, has_list=listed is not None), columns, "  ")
    if listed:
        yield from ("messages:", f"  list: {_quoted(listed)}", "  columns:")
        yield from _lines(inner, "    ", {})
        yield from _missing(("sent_at", "role", "text"), inner, "    ")
    yield from _values(told, targets)
    used = {*columns.values(), clock}
    unused = [name for name in found.values if name not in used]
    if unused:
        yield f"# not used: {', '.join(unused)}"


def _needed(kind: str, columns: Mapping[str, str], *, has_list: bool) -> tuple[str, ...]:
    if kind != "conversations":
        return needed_by(kind)
    if has_list:
        return ("conversation",)
    if "text" in columns:
        return ("conversation", "sent_at", "role")
    return ("conversation", "started_at")


def _lines(columns: Mapping[str, str], indent: str, joined: Mapping[str, str]) -> Iterator[str]:
    for name, path in columns.items():
        first = _quoted(path)
        yield f"{indent}{name}: " + (
            f"[{first}, {_quoted(joined[name])}]" if name in joined else first
        )


def _missing(names: tuple[str, ...], known: Mapping[str, str], indent: str) -> Iterator[str]:
    for name in names:
        if name not in known:
            words = _NEEDED.get(name, "write the name of their column")
            yield f"{indent}# {name}:   # NEEDED: {words}"


def _of_readers(
    told: Mapping[str, list[Any]], targets: Mapping[str, Target], *readers: str
) -> list[Any]:
    return [
        value
        for name, values in told.items()
        if targets[name].reader in readers
        for value in values
    ]


def _time(told: Mapping[str, list[Any]], targets: Mapping[str, Target]) -> Iterator[str]:
    times = _of_readers(told, targets, "time")
    days = _of_readers(told, targets, "day")
    known = guesses.time_format(times)
    if times and known is None:
        yield "# NEEDED under time: a format; no single one reads all times, several may be listed"
    lines = []
    if known and known[0] != "iso":
        hint = "  # day first: check" if known[0].startswith("%d/") else ""
        if known[2]:
            hint = f"  # does not read {known[2]} of {len(times)} times; list another format too"
        lines.append(f"  format: {_quoted(known[0], always=True)}{hint}")
    if known and known[1]:
        lines.append("  zone: Asia/Jakarta  # of these times, which carry no offset: check")
    day = guesses.day_format(days)
    if day not in (None, "%Y-%m-%d"):
        lines.append(f"  day: {_quoted(str(day), always=True)}")
    if lines:
        yield from ("time:", *lines)


def _values(told: Mapping[str, list[Any]], targets: Mapping[str, Target]) -> Iterator[str]:
    lines: list[str] = []
    for name, words in (("role", ROLES), ("direction", DIRECTIONS)):
        lines += _words(name, words, told.get(name, []))
    for name, values in told.items():
        if targets[name].reader == "truth":
            lines += _words(name, TRUTHS, [value for value in values if isinstance(value, str)])
    if lines:
        yield from ("values:", *lines)


def _words(name: str, words: Mapping[str, tuple[str, ...]], values: list[Any]) -> Iterator[str]:
    distinct = list(dict.fromkeys(str(value) for value in values))
    known = {value: ours for value in distinct if (ours := guesses.meaning(words, value))}
    if all(value in words for value in distinct):
        return
    yield f"  {name}:"
    for value, ours in sorted(known.items()):
        yield f"    {_quoted(value, always=True)}: {ours}"
    others = len(distinct) - len(known)
    if others:
        yield f'    "*": {_likely(words, known.values())}  # {others} other values: check'


def _likely(words: Mapping[str, tuple[str, ...]], known: Collection[str]) -> str:
    """What unknown values are drafted as: nobody agrees by a guess, agents go by their names."""
    if words is TRUTHS:
        return "false"
    return next((ours for ours in words if ours not in known or ours == "agent"), next(iter(words)))


def _quoted(text: str, *, always: bool = False) -> str:
    if not always and _PLAIN.fullmatch(text) and text.lower() not in _RESERVED:
        return text
    return json.dumps(text, ensure_ascii=False)
