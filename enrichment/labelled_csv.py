"""A user's training file: CSV with the columns `text` and `label`, of whatever dialect.

Delimiter, byte order mark and quoting are found out; text and labels are taken as they stand.
Every complaint names the file, the line and the remedy. What is learned is decided elsewhere.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

OTHER: Final = "other"
_LONGEST_FIELD: Final = 1_000_000
_MOST_EMPTY: Final = 0.02
"""Share of rows without text or label that are left out with a warning; more is an error."""
_DELIMITERS: Final = (",", ";", "\t", "|")
_TEXT_NAMES: Final = ("text", "sentence", "utterance", "message", "query")
_LABEL_NAMES: Final = ("label", "intent", "category")
_OUTSIDE: Final = frozenset(
    {"other", "oos", "ood", "outofscope", "nonodesdetected", "lainnya", "lainlain"}
)
"""Labels that mean "none of the others", without case, blanks, hyphens and underscores."""


class BadTrainingFile(ValueError):
    """The CSV cannot be learned from; the message names file, line and remedy."""


@dataclass(frozen=True)
class Labelled:
    """The rows of a training file; labels that mean out of scope all read `other`."""

    texts: list[str]
    labels: list[str]
    warnings: list[str] = field(default_factory=list)


def read(path: Path) -> Labelled:
    """Return the texts and labels of a CSV; raises BadTrainingFile."""
    texts: list[str] = []
    labels: list[str] = []
    empty: list[int] = []
    for line, text, label in _rows(path):
        if text.strip() and label.strip():
            texts.append(text)
            labels.append(in_scope_or_other(label.strip()))
        elif text.strip() or label.strip():
            empty.append(line)
    if len(empty) > _MOST_EMPTY * len(texts):
        raise BadTrainingFile(
            f"{path.name} row {empty[0]}: text or label is empty; fill it or delete the row"
        )
    left_out = [f"row {line}: text or label is empty; the row was left out" for line in empty]
    return Labelled(texts, labels, left_out + _checked(path, labels))


def in_scope_or_other(label: str) -> str:
    """The label itself, or `other` where it is one of the usual words for out of scope."""
    bare = "".join(c for c in label.lower() if c not in " -_")
    return OTHER if bare in _OUTSIDE else label


def _checked(path: Path, labels: Sequence[str]) -> list[str]:
    """Warnings about labels that can be learned but not judged; raises BadTrainingFile."""
    counts = Counter(labels)
    if len(counts) < 2 or set(counts) == {OTHER}:
        raise BadTrainingFile(f"{path.name}: needs rows of at least two labels; add rows")
    rare = sorted(label for label, count in counts.items() if count == 1)
    if len(counts) - len(rare) < 2:
        raise BadTrainingFile(f"{path.name}: label {rare[0]!r} has one row; give each at least 2")
    return [f"label {label!r} has one row and was not judged" for label in rare]


def _rows(path: Path) -> Iterator[tuple[int, str, str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    lines = list(io.StringIO(_content(path), newline=""))
    delimiter, text_at, label_at = _columns(path, lines[0] if lines else "")
    # Tab-separated exports often hold bare quotation marks; there a line is always a row.
    quoted = delimiter != "\t" or all(line.count('"') % 2 == 0 for line in lines)
    reader = (
        csv.reader(lines, delimiter=delimiter)
        if quoted
        else csv.reader(lines, delimiter=delimiter, quoting=csv.QUOTE_NONE)
    )
    start = 1
    try:
        for cells in reader:
            if start > 1 and cells:
                padded = [*cells, *[""] * (max(text_at, label_at) + 1 - len(cells))]
                yield start, padded[text_at], padded[label_at]
            last, start = start, reader.line_num + 1
            if start > len(lines) and quoted:
                start = last
                _check_closed(lines[last - 1 :], delimiter)
    except csv.Error as error:
        raise BadTrainingFile(
            f"{path.name} row {start}: {error}; close its quotation mark or double it"
        ) from error


def _check_closed(lines: list[str], delimiter: str) -> None:
    """Raise csv.Error when the last row ends inside quotation marks: it swallowed its followers."""
    if len(lines) > 1 or lines[0].count('"') % 2:
        try:
            list(csv.reader(lines, delimiter=delimiter, strict=True))
        except csv.Error as error:
            if "end of data" in str(error):
                raise


def _content(path: Path) -> str:
    try:
        content = path.read_bytes()
    except FileNotFoundError as error:
        raise BadTrainingFile(f"{path.name} does not exist; check the path") from error
    except IsADirectoryError as error:
        raise BadTrainingFile(f"{path.name} is a folder; name the CSV file") from error
    wide = content[:2] in (b"\xff\xfe", b"\xfe\xff")
    try:
        return content.decode("utf-16" if wide else "utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise BadTrainingFile(
            f"{path.name} row {line} is not UTF-8; save the file as CSV UTF-8"
        ) from error


def _columns(path: Path, header: str) -> tuple[str, int, int]:
    """The delimiter, and where text and label stand, by the names in the first row."""
    best: list[str] = []
    for delimiter in _DELIMITERS:
        names = [
            name.strip().lower() for name in next(csv.reader([header], delimiter=delimiter), [])
        ]
        text = next((name for name in _TEXT_NAMES if name in names), None)
        label = next((name for name in _LABEL_NAMES if name in names), None)
        if text and label:
            return delimiter, names.index(text), names.index(label)
        best = max(
            best, names, key=lambda found: (bool({"text", "label"} & set(found)), len(found))
        )
    missing = "label" if "text" in best else "text"
    raise BadTrainingFile(
        f"{path.name} row 1: no column {missing!r}; the first row must name the columns text,label"
    )
