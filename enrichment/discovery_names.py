"""One name for a group as long as it lives: groups of a week are matched to those of weeks before.

Pure: the names follow from all groups of all weeks, so a late week gives the same names as a
full pass.
"""

import hashlib
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, Final

import numpy as np

_MEMORY: Final = timedelta(weeks=8)
"""A group that was silent for longer comes back as a new one."""
_SAME: Final = 0.6
_MEANING_WEIGHT: Final = 0.6

Row = dict[str, Any]


def named(rows: Sequence[Row]) -> list[Row]:
    """The rows with `cluster_id` and `name`, ordered by kind, week and number.

    Each row holds kind, week (its Monday), cluster_no, phrases and centroid.
    """
    ordered = sorted(rows, key=lambda row: (row["kind"], row["week"], row["cluster_no"]))
    given: list[Row] = []
    alive: dict[str, Row] = {}
    for kind, week in sorted({(row["kind"], row["week"]) for row in ordered}):
        these = [row for row in ordered if (row["kind"], row["week"]) == (kind, week)]
        alive = {
            key: row
            for key, row in alive.items()
            if row["kind"] == kind and week - row["week"] <= _MEMORY
        }
        matched = _matched(these, list(alive.values()))
        for number, row in enumerate(these):
            known = matched.get(number)
            row = row | (
                {"cluster_id": known["cluster_id"], "name": known["name"]}
                if known
                else {"cluster_id": _identity(row), "name": " / ".join(row["phrases"])}
            )
            given.append(row)
            alive[row["cluster_id"]] = row
    return given


def _matched(these: Sequence[Row], known: Sequence[Row]) -> dict[int, Row]:
    """Place among `these` -> the known group it continues; the most alike first, each once."""
    if not these or not known:
        return {}
    new, old = (np.array([row["centroid"] for row in part]) for part in (these, known))
    meaning = new @ old.T
    pairs = []
    for i, row in enumerate(these):
        for j, other in enumerate(known):
            alike = _MEANING_WEIGHT * float(meaning[i, j])
            alike += (1 - _MEANING_WEIGHT) * _shared(row["phrases"], other["phrases"])
            if alike >= _SAME:
                pairs.append((-round(alike, 4), other["cluster_id"], i, j))
    found: dict[int, Row] = {}
    taken: set[int] = set()
    for _, _, i, j in sorted(pairs):
        if i not in found and j not in taken:
            found[i] = known[j]
            taken.add(j)
    return found


def _shared(phrases: Sequence[str], others: Sequence[str]) -> float:
    """Share of the words of both lists that stand in both."""
    one, other = (
        {word for phrase in part for word in phrase.split()} for part in (phrases, others)
    )
    return len(one & other) / max(len(one | other), 1)


def _identity(row: Row) -> str:
    """Twelve hex digits of where a group was first seen."""
    week: date = row["week"]
    text = "\n".join((row["kind"], week.isoformat(), *row["phrases"], str(row["cluster_no"])))
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
