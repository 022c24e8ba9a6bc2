"""From one cell of a published mart back to tags, turns, payloads, files and versions.

Which rows stand behind a column is data: every column of `customer_360` names it in its dbt
description (meta.trace); marts of single interactions or tags are followed by their ids. The
walk reads the published snapshot and the lake; it writes nothing.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

from warehouse.delta import Lake
from warehouse.origins import Origin, origins_of, sightings
from warehouse.query import run
from warehouse.sql import literal, name

KEYS: Mapping[str, str] = {
    "customer_360": "person_id",
    "churn_watchlist": "person_id",
    "dim_customer": "person_id",
    "customer_timeline": "event_id",
    "fct_interaction": "interaction_id",
    "fct_annotation": "annotation_id",
    "fct_score": "score_id",
    "fct_recording": "recording_id",
    "compliance_findings": "finding_id",
    "quality_judgements": "judgement_id",
}
"""Marts that can be traced, and the column that names one row of each."""

_TAG_COLUMNS = (
    "interaction_id, turn_no, family, tag, score, evidence, char_start, char_end, detector,"
    " detector_version, rulebook_version, release, business_date"
)
_FACTS = frozenset({"score_id", "recording_id", "judgement_id"})
_CRM_KEY = "customer_key"


class Untraceable(ValueError):
    """The table, row or column does not exist or has no rule; the message says which."""


@dataclass(frozen=True)
class Trace:
    """The value of a cell and, newest first, the evidence behind it with its origin."""

    table: str
    key: str
    column: str
    value: Any
    rule: Mapping[str, Any]
    snapshot: Mapping[str, Any]
    total: int
    evidence: Sequence[Mapping[str, Any]]
    origins: Sequence[Origin] = field(default_factory=tuple)


def trace(
    lake: Lake, published: Path, table: str, key: str, column: str, *, limit: int, raw: bool
) -> Trace:
    """Walk back from `table`.`column` of the row `key`; at most `limit` pieces of evidence.

    `raw` adds the source's own bytes, which hold personal data. Raises Untraceable.
    """
    table = table.removeprefix("marts.")
    row = _row(published, table, key, column)
    rule = _rule(published, table, column)
    found = _evidence(lake, published, row, rule, row[column])
    chosen = found[:limit]
    return Trace(
        table=table,
        key=key,
        column=column,
        value=row[column],
        rule=rule,
        snapshot=run(published, "select * from meta.snapshot").to_pylist()[0],
        total=len(found),
        evidence=chosen,
        origins=origins_of(lake, chosen, raw=raw),
    )


def _row(published: Path, table: str, key: str, column: str) -> dict[str, Any]:
    if table not in KEYS:
        raise Untraceable(f"{table} cannot be traced; choose one of {', '.join(sorted(KEYS))}")
    rows = run(
        published, f"select * from marts.{name(table)} where {name(KEYS[table])} = {literal(key)}"
    ).to_pylist()
    if not rows:
        raise Untraceable(f"{table} has no row with {KEYS[table]} {key}")
    if column not in rows[0]:
        raise Untraceable(f"{table} has no column {column}; it has {', '.join(rows[0])}")
    return dict(rows[0])


def _rule(published: Path, table: str, column: str) -> dict[str, Any]:
    """The column's own rule, that of the same column in customer_360, or to follow the ids."""
    stated = run(published, "select metadata from meta.snapshot").to_pylist()[0]["metadata"]
    rules = json.loads(stated).get("trace", {})
    for mart in (table, "customer_360"):
        if column in rules.get(mart, {}):
            return dict(rules[mart][column])
    return {"kind": "row"}


def _evidence(
    lake: Lake, published: Path, row: Mapping[str, Any], rule: Mapping[str, Any], value: Any
) -> list[dict[str, Any]]:
    if rule["kind"] == "recordings":
        return _recordings(published, row)
    if rule["kind"] == "row" or "interaction_id" in row:
        return _of_row(published, row)
    if rule["kind"] == "all":
        parts = [_evidence(lake, published, row, part, None) for part in rule["rules"]]
        return [item for part in parts for item in part]
    if rule["kind"] == "annotations":
        return _annotations(published, row, rule, value)
    if rule["kind"] == "interactions":
        return _interactions(published, row, rule)
    if rule["kind"] == "scores":
        return _scores(published, row, rule)
    keys = _handles(lake, row["person_id"])
    if rule["kind"] == "crm":
        return _crm(lake, rule, keys)
    return _identity(lake, keys)


