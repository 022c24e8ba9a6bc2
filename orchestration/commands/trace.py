"""`lakehouse trace`: print the way from a cell to the bytes it rests on."""

import dataclasses
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.commands.output import json_value, plain
from orchestration.commands.settings import lake_is_missing, settings_from

if TYPE_CHECKING:
    from warehouse.lineage import Trace
    from warehouse.origins import Origin

_BREAK = "\n"
_INDENTED = "\n" + " " * 11


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
    from warehouse.lineage import KEYS, Untraceable, trace
    from warehouse.query import QueryFailed

    settings = settings_from(lake)
    if lake_is_missing(settings):
        return 1
    root = settings.lake
    try:
        found = trace(Lake(root), root / "published", table, key, column, limit=limit, raw=raw)
    except (Untraceable, QueryFailed) as problem:
        sys.stderr.write(f"{problem}\n")
        if "has no row" in str(problem) and (name := KEYS.get(table.removeprefix("marts."))):
            sys.stderr.write(f'see lakehouse query "select {name} from marts.{table} limit 5"\n')
        return 1
    if as_json:
        sys.stdout.write(json.dumps(_facts(found), indent=2, default=json_value) + "\n")
    else:
        _print(found)
    return 1 if any(origin.bytes_match is False for origin in found.origins) else 0


def _facts(found: "Trace") -> dict[str, Any]:
    """As stored, with versions as numbers; rules of other columns are left out."""
    facts = dataclasses.asdict(found)
    stored = json.loads(found.snapshot["metadata"])
    stored.pop("trace", None)
    versions = json.loads(found.snapshot["versions"])
    facts["snapshot"] = {**found.snapshot, "versions": versions, "metadata": stored}
    return facts


def _print(found: "Trace") -> None:
    say = sys.stdout.write
    say(f"{found.table}.{found.column} of {found.key} = {plain(found.value) or 'NULL'}\n")
    say(f"published as snapshot {found.snapshot['number']} at {found.snapshot['created_at']}\n")
    say(f"looked for: {_flat(found.rule)}\n")
    if not found.total:
        say("\nno piece of evidence: the value says that nothing was found\n")
    pairs = zip(found.evidence, found.origins, strict=True)
    for number, (item, origin) in enumerate(pairs, start=1):
        say(f"\n{number} of {found.total}  {plain(_headline(item))}\n")
        for label, text in (*_of_evidence(item), *_of_origin(origin)):
            say(f"  {label:<8} {plain(text).replace(_BREAK, _INDENTED)}\n")
    versions = json.loads(found.snapshot["versions"])
    used = ("silver.annotations", "silver.turns", "silver.interactions", "silver.persons")
    shown = ", ".join(f"{name} v{versions[name]}" for name in used if name in versions)
    say(f"\ntable versions: {shown}\n")


def _headline(item: Mapping[str, Any]) -> str:
    """What one piece of evidence says, by the kind of its row."""
    if "family" in item:
        return f"{item['family']} = {item['tag']}, score {item['score']:.2f}"
    if "rule_id" in item:
        return f"{item['rule_id']}, score {item['score']:.2f}"
    if "left_type" in item:
        state = "" if item["active"] else ", not used"
        seen = f"{item['rule']}, seen {item['observations']} times{state}"
        return f"{item['left_type']} and {item['right_type']} belong together: {seen}"
    if "table" in item:
        return f"{item['table']} says {item['value']}"
    if "score_type" in item:
        return f"{item['score_type']} {item['score']:g}, given in a {item['given_in']} at {item['scored_at']}"
    if "recording_id" in item:
        measured = f"{item['duration_seconds']} s in {item['channels']} channel(s)"
        return f"recording {item['recording_id']}: {measured}, measures {item['measures_version']}"
    if "value" in item:
        return f"{item['direction']} {item['channel']} of {item['started_at']}: {item['value']}"
    return " ".join(str(item[name]) for name in ("direction", "channel", "title") if item.get(name))


def _of_evidence(item: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    words = item.get("evidence") or item.get("quote")
    if words:
        place = ""
        if item.get("char_start") is not None:
            place = f" at characters {item['char_start']} to {item['char_end']}"
        yield "words", f'"{words}"{place}'
    if "detector" in item:
        names = ("detector", "detector_version", "rulebook_version", "release")
        yield "tagger", _flat({name: item[name] or None for name in names})
    if "evidence_kind" in item:
        yield "edge", _flat({name: item[name] for name in ("edge_id", "identity_version")})


def _of_origin(origin: "Origin") -> Iterator[tuple[str, str]]:
    if origin.interaction_id:
        yield "contact", f"interaction {origin.interaction_id}"
    if turn := origin.turn:
        yield "turn", f"{origin.turn_no}, {turn['role']}, {turn['state']}{_moment(turn)}"
        yield "", turn["redacted_text"]
    if record := origin.record:
        where = record["pointer"] or "the whole payload"
        yield (
            "record",
            f"{record['record_kind']} in {record['source_system']}: {where}, batch"
            f" {record['batch']}, id {record['record_id']}",
        )
    if payload := origin.payload:
        yield "payload", f"{payload['position']}{_range(payload)}, id {payload['payload_id']}"
    if origin.file_sha256:
        same = {True: "bytes match", False: "BYTES DIFFER", None: "no byte range to compare"}
        yield "file", ", ".join(origin.files)
        yield "", f"sha256 {origin.file_sha256}: {same[origin.bytes_match]}"
    if origin.raw is not None:
        yield "raw", origin.raw.rstrip("\r\n")


def _moment(turn: Mapping[str, Any]) -> str:
    """When it was said: a time, or seconds into the call."""
    if turn["sent_at"] is not None:
        return f" at {turn['sent_at']}"
    if turn["start_seconds"] is not None:
        return f", {turn['start_seconds']:.1f} seconds into the call"
    return ""


def _range(payload: Mapping[str, Any]) -> str:
    if payload["byte_start"] is None:
        return ""
    return f", bytes {payload['byte_start']} to {payload['byte_end']}"


def _flat(item: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in item.items() if value is not None)
