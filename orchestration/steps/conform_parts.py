"""Touched conversations are dealt into parts on the disk, and the parts conformed on all cores.

A part holds whole conversations, so that it can be conformed alone; memory holds one part for each
worker. The result does not depend on how many parts or workers there are.
"""

import gc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.buckets import Buckets, store, stored
from ingestion.conform.conform import Known, Rules, conform
from ingestion.conform.facts import Hidden
from orchestration.steps.deployment import Deployment
from orchestration.steps.silver_changes import TABLES, Change, by_days
from orchestration.steps.spill import spill_folder
from orchestration.steps.vault import VAULT
from orchestration.steps.workers import WORKERS, map_in_order
from warehouse import contracts
from warehouse.catalog import table as definition
from warehouse.difference import difference
from warehouse.readings import counted, replaced
from warehouse.settings import Settings
from warehouse.touched import Touched

_WORTH_WORKERS = 10_000  # records; below this a pool costs more than it saves
_PART_ROWS = 20_000

RulesOf = Callable[[Deployment], Rules]
Files = Mapping[int, Path]
LinkOfRow = Callable[[pa.RecordBatch], pa.Array]


@dataclass(frozen=True)
class Conformed:
    """What was found; the rows themselves lie on the disk as long as the context is open."""

    changes: Mapping[str, Change]
    handles: pa.Table
    interactions: int
    turns: int
    waiting: int


@dataclass(frozen=True)
class _Part:
    """Files of one part: its records, what restates them, and its silver rows until now."""

    records: Path | None
    restated: Path | None
    present: Mapping[str, Path | None]
    folder: Path


@dataclass(frozen=True)
class _Done:
    """Files a part became: by table the rows added for each group of days, and those removed."""

    added: Mapping[str, Files]
    removed: Mapping[str, Path | None]
    handles: pa.Table
    interactions: int
    turns: int
    waiting: int


class FactsLost(RuntimeError):
    """Facts are neither shown nor waiting, which is a fault of the program; nothing is written."""


@contextmanager
def conform_touched(
    deployment: Deployment, touched: Touched, rules_of: RulesOf
) -> Iterator[Conformed]:
    """Conform the touched conversations and compare them with their rows in silver.

    Raises FactsLost.
    """
    with spill_folder(deployment.lake.root) as folder:
        parts = _dealt(touched, folder)
        gone = replaced(deployment.lake)
        before = None if touched.everything else touched.before
        if touched.rows < _WORTH_WORKERS:
            work = partial(_conform, rules_of(deployment), gone, before)
            done = list(map(work, parts))
        else:
            there = partial(_conform_there, rules_of, deployment.settings, gone, before)
            done = list(map_in_order(there, parts))
        yield Conformed(
            {name: _change(name, done, everything=touched.everything) for name in TABLES},
            pa.concat_tables([one.handles for one in done]),
            sum(one.interactions for one in done),
            sum(one.turns for one in done),
            sum(one.waiting for one in done),
        )


def _dealt(touched: Touched, folder: Path) -> Sequence[_Part]:
    """All rows of the touched conversations in files of their parts."""
    count = 1 if touched.rows < _WORTH_WORKERS else max(WORKERS, -(-touched.rows // _PART_ROWS))

    def deal(name: str, rows: pa.RecordBatchReader, link: LinkOfRow) -> Files:
        buckets = Buckets(folder / name, rows.schema)
        for batch in rows:
            buckets.deal(batch, touched.bucket(link(batch), count))
        return buckets.close()

    def first(batch: pa.RecordBatch) -> pa.Array:
        return pc.list_element(batch["link_hashes"], 0)

    def own(batch: pa.RecordBatch) -> pa.Array:
        return batch["conversation_hash"]

    records = deal("records", touched.scan(), first)
    restated = deal("restated", touched.restated(), first)
    present = {name: deal(name, touched.present(name), own) for name in TABLES}
    parts = []
    for number in range(count):
        mine = folder / f"part-{number}"
        mine.mkdir()
        rows = {name: files.get(number) for name, files in present.items()}
        parts.append(_Part(records.get(number), restated.get(number), rows, mine))
    return parts


def _conform_there(
    rules_of: RulesOf, settings: Settings, gone: pa.Array, before: int | None, part: _Part
) -> _Done:
    """`_conform` in a worker, which makes the rules once."""
    return _conform(_rules(rules_of, settings), gone, before, part)


def _conform(rules: Rules, gone: pa.Array, before: int | None, part: _Part) -> _Done:
    """Conform one part; `before` is the last batch that silver knows, None when all is new."""
    records = counted(
        stored(part.records, contracts.RECORDS),
        stored(part.restated, contracts.RESTATEMENTS),
        gone,
    )
    known = None if before is None else Known(before, _words(part.present["silver.turns"]))
    with _uncollected():
        conformed = conform(records, rules, known)
        tables = conformed.tables()
    if conformed.accounted != records.num_rows:
        raise FactsLost(
            f"of {records.num_rows:,} facts {conformed.accounted:,} are shown or waiting; silver"
            " stays as it was. Report this with the sources that came last."
        )
    added, removed = {}, {}
    for name in TABLES:
        present = stored(part.present[name], definition(name).schema)
        changed = difference(present, tables[name])
        added[name] = by_days(name, changed.added, part.folder)
        path = part.folder / f"{name}.removed"
        removed[name] = store(path, changed.removed) if changed.removed.num_rows else None
    counts = (tables[name].num_rows for name in ("silver.interactions", "silver.turns"))
    waiting = sum(row["records"] for row in conformed.waiting)
    return _Done(added, removed, tables[VAULT], *counts, waiting)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Without the search for cycles: there are none among some hundred thousand rows, and looking
    at them all again and again takes a quarter of the time."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


@cache
def _rules(rules_of: RulesOf, settings: Settings) -> Rules:
    return rules_of(Deployment(settings))


def _words(path: Path | None) -> Mapping[str, Hidden]:
    """What was redacted before, by turn."""
    turns = stored(path, contracts.TURNS).select(["turn_id", "redacted_text", "redactions"])
    turns = turns.filter(pc.is_valid(turns["redacted_text"]))
    ids, texts, spans = (column.to_pylist() for column in turns.columns)
    return {turn: Hidden(*hidden) for turn, *hidden in zip(ids, texts, spans, strict=True)}


def _change(name: str, done: Sequence[_Done], *, everything: bool) -> Change:
    added: dict[int, list[Path]] = {}
    for one in done:
        for group, path in one.added[name].items():
            added.setdefault(group, []).append(path)
    removed = [path for one in done if (path := one.removed[name]) is not None]
    return Change(name, added, removed, everything)
