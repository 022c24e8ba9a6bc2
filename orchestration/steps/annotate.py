"""Step 5: changed silver partitions are tagged again under the present release.

Annotations of other releases stay where they are; the one that marts read is promoted.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa

from enrichment.annotate import annotate
from enrichment.engine import release, versions
from enrichment.rulebook import beside_bundled
from orchestration.steps.deployment import Deployment
from orchestration.steps.workers import map_in_order
from warehouse.contracts import ANNOTATIONS
from warehouse.conversations import TurnReader
from warehouse.releases import promote, promoted, register, rulebooks_in_force

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
    """Tag every partition of silver.turns that the release in force has not tagged at this version.

    In force are the installed taggers with the rulebooks of the promoted release.
    """
    root = deployment.lake.root
    own = rulebooks_in_force(root)
    report = tag_history(deployment, run_id, own)
    before = promoted(root)
    if before != report.release:
        promote(root, report.release, versions(beside_bundled(own)))
    return replace(report, replaced=before if before != report.release else None)


def tag_history(
    deployment: Deployment, run_id: str, rulebooks: Sequence[Path] = ()
) -> AnnotateReport:
    """Tag what changed since this release last tagged; `rulebooks` stand in for bundled ones.

    The answers of other releases stay where they are. Raises RulebookError.
    """
    lake, files = deployment.lake, beside_bundled(rulebooks)
    current = release(files)
    register(lake.root, current, versions(files), rulebooks)
    app = f"annotate:{current}"
    since, until = lake.cursor(TABLE, app), lake.version(SOURCE)
    counter = {"turns": 0, "annotations": 0}
    if until is not None and (since is None or since < until):
        dates = sorted(p["event_date"] for p in lake.changed_partitions(SOURCE, since, until))
        tagging = _Tagging(deployment, current, run_id, files, counter)
        lake.overwrite_partitions(
            TABLE,
            tagging.batches(dates),
            partitions=[{"release": current, "event_date": day} for day in dates],
            app=app,
            sequence=until,
        )
    return AnnotateReport(current, counter["turns"], counter["annotations"], None)


@dataclass(frozen=True)
class _Tagging:
    """One pass over some dates under one release; `counter` is filled while batches are taken."""

    deployment: Deployment
    release: str
    run_id: str
    rulebooks: tuple[Path, ...]
    counter: dict[str, int]

    def batches(self, dates: Sequence[Any]) -> Iterator[pa.RecordBatch]:
        """Annotated dates, a few at a time, so that memory does not grow with history."""
        # Pinned now: the table library cannot be entered again while it takes the batches.
        return self._annotated(TurnReader.pinned(self.deployment.lake), dates)

    def _annotated(self, reader: TurnReader, dates: Sequence[Any]) -> Iterator[pa.RecordBatch]:
        work = partial(_tagged, self.rulebooks)
        pieces = (reader.read(dates[start : start + _DATES_AT_ONCE]) for start in _starts(dates))
        few = len(dates) <= 2 * _DATES_AT_ONCE
        done = map(work, pieces) if few else map_in_order(work, pieces)
        for start, (batch, date_of, turns) in zip(_starts(dates), done, strict=True):
            self.counter["turns"] += turns
            self.counter["annotations"] += batch.num_rows
            days = min(start + _DATES_AT_ONCE, len(dates))
            self.deployment.say(
                f"tagged {self.counter['turns']:,} turns ({days} of {len(dates)} days)"
            )
            yield _stamped(batch, date_of, self.release, self.run_id)


def _starts(dates: Sequence[Any]) -> range:
    return range(0, len(dates), _DATES_AT_ONCE)


def _tagged(
    rulebooks: tuple[Path, ...], piece: tuple[pa.Table, Mapping[str, Any]]
) -> tuple[pa.RecordBatch, Mapping[str, Any], int]:
    """Annotations of some days, with the date of each interaction and the number of turns."""
    turns, date_of = piece
    return annotate(turns, rulebooks), date_of, turns.num_rows


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
