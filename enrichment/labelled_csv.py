"""A user's training file: CSV with the columns `text` and `label`, read strictly.

Every complaint names the file, the row and the remedy. What is learned is decided elsewhere.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Final

OTHER: Final = "other"
_LEAST_ROWS: Final = 2
_LONGEST_FIELD: Final = 1_000_000


class BadTrainingFile(ValueError):
    """The CSV cannot be learned from; the message names file, row and remedy."""


def read(path: Path) -> tuple[list[str], list[str]]:
    """Return the texts and labels of a CSV; raises BadTrainingFile."""
    texts: list[str] = []
    labels: list[str] = []
    for row, text, label in _rows(path):
        if not text.strip() or not label.strip():
            raise BadTrainingFile(
                f"{path.name} row {row}: text or label is empty; fill it or delete the row"
            )
        texts.append(text)
        labels.append(label.strip())
    counts = Counter(labels)
    named = [label for label in counts if label != OTHER]
    if len(counts) < 2 or not named:
        raise BadTrainingFile(f"{path.name}: needs rows of at least two labels; add rows")
    rare = sorted(label for label, count in counts.items() if count < _LEAST_ROWS)
    if rare:
        raise BadTrainingFile(
            f"{path.name}: label {rare[0]!r} has one row; give each label at least {_LEAST_ROWS}"
        )
    return texts, labels


def _rows(path: Path) -> Iterator[tuple[int, str, str]]:
    csv.field_size_limit(_LONGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            missing = {"text", "label"} - set(reader.fieldnames or ())
            if missing:
                raise BadTrainingFile(
                    f"{path.name} row 1: no column {sorted(missing)[0]!r}; "
                    "the first row must name the columns text,label"
                )
            for row in reader:
                yield reader.line_num, row["text"] or "", row["label"] or ""
    except FileNotFoundError as error:
        raise BadTrainingFile(f"{path.name} does not exist; check the path") from error
    except UnicodeDecodeError as error:
        raise BadTrainingFile(f"{path.name} is not UTF-8; save it as CSV UTF-8") from error
    except csv.Error as error:
        raise BadTrainingFile(f"{path.name}: {error}; save it as plain CSV") from error
