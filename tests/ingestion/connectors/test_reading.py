"""Files as payloads: lines or a document, byte places, bounds, and typed fields."""

from pathlib import Path
from typing import Any

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.connectors.base import Limits, Payload, RejectedInput
from ingestion.connectors.fields import aware_time, epoch_time, optional_number
from ingestion.connectors.reading import decode_json, each_item, json_payloads, nesting

LIMITS = Limits(payload_bytes=100)


def read(tmp_path: Path, content: bytes, name: str = "f") -> list[Any]:
    (tmp_path / name).write_bytes(content)
    return list(json_payloads(tmp_path / name, LIMITS))


@pytest.mark.parametrize(
    ("name", "content", "positions"),
    [
        ("f", b'{"a":1}', ["document"]),
        ("f", b'{"a":1}\n', ["document"]),
        ("f", b'{\n"a":1\n}\n', ["document"]),
        ("f", b'[\n{"a":1},\n{"a":2}\n]', ["document"]),
        ("f", b'{"a":1}\n{"a":2}', ["line 1", "line 2"]),
        ("f", b'{"a":1}\r\n\r\n{"a":2}\r\n', ["line 1", "line 3"]),
        ("f", b'{"a":1}\n{"a":', ["line 1", "line 2"]),
        ("f", b'{"a":\n{"a":2}\n', ["line 1", "line 2"]),
        ("f", b'\xef\xbb\xbf{"a":1}\n{"a":2}', ["line 1", "line 2"]),
        ("f.jsonl", b'{"a":1}', ["line 1"]),
        ("f.ndjson", b"\n\nx\n", ["line 3"]),
        ("f.jsonl", b"", []),
    ],
)
def test_lines_or_document(tmp_path: Path, name: str, content: bytes, positions: list[str]):
    payloads = read(tmp_path, content, name)
    assert [payload.position for payload in payloads] == positions
    for payload in payloads:
        assert isinstance(payload, Payload)
        assert content[payload.byte_start : payload.byte_end] == payload.raw


def test_a_long_line_is_refused_and_the_next_is_read(tmp_path: Path):
    long = b'{"a":"' + b"x" * 500 + b'"}'
    found = read(tmp_path, b'{"a":1}\n' + long + b'\n{"a":3}\n', "f.jsonl")
    assert [getattr(item, "reason", "ok") for item in found] == ["ok", "too_large", "ok"]
    assert [item.position for item in found] == ["line 1", "line 2", "line 3"]
    assert found[2].raw == b'{"a":3}'
    assert found[2].byte_start == 8 + len(long) + 1


def test_a_large_or_empty_document_is_refused(tmp_path: Path):
    assert read(tmp_path, b"[" + b" " * 200 + b"]")[0].reason == "too_large"
    assert read(tmp_path, b" \n")[0].reason == "empty"


@given(st.recursive(st.text() | st.integers() | st.none(), lambda v: st.lists(v, max_size=3) | st.dictionaries(st.text(), v, max_size=3), max_leaves=40))  # fmt: skip
def test_nesting_is_what_the_parser_sees(value: Any):
    def depth(item: Any) -> int:
        if isinstance(item, dict):
            return 1 + max((depth(part) for part in item.values()), default=0)
        if isinstance(item, list):
            return 1 + max((depth(part) for part in item), default=0)
        return 0

    import json

    raw = json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
    assert nesting(raw) in (depth(value), 0)
    assert depth(value) < 16 or nesting(raw) == depth(value)


@pytest.mark.parametrize("depth", [20, 64, 65, 5000])
def test_depth_bound(depth: int):
    raw = b"[" * depth + b"]" * depth
    if depth <= 64:
        assert orjson.dumps(decode_json(raw, Limits())) == raw
    else:
        with pytest.raises(RejectedInput) as refused:
            decode_json(raw, Limits())
        assert refused.value.reason == "too_deep"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("2026-01-01T00:00:00", "naive_time"),
        ("2026-01-01", "bad_time"),
        ("20260101", "bad_time"),
        ("1960-01-01T00:00:00Z", "bad_time"),
        ("9999-12-31T23:59:59-14:00", "bad_time"),
        ("x" * 1000, "bad_time"),
        (1760000000, "wrong_type"),
        (None, "wrong_type"),
    ],
)
def test_times_need_an_offset(value: object, reason: str):
    with pytest.raises(RejectedInput) as refused:
        aware_time(value, "field")
    assert refused.value.reason == reason
    assert "field" in str(refused.value)


@pytest.mark.parametrize("value", ["1760000000", 1760000000])
def test_unix_seconds(value: object):
    assert epoch_time(value, "t").isoformat() == "2025-10-09T08:53:20+00:00"


@pytest.mark.parametrize("value", ["", "-5", "1.5", "٣", True, None, 1e9, 10**30, "9" * 13])
def test_bad_unix_seconds(value: object):
    with pytest.raises(RejectedInput):
        epoch_time(value, "t")


@pytest.mark.parametrize("value", [True, "1", [], float("nan"), float("inf")])
def test_numbers_are_not_coerced(value: object):
    with pytest.raises(RejectedInput):
        optional_number({"n": value}, "n")


@pytest.mark.parametrize(
    ("value", "items"),
    [({"a": 1}, [({"a": 1}, "")]), (7, [(7, "")]), ([[], 2], [([], "/0"), (2, "/1")])],
)
def test_a_document_or_each_of_several(value: Any, items: list[tuple[Any, str]]):
    assert each_item(value) == items


def test_an_empty_array_holds_no_records():
    with pytest.raises(RejectedInput, match="the array is empty") as refused:
        each_item([])
    assert refused.value.reason == "no_records"