def _since(row: Mapping[str, Any], rule: Mapping[str, Any]) -> str:
    if "days" not in rule or row.get("as_of_date") is None:
        return ""
    first = row["as_of_date"] - timedelta(days=int(rule["days"]))
    return f" and business_date > {literal(first)}"


def _annotations(
    published: Path, row: Mapping[str, Any], rule: Mapping[str, Any], value: Any
) -> list[dict[str, Any]]:
    """Tags of the family; a cell that itself holds a tag is explained by that tag."""
    condition = f"person_id = {literal(row['person_id'])} and family = {literal(rule['family'])}"
    condition += _since(row, rule)
    if "tag" in rule:
        condition += f" and tag = {literal(rule['tag'])}"
    query = f"select {_TAG_COLUMNS} from marts.fct_annotation where {condition}"
    order = " order by business_date desc, interaction_id, turn_no, score desc"
    found = run(published, query + order).to_pylist()
    same = [tag for tag in found if tag["tag"] == value]
    return same or found


def _interactions(
    published: Path, row: Mapping[str, Any], rule: Mapping[str, Any]
) -> list[dict[str, Any]]:
    column = name(rule["column"])
    return run(
        published,
        f"select interaction_id, channel, direction, started_at, {column} as value, payload_id"
        f" from marts.fct_interaction where person_id = {literal(row['person_id'])}"
        f"{_since(row, rule)} and {column} is not null order by started_at desc",
    ).to_pylist()


def _scores(
    published: Path, row: Mapping[str, Any], rule: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Scores of contacts and answers to surveys, each with the record or payload that states it."""
    return run(
        published,
        "select score_id, interaction_id, score_type, score, given_in, scored_at, record_id,"
        f" payload_id from marts.fct_score where person_id = {literal(row['person_id'])}"
        f"{_since(row, rule)} and score_type = {literal(rule['score_type'])}"
        " order by scored_at desc, score_id",
    ).to_pylist()


def _of_row(published: Path, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """A row about one tag, score, recording or judgement is its own evidence; others rest on their tags."""
    itself = row.get("turn_no") is not None or _FACTS & row.keys()
    if itself or row.get("interaction_id") is None:
        return [dict(row)]
    condition = f"interaction_id = {literal(row['interaction_id'])} and family <> 'language'"
    query = f"select {_TAG_COLUMNS} from marts.fct_annotation where {condition}"
    found = run(published, query + " order by turn_no, family, tag").to_pylist()
    return found or [dict(row)]


def _recordings(published: Path, row: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The recordings of a call, each measured from the bytes of its file."""
    where = f"interaction_id = {literal(row['interaction_id'])}"
    query = f"select * from marts.fct_recording where {where} order by recording_id"
    return run(published, query).to_pylist()


def _handles(lake: Lake, person_id: str) -> list[dict[str, Any]]:
    return lake.read("silver.persons", where=f"person_id = {literal(person_id)}").to_pylist()


def _crm(
    lake: Lake, rule: Mapping[str, Any], handles: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    keys = [handle["handle_key"] for handle in handles if handle["handle_type"] == "crm_id"]
    if not keys:
        return []
    listed = ", ".join(literal(key) for key in keys)
    rows = lake.read(f"silver.{rule['table']}", where=f"{_CRM_KEY} IN ({listed})").to_pylist()
    return [
        {
            "table": f"silver.{rule['table']}",
            "value": row[rule["column"]],
            "record_id": row["record_id"],
            "payload_id": row["payload_id"],
        }
        for row in rows
    ]


def _identity(lake: Lake, handles: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    listed = ", ".join(literal(handle["handle_key"]) for handle in handles)
    if not listed:
        return []
    where = f"left_key IN ({listed}) OR right_key IN ({listed})"
    edges = lake.read("silver.identity_edges", where=where).to_pylist()
    return sightings(lake, sorted(edges, key=lambda edge: (not edge["active"], edge["edge_id"])))
