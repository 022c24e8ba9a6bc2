"""CRM and survey tables: recognised by header, typed cell by cell, one bad row costs one row."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.connectors.base import Limits
from ingestion.connectors.tabular import TabularConnector
from tests.ingestion.connectors.reading_records import of_kind, parsed, read_file, reasons

CONNECTOR = TabularConnector()
SURVEY = "response_id,crm_id,interaction_ref,survey_type,score,comment,answered_at"
CUSTOMER = "crm_id,name,phone,email,birth_year,signed_up_on,marketing_consent,updated_at"
TIME = "2026-01-05T08:00:00+07:00"


def read(tmp_path: Path, content: str | bytes) -> list[Any]:
    path = tmp_path / "file"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(CONNECTOR, path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_customers_in_every_dialect(tmp_path: Path, delimiter: str, start: bytes, end: str):
    row = ["C-1", "Rahayu Contoh", "0811", "r@x.example", "1990", "2024-02-03", "true", TIME]
    text = end.join([CUSTOMER.replace(",", delimiter), delimiter.join(row), ""])
    record = read(tmp_path, start + text.encode())[0]
    assert record.kind == "crm"
    assert record.data["table"] == "customers"
    assert record.data["key"] == "C-1"
    assert record.conversation_key == "crm:customers:C-1"
    assert record.names == ("Rahayu Contoh",)
    assert record.event_at == datetime(2026, 1, 5, 1, tzinfo=UTC)
    assert record.data["row"]["birth_year"] == 1990
    assert record.data["row"]["marketing_consent"] is True
    assert record.data["row"]["signed_up_on"] == "2024-02-03"
    assert record.data["row"]["city"] is None


@pytest.mark.parametrize(
    ("header", "row", "table", "key"),
    [
        ("order_id,crm_id,amount,ordered_at", f"O-1,C-1,1500.5,{TIME}", "orders", "O-1"),
        (
            "subscription_id,crm_id,plan,updated_at",
            f"S-1,C-1,Vara,{TIME}",
            "subscriptions",
            "S-1",
        ),
        ("crm_id,churned_on,reason,updated_at", f"C-1,2026-01-01,,{TIME}", "churn_outcomes", "C-1"),
    ],
)
def test_the_other_tables(tmp_path: Path, header: str, row: str, table: str, key: str):
    record = read(tmp_path, f"{header}\n{row}\n")[0]
    assert (record.data["table"], record.data["key"]) == (table, key)


def test_survey_answers(tmp_path: Path):
    text = f'{SURVEY}\nR-1,C-1,<m1@x.example>,CSAT,4,"Cepat, ""ramah""\nsekali",{TIME}\n'
    record = read(tmp_path, text)[0]
    assert record.kind == "survey"
    assert record.data["survey_type"] == "csat"
    assert record.data["score"] == 4.0
    assert record.data["comment"] == 'Cepat, "ramah"\nsekali'
    assert record.data["interaction_ref"] == "m1@x.example"
    assert record.data["answered_at"] == datetime(2026, 1, 5, 1, tzinfo=UTC)


def test_rows_keep_their_bytes_and_places(tmp_path: Path):
    path = tmp_path / "s.csv"
    path.write_bytes(f'{SURVEY}\nR-1,,,nps,9,"a\nb",{TIME}\n\nR-2,,,nps,8,,{TIME}'.encode())
    payloads = list(CONNECTOR.fetch(path))
    assert [payload.position for payload in payloads] == ["row 1", "row 2"]
    whole = path.read_bytes()
    for payload in payloads:
        assert whole[payload.byte_start : payload.byte_end] == payload.raw


def test_old_spreadsheets_write_windows_text(tmp_path: Path):
    record = read(tmp_path, f"{SURVEY}\nR-1,,,nps,9,café,{TIME}\n".encode("cp1252"))[0]
    assert record.data["comment"] == "café"


@pytest.mark.parametrize(
    ("row", "reason", "column"),
    [
        (f"R,,,csat,lima,,{TIME}", "bad_cell", "score"),
        (f"R,,,csat,1_0,,{TIME}", "bad_cell", "score"),
        (f"R,,,csat,nan,,{TIME}", "bad_cell", "score"),
        (f'R,,,csat,"4,5",,{TIME}', "bad_cell", "score"),
        (f"R,,,nps,11,,{TIME}", "bad_cell", "score"),
        (f"R,,,nps,7.5,,{TIME}", "bad_cell", "score"),
        (f"R,,,mood,3,,{TIME}", "bad_cell", "survey_type"),
        (f",,,csat,3,,{TIME}", "missing_field", "response_id"),
        (f"R,,,csat,,,{TIME}", "missing_field", "score"),
        ("R,,,csat,3,,", "missing_field", "answered_at"),
        ("R,,,csat,3,,2026-01-05 08:00:00", "naive_time", "answered_at"),
        ("R,,,csat,3,,kemarin", "bad_time", "answered_at"),
        ("R,,,csat,3", "wrong_columns", "cells"),
        (f'R,,,csat,3,"x"y,{TIME}', "bad_csv", "quotes"),
    ],
)
def test_bad_rows_are_refused_alone(tmp_path: Path, row: str, reason: str, column: str):
    found = read(tmp_path, f"{SURVEY}\n{row}\nR-2,,,csat,5,,{TIME}\n")
    assert reasons(found) == [reason]
    assert column in str(found[0])
    assert "lima" not in str(found[0]) and "kemarin" not in str(found[0])
    assert len(of_kind(found, "survey")) == 1


def test_an_unclosed_quote_costs_a_bounded_part(tmp_path: Path):
    long = "x" * 2_000_000
    found = read(tmp_path, f'{SURVEY}\nR-1,,,nps,9,"{long}\nR-2,,,nps,8,,{TIME}\n')
    assert reasons(found) == ["too_large"]
    assert len(of_kind(found, "survey")) == 1


@pytest.mark.parametrize(
    ("head", "known"),
    [
        (SURVEY, True),
        (CUSTOMER, True),
        ("CRM_ID, Name ,updated_at,city", True),
        ("id,_fivetran_synced,body,created,ticket_id,user_id", False),
        ("name,phone", False),
        ("crm_id,updated_at", False),
        ("crm_id,crm_id,name,updated_at", False),
        ("", False),
        ('{"crm_id": 1}', False),
        ("PAR1rest", True),
    ],
)
def test_recognised_by_header(head: str, known: bool):
    assert CONNECTOR.recognises("some/name", f"{head}\nrow".encode()) is known


def orders(**columns: list[Any]) -> pa.Table:
    base = {
        "order_id": ["O-1"],
        "crm_id": ["C-1"],
        "amount": [12.5],
        "ordered_at": [datetime(2026, 1, 5, 1, tzinfo=UTC)],
    }
    return pa.table(base | columns)


@pytest.mark.parametrize(
    ("columns", "amount"),
    [({}, 12.5), ({"amount": [Decimal("12.50")]}, 12.5), ({"amount": [12]}, 12.0)],
)
def test_parquet_rows(tmp_path: Path, columns: dict[str, list[Any]], amount: float):
    pq.write_table(orders(**columns), tmp_path / "o")
    record = read_file(CONNECTOR, tmp_path / "o")[0]
    assert record.data["row"]["amount"] == amount
    assert record.event_at == datetime(2026, 1, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("columns", "reason"),
    [
        ({"ordered_at": [datetime(2026, 1, 5)]}, "naive_time"),  # noqa: DTZ001
        ({"amount": ["much"]}, "bad_cell"),
        ({"amount": [True]}, "bad_cell"),
        ({"order_id": [7]}, "bad_cell"),
        ({"crm_id": [None]}, "missing_field"),
    ],
)
def test_parquet_types_are_exact(tmp_path: Path, columns: dict[str, list[Any]], reason: str):
    pq.write_table(orders(**columns), tmp_path / "o")
    assert reasons(read_file(CONNECTOR, tmp_path / "o")) == [reason]


def test_foreign_and_damaged_parquet(tmp_path: Path):
    pq.write_table(pa.table({"a": [1]}), tmp_path / "a")
    assert reasons(read_file(CONNECTOR, tmp_path / "a")) == ["unknown_columns"]
    (tmp_path / "b").write_bytes((tmp_path / "a").read_bytes()[:-9])
    assert reasons(read_file(CONNECTOR, tmp_path / "b")) == ["bad_parquet"]


def test_a_row_needs_its_header():
    assert reasons(parsed(CONNECTOR, b"a,b")) == ["no_header"]
    small = TabularConnector(limits=Limits(payload_bytes=2))
    assert reasons(parsed(small, b"a,b")) == ["too_large"]


JUDGED = "interaction,criterion,judgement,judged_by,judged_at,reason"


@pytest.mark.parametrize(
    ("row", "reason", "words"),
    [
        (f"i1,Bu Rina Contoh,met,qa@example.com,{TIME},x", "bad_cell", "criterion's id"),
        (f"i1,greeting,maybe,qa@example.com,{TIME},x", "bad_cell", "met, not_met, not_applicable"),
        (f"i1,greeting,met,,{TIME},x", "missing_field", "judged_by"),
    ],
)
def test_judgements(tmp_path: Path, row: str, reason: str, words: str):
    path = tmp_path / "judged.csv"
    path.write_text(f"{JUDGED}\n{row}\ni2,greeting,Met,qa@example.com,{TIME},heard it\n")
    bad, good = read_file(TabularConnector(), path)
    assert (good.kind, good.data["judgement"], good.data["interaction"]) == (
        "judgement", "met", "i2",
    )  # fmt: skip
    assert bad.reason == reason and words in str(bad) and "Rina" not in str(bad)
