"""The project as dbt reads it: descriptions, owners, traces, no deprecated spelling."""

from pathlib import Path
from typing import Any, get_args

import orjson
import pyarrow as pa
import pytest
from small_lake import PROJECT, TABLES, dbt, rows
from story import STORY

from warehouse import contracts, vocabulary


@pytest.fixture(scope="module")
def manifest(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    file = tmp_path_factory.mktemp("parse") / "build.duckdb"
    done = dbt("parse", file, "--no-partial-parse", "--show-all-deprecations")
    assert done.returncode == 0, done.stdout
    assert "eprecat" not in done.stdout, done.stdout
    return orjson.loads((file.parent / "build-dbt" / "target" / "manifest.json").read_bytes())


@pytest.fixture(scope="module")
def marts(manifest: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        node["name"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model" and node["schema"] == "marts"
    }


def test_every_mart_has_contract_owner_and_described_columns(marts: dict[str, Any]) -> None:
    assert len(marts) >= 12
    for name, node in marts.items():
        assert node["contract"]["enforced"], name
        assert node["group"], name
        assert node["description"], name
        for column in node["columns"].values():
            assert column["description"] and column["data_type"], (name, column["name"])


def test_every_model_is_described_and_begins_with_its_grain(manifest: dict[str, Any]) -> None:
    for node in manifest["nodes"].values():
        if node["resource_type"] == "model":
            assert node["description"], node["name"]
            assert node["raw_code"].startswith("-- Grain: one row per "), node["name"]


def trace_fault(trace: dict[str, Any], facts: set[str]) -> str | None:
    """Why a trace leads nowhere; None when it leads somewhere."""
    families = {"flag": vocabulary.FLAGS}
    match trace:
        case {"kind": "annotations", "family": family}:
            if family not in vocabulary.ANNOTATION_FAMILIES:
                return "unknown family"
            known = families.get(family, (trace.get("tag"),))
            return None if trace.get("tag", known[0]) in known else "unknown tag"
        case {"kind": "interactions", "column": column}:
            return None if column in facts else "unknown column of fct_interaction"
        case {"kind": "scores", "score_type": kind}:
            return None if kind in ("csat", "ces", "nps") else "unknown score"
        case {"kind": "crm", "table": table, "column": column} if table in TABLES:
            schema: pa.Schema = getattr(contracts, table.upper())
            return None if column in schema.names else "unknown CRM column"
        case {"kind": "all", "rules": list(parts)}:
            return next((fault for part in parts if (fault := trace_fault(part, facts))), None)
        case {"kind": "identity"}:
            return None
    return "unknown shape"


def test_every_360_column_can_be_walked_back(marts: dict[str, Any]) -> None:
    facts = set(marts["fct_interaction"]["columns"])
    faults = {
        name: trace_fault(column["config"]["meta"].get("trace", {}), facts)
        for name, column in marts["customer_360"]["columns"].items()
    }
    for mart in ("churn_watchlist", "dim_customer"):
        for name, column in marts[mart]["columns"].items():
            if rule := column["config"]["meta"].get("trace"):
                faults[f"{mart}.{name}"] = trace_fault(rule, facts)
            else:
                assert name in marts["customer_360"]["columns"], (mart, name)
    assert {name: fault for name, fault in faults.items() if fault} == {}


@pytest.mark.parametrize(
    "trace",
    [
        {},
        {"kind": "annotations", "family": "mood"},
        {"kind": "annotations", "family": "flag", "tag": "asks_robot"},
        {"kind": "interactions", "column": "weather"},
        {"kind": "all", "rules": [{"kind": "interactions", "column": "weather"}]},
        {"kind": "crm", "table": "crm_customers", "column": "shoe_size"},
        {"kind": "crm", "table": "vault_handles", "column": "name"},
    ],
)
def test_a_trace_that_leads_nowhere_is_found(trace: dict[str, Any]) -> None:
    assert trace_fault(trace, {"channel"})


def test_columns_with_words_of_people_say_so(marts: dict[str, Any], built: Path) -> None:
    said = {row["evidence"] for row in STORY["annotations"]}
    said |= {row["redacted_text"] for row in STORY["turns"] if row["redacted_text"]}
    said = {text for text in said if len(text) >= 8}
    assert len(said) > 8
    marked, holding = set(), set()
    for mart, node in marts.items():
        columns = node["columns"].values()
        marked |= {f"{mart}.{c['name']}" for c in columns if c["config"]["meta"].get("words")}
        for row in rows(built, f"from marts.{mart}"):
            texts = {name: str(value) for name, value in row.items() if value}
            holding |= {
                f"{mart}.{name}" for name, held in texts.items() if any(t in held for t in said)
            }
    assert {"fct_annotation.evidence", "fct_interaction.quote"} <= holding <= marked


def test_sources_name_their_assets(manifest: dict[str, Any]) -> None:
    keys = {
        node["name"]: node["config"]["meta"]["dagster"]["asset_key"]
        for node in manifest["sources"].values()
    }
    told = {"parameters": ["silver", "annotations"], "changed_dates": ["silver", "interactions"]}
    tables = {name: ["bronze" if name == "coverage" else "silver", name] for name in TABLES}
    tables["contact_rules"] = tables["quality_form"] = ["silver", "annotations"]
    assert keys == tables | told


def test_drivers_and_channels_cover_the_vocabulary(built: Path) -> None:
    drivers = {row["driver"] for row in rows(built, "from marts.dim_driver where is_standard")}
    channels = {row["channel"] for row in rows(built, "from marts.dim_channel")}
    assert drivers == set(vocabulary.DRIVERS)
    assert channels == set(get_args(vocabulary.Channel))


def test_sql_is_lower_case_and_names_its_zone() -> None:
    for file in sorted(PROJECT.glob("**/*.sql")):
        text = file.read_text()
        code = "\n".join(line.split("--")[0] for line in text.splitlines())
        assert not any(word in code for word in ("SELECT ", "FROM ", "WHERE ", "JOIN ")), file
        assert "group by 1" not in code, file
        assert "current_date" not in code and "now()" not in code, file
