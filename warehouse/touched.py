"""Which conversations new records touch, and their rows, without taking the history into memory.

All reading is done by DuckDB over pinned files; only rows of the touched conversations leave it.
What is made of them, and writing, do not belong here.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from warehouse import catalog, contracts
from warehouse.delta import Lake
from warehouse.identity_components import components
from warehouse.readings import RECORDS, RESTATEMENTS, counting
from warehouse.sql import literal

KINDS = "record_kind IN ('interaction', 'turn', 'handle', 'status')"
Links: TypeAlias = "pa.Array | pa.ChunkedArray"
_LINK = pa.schema([("link", pa.int64())])
_PAIR = pa.schema([("a", pa.int64()), ("b", pa.int64())])
_DAY = pa.schema([("event_date", pa.date32()), ("rows", pa.int64())])
_BATCH = pa.schema([("batch", pa.int64())])


@dataclass(frozen=True)
class Touched:
    """The conversations that records added between two versions belong to.

    `links` are all their links, none when `everything` is touched; `dates` the days of their
    `rows` records, None for those without; `before` is the last batch that was known already. `roots` gives for each of
    `joined` (links that came together with others) the one link that stands for all of them.
    """

    lake: Lake
    until: int
    everything: bool
    links: pa.Array
    dates: Sequence[date | None]
    rows: int = 0
    before: int = 0
    joined: pa.Array = field(default_factory=lambda: pa.array([], pa.int64()))
    roots: pa.Array = field(default_factory=lambda: pa.array([], pa.int64()))

    def scan(self) -> pa.RecordBatchReader:
        """Stream all records of these conversations at the version `until`, old and new."""
        if self.everything:
            return self.lake.scan(RECORDS, version=self.until, where=KINDS)
        return self.lake.ask(
            RECORDS,
            f"SELECT * FROM rows WHERE {KINDS} AND {_FIRST_IS_MINE}",
            contracts.RECORDS,
            version=self.until,
            partitions=[{"event_date": day} for day in self.dates],
            given=self._given,
        )

    def restated(self) -> pa.RecordBatchReader:
        """Stream what was stated again about these conversations."""
        if self.everything:
            return self.lake.scan(RESTATEMENTS)
        statement = f"SELECT * FROM rows WHERE {_FIRST_IS_MINE}"
        return self.lake.ask(RESTATEMENTS, statement, contracts.RESTATEMENTS, given=self._given)

    def records(self) -> pa.Table:
        """All records of these conversations that count, as one table."""
        return counting(self.lake, self.scan().read_all())

    def present(self, table: str) -> pa.RecordBatchReader:
        """Stream the rows of a silver table that belong to these conversations now."""
        schema = catalog.table(table).schema
        if self.everything:
            return pa.RecordBatchReader.from_batches(schema, [])
        statement = "SELECT * FROM rows WHERE conversation_hash IN (SELECT link FROM links)"
        return self.lake.ask(table, statement, schema, given=self._given)

    def bucket(self, links: pa.Array, count: int) -> pa.Array:
        """The bucket (0 to count-1) of each link; those of one conversation are in one bucket."""
        roots = self.stands_for(links).to_numpy(zero_copy_only=False)
        return pa.array(roots.astype(np.int64) % count, pa.int64())

    def stands_for(self, links: Links) -> Links:
        """The one link that stands for the conversation of each of these."""
        at = pc.index_in(links, value_set=self.joined)
        return pc.coalesce(self.roots.take(at), links)

    @property
    def _given(self) -> dict[str, pa.Table]:
        return {"links": pa.table({"link": self.links}, schema=_LINK)}


_FIRST_IS_MINE = "link_hashes[1] IN (SELECT link FROM links)"
"""Holds for all records of a conversation: `links` has every link of each of them."""


def touched_since(lake: Lake, since: int | None, until: int) -> Touched:
    """Close over links from the records added after version `since` (None: all records).

    Of the history only the links are looked at for this, and stay in DuckDB.
    """
    if since is None:
        joined, roots = _joined(lake, until, None)
        rows = sum(file.rows for file in lake.files(RECORDS, until))
        return Touched(lake, until, True, _none(), (), rows, 0, joined, roots)
    before = _last_batch(lake, since)
    new = lake.ask(RECORDS, _NEW, _LINK, since=since, version=until).read_all()
    again = lake.ask(RESTATEMENTS, f"{_ALL_LINKS} WHERE batch > {before}", _LINK).read_all()
    first = pc.unique(pa.chunked_array([*new["link"].chunks, *again["link"].chunks], pa.int64()))
    joined, roots = _joined(lake, until, first)
    links = pc.unique(pa.chunked_array([first, joined]))
    found = lake.ask(
        RECORDS,
        f"SELECT event_date, count(*) AS rows FROM rows WHERE {KINDS} AND {_FIRST_IS_MINE}"
        " GROUP BY event_date ORDER BY event_date",
        _DAY,
        version=until,
        given={"links": pa.table({"link": links}, schema=_LINK)},
    ).read_all()
    rows = pc.sum(found["rows"]).as_py() or 0
    dates = found["event_date"].to_pylist()
    return Touched(lake, until, False, links, dates, rows, before, joined, roots)


def told_since(lake: Lake, kinds: Sequence[str], since: int, until: int) -> bool:
    """Whether records of some kinds were added after version `since`, or any was stated again."""
    listed = ", ".join(literal(kind) for kind in kinds)
    new = f"SELECT batch FROM rows WHERE record_kind IN ({listed}) LIMIT 1"
    if lake.ask(RECORDS, new, _BATCH, since=since, version=until).read_all().num_rows:
        return True
    again = f"SELECT batch FROM rows WHERE batch > {_last_batch(lake, since)} LIMIT 1"
    return lake.ask(RESTATEMENTS, again, _BATCH).read_all().num_rows > 0


_ALL_LINKS = "SELECT DISTINCT unnest(link_hashes) AS link FROM rows"
_NEW = f"{_ALL_LINKS} WHERE {KINDS}"


def _none() -> pa.Array:
    return pa.array([], pa.int64())


def _last_batch(lake: Lake, version: int) -> int:
    """The newest batch that a version of the records holds."""
    found = lake.ask(RECORDS, "SELECT max(batch) AS batch FROM rows", _BATCH, version=version)
    return pc.max(found.read_all()["batch"]).as_py() or 0


def _joined(lake: Lake, until: int, first: pa.Array | None) -> tuple[pa.Array, pa.Array]:
    """Links that came together with others, and what stands for each; see `Touched`.

    With `first` only those that can be reached from these links.
    """
    pairs = pa.Table.from_batches(_pairs(lake, until, first), schema=_PAIR)
    left, right = (pairs[name].to_numpy() for name in ("a", "b"))
    links, places = np.unique(np.concatenate([left, right]), return_inverse=True)
    member = components(len(links), places[: len(left)], places[len(left) :])
    return pa.array(links, pa.int64()), pa.array(links[member], pa.int64())


def _pairs(lake: Lake, until: int, first: pa.Array | None) -> Iterator[pa.RecordBatch]:
    with lake.opened(RECORDS, until) as connection:
        connection.execute(
            "CREATE TEMP TABLE pairs AS SELECT DISTINCT link_hashes[1] AS a,"
            f" unnest(link_hashes[2:]) AS b FROM rows WHERE {KINDS} AND len(link_hashes) > 1"
        )
        if first is None:
            yield from connection.sql("FROM pairs").to_arrow_reader()
            return
        connection.register("first", pa.table({"link": first}, schema=_LINK))
        connection.execute("CREATE TEMP TABLE reached AS SELECT DISTINCT link FROM first")
        while connection.execute(_REACH).fetchall() != [(0,)]:
            pass
        mine = "SELECT * FROM pairs WHERE a IN (SELECT link FROM reached)"
        yield from connection.sql(mine).to_arrow_reader()


_REACH = """
INSERT INTO reached
SELECT DISTINCT b FROM pairs WHERE a IN (FROM reached) AND b NOT IN (FROM reached)
UNION
SELECT DISTINCT a FROM pairs WHERE b IN (FROM reached) AND a NOT IN (FROM reached)
"""
