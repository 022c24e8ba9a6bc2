"""`lakehouse verify`: is the lake what was committed, and is all that was accepted in it?"""

import dataclasses
import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.commands.settings import lake_is_missing, settings_from

if TYPE_CHECKING:
    from warehouse.delta import Lake
    from warehouse.verify import Finding


def show_findings(*, lake: Path | None, full: bool, as_json: bool) -> int:
    """Print every difference with its remedy; exit code 1 when there is one."""
    from warehouse.delta import Lake
    from warehouse.verify import verify

    settings = settings_from(lake)
    if lake_is_missing(settings):
        return 1
    found_lake = Lake(settings.lake)
    findings = verify(found_lake, full=full)
    if full and not findings:
        findings = _skipped(found_lake)
    if as_json:
        found = [dataclasses.asdict(finding) for finding in findings]
        sys.stdout.write(json.dumps(found, indent=2, default=str) + "\n")
    elif not findings:
        checked = "every byte" if full else "presence and size of every file"
        sys.stdout.write(f"verified {checked} against the manifests: nothing differs\n")
        if full:
            sys.stdout.write("every accepted record is in silver or waits; none was skipped\n")
    for finding in [] if as_json else findings:
        sys.stdout.write(
            f"{finding.table} version {finding.version}: {finding.kind}: {finding.detail}\n"
            f"    {finding.remedy}\n"
        )
    return 1 if findings else 0


def _skipped(lake: "Lake") -> "list[Finding]":
    from warehouse.verify import Finding
    from warehouse.waiting import TABLE, skipped

    count = skipped(lake)
    detail = f"{count:,} accepted records are neither in silver nor waiting"
    remedy = "this is a fault of the program: keep the lake as it is and report it"
    return [Finding(TABLE, None, "skipped_records", detail, remedy)] if count else []
