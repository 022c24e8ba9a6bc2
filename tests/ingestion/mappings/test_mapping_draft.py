"""Drafted mappings: from a header and some rows to a mapping that reads the file, or says why not."""

from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.connectors.base import RejectedInput
from ingestion.mappings.draft import suggest
from ingestion.mappings.guesses import meaning
from ingestion.mappings.nodes import MappingError
from ingestion.mappings.words import ROLES
from tests.ingestion.connectors.reading_records import of_kind, read_file, reasons
from tests.ingestion.mappings.mapped_files import connector

CHAT_ID = """\
ID Pesan;No Tiket;Tanggal;Pengirim;Nama Pelanggan;No_HP;Pesan
1;T-1;05/11/2026 08:00;Pelanggan;Rahayu Contoh;0811 0000 0001;"Tagihan; naik"
2;T-1;25/11/2026 08:05;CS;Rahayu Contoh;0811 0000 0001;Kami cek
"""
CHAT_EN = """\
messageId,conversationId,created_at,senderType,body
1,T-1,2026-11-05T08:00:00Z,customer,My bill went up
2,T-1,2026-11-05T08:05:00Z,agent,Let me check
"""
SOCIAL = """\
post_id,tanggal,akun,dari,komentar
9,2026-11-05 08:00:00,rahayu_contoh,Rahayu,Paket belum sampai
9,2026-11-05 09:00:00,tokocontoh,Admin,Kami cek
"""
CALLS = "call id,start time,end time,talk time,agent\nU-1,1793840400,1793840500,100,AG-7\n"
SURVEY = "id survei,no pelanggan,skor,saran,jenis survei,tanggal\nR-1,C-1,9,Cepat,nps,2026-11-05T08:00:00Z\n"
ORDER = (
    'no_pesanan,id_pelanggan,total harga,tgl order\nO-1,C-1,"250.000,00",25 Agustus 2026 08.00\n'
)
LEFT = "id_pelanggan,tgl_berhenti,alasan,tgl_update\nC-1,25/11/2026,pindah,25/11/2026 08:00\n"
PLANS = "no_kontrak,id_pelanggan,paket,terakhir_diubah\nS-1,C-1,Vara,2026-11-05T08:00:00+07:00\n"
PEOPLE = "cif,nama,surel,updated_at,setuju_promo\nC-1,Rahayu,r@surel.example,2026-11-05T08:00:00Z,setuju\n"


@pytest.mark.parametrize(
    ("name", "content", "kind", "records"),
    [
        ("obrolan_2026-11.csv", CHAT_ID, "conversations", 2),
        ("chat.csv", CHAT_EN, "conversations", 2),
        ("posts.csv", SOCIAL, "conversations", 2),
        ("calls.csv", CALLS, "conversations", 1),
        ("survei.csv", SURVEY, "surveys", 1),
        ("pesanan.csv", ORDER, "orders", 1),
        ("berhenti.csv", LEFT, "churn_outcomes", 1),
        ("langganan.csv", PLANS, "subscriptions", 1),
        ("nasabah.csv", PEOPLE, "customers", 1),
    ],
)
def test_drafts_read_the_file_they_come_from(
    tmp_path: Path, name: str, content: str, kind: str, records: int
):
    (tmp_path / name).write_text(content)
    text = suggest(tmp_path / name)
    assert text == suggest(tmp_path / name)
    found = connector(text)
    assert found.mapping.kind == kind
    assert found.recognises(f"any/{name}", b"")
    read = read_file(found, tmp_path / name)
    assert reasons(read) == []
    counted = {"conversations": "interaction" if name == "calls.csv" else "turn"}
    wanted = counted.get(kind, "survey" if kind == "surveys" else "crm")
    assert len(of_kind(read, wanted)) == records


def test_roles_times_and_what_is_left_over(tmp_path: Path):
    (tmp_path / "obrolan_2026-11.csv").write_text(CHAT_ID.replace("ID Pesan", "Warna"))
    text = suggest(tmp_path / "obrolan_2026-11.csv")
    for line in (
        'match: "obrolan_*.csv"',
        'delimiter: ";"',
        'format: "%d/%m/%Y %H:%M"  # day first',
        "zone: Asia/Jakarta",
        '"Pelanggan": customer',
        '"CS": agent',
        "# not used: Warna",
    ):
        assert line in text
    assert "Rahayu" not in text and "0811" not in text and "Tagihan" not in text


def test_unknown_senders_are_counted_not_named(tmp_path: Path):
    (tmp_path / "c.csv").write_text(CHAT_ID.replace("CS", "Budi Contoh"))
    text = suggest(tmp_path / "c.csv")
    assert '"*": agent  # 1 other values: check' in text and "Budi" not in text


