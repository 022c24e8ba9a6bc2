"""Lookups across lake tables that whole conversations need: closure, tagging input, evidence.

All of them read pinned versions and return Arrow; nothing is written here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from warehouse.contracts import ANNOTATION_INPUT, TIMESTAMP
from warehouse.delta import Lake
from warehouse.readings import RESTATEMENTS, counting

_RECORDS = "bronze.records"
_CONVERSATION_KINDS = ("interaction", "turn", "handle", "status")


@dataclass(frozen=True)
class Touched:
    """The conversations that records added between two versions belong to."""

    lake: Lake
    until: int
    everything: bool
    links: pa.Array
    dates: Sequence[date]

    def records(self) -> pa.Table:
        """All records of these conversations that count, old and new, at the version `until`."""
        kinds = f"record_kind IN {_CONVERSATION_KINDS}"
        if self.everything:
            return counting(self.lake, self.lake.read(_RECORDS, version=self.until, where=kinds))
        table = self.lake.read(
            _RECORDS,
            version=self.until,
            where=kinds,
            partitions=[{"event_date": day} for day in self.dates],
        )
        mine = table.filter(_any_link(table["link_hashes"], self.links))
        return counting(self.lake, mine)

    def dates_in(self, table: str) -> set[date]:
        """Partitions of a silver table that hold rows of these conversations now."""
        if self.everything:
            return set()
        rows = self.lake.read(table, columns=["conversation_hash", "event_date"])
        return set(pc.unique(self.mine(rows)["event_date"]).to_pylist())

    def mine(self, rows: pa.Table) -> pa.Table:
        """Those silver rows that belong to these conversations."""
        return rows.filter(pc.is_in(rows["conversation_hash"], value_set=self.links))


def touched_since(lake: Lake, since: int | None, until: int) -> Touched:
    """Close over links from the records added after version `since` (None: all records).

    Only two narrow columns of the history are read for this.
    """
    if since is None:
        return Touched(lake, until, True, pa.array([], pa.int64()), ())
    kinds = f"record_kind IN {_CONVERSATION_KINDS}"
    new = lake.read(_RECORDS, columns=["link_hashes"], since=since, version=until, where=kinds)
    restated = _restated_since(lake, since)
    links = pc.unique(pa.chunked_array([_flat(new["link_hashes"]), _flat(restated)]))
    history = lake.read(_RECORDS, columns=["link_hashes", "event_date"], version=until, where=kinds)
    while True:
        mine = history.filter(_any_link(history["link_hashes"], links))
        wider = pc.unique(pa.chunked_array([_flat(mine["link_hashes"]), links]))
        if len(wider) == len(links):
            break
        links = wider
    dates = sorted(pc.unique(mine["event_date"]).to_pylist())
    return Touched(lake, until, False, links, dates)


def _restated_since(lake: Lake, since: int) -> pa.ChunkedArray:
    """Links of known facts that batches after version `since` stated again, at another payload."""
    before = pc.max(lake.read(_RECORDS, columns=["batch"], version=since)["batch"]).as_py() or 0
    return lake.read(RESTATEMENTS, columns=["link_hashes"], where=f"batch > {before}")[
        "link_hashes"
    ]


def _flat(lists: pa.ChunkedArray) -> pa.Array:
    return pc.list_flatten(lists).combine_chunks()


def _any_link(lists: pa.ChunkedArray, links: pa.Array) -> pa.Array:
    """True for each row of which at least one link is among `links`."""
    if len(lists) == 0:
        return pa.array([], pa.bool_())
    combined = lists.combine_chunks()
    rows = pc.list_parent_indices(combined).filter(
        pc.is_in(pc.list_flatten(combined), value_set=links)
    )
    return pc.is_in(pa.array(range(len(combined)), pa.int64()), value_set=rows)


def records_of_kinds(lake: Lake, kinds: Sequence[str], version: int) -> pa.Table:
    """All records of some kinds that count at a version."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    where = f"record_kind IN ({listed})"
    return counting(lake, lake.read(_RECORDS, version=version, where=where))


