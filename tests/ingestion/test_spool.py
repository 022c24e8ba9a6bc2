"""Every row added comes back once, in order, however many there are."""

from pathlib import Path

import pyarrow as pa
import pytest

from ingestion import spool
from ingestion.spool import Spool

SCHEMA = pa.schema([("number", pa.int64()), ("text", pa.string())])


def filled(target: Spool, count: int, size: int = 0) -> None:
    for number in range(count):
        target.add({"number": number, "text": f"baris {number}"}, size=size)


@pytest.mark.parametrize("count", [0, 1, spool._ROWS - 1, spool._ROWS, 2 * spool._ROWS + 5])
def test_spooled_equals_unspooled(count: int) -> None:
    with Spool(SCHEMA) as target:
        filled(target, count)
        numbers = [n for batch in target.batches() for n in batch["number"].to_pylist()]
        assert numbers == list(range(count)) and target.rows == count


def test_rows_can_be_read_as_often_as_needed() -> None:
    with Spool(SCHEMA) as target:
        filled(target, spool._ROWS + 1)
        first = pa.Table.from_batches(target.batches())
        assert pa.Table.from_batches(target.batches()) == first


def test_large_values_leave_memory_before_many_rows_do() -> None:
    with Spool(SCHEMA) as target:
        filled(target, 5, size=spool._BYTES // 2)
        assert [batch.num_rows for batch in target.batches()] == [2, 2, 1]


def test_batches_outlive_the_spool_and_no_file_is_left() -> None:
    with Spool(SCHEMA) as target:
        filled(target, spool._ROWS + 1)
        folder = Path(target._folder.name)
        assert any(folder.iterdir())
        batches = list(target.batches())
    assert not folder.exists()
    assert batches[0]["text"][-1].as_py() == f"baris {spool._ROWS - 1}"


def test_an_error_while_filling_leaves_no_file() -> None:
    with pytest.raises(RuntimeError), Spool(SCHEMA) as target:
        folder = Path(target._folder.name)
        filled(target, spool._ROWS)
        raise RuntimeError
    assert not folder.exists()
