"""What earlier batches already hold, as far as it still counts for the batch that is read now.

The answer for batch n is a function of the batches before n and of the connectors' versions, so
that a batch that was interrupted is counted the same when it is read again.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.intake import LandedFile
from warehouse.delta import Lake
from warehouse.readings import READINGS, RECORDS, RESTATEMENTS, without

LANDED = "bronze.landed_files"


@dataclass(frozen=True)
class Known:
    """Earlier batches as batch `batch` sees them, which reads `files` under these `versions`."""

    lake: Lake
    batch: int
    files: Collection[LandedFile]
    versions: Mapping[str, str]

    def records(self, dates: Collection[date | None], facts: pa.Array) -> pa.Table:
        """`record_id` and smallest `payload_id` of those of `facts` that were stated before.

        A fact keeps its date (None: it has none), so that only these `dates` are looked at.
        """
        columns = ["record_id", "payload_id", "batch", "file_sha256"]
        days = [{"event_date": day} for day in dates]
        where, among = f"batch < {self.batch}", ("record_id", facts)
        stated = self.lake.read(RECORDS, columns=columns, partitions=days, where=where, among=among)
        if not stated.num_rows:
            return stated.select(columns[:2])
        gone = self._gone()
        stated = without(stated, gone).select(columns[:2])
        again = self.lake.read(RESTATEMENTS, columns=columns, where=where, among=among)
        again = without(again, gone)
        again = again.filter(pc.is_in(again["record_id"], value_set=stated["record_id"]))
        if not again.num_rows:
            return stated
        both = pa.concat_tables([stated, again.select(columns[:2])])
        return (
            both.group_by("record_id")
            .aggregate([("payload_id", "min")])
            .rename_columns({"record_id": "record_id", "payload_id_min": "payload_id"})
        )

    def payloads(self) -> pa.Array:
        """Ids of payloads that an earlier reading of the same files stored."""
        mine = pa.array(sorted({file.file_sha256 for file in self.files}), pa.string())
        where, among = f"batch < {self.batch}", ("file_sha256", mine)
        before = self.lake.read(LANDED, columns=["file_sha256"], where=where, among=among)
        again = pc.unique(before["file_sha256"])
        if not len(again):
            return pa.array([], pa.string())
        stored = self.lake.read(
            "bronze.payloads", columns=["payload_id"], where=where, among=("file_sha256", again)
        )
        return stored["payload_id"].combine_chunks()

    def _gone(self) -> pa.Array:
        """Readings that no longer count: of files read again by now, or by an older connector.

        Files that await their turn under a newer connector are among the latter, so that what
        only they stated is taken as new wherever it is read first.
        """
        rows = self.lake.read(
            LANDED,
            columns=["batch", "file_sha256", "connector"],
            where=f"batch < {self.batch} AND NOT repeats",
        ).to_pylist()
        readings = self.lake.read(READINGS, where=f"batch < {self.batch}").to_pylist()
        read_by = {(row["batch"], row["file_sha256"]): row["version"] for row in readings}
        newest = {file.file_sha256: self.batch for file in self.files}
        for row in readings:
            newest[row["file_sha256"]] = max(row["batch"], newest.get(row["file_sha256"], 0))
        gone = []
        for row in rows:
            place = (row["batch"], row["file_sha256"])
            wanted = self.versions.get(row["connector"])
            current = wanted is None or read_by.get(place) == wanted
            if not current or newest.get(row["file_sha256"], 0) > row["batch"]:
                gone.append(f"{row['batch']}/{row['file_sha256']}")
        return pa.array(gone, pa.string())
