"""What the beginning of a JSON file is taken for, whole, in lines or cut."""

import pytest

from ingestion.connectors import json_head
from ingestion.connectors.json_head import Outline, outlines

LINE = b'{"entry": [{"changes": []}], "object": "akun"}\n'


@pytest.mark.parametrize(
    ("head", "keys"),
    [
        (LINE, [{"entry", "object"}]),
        (b"[" + LINE + b"]", [{"entry", "object"}]),
        (LINE * 2, [{"entry", "object"}] * 2),
        (LINE * 2 + LINE[:12], [{"entry", "object"}] * 2 + [{"entry"}]),
        (LINE + b"rusak\n" + LINE, [{"entry", "object"}] * 2),
        (LINE[:12], [{"entry"}] * 2),
        (b'{\n"entry": [],\n"object', [{"entry"}, set()]),
        (b"\xef\xbb\xbf" + LINE, [{"entry", "object"}]),
        (b"halo", []),
        (b"", []),
    ],
)
def test_outlines_tell_the_keys_of_what_is_there(head: bytes, keys: list[set[str]]) -> None:
    assert [outline.keys(1) for outline in outlines(head)] == keys


def test_lines_are_not_scanned_beyond_the_first_few(monkeypatch: pytest.MonkeyPatch) -> None:
    scanned: list[int] = []
    monkeypatch.setattr(Outline, "_scan", lambda self, parts: scanned.append(len(parts)))
    outlines.cache_clear()
    head = LINE * 1000 + LINE[:20]
    assert len(outlines(head)) == json_head.MOST_LINES
    assert scanned == []
    outlines.cache_clear()
