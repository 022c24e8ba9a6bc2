"""Facts that the pages repeat are those of the catalogue, the dbt project and the model cards."""

import csv
import re

import pytest
from pages import README, ROOT, table, text_of
from test_queries import columns_with_words, declared_marts

from ingestion.connectors.tabular_tables import FORMATS
from orchestration.steps.publish import PUBLIC
from warehouse.catalog import TABLES

DOCS = ROOT / "docs"


def test_lake_tables_grains_and_personal_data():
    stated = {row[0]: tuple(row[1:]) for row in table(DOCS / "tables.md", "table")}
    assert stated == {
        name: (item.grain, item.pii, ", ".join(sorted(item.words))) for name, item in TABLES.items()
    }


def test_marts_and_their_delta_copies():
    rows = table(DOCS / "tables.md", "mart")
    assert {row[0] for row in rows} == set(declared_marts())
    assert {row[0] for row in rows if row[2] == "yes"} == set(PUBLIC)
    marked = {name: ", ".join(sorted(columns_with_words(name))) for name in declared_marts()}
    assert {row[0]: row[3] for row in rows} == marked


def test_weights_of_the_churn_score():
    seed = ROOT / "dbt_project" / "seeds" / "churn_weights.csv"
    with seed.open(encoding="utf-8", newline="") as handle:
        known = [[r["signal"], r["weight_each"], r["weight_most"]] for r in csv.DictReader(handle)]
    assert table(DOCS / "metrics.md", "sign") == known


def test_points_of_effort():
    seed = ROOT / "dbt_project" / "seeds" / "effort_weights.csv"
    with seed.open(encoding="utf-8", newline="") as handle:
        known = [list(row.values()) for row in csv.DictReader(handle)]
    assert table(DOCS / "metrics.md", "reason") == known


def test_metric_columns_exist():
    columns = {column for listed in declared_marts().values() for column, _ in listed}
    for row in table(DOCS / "metrics.md", "metric"):
        for name in re.findall(r"[a-z_0-9.]*[a-z_0-9]", row[1]):
            mart, _, column = name.rpartition(".")
            assert column in columns | set(declared_marts()), name
            assert not mart or column in dict(declared_marts()[mart]), name


@pytest.mark.parametrize("form", FORMATS, ids=lambda form: form.table)
def test_columns_of_crm_and_survey_files(form):
    rows = {row[0]: row[1] for row in table(DOCS / "sources" / "crm.md", "table")}
    stated = rows[form.table].split(", ")
    assert {name.strip("*") for name in stated} == set(form.columns)
    assert {name.strip("*") for name in stated if name.startswith("**")} == form.required


def test_model_figures_are_those_of_the_cards():
    rows = table(README, "tag")
    assert rows
    for row in rows:
        card = text_of(ROOT / re.search(r"\((.+)\)", row[-1])[1])
        for figure in re.findall(r"\d\.\d{3}", " ".join(row)):
            assert figure in card, f"{row[0]}: {figure}"
