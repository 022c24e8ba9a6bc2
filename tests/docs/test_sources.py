"""The samples on the pages of sources are read as the pages say."""

from pathlib import Path
from typing import Any

import pytest
from pages import ROOT, blocks, text_of

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.registry import recognise
from ingestion.mappings.connector import of
from ingestion.mappings.load import loaded
from ingestion.mappings.targets import CONVERSATION, MESSAGE

SOURCES = ROOT / "docs" / "sources"
HEADINGS = ["Connect", "Mapped", "Not mapped", "Sample", "Limits"]
MINE = ("mapping", "email", "mastodon", "facebook", "x", "crm")


def page(name: str) -> Path:
    return SOURCES / f"{name}.md"


def read(connector: Any, path: Path) -> list[Any]:
    return [item for payload in connector.fetch(path) for item in connector.parse(payload)]


@pytest.mark.parametrize("name", MINE)
def test_every_page_has_the_same_headings(name: str):
    lines = text_of(page(name)).splitlines()
    assert [line[3:] for line in lines if line.startswith("## ")] == HEADINGS


@pytest.mark.parametrize("name", [name for name in MINE if name != "mapping"])
def test_samples_are_read_by_their_connector(name: str, tmp_path: Path):
    wanted = {"crm": "tabular"}.get(name, name)
    samples = blocks(page(name))
    assert samples
    for sample in samples:
        path = tmp_path / "sample"
        path.write_text(sample, encoding="utf-8")
        connector = recognise("sample", sample.encode())
        assert connector is not None and connector.name == wanted
        found = read(connector, path)
        assert found and not [item for item in found if isinstance(item, RejectedInput)]


def test_the_mappings_on_the_page_can_be_used(tmp_path: Path):
    mappings = [of(loaded(text.encode(), "page.yml", "Asia/Jakarta")) for text in
                blocks(page("mapping"), "yaml")]  # fmt: skip
    assert [item.name for item in mappings] == [
        "mapped:desk", "mapped:posts", "mapped:rooms", "mapped:pelanggan", "mapped:qa",
    ]  # fmt: skip
    (tmp_path / "desk").write_text(blocks(page("mapping"), "")[0], encoding="utf-8")
    found = read(mappings[0], tmp_path / "desk")
    assert [item.data["role"] for item in found if item.kind == "turn"] == ["customer", "agent"]
    (tmp_path / "qa").write_text(blocks(page("mapping"), "")[1], encoding="utf-8")
    (judged,) = read(mappings[-1], tmp_path / "qa")
    assert (judged.kind, judged.data["judgement"]) == ("judgement", "met")


def test_every_field_of_a_conversation_is_on_the_page():
    text = text_of(page("mapping"))
    assert [name for name in (*CONVERSATION, *MESSAGE) if name not in text] == []
