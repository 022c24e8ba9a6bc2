"""What the build holds: rows per model, and column lineage, computed once per dbt project."""

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import duckdb

from orchestration.steps.deployment import Deployment
from warehouse import durability

Lineage = Callable[[Mapping[str, Any], Mapping[str, Any]], dict[str, Any]]


def row_counts(deployment: Deployment) -> dict[str, int]:
    """{table: rows} of all tables that dbt made."""
    with duckdb.connect(str(deployment.build_file), read_only=True) as connection:
        tables = connection.execute(
            "SELECT schema_name, table_name FROM duckdb_tables() WHERE schema_name <> 'lake'"
        ).fetchall()
        counts = {}
        for schema, table in tables:
            rows = connection.execute(f'SELECT count(*) FROM "{schema}"."{table}"').fetchall()
            counts[table] = int(rows[0][0])
    return counts


def lineage_of(
    deployment: Deployment, project: str, manifest: Path, compute: Lineage, kept_in: Path
) -> dict[str, Any]:
    """Column lineage of the compiled `manifest`, from `kept_in` when it was worked out before.

    It follows from the project's files and the columns they read, not from any row, so that all
    lakes of one installation share it.
    """
    columns = _columns(deployment)
    content = json.dumps([project, columns], sort_keys=True).encode()
    kept = kept_in / f"column_lineage-{hashlib.sha256(content).hexdigest()[:16]}.json"
    if kept.exists():
        return dict(json.loads(kept.read_text("utf-8")))
    lineage = compute(json.loads(manifest.read_text("utf-8")), columns)
    durability.make_folder(kept_in)
    for outdated in kept_in.glob("column_lineage-*.json"):
        outdated.unlink(missing_ok=True)
    durability.write_atomically(kept, json.dumps(lineage, sort_keys=True).encode())
    return lineage


def _columns(deployment: Deployment) -> dict[str, dict[str, dict[str, str]]]:
    with duckdb.connect(str(deployment.build_file), read_only=True) as connection:
        rows = connection.execute(
            "SELECT schema_name, table_name, column_name, data_type FROM duckdb_columns()"
            " WHERE NOT internal"
        ).fetchall()
    columns: dict[str, dict[str, dict[str, str]]] = {}
    for schema, table, column, kind in rows:
        columns.setdefault(schema, {}).setdefault(table, {})[column] = kind
    return columns
