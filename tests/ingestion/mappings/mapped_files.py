"""Mappings and files of invented companies for the tests beside this file; nothing is a test."""

from pathlib import Path
from typing import Any

from ingestion.mappings.connector import MappedConnector, of
from ingestion.mappings.load import loaded
from tests.ingestion.connectors.reading_records import read_file

ZONE = "Asia/Jakarta"
DESK = """\
name: desk
match: desk/*.csv
format: csv
kind: conversations
channel: chat
time: {format: "%d/%m/%Y %H:%M:%S", zone: company}
columns:
  conversation: No Tiket
  message: id_pesan
  sent_at: tanggal
  role: pengirim
  text: pesan
  customer_phone: no_hp
  customer_name: nama
  agent_id: petugas
  queue: {value: billing}
values:
  role: {Pelanggan: customer, "CS": agent}
"""
DESK_HEADER = "No Tiket,id_pesan,tanggal,pengirim,pesan,no_hp,nama,petugas"
DESK_ROWS = (
    "T-1,1,05/11/2026 08:00:00,Pelanggan,Tagihan saya naik,0811 0000 0001,Rahayu Contoh,",
    "T-1,2,05/11/2026 08:01:00,cs,Kami cek dulu ya Kak,0811 0000 0001,Rahayu Contoh,AG-7",
)


def connector(text: str, zone: str = ZONE) -> MappedConnector:
    """The connector of a mapping given as text."""
    return of(loaded(text.encode(), "own.yml", zone))


def read(folder: Path, text: str, content: str | bytes) -> list[Any]:
    """Everything that a file with this content gives under this mapping."""
    path = folder / "landed"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_file(connector(text), path)


def desk(folder: Path, *rows: str, text: str = DESK, header: str = DESK_HEADER) -> list[Any]:
    """What rows of the help desk give."""
    return read(folder, text, "\n".join([header, *rows]) + "\n")
