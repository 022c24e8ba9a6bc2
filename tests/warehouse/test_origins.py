"""One origin per piece of evidence, as far as the evidence names it."""

from pathlib import Path

import pytest
from evidence_lake import Walk, made
from lake_rows import DAY, make_rows

from warehouse.origins import origins_of, sightings


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    return made(tmp_path_factory.mktemp("walk"))


TURN = {"interaction_id": "i1", "turn_no": 1}


@pytest.mark.parametrize("day", [{}, {"event_date": DAY}, {"business_date": DAY}])
def test_a_turn_is_found_with_and_without_its_day(walk: Walk, day: dict[str, object]) -> None:
    (origin,) = origins_of(walk.lake, [TURN | day], raw=False)
    assert origin.turn and origin.turn["turn_id"] == "t1"
    assert origin.payload and origin.payload["position"] == "line 2"


@pytest.mark.parametrize(
    ("item", "payload", "match"),
    [
        ({"record_id": "crm-record"}, "p1", True),
        ({"payload_id": "p1"}, "p1", True),
        ({"interaction_id": "i1", "turn_no": None, "payload_id": "p1"}, "p1", True),
        ({"interaction_id": "i1", "turn_no": 9}, None, None),
        ({"record_id": "it's gone"}, None, None),
        ({}, None, None),
    ],
)
def test_evidence_leads_as_far_as_it_can(
    walk: Walk, item: dict[str, object], payload: str | None, match: bool | None
) -> None:
    (origin,) = origins_of(walk.lake, [item], raw=False)
    assert (origin.payload and origin.payload["payload_id"]) == payload
    assert origin.bytes_match is match


def test_origins_keep_the_order_and_number_of_evidence(walk: Walk) -> None:
    evidence = [{"payload_id": "p1"}, TURN, {}, TURN]
    found = origins_of(walk.lake, evidence, raw=False)
    assert [origin.turn_no for origin in found] == [None, 1, None, 1]
    assert origins_of(walk.lake, [], raw=False) == []


def test_clear_words_are_given_only_when_asked_for(walk: Walk) -> None:
    assert "Sari" not in str(origins_of(walk.lake, [TURN], raw=False))
    (origin,) = origins_of(walk.lake, [TURN], raw=True)
    assert origin.raw == '{"text": "internet mati, saya Sari"}'


def test_a_payload_without_place_cannot_be_compared(tmp_path: Path) -> None:
    walk = made(tmp_path)
    table = make_rows("bronze.payloads", 1, payload_id="p2", file_sha256="ab", raw=b"x", batch=2)
    walk.lake.append("bronze.payloads", table, app="test", sequence=2)
    (origin,) = origins_of(walk.lake, [{"payload_id": "p2"}], raw=True)
    assert (origin.bytes_match, origin.raw, origin.files) == (None, "x", [])


def edge(kind: str, evidence: str, left: str = "crm-key", right: str = "phone-key") -> dict:
    return {"evidence_kind": kind, "evidence_id": evidence, "left_key": left, "right_key": right}


def test_identity_edges_name_the_row_in_which_both_handles_were_seen(walk: Walk) -> None:
    edges = [edge("interaction", "i1"), edge("crm", "crm-key"), edge("crm", "other")]
    found = [item["record_id"] for item in sightings(walk.lake, edges)]
    assert found == ["handle-record", "crm-record", None]
    assert sightings(walk.lake, []) == []
