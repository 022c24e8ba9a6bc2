"""Figures of two build files side by side."""

from pathlib import Path

import duckdb
import pytest

from warehouse.mart_diff import mart_diff

SAME = "SELECT 'P1' AS person_id, 1 AS contacts, 'none' AS churn_level, false AS watched"


def _file(path: Path, **marts: str) -> Path:
    with duckdb.connect(str(path)) as connection:
        connection.execute("CREATE SCHEMA marts; CREATE SCHEMA intermediate")
        connection.execute("CREATE TABLE intermediate.unseen AS SELECT random() AS n")
        for name, query in marts.items():
            connection.execute(f"CREATE TABLE marts.{name} AS {query}")
    return path


def _diff(folder: Path, before: dict[str, str], after: dict[str, str]) -> set[tuple]:
    found = mart_diff(_file(folder / "one.duckdb", **before), _file(folder / "two.duckdb", **after))
    assert found == sorted(found, key=lambda f: (f.mart, f.column, f.measure))
    return {(f.mart, f"{f.column} {f.measure}".strip(), f.before, f.after) for f in found}


def test_equal_files_do_not_differ(tmp_path: Path) -> None:
    assert _diff(tmp_path, {"customers": SAME}, {"customers": SAME}) == set()


@pytest.mark.parametrize(
    ("after", "figures"),
    [
        (SAME.replace("1 AS", "3 AS"), {("contacts mean", 1, 3), ("contacts sum", 1, 3)}),
        (SAME.replace("1 AS", "NULL::INT AS"), {("contacts mean", 1, None), ("contacts sum", 1, None)}),
        (SAME.replace("'none'", "'implied'"), {("churn_level is implied", None, 1), ("churn_level is none", 1, None)}),
        (SAME.replace("false", "true"), {("watched true", 0, 1)}),
        (SAME.replace("'P1'", "'P2'"), set()),
        (SAME + " WHERE false", {
            ("rows", 1, 0), ("contacts mean", 1, None), ("contacts sum", 1, None),
            ("churn_level is none", 1, None),
        }),
    ],
    ids=["number", "null", "word", "truth", "id", "no rows"],
)  # fmt: skip
def test_each_kind_of_column_has_its_figures(tmp_path: Path, after: str, figures: set) -> None:
    expected = {("customers", *figure) for figure in figures}
    assert _diff(tmp_path, {"customers": SAME}, {"customers": after}) == expected


def test_columns_of_many_words_are_no_figures(tmp_path: Path) -> None:
    many = "SELECT 'q' || n AS quote FROM range({}, {}) AS r(n)"
    assert _diff(tmp_path, {"m": many.format(0, 90)}, {"m": many.format(5, 95)}) == set()


def test_lists_are_no_figures(tmp_path: Path) -> None:
    query = "SELECT 1 AS n, [1.5, {}] AS by_channel"
    assert _diff(tmp_path, {"m": query.format(2)}, {"m": query.format(3)}) == set()


def test_a_mart_that_only_one_side_has_is_shown(tmp_path: Path) -> None:
    found = _diff(tmp_path, {}, {"customers": SAME})
    assert ("customers", "rows", None, 1) in found
    assert all(before is None for _, _, before, _ in found)
