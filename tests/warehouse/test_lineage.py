"""From a cell back to the words, the bytes and the versions."""

from pathlib import Path

import pytest
from evidence_lake import SHA, Walk, made

from warehouse.lineage import KEYS, Trace, Untraceable, trace


@pytest.fixture(scope="module")
def walk(tmp_path_factory: pytest.TempPathFactory) -> Walk:
    return made(tmp_path_factory.mktemp("walk"))


def traced(walk: Walk, table: str, key: str, column: str, *, limit: int = 10) -> Trace:
    return trace(walk.lake, walk.published, table, key, column, limit=limit, raw=False)


def test_a_tag_is_walked_back_to_its_turn_and_its_bytes(walk: Walk) -> None:
    found = traced(walk, "marts.customer_360", "P1", "churn_level")
    assert (found.value, found.total) == ("implied", 1)
    assert found.evidence[0]["evidence"] == "internet mati"
    assert found.snapshot["number"] == 1
    (origin,) = found.origins
    assert origin.turn and origin.turn["redacted_text"] == "internet mati, saya [PERSON]"
    assert origin.record and origin.record["record_id"] == "turn-record"
    assert (origin.file_sha256, origin.files) == (SHA, ["a.jsonl", "b.jsonl"])
    assert (origin.bytes_match, origin.raw) == (True, None)


@pytest.mark.parametrize(
    ("column", "record_id", "value"),
    [
        ("last_csat", None, 4.0),
        ("last_nps", "crm-record", 9.0),
        ("channel", None, "voice"),
        ("city", "crm-record", "Bandung"),
        ("person_id", "crm-record", "P1"),
    ],
)
def test_every_kind_of_rule_ends_at_bytes(
    walk: Walk, column: str, record_id: str | None, value: object
) -> None:
    found = traced(walk, "customer_360", "P1", column)
    assert (found.value, found.total) == (value, 1)
    (origin,) = found.origins
    assert (origin.record and origin.record["record_id"]) == record_id
    assert origin.bytes_match is True


def test_rows_of_tags_and_contacts_rest_on_their_tags(walk: Walk) -> None:
    assert [item["tag"] for item in traced(walk, "fct_annotation", "a2", "score").evidence] == [
        "none"
    ]
    assert traced(walk, "fct_interaction", "i1", "channel").total == 2
    assert len(traced(walk, "fct_interaction", "i1", "channel", limit=1).origins) == 1


def test_a_score_is_its_own_evidence(walk: Walk) -> None:
    found = traced(walk, "fct_score", "s1", "score")
    assert [item["score_id"] for item in found.evidence] == ["s1"]
    assert found.origins[0].record and found.origins[0].record["record_id"] == "crm-record"


@pytest.mark.parametrize(
    ("table", "key", "column"),
    [("fct_interaction", "i1", "speech_seconds"), ("fct_recording", "r1", "talk_seconds")],
)
def test_measures_rest_on_the_recording(walk: Walk, table: str, key: str, column: str) -> None:
    found = traced(walk, table, key, column)
    assert (found.value, found.total) == (7.5, 1)
    assert found.evidence[0]["recording_id"] == "r1"
    assert [origin.bytes_match for origin in found.origins] == [True]


@pytest.mark.parametrize(
    ("table", "key", "column", "message"),
    [
        ("bronze.payloads", "p1", "raw", "cannot be traced"),
        ("customer_360", "P2", "city", "no row"),
        ("customer_360", "' OR true --", "city", "no row"),
        ("customer_360", "P1", "phone", "no column"),
    ],
)
def test_what_cannot_be_traced_is_said(
    walk: Walk, table: str, key: str, column: str, message: str
) -> None:
    with pytest.raises(Untraceable, match=message):
        traced(walk, table, key, column)


def test_tables_that_can_be_traced_have_a_key() -> None:
    assert set(KEYS.values()) >= {"person_id", "interaction_id", "annotation_id"}


@pytest.mark.parametrize("damage", ["changed", "cut", "lost"])
def test_an_altered_landed_file_is_noticed(tmp_path: Path, damage: str) -> None:
    walk = made(tmp_path)
    content = walk.landed.read_bytes()
    if damage == "changed":
        walk.landed.write_bytes(content.replace(b"mati", b"aman"))
    elif damage == "cut":
        walk.landed.write_bytes(content[:-5])
    else:
        walk.landed.unlink()
    found = traced(walk, "customer_360", "P1", "churn_level")
    assert [origin.bytes_match for origin in found.origins] == [False]