def test_one_time_in_another_form_does_not_hide_the_format(tmp_path: Path):
    rows = CHAT_ID + "3;T-2;06/11/2026 08:05;CS;;;x\n" * 8 + "4;T-2;06-11-2026;CS;;;x\n"
    (tmp_path / "c.csv").write_text(rows)
    text = suggest(tmp_path / "c.csv")
    assert '"%d/%m/%Y %H:%M"  # does not read 1 of 11 times' in text


@pytest.mark.parametrize(
    ("day", "hour"),
    [("05/11/2026", "08:00"), ("2026-11-05", "08.00"), ("5 November 2026", "08:00:00")],
)
def test_a_day_and_a_clock_in_two_columns(tmp_path: Path, day: str, hour: str):
    head = "tiket,tanggal,jam,dari,pesan\n"
    (tmp_path / "c.csv").write_text(f"{head}T,{day},{hour},CS,Halo\n")
    text = suggest(tmp_path / "c.csv")
    assert "sent_at: [tanggal, jam]" in text and "not used" not in text
    (said,) = of_kind(read_file(connector(text), tmp_path / "c.csv"), "turn")
    assert said.event_at.isoformat() == "2026-11-05T01:00:00+00:00"


def test_directions_of_calls(tmp_path: Path):
    (tmp_path / "c.csv").write_text("uid,start,way\n1,1793840400,masuk\n2,1793840400,keluar\n")
    found = connector(suggest(tmp_path / "c.csv"))
    read = of_kind(read_file(found, tmp_path / "c.csv"), "interaction")
    assert [item.data["direction"] for item in read] == ["inbound", "outbound"]
    assert {item.data["channel"] for item in read} == {"voice"}


def test_consent_in_words(tmp_path: Path):
    head = "cif,nama,surel,updated_at,setuju_promo\n"
    rows = [f"C,R,r@x.example,2026-11-05T08:00:00Z,{word}\n" for word in ("Ya", "Tidak", "Rahayu")]
    (tmp_path / "c.csv").write_text(head + "".join(rows))
    text = suggest(tmp_path / "c.csv")
    assert '"Ya": true' in text and '"Tidak": false' in text and "Rahayu" not in text
    read = read_file(connector(text), tmp_path / "c.csv")
    assert [row.data["row"]["marketing_consent"] for row in read] == [True, False, False]


def test_nested_json_and_parquet(tmp_path: Path):
    rooms = [
        {
            "id": "c1",
            "customer": {"name": "Rahayu Contoh", "phone": "+6281100000001"},
            "messages": [
                {"from": "user", "created_at": "2026-11-05T08:00:00Z", "body": "halo"},
                {"from": "bot", "created_at": "2026-11-05T08:00:01Z", "body": "hai"},
            ],
        }
    ] * 2
    files = {
        "rooms.json": orjson.dumps({"count": 1, "data": rooms}),
        "rooms.jsonl": b"\n".join(orjson.dumps(room) for room in rooms),
    }
    pq.write_table(pa.Table.from_pylist(rooms), tmp_path / "rooms.parquet")
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    for name in (*files, "rooms.parquet"):
        found = connector(suggest(tmp_path / name))
        read = read_file(found, tmp_path / name)
        assert reasons(read) == []
        assert [t.data["role"] for t in of_kind(read, "turn")][:2] == ["customer", "bot"]
        assert of_kind(read, "handle")[0].data["handle"] == "+6281100000001"


def test_what_is_needed_and_not_found_is_said(tmp_path: Path):
    (tmp_path / "c.csv").write_text("cif,nama\nC-1,Rahayu\n")
    text = suggest(tmp_path / "c.csv")
    assert "# updated_at:   # NEEDED" in text
    with pytest.raises(MappingError, match="updated_at"):
        connector(text)


@pytest.mark.parametrize("content", [b"", b"\x00\x01", b"just words\n", b"{", b"[]", b"PAR1junk"])
def test_what_is_no_table(tmp_path: Path, content: bytes):
    (tmp_path / "f").write_bytes(content)
    with pytest.raises(RejectedInput):
        suggest(tmp_path / "f")


@pytest.mark.parametrize(
    ("value", "role"),
    [("Pelanggan", "customer"), ("NASABAH", "customer"), ("cs", "agent"), ("Chatbot", "bot"),
     ("Sistem", "system"), ("end-user", "customer"), ("Budi", None)],
)  # fmt: skip
def test_words_for_roles(value: str, role: str | None):
    assert meaning(ROLES, value) == role
