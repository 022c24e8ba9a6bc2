"""Hostile files under a mapping: only records and rejections, and the same for the same bytes."""

from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingestion.connectors.base import Limits
from ingestion.mappings.connector import of
from ingestion.mappings.load import loaded
from ingestion.mappings.nodes import MappingError
from tests.ingestion.connectors.reading_records import (
    assert_sound,
    mutations,
    parsed,
    read_file,
    reasons,
    swapped_types,
)
from tests.ingestion.mappings.mapped_files import (
    DESK,
    DESK_HEADER,
    DESK_ROWS,
    ZONE,
    connector,
    desk,
)
from tests.ingestion.mappings.test_mapped_conversations import LISTED, ROOM

WHOLE = "\n".join((DESK_HEADER, *DESK_ROWS)).encode()


def test_mutated_files(tmp_path: Path):
    document = orjson.dumps({"data": [ROOM, ROOM]})
    for text, whole in ((DESK, WHOLE), (LISTED, document)):
        reader = connector(text)
        for number, content in enumerate(mutations(whole, seed=5, count=300)):
            path = tmp_path / f"{number}"
            path.write_bytes(content)
            assert_sound(read_file(reader, path))


def test_swapped_types():
    for value in swapped_types({"data": [ROOM]}, seed=6, count=600):
        assert_sound(parsed(connector(LISTED), value))


@pytest.mark.parametrize("raw", [b"", b"\x00", b"\xff" * 99, b"null", b"{}", b"[]", b"\r\n", b'"'])
def test_small_nonsense(tmp_path: Path, raw: bytes):
    for text in (DESK, LISTED, LISTED.replace("json", "jsonl", 1).replace("records: data\n", "")):
        reader = connector(text.replace('"*.jsonl"', '"*.json"'))
        assert_sound(parsed(reader, raw))
        (tmp_path / "f").write_bytes(raw)
        assert_sound(read_file(reader, tmp_path / "f"))


def test_bounds(tmp_path: Path):
    small = of(loaded(DESK.encode(), "own.yml", ZONE), Limits(payload_bytes=60))
    (tmp_path / "f").write_bytes(WHOLE)
    assert set(reasons(read_file(small, tmp_path / "f"))) == {"too_large"}
    assert reasons(parsed(small, b"x" * 61)) == ["too_large"]
    room = {"data": [ROOM | {"talk": {"messages": [{}] * 10_001}}]}
    assert reasons(parsed(connector(LISTED), room)) == ["too_many_parts"]


def test_the_disk_is_no_rejection(tmp_path: Path):
    for text in (DESK, LISTED):
        with pytest.raises(FileNotFoundError):
            list(connector(text).fetch(tmp_path / "gone"))


@given(st.permutations(range(4)))
def test_the_order_of_rows_does_not_matter(tmp_path_factory: pytest.TempPathFactory, order):
    rows = [*DESK_ROWS, *(row.replace("T-1", "T-2") for row in DESK_ROWS)]
    folder = tmp_path_factory.mktemp("rows")
    found = desk(folder, *(rows[index] for index in order))
    straight = desk(folder, *rows)
    key = repr
    assert sorted(found, key=key) == sorted(straight, key=key)


@given(st.text(max_size=300))
def test_any_text_is_a_mapping_or_an_error_with_its_file(text: str):
    for content in (text, DESK + text, DESK.replace("pesan", text)):
        try:
            loaded(content.encode("utf-8", "replace"), "own.yml", ZONE)
        except MappingError as error:
            assert str(error).startswith("own.yml:")
