"""No clear personal data outside the vault and bronze: every canary is searched everywhere."""

import re
from pathlib import Path

import ahocorasick
import duckdb

from warehouse.delta import Lake
from warehouse.publish import current

_OPEN = ("silver.", "bronze.coverage")


def _canaries(truth: Path) -> ahocorasick.Automaton:
    automaton = ahocorasick.Automaton()
    for line in (truth / "canaries.txt").read_text("utf-8").splitlines():
        if len(line.strip()) >= 6:
            automaton.add_word(line.strip().lower(), line.strip())
    automaton.make_automaton()
    return automaton


def _hits(automaton: ahocorasick.Automaton, text: str) -> list[str]:
    lowered = text.lower()
    found = []
    for end, word in automaton.iter(lowered):
        start = end - len(word) + 1
        # A number inside a longer one (a hash, an amount) is not the canary.
        around = lowered[max(0, start - 1) : start] + lowered[end + 1 : end + 2]
        if not re.search(r"[0-9a-z]", around):
            found.append(lowered[max(0, start - 40) : end + 40])
    return found


def _texts(relation: duckdb.DuckDBPyRelation) -> str:
    return "\n".join(repr(row) for row in relation.fetchall())


def test_no_canary_in_silver_or_marts(undisturbed, truth):
    canaries = _canaries(truth)
    assert len(canaries) > 50
    lake = Lake(undisturbed.lake)
    leaks = {}
    for name in (
        "interactions",
        "turns",
        "participants",
        "annotations",
        "identity_edges",
        "persons",
        "crm_customers",
        "crm_handles",
        "crm_subscriptions",
        "crm_orders",
        "crm_churn_outcomes",
        "survey_responses",
    ):
        rows = lake.read(f"silver.{name}").to_pylist()
        if found := _hits(canaries, "\n".join(map(repr, rows))):
            leaks[name] = (len(found), found[:3])
    with duckdb.connect(
        str(current(undisturbed.lake / "published").path), read_only=True
    ) as connection:
        tables = connection.execute(
            "select table_name from information_schema.tables where table_schema = 'marts'"
        ).fetchall()
        for (name,) in tables:
            if found := _hits(canaries, _texts(connection.sql(f'select * from marts."{name}"'))):
                leaks[f"marts.{name}"] = (len(found), found[:3])
    assert leaks == {}


def test_no_canary_in_raw_bytes_of_what_analysts_open(undisturbed, truth):
    """Column statistics, comments and leftovers in the file count as well."""
    canaries = _canaries(truth)
    for path in (undisturbed.lake / "published").glob("*.duckdb"):
        content = path.read_bytes().decode("latin-1")
        assert _hits(canaries, content) == []


def test_no_canary_in_logs(undisturbed, truth):
    canaries = _canaries(truth)
    for path in (undisturbed.root / "dagster").rglob("*"):
        if path.is_file():
            assert _hits(canaries, path.read_bytes().decode("latin-1")) == [], path.name
