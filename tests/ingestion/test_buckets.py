"""Rows dealt into files come back whole, each from its bucket."""

from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.buckets import Buckets, store, stored, stream

SCHEMA = pa.schema([("row", pa.int64()), ("bucket", pa.int64())])


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(st.integers(0, 4), max_size=9), max_size=5))
def test_every_row_comes_back_once_from_its_bucket(
    tmp_path_factory: pytest.TempPathFactory, lots: list[list[int]]
) -> None:
    folder = tmp_path_factory.mktemp("dealt")
    buckets, number = Buckets(folder / "rows", SCHEMA), 0
    for lot in lots:
        batch = pa.record_batch([range(number, number + len(lot)), lot], schema=SCHEMA)
        buckets.deal(batch, batch["bucket"])
        number += len(lot)
    files = buckets.close()
    wanted = [place for lot in lots for place in lot]
    assert buckets.rows == number and sorted(files) == sorted(set(wanted))
    for bucket in range(5):
        found = stored(files.get(bucket), SCHEMA)
        assert found.schema.equals(SCHEMA)
        # In the order in which they were dealt.
        assert found["row"].to_pylist() == [n for n, b in enumerate(wanted) if b == bucket]


def test_a_stored_table_is_streamed_again(tmp_path: Path) -> None:
    table = pa.table([[1, 2], [0, 0]], schema=SCHEMA)
    path = store(tmp_path / "one.arrow", table)
    assert stored(path, SCHEMA).equals(table)
    assert pa.Table.from_batches(stream([path, path])).num_rows == 4
