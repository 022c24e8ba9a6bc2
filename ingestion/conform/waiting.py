"""Facts that are accepted and cannot be shown yet -> rows of silver.waiting.

A conversation waits for a date as long as none of its facts has one, and for a message as long as
only deletions, statuses or names of people are known. Nobody invents what is missing.
"""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from ingestion.conform.facts import Fact
from warehouse.vocabulary import WaitsFor


def waiting_rows(
    waiting: Sequence[tuple[Fact, WaitsFor]], records: pa.Table
) -> list[dict[str, Any]]:
    """One row per conversation of a source and file that tells of it.

    `records` are the rows from which the facts were read; they name the files.
    """
    if not waiting:
        return []
    ids = pa.array([fact.record_id for fact, _ in waiting], pa.string())
    at = pc.index_in(ids, value_set=records["record_id"].combine_chunks())
    files = records["file_sha256"].take(at).to_pylist()
    facts = {
        fact.record_id: (fact.link_hashes[0], file, fact.source_system, waits_for)
        for (fact, waits_for), file in zip(waiting, files, strict=True)
    }
    return [
        {
            "conversation_hash": conversation,
            "file_sha256": file,
            "source_system": system,
            "waits_for": waits_for,
            "records": count,
        }
        for (conversation, file, system, waits_for), count in Counter(facts.values()).items()
    ]
