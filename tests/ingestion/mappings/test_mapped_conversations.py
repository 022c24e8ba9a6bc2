"""Conversations of unknown systems: a row per message, a list per row, rows without words."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from tests.ingestion.connectors.reading_records import assert_sound, of_kind, read_file, reasons
from tests.ingestion.mappings.mapped_files import (
    DESK,
    DESK_HEADER,
    DESK_ROWS,
    connector,
    desk,
    read,
)

LISTED = """\
name: room
match: "*.json"
format: json
records: data
kind: conversations
channel: chat
columns:
  conversation: id
  customer_email: customer.email
  customer_name: customer.name
  disposition: status
  agent_id: agent
messages:
  list: talk.messages
  columns: {sent_at: at, role: by, text: body}
values:
  role: {"*": agent, user: customer, bot: bot}
"""
ROOM = {
    "id": 17,
    "status": "solved",
    "agent": "AG-7",
    "customer": {"email": "rahayu@surel.example", "name": "Rahayu Contoh"},
    "talk": {
        "messages": [
            {"at": "2026-11-05T08:00:00+07:00", "by": "user", "body": "halo, internet mati"},
            {"at": "2026-11-05T08:00:00+07:00", "by": "bot", "body": "Mohon tunggu"},
            {"at": "2026-11-05T08:05:00+07:00", "by": "Budi", "body": None},
        ]
    },
}


def test_a_row_per_message(tmp_path: Path):
    found = desk(tmp_path, *DESK_ROWS)
    asked, answered = of_kind(found, "turn")
    assert (asked.source_system, asked.conversation_key, asked.native_id) == ("desk", "T-1", "1")
    assert asked.event_at == datetime(2026, 11, 5, 1, tzinfo=UTC)
    assert asked.data["role"] == "customer" and answered.data["role"] == "agent"
    assert asked.data["text"] == "Tagihan saya naik"
    assert (asked.data["sender_type"], asked.data["sender"]) == ("phone", "0811 0000 0001")
    assert asked.data["queue"] == "billing" and asked.data["channel"] == "chat"
    assert asked.data["agent_id"] is None and answered.data["agent_id"] == "AG-7"
    assert asked.names == answered.names == ("Rahayu Contoh",)
    handle = of_kind(found, "handle")[0].data
    assert (handle["handle_type"], handle["role"]) == ("phone", "customer")
    assert not of_kind(found, "interaction")
    assert_sound(found)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("case", [str.upper, str.lower, lambda text: text.replace(" ", "  ")])
def test_headers_in_every_dialect(tmp_path: Path, delimiter: str, case: Any):
    header = case(DESK_HEADER).replace(",", delimiter)
    found = desk(tmp_path, *(row.replace(",", delimiter) for row in DESK_ROWS), header=header)
    assert len(of_kind(found, "turn")) == 2


def test_encodings(tmp_path: Path):
    row = DESK_ROWS[0].replace("Tagihan", "Tagihan café")
    content = f"{DESK_HEADER}\n{row}\n"
    for encoding, text in (("utf-8", DESK), ("cp1252", DESK), ("cp850", DESK + "encoding: cp850")):
        found = read(tmp_path, text, content.encode(encoding))
        assert "café" in of_kind(found, "turn")[0].data["text"]
    assert reasons(read(tmp_path, DESK + "encoding: utf-8", content.encode("cp1252"))) == [
        "bad_encoding"
    ]


def test_one_bad_row_costs_one_row(tmp_path: Path):
    bad = "T-2,3,2026-11-05,Pelanggan,x,,,"
    found = desk(tmp_path, bad, *DESK_ROWS, "T-2,4,05/11/2026 08:00:00,Bos,x,,,")
    assert reasons(found) == ["bad_time", "unknown_value"]
    assert "values.role" in str(found[-1]) and "Bos" not in str(found[-1])
    assert len(of_kind(found, "turn")) == 2


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (",1,05/11/2026 08:00:00,CS,x,,,", "missing_field"),
        ("T-1,1,,CS,x,,,", "missing_field"),
        ("T-1,1,05/11/2026 08:00:00,,x,,,", "missing_field"),
        ("T-1,1,05/11/2026 08:00:00,CS,x,,", "wrong_columns"),
        (f"T-1,1,05/11/2026 08:00:00,CS,{'x' * 200_001},,,", "text_too_long"),
    ],
)
def test_refused_rows(tmp_path: Path, row: str, reason: str):
    assert reasons(desk(tmp_path, row)) == [reason]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "empty"),
        ("a,b\n1,2\n", "unknown_columns"),
        (DESK_HEADER.replace("pesan,", "isi,") + "\n", "unknown_columns"),
        (DESK_HEADER + ",PESAN\n", "unknown_columns"),
    ],
)
def test_files_that_do_not_fit_their_mapping(tmp_path: Path, content: str, reason: str):
    found = read(tmp_path, DESK, content)
    assert reasons(found) == [reason]
    assert found[0].position == "row 0"


def test_the_lacking_column_is_named(tmp_path: Path):
    found = read(tmp_path, DESK, DESK_HEADER.replace("no_hp", "hp") + "\n")
    assert "no_hp" in str(found[0]) and "own.yml" in str(found[0])


def test_a_list_of_messages_per_row(tmp_path: Path):
    found = read(tmp_path, LISTED, orjson.dumps({"data": [ROOM, {"id": "18"}]}))
    turns = of_kind(found, "turn")
    assert [turn.data["role"] for turn in turns] == ["customer", "bot", "agent"]
    assert [turn.data["order"] for turn in turns] == [0, 1, 2]
    assert [turn.native_id for turn in turns] == ["17/0", "17/1", "17/2"]
    assert turns[0].pointer == "/data/0/talk/messages/0"
    assert turns[0].data["sender"] == "rahayu@surel.example"
    stated = of_kind(found, "interaction")[0]
    assert stated.conversation_key == "17" and stated.event_at == turns[-1].event_at
    assert stated.data["disposition"] == "solved" and stated.data["agent_id"] == "AG-7"
    assert reasons(found) == ["missing_field"]
    assert found[-1].position == "/data/1"
    assert_sound(found)


def test_a_bad_message_costs_one_message(tmp_path: Path):
    messages = [*ROOM["talk"]["messages"], "x", {"at": "gestern", "by": "user", "body": "x"}]
    room = ROOM | {"talk": {"messages": messages}}
    found = read(tmp_path, LISTED, orjson.dumps({"data": [room]}))
    assert reasons(found) == ["wrong_type", "bad_time"]
    assert len(of_kind(found, "turn")) == 3


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"data": []}', "no_records"),
        (b'{"other": 1}', "no_records"),
        (b'{"data": [1]}', "wrong_type"),
        (b'{"data": ', "bad_json"),
        (b'{"data": [{"id": 1, "talk": {"messages": {}}}]}', "wrong_type"),
        (b'{"data": [{"id": 1.5}]}', "wrong_type"),
        (b"[" * 100, "too_deep"),
        (b"", "empty"),
    ],
)
def test_refused_documents(tmp_path: Path, content: bytes, reason: str):
    assert reasons(read(tmp_path, LISTED, content)) == [reason]


def test_lists_in_every_format(tmp_path: Path):
    """JSON lines, Parquet lists and JSON within a CSV cell say the same."""
    room = {"id": "17", "messages": ROOM["talk"]["messages"]}
    head = "name: room\nmatch: x\nkind: conversations\nchannel: chat\n"
    tail = LISTED[LISTED.index("messages:") :].replace("talk.messages", "messages")
    columns = "columns: {conversation: id}\n"
    pq.write_table(pa.Table.from_pylist([room]), tmp_path / "p")
    cell = orjson.dumps(room["messages"]).decode().replace('"', '""')
    contents = {
        "jsonl": orjson.dumps(room) + b"\n" + orjson.dumps(room | {"id": "18"}) + b"\n",
        "json": orjson.dumps([room]),
        "parquet": (tmp_path / "p").read_bytes(),
        "csv": f'id,messages\n17,"{cell}"\n'.encode(),
    }
    for form, content in contents.items():
        found = read(tmp_path, f"format: {form}\n{head}{columns}{tail}", content)
        assert reasons(found) == []
        texts = [t.data["text"] for t in of_kind(found, "turn") if t.conversation_key == "17"]
        assert texts == ["halo, internet mati", "Mohon tunggu", None]


def test_times_of_parquet_are_times(tmp_path: Path):
    stamp = datetime(2026, 11, 5, 8)  # noqa: DTZ001  # as most exports hold it
    row = {"no": 9007199254740993, "at": stamp, "who": "CS", "said": "Halo"}
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "p")
    text = (
        "name: p\nmatch: p\nformat: parquet\nkind: conversations\nchannel: chat\n"
        'time: {format: "%d/%m/%Y", zone: Asia/Makassar}\n'
        "columns: {conversation: no, sent_at: at, role: who, text: said}\n"
        "values: {role: {CS: agent}}\n"
    )
    turn = of_kind(read_file(connector(text), tmp_path / "p"), "turn")[0]
    assert turn.conversation_key == "9007199254740993"
    assert turn.event_at == datetime(2026, 11, 5, 0, tzinfo=UTC)
    (tmp_path / "q").write_bytes(b"no parquet")
    assert reasons(read_file(connector(text), tmp_path / "q")) == ["bad_parquet"]


def test_messages_without_ids_keep_theirs_when_delivered_again(tmp_path: Path):
    text = DESK.replace("  message: id_pesan\n", "")
    first = desk(tmp_path, *DESK_ROWS, text=text)
    again = desk(tmp_path, *reversed(DESK_ROWS), text=text)
    assert {t.native_id for t in of_kind(first, "turn")} == {
        t.native_id for t in of_kind(again, "turn")
    }
    assert len({t.native_id for t in of_kind(first, "turn")}) == 2


def test_the_order_within_a_minute(tmp_path: Path):
    """Times without seconds leave the order to message numbers, else to the rows."""
    text = DESK.replace("%H:%M:%S", "%H:%M")
    rows = [row.replace(":00,", ",").replace("08:01", "08:00") for row in DESK_ROWS]
    assert [t.data["order"] for t in of_kind(desk(tmp_path, *rows, text=text), "turn")] == [1, 2]
    bare = text.replace("  message: id_pesan\n", "")
    turns = of_kind(desk(tmp_path, *reversed(rows), text=bare), "turn")
    assert [(t.data["order"], t.data["role"]) for t in turns] == [(1, "agent"), (2, "customer")]


def test_edits_and_deletions(tmp_path: Path):
    text = DESK.replace("  agent_id: petugas", "  edited_at: ubah\n  deleted_at: hapus")
    header = DESK_HEADER.replace("petugas", "ubah,hapus")
    edited = DESK_ROWS[0] + "05/11/2026 09:00:00,05/11/2026 10:00:00"
    found = of_kind(desk(tmp_path, edited, text=text, header=header), "turn")
    assert [turn.data["action"] for turn in found] == ["edited", "deleted"]
    assert {turn.data["turn_id"] for turn in found} == {"1"}
    assert [turn.event_at.hour for turn in found] == [2, 3]
    assert found[0].data["sent_at"].hour == 1


def test_social_posts_by_handle(tmp_path: Path):
    """An export of posts: the company's own account is the agent, all others are customers."""
    text = (
        "name: posts\nmatch: posts.csv\nformat: csv\nkind: conversations\nchannel: social\n"
        "columns:\n  conversation: Thread\n  message: Post\n  sent_at: Date\n  text: Text\n"
        "  role: Author\n  sender: Author\n  sender_type: {value: x_username}\n"
        '  reply_to: Parent\nvalues: {role: {"@tokocontoh": agent, "*": customer}}\n'
    )
    rows = (
        "Thread,Post,Parent,Date,Author,Text\n"
        "1,1,,2026-11-05T08:00:00Z,@rahayu_contoh,Paket belum sampai\n"
        "1,2,1,2026-11-05T09:00:00Z,@TokoContoh,Kami bantu cek ya\n"
    )
    asked, answered = of_kind(read(tmp_path, text, rows), "turn")
    assert (asked.data["role"], asked.data["sender"]) == ("customer", "@rahayu_contoh")
    assert (answered.data["role"], answered.data["reply_to"]) == ("agent", "1")
    assert asked.data["sender_type"] == "x_username"
