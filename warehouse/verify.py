"""Comparing the disk with the manifest: what changed, vanished or was never entered.

Only reports; repair is the remedy each finding names. The table format notices neither an
empty commit nor a flipped bit, so marts are built only after this finds nothing.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse import catalog, durability, manifest, snapshot
from warehouse.contracts import MANIFEST
from warehouse.delta import Lake
from warehouse.manifest import GENESIS, DamagedTable, Ledger

RESTORE = "restore the file from a backup, or rebuild the table from bronze"
RESTORE_CHAIN = "restore the manifest from a backup; find out who changed it"
ENTER = "start any run: it enters the commit in the manifest"


@dataclass(frozen=True)
class Finding:
    """One difference. `version` is None when it concerns the table as a whole."""

    table: str
    version: int | None
    kind: str
    detail: str
    remedy: str


@dataclass(frozen=True)
class _Entry:
    """One readable line of the chain, with its raw bytes."""

    line: bytes
    values: dict[str, Any]

    @property
    def version(self) -> int:
        return int(self.values["version"])


def verify(lake: Lake, tables: Sequence[str] | None = None, *, full: bool) -> list[Finding]:
    """Check tables (None: every table there is); `full` also hashes and counts data files.

    An empty list means that the disk holds exactly what was committed.
    """
    findings: list[Finding] = []
    for name in tables if tables is not None else known_tables(lake):
        findings.extend(_verify_table(lake, name, full=full))
    findings.extend(snapshot.damaged(lake, tables, Finding))
    return findings


def known_tables(lake: Lake) -> list[str]:
    """Tables with a folder or a manifest, listed in the catalogue or not."""
    chains = {path.stem for path in (lake.root / "_manifest").glob("*.jsonl")}
    logs = lake.root.glob("[a-z]*/*/_delta_log")
    folders = {f"{log.parent.parent.name}.{log.parent.name}" for log in logs}
    return sorted(chains | folders | {name for name in catalog.TABLES if lake.exists(name)})


def _verify_table(lake: Lake, name: str, *, full: bool) -> Iterator[Finding]:
    ledger = lake.ledger(name)
    # Under the lock no commit stands between its file and its line; hashing needs no lock.
    with durability.exclusive(lake.root / "_locks" / f"{name}.lock"):
        content = ledger.chain.read_bytes() if ledger.chain.exists() else b""
        versions = ledger.versions()
    entries, findings = _read_chain(name, content)
    yield from findings
    yield from _check_chain(name, entries)
    yield from _check_versions(ledger, versions, {entry.version for entry in entries})
    for entry in entries:
        yield from _check_commit(ledger, entry)
    yield from _check_files(ledger, entries, versions, full=full)
    yield from _check_replay(lake, ledger, versions)


def _read_chain(name: str, content: bytes) -> tuple[list[_Entry], list[Finding]]:
    entries: list[_Entry] = []
    findings: list[Finding] = []
    *lines, rest = content.split(b"\n")
    if rest:
        findings.append(Finding(name, None, "torn_line", "last manifest line is cut off", ENTER))
    for number, line in enumerate(lines, start=1):
        try:
            entry = _Entry(line, json.loads(line))
            complete = set(MANIFEST) == set(entry.values) and entry.version >= 0
        except (ValueError, TypeError, KeyError):
            complete = False
        if complete:
            entries.append(entry)
        else:
            detail = f"manifest line {number} is not readable"
            findings.append(Finding(name, None, "chain_broken", detail, RESTORE_CHAIN))
    return entries, findings


def _check_chain(name: str, entries: list[_Entry]) -> Iterator[Finding]:
    previous, following = GENESIS, 0
    for entry in entries:
        values = entry.values
        if values["previous"] != previous or values["table"] != name:
            detail = "the line does not follow the line before it"
            yield Finding(name, entry.version, "chain_broken", detail, RESTORE_CHAIN)
        if entry.version != following:
            detail = f"expected version {following}"
            yield Finding(name, entry.version, "version_gap", detail, RESTORE_CHAIN)
        if values["rows"] != sum(file["rows"] or 0 for file in values["files"]):
            detail = "rows of the line are not the sum of its files"
            yield Finding(name, entry.version, "row_mismatch", detail, RESTORE_CHAIN)
        previous, following = manifest.line_hash(entry.line), entry.version + 1


def _check_versions(ledger: Ledger, versions: list[int], entered: set[int]) -> Iterator[Finding]:
    for version in sorted(entered - set(versions)):
        yield Finding(ledger.name, version, "missing_commit", "commit file is gone", RESTORE)
    top = max([*versions, *entered], default=-1)
    for version in sorted(set(range(top + 1)) - set(versions) - entered):
        yield Finding(ledger.name, version, "version_gap", "no commit file and no line", RESTORE)
    for version in sorted(set(versions) - entered):
        commit = ledger.commit_file(version)
        kind, remedy = "unrecorded_commit", ENTER
        if not commit.stat().st_size:
            kind, remedy = "empty_commit", f"delete {commit.name}; the run repeats its batch"
        elif version < max(entered, default=-1):
            remedy = RESTORE_CHAIN
        yield Finding(ledger.name, version, kind, "commit without a manifest line", remedy)


def _check_commit(ledger: Ledger, entry: _Entry) -> Iterator[Finding]:
    commit = ledger.commit_file(entry.version)
    if not commit.exists():
        return  # reported as missing
    if not commit.stat().st_size:
        yield Finding(ledger.name, entry.version, "empty_commit", "commit is empty", RESTORE)
    elif manifest.sha256_file(commit) != entry.values["commit_sha256"]:
        detail = "commit differs from its recorded hash"
        yield Finding(ledger.name, entry.version, "changed_commit", detail, RESTORE)


def _check_files(
    ledger: Ledger, entries: list[_Entry], versions: list[int], *, full: bool
) -> Iterator[Finding]:
    active = _active_paths(ledger, versions)
    for entry in entries:
        for file in entry.values["files"]:
            problem = _file_problem(ledger.folder / file["path"], file, full=full)
            if problem is None:
                continue
            kind, detail = problem
            if kind == "missing_file" and active is not None and file["path"] not in active:
                kind = "missing_superseded_file"
            yield Finding(ledger.name, entry.version, kind, f"{file['path']}: {detail}", RESTORE)


def _file_problem(path: Path, file: dict[str, Any], *, full: bool) -> tuple[str, str] | None:
    if not path.exists():
        return "missing_file", "data file is gone"
    if path.stat().st_size != file["bytes"]:
        return "truncated_file", f"has {path.stat().st_size} bytes instead of {file['bytes']}"
    if not full:
        return None
    if manifest.sha256_file(path) != file["sha256"]:
        return "changed_file", "content differs from its recorded hash"
    if file["rows"] is not None and pq.read_metadata(path).num_rows != file["rows"]:
        return "row_mismatch", f"does not hold {file['rows']} rows"
    return None


def _active_paths(ledger: Ledger, versions: list[int]) -> set[str] | None:
    """Files that the commits, replayed in order, leave in the table; None if unreadable."""
    active: set[str] = set()
    try:
        for version in versions:
            added, removed = manifest.changed_files(ledger, version)
            active = (active - removed) | added
    except (DamagedTable, OSError):
        return None
    return active


def _check_replay(lake: Lake, ledger: Ledger, versions: list[int]) -> Iterator[Finding]:
    """A checkpoint that disagrees with the commits would change what every reader sees."""
    active = _active_paths(ledger, versions)
    if active is None or not versions:
        return
    remedy = "delete _last_checkpoint and the checkpoint files; they are derived from commits"
    try:
        shown = {str(file.path.relative_to(ledger.folder)) for file in lake.files(ledger.name)}
    except (DamagedTable, OSError, ValueError, pa.ArrowException, lake.LIBRARY_ERROR) as error:
        yield Finding(ledger.name, versions[-1], "unreadable_table", type(error).__name__, remedy)
        return
    if shown != active and lake.version(ledger.name) == versions[-1]:
        detail = "files of the newest version are not those of the commits"
        yield Finding(ledger.name, versions[-1], "checkpoint_mismatch", detail, remedy)
