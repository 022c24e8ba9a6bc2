"""Values become SQL without ever becoming code."""

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from warehouse import sql

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"))


@given(TEXT)
def test_texts_come_back_as_they_were(text):
    with duckdb.connect() as connection:
        assert connection.execute(f"SELECT {sql.literal(text)}").fetchall() == [(text,)]


@given(TEXT.filter(bool))
def test_names_come_back_as_they_were(text):
    with duckdb.connect() as connection:
        relation = connection.sql(f"SELECT 1 AS {sql.name(text)}")
        assert relation.columns == [text]


@pytest.mark.parametrize("value", [1.5, True, None, b"x", datetime(2026, 1, 1, tzinfo=UTC)])
def test_other_values_are_refused(value):
    with pytest.raises(TypeError):
        sql.literal(value)


def test_a_nul_is_refused():
    with pytest.raises(ValueError, match="NUL"):
        sql.literal("a\x00b")


@pytest.mark.parametrize(
    ("partitions", "expected"),
    [
        ([{"event_date": date(2026, 1, 2)}], "(\"event_date\" = CAST('2026-01-02' AS DATE))"),
        ([{"event_date": None}], '("event_date" IS NULL)'),
        (
            [{"event_date": date(2026, 1, 2)}, {"event_date": date(2026, 1, 1)}],
            "(\"event_date\" IN (CAST('2026-01-01' AS DATE), CAST('2026-01-02' AS DATE)))",
        ),
        (
            [{"event_date": date(2026, 1, 2), "release": "a'b"}],
            "(\"release\" = 'a''b' AND \"event_date\" = CAST('2026-01-02' AS DATE))",
        ),
        ([{"release": "a"}, {"release": None}], '("release" = \'a\') OR ("release" IS NULL)'),
    ],
)
def test_partition_predicates(partitions, expected):
    assert sql.partition_predicate(partitions) == expected


def test_a_partition_without_columns_is_refused():
    """It would mean every row."""
    with pytest.raises(ValueError, match="at least one column"):
        sql.partition_predicate([{}])


@pytest.mark.parametrize("file", ["a'b.parquet", "a[1].parquet", "a*.parquet", "a?.parquet"])
def test_file_names_are_exact(tmp_path: Path, file):
    for name in (file, "a1.parquet", "ab.parquet"):
        target = sql.literal(str(tmp_path / name))
        duckdb.sql(f"COPY (SELECT {sql.literal(name)} AS name) TO {target} (FORMAT parquet)")
    listed = sql.file_list([tmp_path / file])
    assert duckdb.sql(f"SELECT name FROM read_parquet({listed})").fetchall() == [(file,)]
