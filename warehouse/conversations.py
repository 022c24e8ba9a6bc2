"""Lookups across lake tables: records by kind, references, tagging input, evidence.

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
from warehouse.readings import RECORDS, counting

TURNS, INTERACTIONS = "silver.turns", "silver.interactions"


def records_of_kinds(lake: Lake, kinds: Sequence[str], version: int) -> pa.Table:
    """All records of some kinds that count at a version."""
    listed = ", ".join(f"'{kind}'" for kind in kinds)
    where = f"record_kind IN ({listed})"
    return counting(lake, lake.read(RECORDS, version=version, where=where))


def locate(lake: Lake, by_turn: Mapping[str, str], by_hash: Mapping[int, str]) -> dict[str, int]:
    """Find references among turn ids and conversation hashes: {reference: conversation hash}."""
    found: dict[str, int] = {}
    for row in _looked_up(lake, TURNS, "turn_id", pa.array(sorted(by_turn), pa.string())):
        found[by_turn[row["turn_id"]]] = row["conversation_hash"]
    hashes = pa.array(sorted(by_hash), pa.int64())
    for row in _looked_up(lake, INTERACTIONS, "conversation_hash", hashes):
        found[by_hash[row["conversation_hash"]]] = row["conversation_hash"]
    return found


def _looked_up(lake: Lake, name: str, column: str, wanted: pa.Array) -> list[dict[str, Any]]:
    """The conversation of each of the wanted values of a column that the table holds."""
    if not len(wanted):
        return []
    columns = dict.fromkeys((column, "conversation_hash"))
    schema = pa.schema([lake.definition(name).schema.field(each) for each in columns])
    listed = ", ".join(columns)
    rows = lake.ask(
        name,
        f"SELECT DISTINCT {listed} FROM rows WHERE {column} IN (SELECT value FROM wanted)"
        f" ORDER BY {listed}",
        schema,
        given={"wanted": pa.table({"value": wanted})},
    )
    return rows.read_all().to_pylist()


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
        versions = {name: lake.version(name) for name in (TURNS, INTERACTIONS)}
        known = {name: version for name, version in versions.items() if version is not None}
        for name, version in known.items():
            lake.files(name, version)
        return cls(lake, known)

    def rows(self, day: date) -> int:
        """Turns of one business date, as the files' own counts say."""
        files = self.lake.files(TURNS, self.versions[TURNS])
        return sum(file.rows for file in files if file.values["event_date"] == day)

    def read(
        self,
        dates: Sequence[date],
        only: pa.Array | None = None,
        part: tuple[int, int] = (0, 1),
    ) -> tuple[pa.Table, dict[str, date]]:
        """Rows of contracts.ANNOTATION_INPUT, and the business date of each interaction.

        `only` names the interactions wanted (None: all); `part` (k, n) gives the k-th of n about
        equal shares of them, counted from 0.
        """
        turns = self._read(TURNS, _TURN_COLUMNS, dates, only, part)
        facts = self._read(INTERACTIONS, _FACT_COLUMNS, dates, only, part)
        ids, days = turns["interaction_id"].to_pylist(), turns["event_date"].to_pylist()
        return _annotation_input(turns, facts), dict(zip(ids, days, strict=True))

    def _read(
        self,
        name: str,
        columns: Sequence[str],
        dates: Sequence[date],
        only: pa.Array | None,
        part: tuple[int, int],
    ) -> pa.Table:
        schema = self.lake.definition(name).schema
        number, count = part
        where = f"hash(interaction_id) % {count} = {number}"
        if only is not None:
            where += " AND interaction_id IN (SELECT interaction_id FROM wanted)"
        return self.lake.ask(
            name,
            f"SELECT {', '.join(columns)} FROM rows WHERE {where}",
            pa.schema([schema.field(column) for column in columns]),
            version=self.versions[name],
            partitions=[{"event_date": day} for day in dates],
            given={} if only is None else {"wanted": pa.table({"interaction_id": only})},
        ).read_all()


TURN_WORDS = ("turn_no", "role", "redacted_text", "sent_at", "start_seconds")
FACT_WORDS = ("channel", "direction", "started_at")
"""What taggers look at, of a turn and of an interaction, beside the interaction's id and day."""
_TURN_COLUMNS = ("interaction_id", *TURN_WORDS, "event_date")
_FACT_COLUMNS = ("interaction_id", *FACT_WORDS)


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
