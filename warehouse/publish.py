"""Giving readers a finished, read-only DuckDB file, and public marts as Delta tables.

A build file is private to a run. What readers open is a fresh copy of its tables under a new
name; the symbolic link `current` is swapped in one step, so a reader sees the old or the new
file, whole, and never waits for a writer. Reading is `warehouse.query`.
"""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4

from warehouse import durability, sql
from warehouse.build_file import build_attached
from warehouse.manifest import sha256_file
from warehouse.pointer import NAME, POINTER, Current, current
from warehouse.public_marts import export_public
from warehouse.snapshot import Snapshot

if TYPE_CHECKING:
    import duckdb

__all__ = ["Current", "Published", "current", "export_public", "publish"]

YOUNG_SECONDS: Final = 3600
_DRAFT_PREFIX: Final = ".draft-"


@dataclass(frozen=True)
class Published:
    """A file that readers may open. `tables` maps "schema.table" to its number of rows."""

    path: Path
    snapshot: int
    sha256: str
    tables: dict[str, int]


def publish(
    build_file: Path,
    published_dir: Path,
    snapshot: Snapshot,
    *,
    schemas: Sequence[str] = ("marts",),
    keep: int = 3,
    metadata: Mapping[str, Any] | None = None,
) -> Published:
    """Copy the tables (not views) of `schemas` to a new file and let `current` point to it.

    The file also has `meta.snapshot` (one row) and `meta.columns`. Older files beyond the last
    `keep` go, except files younger than an hour. A crash at any point leaves `current` as it
    was or as it becomes; drafts are removed by the next call. Raises duckdb.Error when the
    build file is being written.
    """
    durability.make_folder(published_dir)
    with durability.exclusive(published_dir / ".lock"):
        _remove_drafts(published_dir)
        draft = published_dir / f"{_DRAFT_PREFIX}{uuid4().hex}.duckdb"
        tables = _copy(build_file, draft, snapshot, schemas, metadata or {})
        draft.chmod(0o444)
        durability.sync_file(draft)
        digest = sha256_file(draft)
        final = published_dir / f"lakehouse-{snapshot.number}-{digest[:12]}.duckdb"
        draft.replace(final)
        durability.sync_folder(published_dir)
        _point_to(published_dir, final)
        _prune(published_dir, final, keep)
    return Published(final, snapshot.number, digest, tables)


def _point_to(folder: Path, target: Path) -> None:
    link = folder / f"{_DRAFT_PREFIX}{uuid4().hex}.link"
    link.symlink_to(target.name)
    link.replace(folder / POINTER)
    durability.sync_folder(folder)


def _remove_drafts(folder: Path) -> None:
    for draft in folder.glob(f"{_DRAFT_PREFIX}*"):
        draft.unlink(missing_ok=True)


def _prune(folder: Path, newest: Path, keep: int) -> None:
    """Remove old files. Readers that hold one open keep it: the disk frees it after them."""
    files = [path for path in folder.iterdir() if NAME.fullmatch(path.name)]
    files.sort(key=lambda path: path.stat().st_mtime_ns, reverse=True)
    young = time.time() - YOUNG_SECONDS
    for path in files[max(keep, 1) :]:
        if path != newest and path.stat().st_mtime < young:
            path.unlink()


def _copy(
    build_file: Path,
    draft: Path,
    snapshot: Snapshot,
    schemas: Sequence[str],
    metadata: Mapping[str, Any],
) -> dict[str, int]:
    with build_attached(build_file, draft) as connection:
        tables = _tables(connection, schemas)
        for schema in sorted({schema for schema, _ in tables}):
            connection.execute(f"CREATE SCHEMA {sql.name(schema)}")
        counts = {}
        for schema, table in tables:
            target = f"{sql.name(schema)}.{sql.name(table)}"
            connection.execute(f"CREATE TABLE {target} AS FROM build.{target}")
            ((rows,),) = connection.execute(f"SELECT count(*) FROM {target}").fetchall()
            counts[f"{schema}.{table}"] = int(rows)
        _describe(connection, snapshot, metadata, tables)
        connection.execute("DETACH build")
        connection.execute("CHECKPOINT")
    leftover = draft.with_name(draft.name + ".wal")
    if leftover.exists():
        raise RuntimeError("the published file was not closed cleanly; publish again")
    return counts


def _tables(
    connection: "duckdb.DuckDBPyConnection", schemas: Sequence[str]
) -> list[tuple[str, str]]:
    rows = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() "
        "WHERE database_name = 'build' AND list_contains(?, schema_name) ORDER BY ALL",
        [list(schemas)],
    ).fetchall()
    return [(str(schema), str(table)) for schema, table in rows]


def _describe(
    connection: "duckdb.DuckDBPyConnection",
    snapshot: Snapshot,
    metadata: Mapping[str, Any],
    tables: Sequence[tuple[str, str]],
) -> None:
    """Write `meta`, and carry the comments that models gave their tables and columns."""
    connection.execute("CREATE SCHEMA meta")
    connection.execute(
        "CREATE TABLE meta.snapshot AS SELECT ?::BIGINT AS number, "
        "?::TIMESTAMPTZ AS created_at, ?::VARCHAR AS versions, ?::VARCHAR AS metadata",
        [
            snapshot.number,
            snapshot.created_at,
            json.dumps(snapshot.versions, sort_keys=True),
            json.dumps(dict(metadata), sort_keys=True, default=str),
        ],
    )
    connection.execute(
        "CREATE TABLE meta.columns AS SELECT schema_name, table_name, column_name, data_type, "
        "comment AS description FROM duckdb_columns() WHERE database_name = 'build' "
        "AND list_contains(?, schema_name || '.' || table_name) "
        "ORDER BY schema_name, table_name, column_index",
        [[f"{schema}.{table}" for schema, table in tables]],
    )
    comments = connection.execute(
        "SELECT 'COLUMN', schema_name, table_name, column_name, description FROM meta.columns "
        "WHERE description IS NOT NULL UNION ALL "
        "SELECT 'TABLE', schema_name, table_name, NULL, comment FROM duckdb_tables() "
        "WHERE database_name = 'build' AND comment IS NOT NULL "
        "AND list_contains(?, schema_name || '.' || table_name)",
        [[f"{schema}.{table}" for schema, table in tables]],
    ).fetchall()
    for kind, *path, comment in comments:
        target = ".".join(sql.name(part) for part in path if part is not None)
        connection.execute(f"COMMENT ON {kind} {target} IS {sql.literal(comment)}")
