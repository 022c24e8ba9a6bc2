"""Mapped CRM and survey tables: the same records as files with our own column names give."""

from pathlib import Path

import pytest

from ingestion.connectors.tabular import TabularConnector
from tests.ingestion.connectors.reading_records import read_file, reasons
from tests.ingestion.mappings.mapped_files import read

HEAD = "name: t\nmatch: t.csv\nformat: csv\n"
CUSTOMERS = (
    HEAD
    + """\
kind: customers
decimal: ","
time: {format: "%d/%m/%Y %H:%M", zone: company, day: "%d/%m/%Y"}
columns:
  crm_id: ID Pelanggan
  name: Nama
  phone: No HP
  signed_up_on: Tgl Daftar
  marketing_consent: Setuju
  lifetime_value: Total
  updated_at: Diubah
values:
  marketing_consent: {Ya: true, Tidak: false}
"""
)
HEADER = "ID Pelanggan;Nama;No HP;Tgl Daftar;Setuju;Total;Diubah"
ROW = "C-1;Rahayu Contoh;0811 0000 0001;03/02/2024;Ya;1.250.000,5;05/01/2026 08:00"
OWN = (
    "crm_id,name,phone,signed_up_on,marketing_consent,lifetime_value,updated_at\n"
    "C-1,Rahayu Contoh,0811 0000 0001,2024-02-03,true,1250000.5,2026-01-05T08:00:00+07:00\n"
)


def test_a_mapped_row_equals_our_own(tmp_path: Path):
    (mapped,) = read(tmp_path, CUSTOMERS, f"{HEADER}\n{ROW}\n")
    (tmp_path / "own").write_text(OWN)
    (own,) = read_file(TabularConnector(), tmp_path / "own")
    assert mapped == own


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("C-1", "", "missing_field"),
        ("Ya", "Mungkin", "unknown_value"),
        ("1.250.000,5", "1,250,000.5", "bad_cell"),
        ("03/02/2024", "2024-02-03", "bad_time"),
        ("05/01/2026 08:00", "", "missing_field"),
    ],
)
def test_refused_rows(tmp_path: Path, old: str, new: str, reason: str):
    found = read(tmp_path, CUSTOMERS, f"{HEADER}\n{ROW.replace(old, new)}\n{ROW}\n")
    assert reasons(found) == [reason]
    assert len(found) == 2


def test_surveys_with_constants(tmp_path: Path):
    text = (
        "name: s\nmatch: s.jsonl\nformat: jsonl\nkind: surveys\ncolumns:\n"
        "  response_id: id\n  survey_type: {value: nps}\n  score: answer.value\n"
        "  comment: answer.why\n  interaction_ref: ticket\n  answered_at: at\n"
    )
    line = (
        b'{"id": 5, "ticket": 77, "at": "2026-01-05T08:00:00Z",'
        b' "answer": {"value": 9, "why": "Cepat"}}\n'
    )
    good, bad = read(tmp_path, text, line + line.replace(b"9,", b"11,"))
    assert (good.kind, good.native_id, good.data["score"]) == ("survey", "5", 9.0)
    assert (good.data["interaction_ref"], good.data["comment"]) == ("77", "Cepat")
    assert reasons([bad]) == ["bad_cell"]


@pytest.mark.parametrize(
    ("kind", "columns", "row", "key"),
    [
        ("orders", "order_id: a, crm_id: b, ordered_at: c", "O-1,C-1", "O-1"),
        ("subscriptions", "subscription_id: a, crm_id: b, updated_at: c", "S-1,C-1", "S-1"),
        ("churn_outcomes", "crm_id: a, churned_on: b, updated_at: c", "C-1,2026-01-01", "C-1"),
    ],
)
def test_the_other_tables(tmp_path: Path, kind: str, columns: str, row: str, key: str):
    text = f"{HEAD}kind: {kind}\ncolumns: {{{columns}}}\n"
    (found,) = read(tmp_path, text, f"a,b,c\n{row},2026-01-05T08:00:00+07:00\n")
    assert (found.data["table"], found.data["key"], found.source_system) == (kind, key, "crm")


JUDGED = (
    HEAD
    + """\
kind: judgements
time: {format: "%d/%m/%Y %H:%M", zone: company}
columns:
  interaction: Kontak
  criterion: Parameter
  judgement: Hasil
  judged_by: Penilai
  judged_at: Tanggal
  reason: Alasan
values:
  criterion: {Salam: greeting}
  judgement: {Ya: met, Tidak: not_met, "-": not_applicable}
"""
)


def test_judgements_of_people(tmp_path: Path):
    header = "Kontak;Parameter;Hasil;Penilai;Tanggal;Alasan"
    row = "T-1;Salam;Ya;qa@example.com;05/11/2026 10:00;Menyapa sebelum rekaman"
    (good,) = read(tmp_path, JUDGED, f"{header}\n{row}\n")
    assert good.kind == "judgement"
    told = {name: good.data[name] for name in ("interaction", "criterion", "judgement")}
    assert told == {"interaction": "T-1", "criterion": "greeting", "judgement": "met"}
    assert "qa@example.com" not in good.native_id + good.conversation_key
    for old, new, reason in (
        ("Ya", "Mungkin", "unknown_value"),
        ("Salam", "Bu Rina Contoh", "unknown_value"),
        ("qa@example.com", "", "missing_field"),
        ("Menyapa sebelum rekaman", "", "missing_field"),
        ("T-1", "", "missing_field"),
        ("05/11/2026 10:00", "kemarin", "bad_time"),
    ):
        bad = read(tmp_path, JUDGED, f"{header}\n{row.replace(old, new)}\n")
        assert reasons(bad) == [reason], old
        assert "Rina" not in str(bad)
