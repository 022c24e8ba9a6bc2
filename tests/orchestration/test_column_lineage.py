"""Column lineage of a small compiled project: down to the tables, and honest where lost."""

import pytest

from orchestration.column_lineage import column_lineage
from orchestration.dbt import relation_key

COLUMNS = {
    "lake": {
        "turns": {"turn_id": "VARCHAR", "text": "VARCHAR", "day": "DATE"},
        "tags": {"turn_id": "VARCHAR", "tag": "VARCHAR", "score": "DOUBLE"},
    },
    "staging": {"stg_turns": {"turn_id": "VARCHAR", "words": "VARCHAR"}},
}


def _of(sql: str, **more) -> dict[str, list[list[str]]]:
    node = {"resource_type": "model", "compiled_code": sql} | more
    return column_lineage({"nodes": {"model.lakehouse.one": node}}, COLUMNS)["model.lakehouse.one"]


TURN_ID = ["lake", "turns", "turn_id"]
TEXT = ["lake", "turns", "text"]
SCORE = ["lake", "tags", "score"]

FOLLOWED = {
    "select turn_id from lake.turns": {"turn_id": [TURN_ID]},
    'select "turn_id" as id from "build"."lake"."turns"': {"id": [TURN_ID]},
    "select * from lake.turns": {
        "turn_id": [TURN_ID],
        "text": [TEXT],
        "day": [["lake", "turns", "day"]],
    },
    "select text || turn_id as both_of from lake.turns": {"both_of": [TEXT, TURN_ID]},
    "with t as (select turn_id as id, text from lake.turns) select id, upper(text) as u from t": {
        "id": [TURN_ID],
        "u": [TEXT],
    },
    "select t.turn_id, max(g.score) as best from lake.turns t"
    " left join lake.tags g on g.turn_id = t.turn_id group by all": {
        "turn_id": [TURN_ID],
        "best": [SCORE],
    },
    "select turn_id from lake.turns union all select tag from lake.tags": {
        "turn_id": [["lake", "tags", "tag"], TURN_ID]
    },
    "select words from staging.stg_turns": {"words": [["staging", "stg_turns", "words"]]},
    "select 1 as one": {"one": []},
}


@pytest.mark.parametrize("sql", FOLLOWED)
def test_leaves_are_columns_of_tables(sql):
    assert _of(sql) == {name: sorted(leaves) for name, leaves in FOLLOWED[sql].items()}


@pytest.mark.parametrize("sql", ["select from where", "this is no sql at all ("])
def test_what_cannot_be_followed_is_left_out(sql):
    assert _of(sql) == {}


def test_one_lost_model_does_not_cost_the_others():
    nodes = {
        "model.a": {"resource_type": "model", "compiled_code": "select ((("},
        "model.b": {"resource_type": "model", "compiled_code": "select tag from lake.tags"},
    }
    found = column_lineage({"nodes": nodes}, COLUMNS)
    assert found == {"model.a": {}, "model.b": {"tag": [["lake", "tags", "tag"]]}}


@pytest.mark.parametrize(
    "node",
    [
        {"resource_type": "test", "compiled_code": "select turn_id from lake.turns"},
        {"resource_type": "seed"},
        {"resource_type": "model"},
        {"resource_type": "model", "compiled_code": ""},
    ],
)
def test_only_compiled_models_count(node):
    assert column_lineage({"nodes": {"n": node}}, COLUMNS) == {}


def test_the_manifest_is_not_changed():
    manifest = {
        "nodes": {"m": {"resource_type": "model", "compiled_code": "select tag from lake.tags"}}
    }
    before = repr(manifest), repr(COLUMNS)
    column_lineage(manifest, COLUMNS)
    assert (repr(manifest), repr(COLUMNS)) == before


@pytest.mark.parametrize(
    ("schema", "table", "key"),
    [
        ("lake", "turns", "silver/turns"),
        ("lake", "coverage", "bronze/coverage"),
        ("lake", "rejects", "bronze/rejects"),
        ("staging", "stg_turns", "gold/stg_turns"),
        ("marts", "customer_360", "gold/customer_360"),
    ],
)
def test_relations_are_named_as_assets(schema, table, key):
    assert relation_key(schema, table).to_user_string() == key
