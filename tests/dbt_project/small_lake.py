"""Invented lakes for the dbt project: rows of the contracts written into a DuckDB file.

Only the writing and the running of dbt belong here; each test file states its own rows.
"""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import duckdb
import orjson
import pyarrow as pa

from warehouse import contracts

PROJECT = Path(__file__).parents[2] / "dbt_project"
JAKARTA = ZoneInfo("Asia/Jakarta")
TABLES = (
    "interactions",
    "turns",
    "recordings",
    "waiting",
    "participants",
    "annotations",
    "text_clusters",
    "identity_edges",
    "persons",
    "crm_customers",
    "crm_handles",
    "crm_subscriptions",
    "crm_orders",
    "crm_churn_outcomes",
    "survey_responses",
    "quality_judgements",
    "coverage",
    "contact_rules",
    "quality_form",
)
Row = dict[str, Any]
Lake = Mapping[str, Sequence[Row]]


def local(text: str) -> datetime:
    """A moment given by the clock in Jakarta, as aware UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=JAKARTA).astimezone(UTC)


def contact(key: str, at: str, person: str | None, **changes: Any) -> Row:
    """One interaction that began `at` (Jakarta); `person` is the handle of the customer."""
    started = local(at)
    row: Row = {
        "interaction_id": key,
        "source_system": "vcon",
        "conversation_hash": int.from_bytes(key.encode()[:6], "big"),
        "channel": "voice",
        "direction": "inbound",
        "started_at": started,
        "ended_at": started + timedelta(minutes=5),
        "payload_id": f"payload-{key}",
        "event_date": started.astimezone(JAKARTA).date(),
        "person": person,
    }
    return row | changes


def turn(of: Row, number: int, role: str, seconds: float, **changes: Any) -> Row:
    """One turn of a contact, `seconds` after its start."""
    row: Row = {
        "interaction_id": of["interaction_id"],
        "turn_no": number,
        "turn_id": f"{of['interaction_id']}-{number}",
        "conversation_hash": of["conversation_hash"],
        "role": role,
        "speaker_key": of.get("person") if role == "customer" else None,
        "redacted_text": "...",
        "sent_at": of["started_at"] + timedelta(seconds=seconds),
        "state": "sent",
        "payload_id": of["payload_id"],
        "event_date": of["event_date"],
    }
    return row | changes


def tag(of: Row, family: str, name: str, score: float = 0.9, evidence: str = "...") -> Row:
    """One tag on a turn, of the release `base`."""
    return {
        "interaction_id": of["interaction_id"],
        "turn_no": of["turn_no"],
        "char_start": 0,
        "char_end": len(evidence),
        "family": family,
        "tag": name,
        "score": score,
        "evidence": evidence,
        "detector": f"{family}-model",
        "detector_version": "1",
        "rulebook_version": "1",
        "release": "base",
        "run_id": "run-1",
        "event_date": of["event_date"],
    }


def recording(of: Row | None, name: str, seconds: float, talk: float | None, **changes: Any) -> Row:
    """A mono recording of a contact, or of none; `name` stands for the name of its file."""
    row: Row = {
        "recording_id": f"{name}-{seconds}",
        "interaction_id": of and of["interaction_id"],
        "name_hash": int.from_bytes(name.encode()[:6], "big"),
        "tied_by": of and "name",
        "started_at": of and of["started_at"],
        "channels": 1,
        "duration_seconds": seconds,
        "talk_seconds": talk,
        "non_talk_seconds": None if talk is None else seconds - talk,
        "not_analysed": ["no_speaker_separation"],
        "event_date": of["event_date"] if of else date(1970, 1, 1),
    }
    return row | changes


def participants(contacts: Sequence[Row]) -> list[Row]:
    """The customer's handle of every contact that knows it."""
    return [
        {
            "interaction_id": row["interaction_id"],
            "role": "customer",
            "handle_type": "phone",
            "handle_key": row["person"],
            "record_id": f"record-{row['interaction_id']}",
            "event_date": row["event_date"],
        }
        for row in contacts
        if row["person"]
    ]


def write_lake(file: Path, lake: Lake) -> None:
    """Replace schema `lake` of a build file; rows may leave out columns and carry extra ones."""
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema if not exists lake")
        for name in TABLES:
            schema: pa.Schema = getattr(contracts, name.upper())
            rows = [{field: row.get(field) for field in schema.names} for row in lake.get(name, ())]
            arriving = pa.Table.from_pylist(rows, schema=schema)
            connection.register("arriving", arriving)
            connection.execute(f"create or replace table lake.{name} as from arriving")
            connection.unregister("arriving")


def write_parameters(file: Path, release: str, changed_dates: Sequence[str]) -> None:
    """What a run tells dbt: the promoted release and the dates to read again."""
    with duckdb.connect(str(file)) as connection:
        connection.execute("create schema if not exists lake")
        connection.execute(
            "create or replace table lake.parameters as select ? as release", [release]
        )
        connection.execute(
            "create or replace table lake.changed_dates as"
            " select cast(unnest(cast(? as varchar[])) as date) as event_date",
            [list(changed_dates)],
        )


def dbt(
    command: str,
    file: Path,
    *options: str,
    release: str = "base",
    changed_dates: Sequence[str] | None = None,
    **variables: Any,
) -> subprocess.CompletedProcess[str]:
    """Run dbt on a build file with its own target and log folders, so that runs can overlap.

    `changed_dates` None makes incremental models anew.
    """
    if command != "parse":
        write_parameters(file, release, changed_dates or ())
    if changed_dates is None and command in ("build", "run"):
        options = (*options, "--full-refresh")
    scratch = file.parent / f"{file.stem}-dbt"
    environment = os.environ | {
        "DBT_ENV_SECRET_LAKEHOUSE_BUILD_FILE": str(file),
        "LAKEHOUSE_TIMEZONE": "Asia/Jakarta",
        "DO_NOT_TRACK": "1",
    }
    arguments = [
        *("--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT)),
        *("--target-path", str(scratch / "target"), "--log-path", str(scratch / "logs")),
        *(("--vars", orjson.dumps(variables).decode()) if variables else ()),
    ]
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from dbt.cli.main import cli; cli()",
            command,
            *options,
            *arguments,
        ],
        cwd=PROJECT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def build(file: Path, *options: str, **variables: Any) -> None:
    """`dbt build`, failing with dbt's own words."""
    done = dbt("build", file, *options, **variables)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def rows(file: Path, query: str) -> list[Row]:
    """The rows of a query on the build file."""
    with duckdb.connect(str(file), read_only=True) as connection:
        return connection.sql(query).to_arrow_table().to_pylist()


def one(file: Path, query: str) -> Row:
    """The only row of a query."""
    (row,) = rows(file, query)
    return row


def day(text: str) -> date:
    """A calendar day."""
    return date.fromisoformat(text)
