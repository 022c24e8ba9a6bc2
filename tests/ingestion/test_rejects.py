"""A reject says where, why and how to go on, and never what the customer wrote."""

from datetime import UTC, datetime
from typing import Any

import pyarrow as pa

from ingestion.connectors.base import RejectedInput
from ingestion.rejects import FileContext, reject_row
from warehouse.contracts import REJECTS

CONTEXT = FileContext(3, "f" * 64, "pelanggan.csv", "tabular", datetime(2026, 11, 1, tzinfo=UTC))


def row(rejected: RejectedInput, ordinal: int = 0, **changes: Any) -> dict[str, Any]:
    return reject_row(CONTEXT, rejected, stage="parse", ordinal=ordinal, **changes)


def test_a_reject_fits_the_contract_and_names_its_place() -> None:
    found = row(RejectedInput("bad_time", "no zone", "/entry/0"), position="line 7", payload_id="p")
    assert pa.Table.from_pylist([found], schema=REJECTS).num_rows == 1
    assert set(found) == set(REJECTS.names)
    assert (found["position"], found["payload_id"]) == ("line 7/entry/0", "p")
    assert (found["reason"], found["message"]) == ("bad_time", "no zone")


def test_the_class_of_the_failure_behind_it_is_kept() -> None:
    rejected = RejectedInput("bad_cell", "column score must be a number")
    assert row(rejected)["error_class"] == "RejectedInput"
    rejected.__cause__ = ValueError("rahasia")
    assert row(rejected)["error_class"] == "ValueError"
    assert "rahasia" not in str(row(rejected))


def test_rejects_of_one_place_are_told_apart_and_stay_the_same_when_read_again() -> None:
    rejected = RejectedInput("bad_json", "cut off")
    ids = {row(rejected, ordinal=number)["reject_id"] for number in range(5)}
    assert len(ids) == 5
    assert row(rejected)["reject_id"] == row(rejected)["reject_id"]
    other = reject_row(CONTEXT, rejected, stage="fetch", ordinal=0)
    assert other["reject_id"] not in ids


def test_places_with_broken_letters_are_stored_as_escapes() -> None:
    """The name of a JSON member may hold half a letter pair, which no table can keep."""
    found = row(RejectedInput("bad_field", "no such member", "/\ud800/0"), position="line \udcff")
    assert found["position"] == "line \\udcff/\\ud800/0"
    assert pa.Table.from_pylist([found], schema=REJECTS).num_rows == 1
