"""Finding a person by any handle in any spelling, and the card that readers see."""

from pathlib import Path

import pytest
from evidence_lake import Walk, made
from lake_rows import make_rows

from warehouse.delta import Lake
from warehouse.keys import Pseudonymiser, normalise_handle
from warehouse.people import card, persons_of

KEYS = Pseudonymiser(b"k" * 32)


def key_of(handle_type: str, handle: str) -> str | None:
    normal = normalise_handle(handle_type, handle)
    return None if normal is None else KEYS.handle(handle_type, normal)


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("people"))
    handles = [
        ("phone", "+6281200000001", "P1"),
        ("email", "sari@contoh.id", "P1"),
        ("crm_id", "C-1", "P1"),
        ("x_username", "sari_dewi", "P2"),
        ("email", "c-1@contoh.id", "P3"),
        ("other", "C-1", "P4"),
    ]
    table = make_rows(
        "silver.persons", len(handles), handle_type=[kind for kind, _, _ in handles],
        handle_key=[key_of(kind, value) for kind, value, _ in handles],
        person_id=[person for _, _, person in handles],
    )  # fmt: skip
    lake.overwrite_partitions("silver.persons", table, partitions=None, app="test", sequence=1)
    return lake


@pytest.mark.parametrize(
    ("text", "persons"),
    [
        ("P1", ["P1"]),
        ("0812-0000-0001", ["P1"]),
        ("+62 812 0000 0001", ["P1"]),
        ("tel:+6281200000001", ["P1"]),
        (" SARI@contoh.id ", ["P1"]),
        ("mailto:sari@contoh.id", ["P1"]),
        ("@Sari_Dewi", ["P2"]),
        ("C-1", ["P1", "P4"]),
        ("nobody@contoh.id", []),
        ("", []),
        ("' OR true --", []),
    ],
)
def test_any_spelling_of_a_handle_finds_its_persons(
    people: Lake, text: str, persons: list[str]
) -> None:
    assert persons_of(people, key_of, text) == persons


def test_an_empty_lake_knows_nobody(tmp_path: Path) -> None:
    assert persons_of(Lake(tmp_path), key_of, "P1") == []


def test_the_card_holds_the_newest_events_first(tmp_path: Path) -> None:
    walk: Walk = made(tmp_path)
    found = card(walk.published, "P1", timezone="Asia/Jakarta", events=3)
    assert found and found.facts["city"] == "Bandung"
    assert [event["event_id"] for event in found.timeline] == ["e4", "e3", "e2"]
    assert card(walk.published, "P'9", timezone="UTC", events=3) is None
