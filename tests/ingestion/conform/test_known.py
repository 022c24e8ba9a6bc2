"""What was redacted before is used again only where redacting anew would give the same."""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pytest
from facts_of import RULES, fact, rows, table, turn

from ingestion.conform.conform import conform
from ingestion.conform.facts import Hidden
from ingestion.conform.known import Known
from ingestion.connectors.base import Record

MARK = "as it was redacted before"


def batched(old: list[Record], new: list[Record]) -> pa.Table:
    """The old records in batch 1, the new ones in batch 2."""
    parts = [table(old), table(new)]
    at = parts[0].schema.get_field_index("batch")
    return pa.concat_tables(
        part.set_column(at, "batch", pa.array([number] * part.num_rows, pa.int64()))
        for number, part in enumerate(parts, start=1)
    )


def known_from(old: list[Record], text: str | None = MARK) -> Known:
    """What silver knows after the old records; `text` stands for every redacted text, if given."""
    told = conform(table(old), RULES).tables()["silver.turns"]
    told = told.filter(pc.is_valid(told["redacted_text"])).to_pylist()
    words = {t["turn_id"]: Hidden(text or t["redacted_text"], t["redactions"]) for t in told}
    return Known(1, words)


OLD = [turn("1", 1, 0, "halo Sari"), turn("1", 2, 1, "selamat pagi")]
EDIT = fact("turn", "1", "m1", 9, {"action": "edited", "turn_id": "m1", "text": "halo Budi"})
GONE = fact("turn", "1", "m1", 9, {"action": "deleted", "turn_id": "m1"})
CASES: list[tuple[str, list[Record], list[Record], int]] = [
    ("one more message", OLD, [turn("1", 3, 2)], 2),
    ("an edit", OLD, [EDIT], 1),
    ("a deletion", OLD, [GONE], 1),
    ("a new name", OLD, [turn("1", 3, 2, names=["Sari"])], 0),
    ("a known name again", [turn("1", 1, 0, names=["Sari"])], [turn("1", 3, 2, names=["Sari"])], 1),
    ("another statement about the whole", OLD, [fact("interaction", "1", "1", 3, {})], 0),
    ("two conversations become one", [*OLD, turn("2", 5, 0, names=["Sari"])],
     [turn("1", 3, 2, links=["2"])], 0),
    ("another conversation", OLD, [turn("2", 3, 2, names=["Sari"])], 2),
]  # fmt: skip


@pytest.mark.parametrize(("what", "old", "new", "kept"), CASES, ids=[case[0] for case in CASES])
def test_old_words_are_kept_only_where_nothing_can_have_changed(
    what: str, old: list[Record], new: list[Record], kept: int
) -> None:
    told: list[dict[str, Any]] = conform(batched(old, new), RULES, known_from(old)).turns
    assert [turn["redacted_text"] for turn in told].count(MARK) == kept, what


@pytest.mark.parametrize(("what", "old", "new", "kept"), CASES, ids=[case[0] for case in CASES])
def test_with_and_without_what_is_known_the_rows_are_the_same(
    what: str, old: list[Record], new: list[Record], kept: int
) -> None:
    records = batched(old, new)
    known = known_from(old, text=None)
    assert rows(conform(records, RULES, known)) == rows(conform(records, RULES)), what
