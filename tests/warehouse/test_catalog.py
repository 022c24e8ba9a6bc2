"""Every table explains itself completely, and says nothing that its schema does not have."""

import pyarrow as pa
import pytest

from warehouse import catalog

TABLES = sorted(catalog.TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_every_column_is_described_and_every_description_has_a_column(name):
    table = catalog.table(name)
    assert set(table.column_descriptions) == set(table.schema.names)
    for column, text in table.column_descriptions.items():
        assert len(text) >= 10, f"{name}.{column} needs plain words"
        assert text.endswith((".", "...")), f"{name}.{column} needs a sentence"


@pytest.mark.parametrize("name", TABLES)
def test_keys_partitions_and_marks_name_existing_columns(name):
    table = catalog.table(name)
    columns = set(table.schema.names)
    assert table.key
    for mark in (table.key, table.partition_by, table.volatile, table.unindexed, table.words):
        assert set(mark) <= columns
    assert not set(table.key) & table.volatile, "a key must not change from run to run"


@pytest.mark.parametrize("name", TABLES)
def test_grain_owner_and_layer_are_stated(name):
    table = catalog.table(name)
    assert table.grain.startswith("One row per ")
    assert table.grain.endswith(".")
    assert table.owner
    assert table.description.endswith(".")
    assert table.name == f"{table.layer}.{table.short_name}"
    assert table.append_only == (table.layer == "bronze")


@pytest.mark.parametrize("name", TABLES)
def test_timestamps_are_aware_utc(name):
    for column in catalog.table(name).schema:
        if str(column.type).startswith("timestamp"):
            assert str(column.type) == "timestamp[us, tz=UTC]"


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("bronze.payloads", "raw"),
        ("bronze.records", "data"),
        ("bronze.records", "conversation_key"),
        ("silver.turns", "redacted_text"),
        ("silver.annotations", "evidence"),
        ("vault.handles", "handle"),
        ("vault.handles", "name"),
    ],
)
def test_words_and_handles_have_no_statistics(name, column):
    assert column not in catalog.table(name).statistics_columns


@pytest.mark.parametrize("name", TABLES)
def test_the_inventory_of_words_is_whole(name):
    table = catalog.table(name)
    assert not table.words & set(table.statistics_columns)
    told = {
        column
        for column, text in table.column_descriptions.items()
        if pa.types.is_string(table.schema.field(column).type)
        and ("redacted" in column + text or "personal data replaced" in text)
    }
    assert told - {"redaction_version"} <= table.words
    assert not table.words or table.pii in ("clear", "pseudonymous")


def test_clear_personal_data_is_only_in_bronze_and_the_vault():
    clear = {name for name, table in catalog.TABLES.items() if table.pii == "clear"}
    assert {catalog.table(name).layer for name in clear} <= {"bronze", "vault"}


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(KeyError, match=r"silver\.turns"):
        catalog.table("silver.turn")
