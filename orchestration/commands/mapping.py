"""`lakehouse mapping`: draft a mapping from a file, and check mappings before a run uses them."""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.commands.settings import settings_from

if TYPE_CHECKING:
    from ingestion.mappings.connector import MappedConnector

_SHOWN = 10


@dataclass
class _Reading:
    """What one file became; counts only, nothing of its content."""

    connector: str
    records: Counter[str] = field(default_factory=Counter)
    rejected: Counter[tuple[str, str]] = field(default_factory=Counter)
    places: dict[tuple[str, str], str] = field(default_factory=dict)
    conversations: set[str] = field(default_factory=set)
    roles: Counter[str] = field(default_factory=Counter)
    times: list[Any] = field(default_factory=list)


def draft(file: Path) -> int:
    """Print a mapping for files like this one; exit code 1 when it is no table and no JSON."""
    from ingestion.connectors.base import RejectedInput
    from ingestion.mappings.draft import suggest

    try:
        sys.stdout.write(suggest(file))
    except RejectedInput as rejected:
        sys.stderr.write(f"{file}: {rejected}\n")
        return 1
    return 0


def check(file: Path | None, *, landing: Path | None, as_json: bool) -> int:
    """Read all mappings, and `file` with the one that matches it, without writing anything.

    Exit code 1 when a mapping cannot be used, none matches, or an item of the file is rejected.
    """
    from ingestion.connectors.settings import ConnectorSettings
    from ingestion.mappings.folder import mapped_connectors
    from warehouse.settings import mappings_folder

    settings = settings_from(landing=landing)
    folder = mappings_folder()
    known = mapped_connectors(folder, ConnectorSettings.from_environment().zone)
    if file is None:
        return _list(folder, known, as_json)
    name = _relative(file, settings.landing)
    connector = next((item for item in known if item.recognises(name, b"")), None)
    if connector is None:
        sys.stderr.write(_unmatched(name, file, f"{len(known)} mappings in {folder}"))
        return 1
    reading = _read(connector, file)
    _show(reading, as_json)
    return 1 if reading.rejected or not reading.records else 0


def _unmatched(name: str, file: Path, where: str) -> str:
    from ingestion.connectors.registry import recognise
    from ingestion.intake import head_of

    other = recognise(name, head_of(file))
    reads = f"the connector {other.name} reads it without one" if other else "nothing reads it"
    return f"no mapping matches the name {name} ({where}): {reads}\n"


def _relative(file: Path, landing: Path) -> str:
    """The name as a run will see it; outside the landing folder, as it was given."""
    whole = file.resolve()
    if landing in whole.parents:
        return whole.relative_to(landing).as_posix()
    return file.name if file.is_absolute() or ".." in file.parts else file.as_posix()


def _list(folder: Path, known: "tuple[MappedConnector, ...]", as_json: bool) -> int:
    rows = [
        {
            "name": item.mapping.name,
            "file": item.mapping.file,
            "kind": item.mapping.kind,
            "format": item.mapping.format,
            "version": item.version,
        }
        for item in known
    ]
    if as_json:
        sys.stdout.write(json.dumps(rows, indent=2) + "\n")
    else:
        sys.stdout.write(f"{len(rows)} mappings in {folder}\n")
        for row in rows:
            sys.stdout.write(
                f"ok   {row['file']}: {row['name']}, {row['kind']} in {row['format']}\n"
            )
    return 0


def _read(connector: "MappedConnector", file: Path) -> _Reading:
    from ingestion.connectors.base import RejectedInput

    reading = _Reading(connector.name)
    for payload in connector.fetch(file):
        rejected = isinstance(payload, RejectedInput)
        for item in [payload] if rejected else connector.parse(payload):
            if isinstance(item, RejectedInput):
                reason = (item.reason, str(item))
                reading.rejected[reason] += 1
                place = payload.position if not rejected else ""
                reading.places.setdefault(reason, f"{place} {item.position}".strip())
                continue
            reading.records[item.kind] += 1
            if item.event_at is not None:
                reading.times.append(item.event_at)
            if item.kind in ("turn", "interaction"):
                reading.conversations.add(item.conversation_key)
            if item.kind == "turn":
                reading.roles[str(item.data["role"])] += 1
    return reading


def _show(reading: _Reading, as_json: bool) -> None:
    facts: dict[str, Any] = {
        "connector": reading.connector,
        "records": dict(sorted(reading.records.items())),
        "conversations": len(reading.conversations),
        "turns_by_role": dict(sorted(reading.roles.items())),
        "first": min(reading.times).isoformat() if reading.times else None,
        "last": max(reading.times).isoformat() if reading.times else None,
        "rejected": [
            {"reason": reason, "message": message, "count": count, "first_at": at}
            for (reason, message), count in reading.rejected.most_common(_SHOWN)
            for at in [reading.places[reason, message]]
        ],
    }
    if as_json:
        sys.stdout.write(json.dumps(facts, indent=2) + "\n")
        return
    for name in ("connector", "conversations", "first", "last"):
        sys.stdout.write(f"{name:<14} {facts[name]}\n")
    for name in ("records", "turns_by_role"):
        listed = ", ".join(f"{key} {value:,}" for key, value in facts[name].items())
        sys.stdout.write(f"{name:<14} {listed or 'none'}\n")
    for row in facts["rejected"]:
        place = f" (first at {row['first_at']})" if row["first_at"] else ""
        sys.stdout.write(f"rejected {row['count']:,}: {row['reason']}: {row['message']}{place}\n")