def locate(lake: Lake, by_turn: Mapping[str, str], by_hash: Mapping[int, str]) -> dict[str, int]:
    """Find references among turn ids and conversation hashes: {reference: conversation hash}."""
    found: dict[str, int] = {}
    turns = lake.read("silver.turns", columns=["turn_id", "conversation_hash"])
    known = pa.array(sorted(by_turn), pa.string())
    mine = turns.filter(pc.is_in(turns["turn_id"], value_set=known))
    for row in mine.to_pylist():
        found[by_turn[row["turn_id"]]] = row["conversation_hash"]
    interactions = lake.read("silver.interactions", columns=["conversation_hash"])
    hashes = pc.unique(interactions["conversation_hash"])
    for conversation in hashes.filter(
        pc.is_in(hashes, value_set=pa.array(sorted(by_hash), pa.int64()))
    ).to_pylist():
        found[by_hash[conversation]] = conversation
    return found


@dataclass(frozen=True)
class TurnReader:
    """Reads whole interactions of some business dates as taggers take them.

    Versions are pinned and their file lists read at once, because the table library cannot be
    entered again while it is writing what is made from these rows.
    """

    lake: Lake
    versions: Mapping[str, int]

    @classmethod
    def pinned(cls, lake: Lake) -> "TurnReader":
        """A reader of the newest versions of both tables."""
        versions = {name: lake.version(name) for name in ("silver.turns", "silver.interactions")}
        known = {name: version for name, version in versions.items() if version is not None}
        for name, version in known.items():
            lake.files(name, version)
        return cls(lake, known)

    def read(self, dates: Sequence[date]) -> tuple[pa.Table, dict[str, date]]:
        """Rows of contracts.ANNOTATION_INPUT, and the business date of each interaction."""
        partitions = [{"event_date": day} for day in dates]
        turns = self.lake.read(
            "silver.turns",
            columns=_TURN_COLUMNS,
            partitions=partitions,
            version=self.versions["silver.turns"],
        )
        facts = self.lake.read(
            "silver.interactions",
            columns=["interaction_id", "channel", "direction", "started_at"],
            partitions=partitions,
            version=self.versions["silver.interactions"],
        )
        ids, days = turns["interaction_id"].to_pylist(), turns["event_date"].to_pylist()
        return _annotation_input(turns, facts), dict(zip(ids, days, strict=True))


_TURN_COLUMNS = (
    "interaction_id",
    "turn_no",
    "role",
    "redacted_text",
    "sent_at",
    "start_seconds",
    "event_date",
)


def _annotation_input(turns: pa.Table, facts: pa.Table) -> pa.Table:
    joined = turns.join(facts, "interaction_id", join_type="inner").sort_by(
        [("interaction_id", "ascending"), ("turn_no", "ascending")]
    )
    # A transcript without times still has the time of its call.
    times = pc.coalesce(joined["sent_at"], joined["started_at"]).cast(TIMESTAMP)
    columns: dict[str, Any] = {
        name: joined[name] for name in ANNOTATION_INPUT.names if name in joined.column_names
    }
    columns |= {"text": joined["redacted_text"], "sent_at": times}
    return pa.table({name: columns[name] for name in ANNOTATION_INPUT.names}, ANNOTATION_INPUT)


def observations(lake: Lake) -> pa.Table:
    """Customer handles by the interaction or CRM row in which they were seen, for identity."""
    seen = lake.read(
        "silver.participants",
        columns=["interaction_id", "handle_type", "handle_key"],
        where="role = 'customer'",
    )
    started = lake.read("silver.interactions", columns=["interaction_id", "started_at"])
    joined = seen.join(started, "interaction_id", join_type="left outer")
    crm = lake.read("silver.crm_handles", columns=["customer_key", "handle_type", "handle_key"])
    schema = pa.schema(
        [
            ("evidence_kind", pa.string()),
            ("evidence_id", pa.string()),
            ("handle_type", pa.string()),
            ("handle_key", pa.string()),
            ("first_seen_at", TIMESTAMP),
        ]
    )
    spoken = pa.table(
        [
            pa.array(["interaction"] * joined.num_rows, pa.string()),
            joined["interaction_id"],
            joined["handle_type"],
            joined["handle_key"],
            joined["started_at"],
        ],
        schema=schema,
    )
    stated = pa.table(
        [
            pa.array(["crm"] * crm.num_rows, pa.string()),
            crm["customer_key"],
            crm["handle_type"],
            crm["handle_key"],
            pa.nulls(crm.num_rows, TIMESTAMP),
        ],
        schema=schema,
    )
    return pa.concat_tables([spoken, stated])
