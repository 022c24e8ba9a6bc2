"""Step 5: changed silver partitions are tagged again under the present release.

Annotations of other releases stay where they are; the one that marts read is promoted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from enrichment.annotate import annotate
from enrichment.engine import release, versions
from orchestration.steps.deployment import Deployment
from orchestration.steps.workers import map_in_order
from warehouse.contracts import ANNOTATIONS
from warehouse.conversations import TurnReader
from warehouse.releases import promote, promoted

TABLE = "silver.annotations"
SOURCE = "silver.turns"
_DATES_AT_ONCE = 7


@dataclass(frozen=True)
class AnnotateReport:
    """What was tagged, under which release, and which release was replaced for the marts."""

    release: str
    turns: int
    annotations: int
    replaced: str | None


def annotate_changed(deployment: Deployment, run_id: str) -> AnnotateReport:
    """Tag every partition of silver.turns that this release has not tagged at this version."""
    lake, current = deployment.lake, release()
    app = f"annotate:{current}"
    since, until = lake.cursor(TABLE, app), lake.version(SOURCE)
    turns = annotations = 0
    if until is not None and (since is None or since < until):
        dates = sorted(p["event_date"] for p in lake.changed_partitions(SOURCE, since, until))
        counter = {"turns": 0, "annotations": 0}
        lake.overwrite_partitions(
            TABLE,
            _batches(deployment, dates, current, run_id, counter),
            partitions=[{"release": current, "event_date": day} for day in dates],
            app=app,
            sequence=until,
        )
        turns, annotations = counter["turns"], counter["annotations"]
    before = promoted(lake.root)
    if before != current:
        promote(lake.root, current, versions())
    return AnnotateReport(current, turns, annotations, before if before != current else None)


def _batches(
    deployment: Deployment, dates: Sequence[Any], current: str, run_id: str, counter: dict[str, int]
) -> Iterator[pa.RecordBatch]:
    """Annotated dates, a few at a time, so that memory does not grow with history."""
    reader = TurnReader.pinned(deployment.lake)
    return _annotated(deployment, reader, dates, current, run_id, counter)


def _annotated(
    deployment: Deployment,
    reader: TurnReader,
    dates: Sequence[Any],
    current: str,
    run_id: str,
    counter: dict[str, int],
) -> Iterator[pa.RecordBatch]:
    pieces = (reader.read(dates[start : start + _DATES_AT_ONCE]) for start in _starts(dates))
    few = len(dates) <= 2 * _DATES_AT_ONCE
    done = map(_tagged, pieces) if few else map_in_order(_tagged, pieces)
    for start, (batch, date_of, turns) in zip(_starts(dates), done, strict=True):
        counter["turns"] += turns
        counter["annotations"] += batch.num_rows
        days = min(start + _DATES_AT_ONCE, len(dates))
        deployment.say(f"tagged {counter['turns']:,} turns ({days} of {len(dates)} days)")
        yield _stamped(batch, date_of, current, run_id)


def _starts(dates: Sequence[Any]) -> range:
    return range(0, len(dates), _DATES_AT_ONCE)


def _tagged(
    piece: tuple[pa.Table, Mapping[str, Any]],
) -> tuple[pa.RecordBatch, Mapping[str, Any], int]:
    """Annotations of some days, with the date of each interaction and the number of turns."""
    turns, date_of = piece
    return annotate(turns), date_of, turns.num_rows


def _stamped(
    batch: pa.RecordBatch, date_of: Mapping[str, Any], current: str, run_id: str
) -> pa.RecordBatch:
    ids = batch["interaction_id"].to_pylist()
    return pa.RecordBatch.from_arrays(
        [
            *batch.columns,
            pa.array([current] * batch.num_rows, pa.string()),
            pa.array([run_id] * batch.num_rows, pa.string()),
            pa.array([date_of[interaction_id] for interaction_id in ids], pa.date32()),
        ],
        schema=ANNOTATIONS,
    )
