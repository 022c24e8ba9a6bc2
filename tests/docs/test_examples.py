"""The README's own examples work as written: the connector and the compliance rule."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import orjson
import pytest
from pages import README, ROOT, blocks

from enrichment.compliance import Spoken, check
from enrichment.rulebook import load
from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.fields import aware_time, mapping, required_text
from ingestion.connectors.json_head import outlines
from ingestion.connectors.reading import decode_json, json_payloads

GOOD = {
    "ticket": "T-1",
    "id": "c1",
    "by": "customer",
    "email": "rina@surel.example",
    "at": "2026-11-01T09:00:00+07:00",
    "text": "Tagihan saya naik, tolong dicek",
}
_NAMES = (
    Iterator, dataclass, Path, Connector, Parsed, Payload, Record, RejectedInput,
    aware_time, mapping, required_text, outlines, decode_json, json_payloads,
)  # fmt: skip


@pytest.fixture(scope="module")
def desk():
    (source,) = blocks(README, "python")
    assert len(source.splitlines()) <= 28
    names = {"Iterator": Iterator, "Parsed": Parsed, "__name__": "desk"}
    names |= {item.__name__: item for item in _NAMES if hasattr(item, "__name__")}
    exec(compile(source, "README.md", "exec"), names)
    return names["DeskConnector"]()


def parsed(desk, path, *lines):
    path.write_bytes(b"\n".join(orjson.dumps(line) for line in lines))
    assert desk.recognises(path.name, path.read_bytes())
    return [item for payload in desk.fetch(path) for item in desk.parse(payload)]


def test_the_connector_reads_a_comment(desk, tmp_path):
    turn, handle = parsed(desk, tmp_path / "tickets.jsonl", GOOD)
    assert (turn.kind, turn.data["text"], handle.data["handle"]) == (
        "turn", GOOD["text"], GOOD["email"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"at": "2026-11-01T10:00"}, "naive_time"),
        ({"email": None}, "missing_field"),
        ({"text": " "}, "missing_field"),
        ({"id": 7}, "wrong_type"),
    ],
)
def test_the_connector_rejects(desk, tmp_path, changes, reason):
    found = parsed(desk, tmp_path / "tickets.jsonl", GOOD, GOOD | {"id": "c2"} | changes)
    assert [item.reason for item in found if isinstance(item, RejectedInput)] == [reason]


@pytest.mark.parametrize("book", ["indonesia", "international"])
@pytest.mark.parametrize(
    ("role", "text", "broken"),
    [
        ("agent", "Itu bukan urusan kami, Pak.", True),
        ("agent", "Sorry, that is not our problem.", True),
        ("agent", "Baik, saya catat keluhannya.", False),
        ("customer", "That is not my problem.", False),
    ],
)
def test_the_rule_works_at_the_end_of_each_rulebook(tmp_path, book, role, text, broken):
    (rule,) = blocks(README, "yaml")
    bundled = (ROOT / "enrichment" / "rulebooks" / f"{book}.yml").read_text("utf-8")
    (tmp_path / "own.yml").write_text(f"{bundled}\n{rule}", encoding="utf-8")
    found = check([Spoken(1, role, text)], "chat", "inbound", (load(tmp_path / "own.yml"),))
    assert ("refused_complaint" in {finding.tag.tag for finding in found}) == broken
