"""`lakehouse verify`: is the lake what was committed?"""

import dataclasses
import json
import sys
from pathlib import Path

from orchestration.commands.settings import lake_is_missing, settings_from


def show_findings(*, lake: Path | None, full: bool, as_json: bool) -> int:
    """Print every difference with its remedy; exit code 1 when there is one."""
    from warehouse.delta import Lake
    from warehouse.verify import verify

    settings = settings_from(lake)
    if lake_is_missing(settings):
        return 1
    findings = verify(Lake(settings.lake), full=full)
    if as_json:
        found = [dataclasses.asdict(finding) for finding in findings]
        sys.stdout.write(json.dumps(found, indent=2, default=str) + "\n")
    elif not findings:
        checked = "every byte" if full else "presence and size of every file"
        sys.stdout.write(f"verified {checked} against the manifests: nothing differs\n")
    for finding in [] if as_json else findings:
        sys.stdout.write(
            f"{finding.table} version {finding.version}: {finding.kind}: {finding.detail}\n"
            f"    {finding.remedy}\n"
        )
    return 1 if findings else 0
