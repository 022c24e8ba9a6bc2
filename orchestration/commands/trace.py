"""`lakehouse trace`: print the way from a cell to the bytes it rests on."""

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.commands.settings import settings_from

if TYPE_CHECKING:
    from warehouse.lineage import Trace
    from warehouse.origins import Origin


def show_trace(
    table: str,
    key: str,
    column: str,
    *,
    lake: Path | None,
    limit: int,
    raw: bool,
    as_json: bool,
) -> int:
    """Print the trace; exit code 1 when the cell cannot be traced or bytes differ."""
    from warehouse.delta import Lake
    from warehouse.lineage import Untraceable, trace
    from warehouse.query import QueryFailed

    root = settings_from(lake).lake
    try:
        found = trace(Lake(root), root / "published", table, key, column, limit=limit, raw=raw)
    except (Untraceable, QueryFailed) as problem:
        sys.stderr.write(f"{problem}\n")
        return 1
    if as_json:
        sys.stdout.write(json.dumps(dataclasses.asdict(found), indent=2, default=str) + "\n")
    else:
        _print(found)
    return 1 if any(origin.bytes_match is False for origin in found.origins) else 0


def _print(found: "Trace") -> None:
    say = sys.stdout.write
    versions = json.loads(found.snapshot["versions"])
    say(f"{found.table}.{found.column} of {found.key} = {found.value}\n")
    say(
        f"snapshot {found.snapshot['number']} of {found.snapshot['created_at']}; rule {_flat(found.rule)}\n"
    )
    if not found.total:
        say("no piece of evidence: the value says that nothing was found\n")
    for number, (item, origin) in enumerate(
        zip(found.evidence, found.origins, strict=True), start=1
    ):
        say(f"\n{number} of {found.total}\n")
        say(f"  evidence  {_flat(item)}\n")
        _print_origin(origin)
    used = ("silver.annotations", "silver.turns", "silver.interactions", "silver.persons")
    shown = ", ".join(f"{name} v{versions[name]}" for name in used if name in versions)
    say(f"\ntable versions: {shown}\n")


def _print_origin(origin: "Origin") -> None:
    say = sys.stdout.write
    if origin.turn:
        say(f"  turn      {_flat(origin.turn)}\n")
    if origin.record:
        say(f"  record    {_flat(origin.record)}\n")
    if origin.payload:
        say(f"  payload   {_flat(origin.payload)}\n")
    if origin.file_sha256:
        same = {True: "bytes match", False: "BYTES DIFFER", None: "no byte range"}
        say(f"  file      {', '.join(origin.files)} sha256={origin.file_sha256}")
        say(f" ({same[origin.bytes_match]})\n")
    if origin.raw is not None:
        say(f"  raw       {origin.raw}\n")


def _flat(item: Any) -> str:
    return " ".join(f"{name}={value}" for name, value in item.items() if value is not None)
