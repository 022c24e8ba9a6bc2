"""CRM and survey rows as JSON lines or an array: the same records as CSV, one bad row costs one."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from ingestion.connectors.tabular import TabularConnector
from tests.ingestion.connectors.reading_records import read_file, reasons

CONNECTOR = TabularConnector()
TIME = "2026-01-05T08:00:00+07:00"
CUSTOMER = {"crm_id": "C-1", "name": "Rahayu Contoh", "marketing_consent": True, "updated_at": TIME}
SURVEY = {"response_id": "R-1", "survey_type": "csat", "score": 4, "answered_at": TIME}
ORDER = {"order_id": "O-1", "crm_id": "C-1", "amount": 1500.5, "ordered_at": TIME, "extra": {}}


def read(tmp_path: Path, content: bytes) -> list[Any]:
    (tmp_path / "f").write_bytes(content)
    assert CONNECTOR.recognises("f", content)
    return read_file(CONNECTOR, tmp_path / "f")


def lines(*rows: Any) -> bytes:
    return b"\n".join(orjson.dumps(row) for row in rows) + b"\n"


@pytest.mark.parametrize(
    ("row", "kind", "key"),
    [(CUSTOMER, "crm", "C-1"), (SURVEY, "survey", "R-1"), (ORDER, "crm", "O-1")],
)
def test_lines_an_array_and_one_object_say_the_same(
    tmp_path: Path, row: dict[str, Any], kind: str, key: str
):
    for content in (lines(row, row), orjson.dumps([row, row]), orjson.dumps(row)):
        found = read(tmp_path, content)
        assert {record.kind for record in found} == {kind}
        assert {record.data.get("key") or record.native_id for record in found} == {key}


def test_json_equals_csv(tmp_path: Path):
    (mapped,) = read(tmp_path, orjson.dumps(CUSTOMER))
    (tmp_path / "c").write_text(
        f"crm_id,name,marketing_consent,updated_at\nC-1,Rahayu Contoh,true,{TIME}\n"
    )
    assert [mapped] == read_file(CONNECTOR, tmp_path / "c")


def test_the_lines_need_not_have_the_same_keys(tmp_path: Path):
    short = {"crm_id": "C-2", "updated_at": TIME}
    found = read(tmp_path, lines(short, CUSTOMER))
    assert [record.data["key"] for record in found] == ["C-2", "C-1"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (SURVEY | {"score": "viele"}, "bad_cell"),
        (SURVEY | {"score": None}, "missing_field"),
        (SURVEY | {"answered_at": "2026-01-05T08:00:00"}, "naive_time"),
        (SURVEY | {"response_id": 7}, "bad_cell"),
        ([1], "wrong_type"),
        (7, "wrong_type"),
    ],
)
def test_refused_rows(tmp_path: Path, row: Any, reason: str):
    assert reasons(read(tmp_path, lines(SURVEY, row, SURVEY))) == [reason]
    if isinstance(row, dict):
        refused = read(tmp_path, orjson.dumps([SURVEY, row]))[1]
        assert (refused.reason, refused.position) == (reason, "/1")


@pytest.mark.parametrize(
    "value",
    [
        {"crm_id": "C-1", "updated_at": TIME},
        {"data": [CUSTOMER]},
        {"id": "1", "name": "x", "updated_at": TIME},
        [],
        {"rows": CUSTOMER},
    ],
)
def test_other_json_is_left_alone(value: Any):
    assert not CONNECTOR.recognises("customers.jsonl", orjson.dumps(value))
