"""Where a piece of evidence was said: turn, bronze record, payload, landed file, versions.

The bytes of the payload are compared with the landed file each time, so that a trace is also
a proof.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from warehouse.delta import Lake
from warehouse.readings import records_by_id
from warehouse.sql import literal

_CHUNK = 1 << 20


@dataclass(frozen=True)
class Origin:
    """One piece of evidence at its source. `bytes_match` None: no byte range to compare."""

    interaction_id: str | None
    turn_no: int | None
    turn: Mapping[str, Any] | None
    record: Mapping[str, Any] | None
    payload: Mapping[str, Any] | None
    files: Sequence[str]
    file_sha256: str | None
    bytes_match: bool | None
    raw: str | None


def origins_of(lake: Lake, evidence: Sequence[Mapping[str, Any]], *, raw: bool) -> list[Origin]:
    """One origin per piece of evidence, in the same order."""
    turns = _turns(lake, evidence)
    placed = [_place(item, turns) for item in evidence]
    records = records_by_id(lake, {record for _, record, _ in placed if record})
    payload_ids = [
        payload or records.get(record or "", {}).get("payload_id") for _, record, payload in placed
    ]
    payloads = _by_id(lake, "bronze.payloads", "payload_id", payload_ids)
    files = _files(lake, {payload["file_sha256"] for payload in payloads.values()})
    return [
        _origin(
            lake,
            item,
            turn,
            records.get(record or ""),
            payloads.get(payload_id or ""),
            files,
            raw=raw,
        )
        for item, (turn, record, _), payload_id in zip(evidence, placed, payload_ids, strict=True)
    ]


def _place(
    item: Mapping[str, Any], turns: Mapping[tuple[str, int], Mapping[str, Any]]
) -> tuple[Mapping[str, Any] | None, str | None, str | None]:
    """(turn, record id, payload id) of one piece of evidence, as far as it names them."""
    turn = None
    if item.get("turn_no") is not None:
        turn = turns.get((item["interaction_id"], item["turn_no"]))
    if turn is not None:
        return turn, turn["record_id"], turn["payload_id"]
    return None, item.get("record_id"), item.get("payload_id")


_SEEN = {
    "interaction": ("silver.participants", "interaction_id"),
    "crm": ("silver.crm_handles", "customer_key"),
}


def sightings(lake: Lake, edges: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Identity edges with the `record_id` of the row in which both handles were first seen."""
    records: dict[tuple[str, str, str], str] = {}
    for kind, (table, column) in _SEEN.items():
        ids = {edge["evidence_id"] for edge in edges if edge["evidence_kind"] == kind}
        if not ids:
            continue
        columns = [column, "handle_key", "record_id"]
        where = f"{column} IN ({_listed(ids)})"
        for row in lake.read(table, columns=columns, where=where, order_by=columns).to_pylist():
            records[kind, row[column], row["handle_key"]] = row["record_id"]
    return [dict(edge) | {"record_id": _sighting(edge, records)} for edge in edges]


def _sighting(edge: Mapping[str, Any], records: Mapping[tuple[str, str, str], str]) -> str | None:
    place = (edge["evidence_kind"], edge["evidence_id"])
    return records.get((*place, edge["left_key"])) or records.get((*place, edge["right_key"]))


def _turns(
    lake: Lake, evidence: Sequence[Mapping[str, Any]]
) -> dict[tuple[str, int], dict[str, Any]]:
    ids = {item["interaction_id"] for item in evidence if item.get("turn_no") is not None}
    if not ids:
        return {}
    dates = {item.get("event_date") or item.get("business_date") for item in evidence}
    partitions = None if None in dates else [{"event_date": day} for day in dates]
    rows = lake.read(
        "silver.turns", where=f"interaction_id IN ({_listed(ids)})", partitions=partitions
    )
    return {(row["interaction_id"], row["turn_no"]): row for row in rows.to_pylist()}


def _listed(ids: Iterable[str]) -> str:
    return ", ".join(literal(value) for value in sorted(ids))


def _by_id(
    lake: Lake, table: str, column: str, ids: Iterable[str | None]
) -> dict[str, dict[str, Any]]:
    wanted = {value for value in ids if value}
    if not wanted:
        return {}
    rows = lake.read(table, where=f"{column} IN ({_listed(wanted)})").to_pylist()
    return {row[column]: row for row in rows}


def _files(lake: Lake, hashes: set[str]) -> dict[str, list[str]]:
    if not hashes:
        return {}
    rows = lake.read(
        "bronze.landed_files",
        columns=["file_sha256", "name"],
        where=f"file_sha256 IN ({_listed(hashes)})",
    ).to_pylist()
    # A file that is read again stands in the ledger once more.
    names: dict[str, set[str]] = {}
    for row in rows:
        names.setdefault(row["file_sha256"], set()).add(row["name"])
    return {sha: sorted(found) for sha, found in names.items()}


def _origin(
    lake: Lake,
    item: Mapping[str, Any],
    turn: Mapping[str, Any] | None,
    record: Mapping[str, Any] | None,
    payload: Mapping[str, Any] | None,
    files: Mapping[str, list[str]],
    *,
    raw: bool,
) -> Origin:
    sha = payload["file_sha256"] if payload else None
    return Origin(
        interaction_id=item.get("interaction_id"),
        turn_no=item.get("turn_no"),
        turn=_some(
            turn,
            "turn_id",
            "role",
            "redacted_text",
            "sent_at",
            "start_seconds",
            "state",
            "redaction_version",
        ),
        record=_some(
            record, "record_id", "record_kind", "source_system", "pointer", "event_at", "batch"
        ),
        payload=_some(
            payload,
            "payload_id",
            "payload_sha256",
            "connector",
            "position",
            "byte_start",
            "byte_end",
        ),
        files=files.get(sha or "", []),
        file_sha256=sha,
        bytes_match=_bytes_match(lake.root / "landing", payload) if payload else None,
        raw=_text(payload) if raw and payload else None,
    )


def _some(row: Mapping[str, Any] | None, *names: str) -> dict[str, Any] | None:
    return None if row is None else {name: row[name] for name in names}


def _text(payload: Mapping[str, Any]) -> str | None:
    """The payload as text; None where it is a whole landed file of bytes, which no table holds."""
    return payload["raw"].decode("utf-8", "replace") if payload["raw"] else None


def _bytes_match(store: Path, payload: Mapping[str, Any]) -> bool | None:
    """Whether the landed file still holds the payload's bytes at the stated place."""
    if payload["byte_start"] is None or payload["byte_end"] is None:
        return None
    sha = payload["file_sha256"]
    path = store / sha[:2] / sha
    if not path.exists():
        return False
    digest, left = hashlib.sha256(), payload["byte_end"] - payload["byte_start"]
    with path.open("rb") as file:
        file.seek(payload["byte_start"])
        # In pieces: the payload may be a recording of hours.
        while left > 0 and (found := file.read(min(left, _CHUNK))):
            digest.update(found)
            left -= len(found)
    return digest.hexdigest() == payload["payload_sha256"]
