"""One invented call from landed file to published mart, so that a cell can be walked back."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
from lake_rows import DAY, NOON, make_rows

from warehouse.delta import Lake
from warehouse.publish import publish
from warehouse.snapshot import pin

CONTENT = b'{"line": 1}\n{"text": "internet mati, saya Sari"}\n'
START, END = 12, len(CONTENT) - 1
SHA = hashlib.sha256(CONTENT).hexdigest()
RULES = {
    "customer_360": {
        "churn_level": {"kind": "annotations", "family": "churn", "days": 90},
        "last_nps": {"kind": "scores", "score_type": "nps"},
        "last_csat": {"kind": "scores", "score_type": "csat"},
        "channel": {"kind": "interactions", "column": "channel"},
        "city": {"kind": "crm", "table": "crm_customers", "column": "city"},
        "person_id": {"kind": "identity"},
    },
    "fct_interaction": {"speech_seconds": {"kind": "recordings"}},
}


@dataclass(frozen=True)
class Walk:
    """The lake and what readers see of it."""

    lake: Lake
    published: Path

    @property
    def landed(self) -> Path:
        """The file in which everything was said."""
        return self.lake.root / "landing" / SHA[:2] / SHA


def made(folder: Path) -> Walk:
    """The whole walk below a folder."""
    lake = Lake(folder / "lake")
    walk = Walk(lake, folder / "published")
    walk.landed.parent.mkdir(parents=True)
    walk.landed.write_bytes(CONTENT)
    _bronze(lake)
    _silver(lake)
    build = folder / "build.duckdb"
    with duckdb.connect(str(build)) as connection:
        _marts(connection)
    metadata = {"trace": RULES, "release": "r1"}
    publish(build, walk.published, pin(lake), metadata=json.loads(json.dumps(metadata)))
    return walk


def _bronze(lake: Lake) -> None:
    raw = CONTENT[START:END]
    rows = {
        "landed_files": {
            "batch": [1, 1, 2], "file_sha256": SHA, "name": ["b.jsonl", "a.jsonl", "b.jsonl"]
        },
        "payloads": {
            "payload_id": ["p1"], "payload_sha256": hashlib.sha256(raw).hexdigest(),
            "file_sha256": SHA, "connector": "vcon", "position": "line 2", "byte_start": START,
            "byte_end": END, "raw": raw, "batch": 1,
        },
        "records": {
            "record_id": ["turn-record", "handle-record", "crm-record"], "record_kind": "turn",
            "payload_id": "p1", "event_at": NOON, "event_date": DAY, "pointer": "/text", "batch": 1,
        },
    }  # fmt: skip
    for name, values in rows.items():
        count = max(len(value) for value in values.values() if isinstance(value, list))
        table = make_rows(f"bronze.{name}", count, **values)
        lake.append(f"bronze.{name}", table, app="test", sequence=1)


def _silver(lake: Lake) -> None:
    place = {"interaction_id": "i1", "event_date": DAY, "conversation_hash": 7}
    crm = {"customer_key": "crm-key"}
    edge = {"left_key": "crm-key", "right_key": "phone-key", "active": True}
    rows = {
        "interactions": place | {"started_at": NOON, "channel": "voice", "payload_id": "p1"},
        "turns": place | {
            "turn_no": 1, "turn_id": "t1", "role": "customer", "state": "sent", "sent_at": NOON,
            "redacted_text": "internet mati, saya [PERSON]", "record_id": "turn-record",
            "payload_id": "p1", "redaction_version": "redaction-1",
        },
        "participants": place | {
            "role": "customer", "handle_type": "phone", "handle_key": "phone-key",
            "record_id": "handle-record",
        },
        "crm_customers": crm | {"city": "Bandung", "record_id": "crm-record", "payload_id": "p1"},
        "crm_handles": crm | {
            "handle_type": "phone", "handle_key": "phone-key", "record_id": "crm-record"
        },
        "identity_edges": edge | {"edge_id": "e", "evidence_kind": "crm", "evidence_id": "crm-key"},
    }  # fmt: skip
    for name, values in rows.items():
        _put(lake, f"silver.{name}", 1, **values)
    _put(
        lake, "silver.persons", 2, handle_key=["crm-key", "phone-key"],
        handle_type=["crm_id", "phone"], person_id="P1", identity_version="exact-1",
    )  # fmt: skip


def _put(lake: Lake, name: str, count: int, **values: object) -> None:
    table = make_rows(name, count, **values)
    lake.overwrite_partitions(name, table, partitions=None, app="test", sequence=1)


def _marts(connection: duckdb.DuckDBPyConnection) -> None:
    moment = datetime(2026, 3, 1, 12, tzinfo=UTC).isoformat()
    tag = f"""'i1' AS interaction_id, 'P1' AS person_id, 1 AS turn_no, 'churn' AS family,
        score, 'internet mati' AS evidence, 0 AS char_start, 13 AS char_end, 'churn' AS detector,
        '1' AS detector_version, NULL AS rulebook_version, 'r1' AS release,
        DATE '{DAY}' AS business_date"""
    connection.execute("CREATE SCHEMA marts")
    connection.execute(
        f"CREATE TABLE marts.fct_annotation AS SELECT annotation_id, tag, {tag} FROM"
        " (VALUES ('a1', 'implied', 0.7), ('a2', 'none', 0.2)) AS v(annotation_id, tag, score)"
    )
    connection.execute(
        "CREATE TABLE marts.fct_interaction AS SELECT 'i1' AS interaction_id, 'P1' AS person_id,"
        f" 'voice' AS channel, 'inbound' AS direction, TIMESTAMPTZ '{moment}' AS started_at,"
        f" 4.0 AS csat, 'p1' AS payload_id, DATE '{DAY}' AS business_date, 7.5 AS speech_seconds"
    )
    connection.execute(
        "CREATE TABLE marts.fct_recording AS SELECT 'r1' AS recording_id, 'i1' AS interaction_id,"
        " 'p1' AS payload_id, 'crm-record' AS record_id, 7.5 AS talk_seconds"
    )
    connection.execute(
        "CREATE TABLE marts.fct_score AS SELECT score_id, 'i1' AS interaction_id, 'P1' AS person_id,"
        " score_type, score, given_in, record_id, payload_id,"
        f" TIMESTAMPTZ '{moment}' AS scored_at, DATE '{DAY}' AS business_date FROM (VALUES"
        " ('i1 csat', 'csat', 4.0, 'contact', NULL, 'p1'),"
        " ('s1', 'nps', 9.0, 'survey', 'crm-record', NULL))"
        " AS v(score_id, score_type, score, given_in, record_id, payload_id)"
    )
    connection.execute(
        "CREATE TABLE marts.customer_360 AS SELECT 'P1' AS person_id, 'implied' AS churn_level,"
        f" 'voice' AS channel, 9.0 AS last_nps, 4.0 AS last_csat, 'Bandung' AS city, DATE '{DAY}' AS as_of_date"
    )
    connection.execute(
        "CREATE TABLE marts.customer_timeline AS SELECT 'P1' AS person_id, 'e' || n AS event_id,"
        f" TIMESTAMPTZ '{moment}' + n * INTERVAL 1 HOUR AS event_at FROM range(5) AS r(n)"
    )
