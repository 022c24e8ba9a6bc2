"""The facts that one batch states: which are new, and which payload each of them points at.

A fact may be stated by many payloads. It is stored once, and of all payloads that state it the one
with the smallest id counts, so that the pointer is a function of what was received and not of
the order in which it was read. Parsing payloads does not belong here.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import date
from types import TracebackType

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from ingestion.spool import Spool
from warehouse.contracts import RECORDS, RESTATEMENTS

_NONE: np.ndarray = np.array([], np.int64)


class Statements:
    """Collects the facts of one batch: `add` all, then `settle`, then `compare`, then read.

    Rows lie in a spool; in memory are their ids only, while they are compared.
    """

    def __init__(self) -> None:
        self.event_dates: set[date | None] = set()
        self._rows = Spool(RECORDS)
        self._stored: np.ndarray = np.array([], bool)
        """Whether a row is the first of this batch to state its fact, and the fact is new."""
        # The smallest payload id of each fact that this batch states more than once.
        self._smallest: dict[str, str] = {}
        self._restated: np.ndarray = _NONE

    def __enter__(self) -> "Statements":
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._rows.__exit__(kind, error, trace)

    def add(self, rows: pa.RecordBatch) -> None:
        """Take rows of contracts.RECORDS."""
        self.event_dates.update(pc.unique(rows["event_date"]).to_pylist())
        self._rows.extend(rows)

    def settle(self) -> Counter[str]:
        """Find facts stated twice within the batch; {file: how many of its rows repeat others}."""
        ids = self._column("record_id")
        self._stored = np.ones(len(ids), bool)
        if not len(ids):
            return Counter()
        fact = ids.dictionary_encode()
        distinct = len(fact.dictionary)
        if distinct == len(ids):
            return Counter()
        number = fact.indices.to_numpy(zero_copy_only=False)
        first = np.unique(number, return_index=True)[1]
        self._stored[:] = False
        self._stored[first] = True
        often = np.flatnonzero(np.bincount(number, minlength=distinct)[number] > 1)
        payloads = self._column("payload_id").take(pa.array(often))
        table = pa.table({"fact": number[often], "payload": payloads, "row": often})
        # Of the rows that state a fact the first with the smallest payload comes first.
        order = [("fact", "ascending"), ("payload", "ascending"), ("row", "ascending")]
        table = table.take(pc.sort_indices(table, sort_keys=order))
        least = np.unique(table["fact"].to_numpy(), return_index=True)[1]
        table = table.take(pa.array(least))
        rows = table["row"].to_numpy()
        before = first[table["fact"].to_numpy()]
        smaller = table["payload"].to_pylist()
        own = self._column("payload_id").take(pa.array(before)).to_pylist()
        less = [new < old for new, old in zip(smaller, own, strict=True)]
        self._restated = np.sort(rows[np.array(less, bool)])
        named = fact.dictionary.take(table["fact"]).to_pylist()
        self._smallest = dict(zip(named, smaller, strict=True))
        return self._files(np.flatnonzero(~self._stored))

    def facts(self) -> pa.Array:
        """Ids of the facts of this batch, each once; after `settle`."""
        return self._column("record_id").filter(pa.array(self._stored))

    def compare(self, known: pa.Table) -> Counter[str]:
        """Leave out the facts of earlier batches; {file: how many of its rows those were}.

        `known` holds `record_id` and the smallest `payload_id` so far of facts on `event_dates`;
        facts that this batch does not state do not matter.
        """
        if not known.num_rows or not len(self._stored):
            return Counter()
        place = pc.index_in(
            self._column("record_id"), value_set=known["record_id"].combine_chunks()
        )
        repeated = np.flatnonzero(self._stored & pc.is_valid(place).to_numpy(zero_copy_only=False))
        earlier = known["payload_id"].take(place.take(pa.array(repeated))).combine_chunks()
        self._point(repeated, earlier)
        self._stored[repeated] = False
        return self._files(repeated)

    def _point(self, repeated: np.ndarray, earlier: pa.Array) -> None:
        """Keep the statements of known facts that have a smaller payload id than any before."""
        rows = pa.array(repeated)
        own = self._column("payload_id").take(rows)
        smaller = pc.greater(earlier, own).to_numpy(zero_copy_only=False)
        if self._smallest:
            ids = self._column("record_id").take(rows)
            often = np.flatnonzero(pc.is_in(ids, pa.array(self._smallest)))
            gone = set()
            for index in often.tolist():
                record_id = ids[index].as_py()
                least = self._smallest[record_id]
                if earlier[index].as_py() <= least:
                    gone.add(record_id)
                # Where another row of this batch has a smaller id yet, that one is restated.
                smaller[index] = own[index].as_py() == least < earlier[index].as_py()
            again = self._column("record_id").take(pa.array(self._restated)).to_pylist()
            kept = [record_id not in gone for record_id in again]
            self._restated = self._restated[np.array(kept, bool)]
        self._restated = np.union1d(self._restated, repeated[smaller])

    def records(self) -> Iterator[pa.RecordBatch]:
        """Facts that no earlier batch stated."""
        start = 0
        for batch in self._rows.batches():
            stored = self._stored[start : start + batch.num_rows]
            start += batch.num_rows
            fresh = batch if stored.all() else batch.filter(pa.array(stored))
            if fresh.num_rows:
                yield fresh

    def restatements(self) -> pa.Table:
        """Rows of contracts.RESTATEMENTS: facts to which a payload with a smaller id points now."""
        found, start = [RESTATEMENTS.empty_table()], 0
        for batch in self._rows.batches(RESTATEMENTS.names) if len(self._restated) else ():
            end = start + batch.num_rows
            low, high = np.searchsorted(self._restated, (start, end))
            rows = pa.table(batch).select(RESTATEMENTS.names)
            found.append(rows.take(pa.array(self._restated[low:high] - start)))
            start = end
        return pa.concat_tables(found).sort_by("record_id")

    def _column(self, name: str) -> pa.Array:
        """One column of all rows added; the spool keeps the rest on the disk."""
        parts = [batch[name] for batch in self._rows.batches([name])]
        return pa.concat_arrays(parts) if parts else pa.array([], RECORDS.field(name).type)

    def _files(self, rows: np.ndarray) -> Counter[str]:
        files = self._column("file_sha256").take(pa.array(rows))
        return Counter({e["values"].as_py(): e["counts"].as_py() for e in pc.value_counts(files)})
