"""Given these deliveries, these turns and interactions: the meaning of each kind of event.

Every case is told as text tables in `cases/`, and must come out the same in any order of arrival,
in one batch or many, and when every file is delivered twice.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pyarrow as pa
import pytest
from facts_of import RULES

from ingestion.conform.conform import conform
from ingestion.connectors.base import Record
from ingestion.connectors.registry import connectors, recognise
from ingestion.connectors.settings import ConnectorSettings
from ingestion.identifiers import hash64
from ingestion.intake import Intake, LandedFile, head_of
from ingestion.record_rows import record_row
from tests.ingestion.golden.telling import COMPANY_MAIL, COMPANY_PHONE, COMPANY_X, Case, told
from warehouse.contracts import RECORDS
from warehouse.settings import Settings

CASES = sorted((Path(__file__).parent / "cases").glob("*.txt"))
LANDED = datetime(2026, 11, 20, tzinfo=UTC)
OWN = ConnectorSettings(
    company_mail_domains=(COMPANY_MAIL,),
    company_phones=(COMPANY_PHONE,),
    company_x_user_ids=(COMPANY_X,),
)
KNOWN = ("record_id", "payload_id")
Batches = Sequence[dict[str, bytes]]


def facts(folder: Path, batches: Batches, zone: str) -> pa.Table:
    """What bronze holds after these batches of files."""
    readers = {connector.name: connector for connector in connectors(OWN)}
    settings = Settings(folder, folder, folder / "key", timezone=zone)
    rows: list[dict[str, Any]] = []
    for number, files in enumerate(batches, start=1):
        with Intake(number, settings, readers, hash64, at=LANDED) as intake:
            for name, content in files.items():
                path = folder / name
                path.write_bytes(content)
                connector = recognise(name, head_of(path))
                assert connector is not None, name
                sha = hashlib.sha256(content).hexdigest()
                intake.read(LandedFile(sha, name, path, connector.name, False))
            known = [{name: row[name] for name in KNOWN} for row in rows]
            schema = pa.schema([(name, pa.string()) for name in KNOWN])
            intake.count_known(pa.Table.from_pylist(known, schema=schema))
            assert intake.rejects.rows == 0
            rows += pa.Table.from_batches(intake.statements.records(), RECORDS).to_pylist()
    return pa.Table.from_pylist(rows, schema=RECORDS)


def arrivals(files: dict[str, bytes]) -> Iterator[tuple[str, Batches]]:
    """Ways in which the same files may arrive."""
    singly = [{name: content} for name, content in files.items()]
    yield "one by one", singly
    yield "backwards", singly[::-1]
    yield "together", [files]
    again = {f"again-{name}": content + b"\n" for name, content in files.items()}
    yield "all twice", [files, again]
    yield "twice at once", [again | files]


def outcome(records: pa.Table, case: Case) -> dict[str, list[dict[str, str]]]:
    """Turns and interactions in the words of the cases."""
    zone = ZoneInfo(case.zone)
    gaps = {c.source_system: c.session_gap for c in connectors(OWN)}
    result = conform(records, replace(RULES, zone=zone, session_gaps=gaps))
    ordered = sorted(result.interactions, key=lambda row: (row["started_at"], row["source_system"]))
    number = {row["interaction_id"]: str(n) for n, row in enumerate(ordered, start=1)}

    def shown(value: Any) -> str:
        if isinstance(value, datetime):
            return value.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        return "" if value is None else str(value)

    def line(row: dict[str, Any], **more: Any) -> dict[str, str]:
        return {name: shown(value) for name, value in (row | more).items()}

    turns = [
        line(row, of=number[row["interaction_id"]], at=row["sent_at"], text=row["redacted_text"])
        for row in sorted(
            result.turns, key=lambda row: (int(number[row["interaction_id"]]), row["turn_no"])
        )
    ]
    counts = {key: sum(t["interaction_id"] == key for t in result.turns) for key in number}
    interactions = [
        line(row, of=number[row["interaction_id"]], source=row["source_system"],
             started=row["started_at"], day=row["event_date"],
             turns=counts[row["interaction_id"]])
        for row in ordered
    ]  # fmt: skip
    return {"turns": turns, "interactions": interactions}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_deliveries_become_these_turns_and_interactions(path: Path, tmp_path: Path) -> None:
    case = told(path)
    assert case.tables["interactions"], case.title
    for how, batches in arrivals(case.files()):
        found = outcome(facts(tmp_path, batches, case.zone), case)
        for name in ("turns", "interactions"):
            wanted = case.tables.get(name, [])
            columns = list(wanted[0]) if wanted else []
            shown = [{column: row[column] for column in columns} for row in found[name]]
            assert shown == wanted, f"{path.stem}, {how}: {name}"


# --- every zone ---------------------------------------------------------------------------


def changes_of(zone: ZoneInfo) -> Iterator[datetime]:
    """Half days of 2026 in which the zone's clock is set, found by walking through the year."""
    hours = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=n) for n in range(0, 8784, 12)]
    offsets = [hour.astimezone(zone).utcoffset() for hour in hours]
    for (one, before), (_, after) in pairwise(zip(hours, offsets, strict=True)):
        if before != after:
            yield one


@pytest.mark.parametrize("first", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")
def test_the_business_day_of_every_zone_ends_at_its_own_midnight(first: str) -> None:
    for name in sorted(n for n in available_timezones() if n.upper().startswith(first)):
        zone = ZoneInfo(name)
        days = [date(2026, 10, 1), *(moment.date() for moment in changes_of(zone))]
        for day in days:
            for shift in range(-2, 3):
                start = _midnight(day + timedelta(days=shift), zone)
                for moment in (start - timedelta(microseconds=1), start):
                    record = Record("turn", "s", "c", "m", moment, {})
                    found = record_row(record, zone, hash64)["event_date"]
                    expected = day + timedelta(days=shift - (moment < start))
                    assert found == expected, (name, moment.isoformat())


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    """The first moment of a day, found by halving; zones may skip midnight or have it twice."""
    low = datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(hours=26)
    high = low + timedelta(hours=52)
    while high - low > timedelta(microseconds=1):
        middle = low + (high - low) / 2
        low, high = (low, middle) if _day(middle, zone) >= day else (middle, high)
    return high


def _day(moment: datetime, zone: ZoneInfo) -> date:
    offset = zone.utcoffset(moment.astimezone(zone))
    assert offset is not None
    return (moment.replace(tzinfo=None) + offset).date()
