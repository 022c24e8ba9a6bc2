"""The chained ledger of commits: one line a version, each holding the hash of the line before.

It lies beside the tables under `_manifest/` and is what `warehouse.verify` compares the disk
with, because the table format itself accepts empty commits and carries no checksums. Writers
call `record` under the table's lock; nothing here reads or writes rows.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from warehouse import durability
from warehouse.contracts import MANIFEST

GENESIS = "0" * 64
CHUNK = 1 << 20


class DamagedTable(RuntimeError):
    """The files of a table are not what was committed; `lakehouse verify` says which."""


@dataclass(frozen=True)
class Ledger:
    """Places of one table and of its chain. `folder` holds the table, `chain` its lines."""

    name: str
    folder: Path
    chain: Path

    @property
    def log(self) -> Path:
        """Folder of the commit files."""
        return self.folder / "_delta_log"

    def commit_file(self, version: int) -> Path:
        """The commit file of `version`."""
        return self.log / f"{version:020d}.json"

    def versions(self) -> list[int]:
        """Versions that have a commit file, ascending."""
        return sorted(int(path.stem) for path in self.log.glob("*.json") if path.stem.isdigit())


def sha256_file(path: Path) -> str:
    """SHA-256 of a file, read in pieces."""
    digest = hashlib.sha256()
    with path.open("rb") as handle:
        while piece := handle.read(CHUNK):
            digest.update(piece)
    return digest.hexdigest()


def line_hash(line: bytes) -> str:
    """What the next line must give as `previous`."""
    return hashlib.sha256(line).hexdigest()


def actions(commit: Path) -> Iterator[dict[str, Any]]:
    """The actions of a commit file; DamagedTable when it is empty or cannot be read."""
    content = commit.read_bytes()
    if not content.strip():
        raise DamagedTable(f"commit {commit.name} is empty")
    for line in content.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            raise DamagedTable(f"commit {commit.name} is not readable") from None


def added_files(ledger: Ledger, version: int) -> list[dict[str, Any]]:
    """Path (relative to the table), bytes and rows of each data file a commit adds."""
    found = []
    for action in actions(ledger.commit_file(version)):
        if add := action.get("add"):
            statistics = json.loads(add.get("stats") or "{}")
            found.append(
                {
                    "path": unquote(add["path"]),
                    "bytes": add["size"],
                    "rows": statistics.get("numRecords"),
                }
            )
    return found


def changed_files(ledger: Ledger, version: int) -> tuple[set[str], set[str]]:
    """Paths (relative to the table) that a commit adds and removes."""
    added: set[str] = set()
    removed: set[str] = set()
    for action in actions(ledger.commit_file(version)):
        if "add" in action:
            added.add(unquote(action["add"]["path"]))
        elif "remove" in action:
            removed.add(unquote(action["remove"]["path"]))
    return added, removed


def last_line(chain: Path) -> bytes | None:
    """The newest complete line, without reading the whole chain."""
    if not chain.exists():
        return None
    with chain.open("rb") as handle:
        end = handle.seek(0, 2)
        tail = b""
        while end > 0 and tail.count(b"\n") < 2:
            start = max(0, end - CHUNK)
            handle.seek(start)
            tail = handle.read(end - start) + tail
            end = start
    complete = tail[: tail.rfind(b"\n")] if b"\n" in tail else b""
    return complete.rsplit(b"\n", 1)[-1] or None


def recorded_version(ledger: Ledger) -> int | None:
    """The newest version in the chain; None when there is none."""
    line = last_line(ledger.chain)
    return None if line is None else int(json.loads(line)["version"])


def check_head(ledger: Ledger) -> None:
    """Raise DamagedTable when the newest recorded commit is gone or changed."""
    line = last_line(ledger.chain)
    if line is None:
        return
    entry = json.loads(line)
    commit = ledger.commit_file(entry["version"])
    if not commit.exists() or sha256_file(commit) != entry["commit_sha256"]:
        raise DamagedTable(
            f"{ledger.name}: commit {entry['version']} differs from the manifest; "
            "run `lakehouse verify`"
        )


def record(ledger: Ledger, *, late: bool) -> int:
    """Sync and enter every commit that the chain does not know; return how many.

    `late` marks lines written after a crash: their hashes were taken later than the commit.
    Must be called under the table's lock. Only after it returns may a write be acknowledged.
    """
    known = recorded_version(ledger)
    pending = [version for version in ledger.versions() if known is None or version > known]
    if not pending:
        return 0
    durability.make_folder(ledger.chain.parent)
    _drop_torn_line(ledger.chain)
    for version in pending:
        line = _entry(ledger, version, late=late)
        durability.append_line(ledger.chain, line)
    return len(pending)


def _entry(ledger: Ledger, version: int, *, late: bool) -> bytes:
    commit = ledger.commit_file(version)
    files = added_files(ledger, version)
    for file in files:
        path = ledger.folder / file["path"]
        if not path.exists() or path.stat().st_size != file["bytes"]:
            raise DamagedTable(f"{ledger.name}: a data file of commit {version} is not whole")
    durability.sync_tree([ledger.folder / file["path"] for file in files], ledger.folder)
    durability.sync_file(commit)
    durability.sync_folder(ledger.log)
    for file in files:
        file["sha256"] = sha256_file(ledger.folder / file["path"])
    previous = last_line(ledger.chain)
    values = (
        ledger.name,
        version,
        sha256_file(commit),
        files,
        sum(file["rows"] or 0 for file in files),
        GENESIS if previous is None else line_hash(previous),
        late,
    )
    entry = dict(zip(MANIFEST, values, strict=True))
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()


def _drop_torn_line(chain: Path) -> None:
    """Cut off a line that a crash left without its end; its commit is entered again."""
    if not chain.exists():
        return
    content_end = chain.stat().st_size
    with chain.open("rb+") as handle:
        position = content_end
        while position > 0:
            start = max(0, position - CHUNK)
            handle.seek(start)
            at = handle.read(position - start).rfind(b"\n")
            if at >= 0:
                handle.truncate(start + at + 1)
                return
            position = start
        handle.truncate(0)
