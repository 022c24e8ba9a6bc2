"""From which columns each mart column is made, read off the compiled SQL.

Needed by the Dagster page; how evidence is walked back for one cell is `warehouse.lineage`.
"""

import logging
from collections.abc import Iterator, Mapping
from typing import Any

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.lineage import lineage
from sqlglot.optimizer import build_scope
from sqlglot.optimizer.qualify import qualify

Columns = Mapping[str, Mapping[str, Mapping[str, str]]]
"""Schema -> table -> column -> type, of everything that models read."""

_DIALECT = "duckdb"


def column_lineage(manifest: Mapping[str, Any], columns: Columns) -> dict[str, Any]:
    """{model unique id: {column: [[schema, table, column], ...]}}, empty where SQL is too clever."""
    # The parser reports statements it cannot follow on its log; the result shows them anyway.
    logging.getLogger("sqlglot").setLevel(logging.ERROR)
    return {
        unique_id: dict(_of_model(node["compiled_code"], columns))
        for unique_id, node in manifest["nodes"].items()
        if node["resource_type"] == "model" and node.get("compiled_code")
    }


def _of_model(sql: str, columns: Columns) -> Iterator[tuple[str, list[list[str]]]]:
    try:
        tree = sqlglot.parse_one(sql, dialect=_DIALECT)
        for table in tree.find_all(exp.Table):
            table.set("catalog", None)
        query = qualify(
            tree, schema=dict(columns), dialect=_DIALECT, validate_qualify_columns=False
        )
        scope = build_scope(query)
    except SqlglotError:
        return
    for name in query.named_selects:
        try:
            # The query is qualified already; copying it for every column would cost most.
            root = lineage(
                name,
                query,
                schema=dict(columns),
                scope=scope,
                dialect=_DIALECT,
                copy=False,
                trim_selects=False,
            )
        except (SqlglotError, ValueError):
            continue
        yield name, _leaves(root)


def _leaves(root: Any) -> list[list[str]]:
    found = set()
    for node in root.walk():
        table = node.expression.find(exp.Table)
        if not node.downstream and table is not None and table.db:
            found.add((table.db, table.name, node.name.split(".")[-1].strip('"')))
    return [list(leaf) for leaf in sorted(found)]
