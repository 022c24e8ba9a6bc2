"""Which files a mapping is for: patterns, folders, the order of connectors, changes in the folder."""

import os
from pathlib import Path

import pytest

from ingestion.connectors.registry import connectors, recognise
from ingestion.connectors.settings import ConnectorSettings
from ingestion.mappings.folder import mapped_connectors
from ingestion.mappings.globs import compiled
from ingestion.mappings.nodes import MappingError
from tests.ingestion.mappings.mapped_files import DESK, ZONE
from warehouse.settings import mappings_folder


@pytest.mark.parametrize(
    ("pattern", "name", "fits"),
    [
        ("desk/*.csv", "desk/a.csv", True),
        ("desk/*.csv", "desk/x/a.csv", False),
        ("desk/*.csv", "old/desk/a.csv", False),
        ("desk/**/*.csv", "desk/a.csv", True),
        ("desk/**/*.csv", "desk/x/y/a.csv", True),
        ("**/desk/*.csv", "a/b/desk/a.csv", True),
        ("desk/**", "desk/x/y.json", True),
        ("chat_*.csv", "any/where/chat_1.csv", True),
        ("chat_*.csv", "chat_1.csv", True),
        ("chat_*.csv", "mychat_1.csv", False),
        ("chat_????.csv", "chat_2026.csv", True),
        ("chat_[0-9].csv", "chat_7.csv", True),
        ("chat_[!0-9].csv", "chat_7.csv", False),
        ("x/chat[!0-9]csv", "x/chat/csv", False),
        ("a.csv", "axcsv", False),
        ("a.csv", "a.csv\n", False),
        ("laporan (final).csv", "laporan (final).csv", True),
        ("A.csv", "a.csv", False),
    ],
)
def test_patterns(pattern: str, name: str, fits: bool):
    assert bool(compiled(pattern).match(name)) == fits


@pytest.mark.parametrize("pattern", ["", " ", "/a", "a/../b", "a\\b", "a//b", "a/", "[a", "[z-a]"])
def test_bad_patterns(pattern: str):
    with pytest.raises(ValueError, match=r"landing folder|bracket"):
        compiled(pattern)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch) -> Path:
    monkeypatch.setenv("LAKEHOUSE_MAPPINGS", str(tmp_path))
    return tmp_path


def test_the_folder_is_asked_first_and_again_after_a_change(folder: Path):
    customers = b"crm_id,name,updated_at\nC-1,R,2026-01-05T08:00:00+07:00\n"
    first = recognise("desk/a.csv", customers)
    assert first is not None and first.name == "tabular"
    (folder / "desk.yml").write_text(DESK)
    second = recognise("desk/a.csv", customers)
    assert second is not None and second.name == "mapped:desk"
    assert connectors()[0].name == "mapped:desk"
    other = recognise("other/a.csv", customers)
    assert other is not None and other.name == "tabular"
    (folder / "desk.yml").write_text(DESK.replace("desk/*.csv", "elsewhere/*.csv"))
    third = recognise("desk/a.csv", customers)
    assert third is not None and third.name == "tabular"


def test_settings_given_by_hand_know_no_mappings(folder: Path):
    (folder / "desk.yml").write_text(DESK)
    assert all(not item.name.startswith("mapped:") for item in connectors(ConnectorSettings()))
    assert connectors(ConnectorSettings(), folder)[0].name == "mapped:desk"


def test_a_broken_mapping_stops_everything_by_name(folder: Path):
    (folder / "desk.yaml").write_text("name: desk\n")
    with pytest.raises(MappingError, match=r"desk\.yaml:1"):
        recognise("a.csv", b"")
    with pytest.raises(MappingError, match=r"desk\.yaml:1"):
        connectors()


def test_names_do_not_repeat_and_the_order_is_by_name(folder: Path):
    (folder / "1.yml").write_text(DESK.replace("name: desk", "name: zeta"))
    (folder / "2.yml").write_text(DESK.replace("name: desk", "name: alfa"))
    (folder / ".3.yml").write_text("hidden")
    (folder / "notes.txt").write_text("no mapping")
    names = [item.name for item in mapped_connectors(folder, ZONE)]
    assert names == ["mapped:alfa", "mapped:zeta"]
    (folder / "3.yml").write_text(DESK.replace("name: desk", "name: alfa"))
    with pytest.raises(MappingError, match=r"3\.yml: the name 'alfa' is taken by 2\.yml"):
        mapped_connectors(folder, ZONE)


def test_where_the_folder_lies(monkeypatch, tmp_path: Path):
    monkeypatch.delenv("LAKEHOUSE_MAPPINGS", raising=False)
    monkeypatch.setenv("LAKEHOUSE_HOME", str(tmp_path))
    assert mappings_folder() == tmp_path / "mappings"
    assert mapped_connectors(mappings_folder(), ZONE) == ()
    monkeypatch.setenv("LAKEHOUSE_MAPPINGS", os.devnull)
    with pytest.raises(MappingError, match="LAKEHOUSE_MAPPINGS"):
        mapped_connectors(mappings_folder(), ZONE)
