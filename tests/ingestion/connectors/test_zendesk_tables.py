"""Flat Zendesk tables: rows meet over ids, whatever comes first; the samples row by row."""

from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from ingestion.connectors.base import Limits, Record, RejectedInput
from ingestion.connectors.zendesk import ZendeskConnector
from tests.ingestion.conform.facts_of import conformed
from tests.ingestion.connectors.reading_records import SHARED, of_kind, read_file, reasons

CONNECTOR = ZendeskConnector()
TICKETS = """id,_synced,assignee_id,created_at,description,group_id,is_public,requester_id,status,subject,submitter_id,updated_at,via_channel,via_source_from_address
7,x,900,2026-01-05 08:00:00,Tagihan saya dobel,31,TRUE,101,solved,Tagihan,101,2026-01-06 08:00:00.123,email,rahayu@example.com
8,x,,2026-01-05 09:00:00,rahasia,,FALSE,102,new,Lain,102,2026-01-05 09:00:00,web,
"""
COMMENTS = """id,body,created,public,ticket_id,user_id
51,"Tagihan saya
dobel",2026-01-05 08:00:01,TRUE,7,101
52,Kami cek ya,2026-01-05 08:10:00,true,7,900
53,pelanggan sulit,2026-01-05 08:11:00,FALSE,7,900
"""
USERS = """id,created_at,email,external_id,name,phone,role,ticket_restriction,updated_at
101,2025-01-01 00:00:00,rahayu@example.com,C-1,Rahayu Contoh,,end-user,requested,2025-06-01 00:00:00
900,2025-01-01 00:00:00,dewi@toko.example,,Dewi Contoh,,admin,,2025-06-01 00:00:00
"""
CHATS = """chat_id,_synced,channel,ticket_id,user_id,visitor_id,created_at
c1,x,chat,7,101,v1,2026-01-05 08:20:00
"""
EVENTS = """chat_id,actor_id,chat_index,created_at,message,original_message,type
c1,101,1,2026-01-05 08:21:00,halo,,ChatMessage
c1,agent:900,2,2026-01-05 08:22:00.5,ya kak,,ChatMessage
c1,agent:901,3,2026-01-05 08:23:00,,"{""source"":{""type"":""zd:answerBot""},""content"":{""text"":{""text"":""Hi there""}}}",ChatMessage
c1,__trigger,4,2026-01-05 08:24:00,Please wait,,ChatMessage
c1,__system,5,2026-01-05 08:25:00,,,ChatDepartmentTransfer
c1,,6,2026-01-05 08:26:00,tanpa pelaku,,ChatMessage
"""
TABLES = (TICKETS, COMMENTS, USERS, CHATS, EVENTS)


def read(tmp_path: Path, text: str | bytes) -> list[Any]:
    path = tmp_path / "table"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    assert CONNECTOR.recognises("table", path.read_bytes())
    return read_file(CONNECTOR, path)


def test_rows_of_all_tables_meet_in_any_order(tmp_path: Path):
    parts = [read(tmp_path, text) for text in TABLES]
    assert not [reason for part in parts for reason in reasons(part)]
    for order in permutations(parts):
        found = conformed(*(record for part in order for record in part))
        rows = {row["started_at"].hour: row for row in found.interactions}
        assert len(rows) == 2
        assert (rows[8]["channel"], rows[8]["disposition"]) == ("email", "solved")
        assert (rows[8]["agent_id"], rows[8]["queue"], rows[8]["transfers"]) == ("900", "31", 1)
        spoken = [
            (turn["role"], turn["redacted_text"])
            for turn in found.turns
            if turn["interaction_id"] == rows[8]["interaction_id"]
        ]
        assert spoken == [
            ("customer", "Tagihan saya\ndobel"),
            ("agent", "Kami cek ya"),
            ("system", None),
            ("customer", "halo"),
            ("agent", "ya kak"),
            ("bot", "Hi there"),
            ("bot", "Please wait"),
            ("system", None),
            ("system", "tanpa pelaku"),
        ]
        # Users are cards; who has which address is no part of the ticket.
        assert {row["handle_type"] for row in found.participants} == {"zendesk_user_id", "email"}


def test_times_are_utc_and_places_are_rows(tmp_path: Path):
    first, second, *_ = read(tmp_path, COMMENTS)
    assert first.event_at.isoformat() == "2026-01-05T08:00:01+00:00"
    assert second.data["text"] == "Kami cek ya"
    path = tmp_path / "table"
    payloads = list(CONNECTOR.fetch(path))
    raw = path.read_bytes()
    assert [payload.position for payload in payloads] == ["row 1", "row 2", "row 3"]
    assert all(raw[p.byte_start : p.byte_end] == p.raw for p in payloads)


@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_other_delimiters_and_a_byte_order_mark(tmp_path: Path, delimiter: str):
    text = "\ufeff" + EVENTS.replace(",101,1,", ",101,1,").replace(",", delimiter)
    turns = of_kind(read(tmp_path, text), "turn")
    assert turns[0].data["text"] == "halo"


@pytest.mark.parametrize(
    "header",
    ["ticket_id,tag,_fivetran_synced", "id,brand_url,subdomain,has_help_center,name"],
)
def test_tables_beside_conversations_are_refused_once(tmp_path: Path, header: str):
    assert reasons(read(tmp_path, f"{header}\n1,2,3\n4,5,6\n")) == ["not_a_conversation"]


def test_columns_named_as_in_the_api(tmp_path: Path):
    text = "id,ticket_id,author_id,body,public,created_at\n1,7,5,halo,true,2026-01-05T08:00:00Z\n"
    (said,) = read(tmp_path, text)
    assert (said.data["sender"], said.event_at.hour) == ("5", 8)


def test_a_row_that_the_source_deleted_takes_its_words_along(tmp_path: Path):
    head = "id,ticket_id,user_id,body,public,created,_fivetran_deleted,_fivetran_synced\n"
    alive = "1,7,5,halo,true,2026-01-05 08:00:00,false,2026-01-06 08:00:00\n"
    gone = "1,7,5,halo,true,2026-01-05 08:00:00,true,2026-01-07 08:00:00\n"
    rows = conformed(*read(tmp_path, head + alive), *read(tmp_path, head + gone)).turns
    assert [(row["state"], row["redacted_text"]) for row in rows] == [("deleted", None)]


def test_a_history_of_fields_gives_states(tmp_path: Path):
    head = "ticket_id,field_name,updated,value,user_id\n"
    rows = "7,status,2026-01-05 08:00:00,solved,9\n7,priority,2026-01-05 08:00:00,high,9\n"
    found = read(tmp_path, head + rows)
    assert of_kind(found, "turn")[0].data["metadata"] == {"event": "status_solved"}
    assert reasons(found) == ["not_a_conversation"]


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        ("1,halo,2026-01-05 08:00:00,TRUE,7", "wrong_columns"),
        ('1,"halo,2026-01-05 08:00:00,TRUE,7,5', "bad_csv"),
        ("1,halo,2026-01-05 08:00:00,maybe,7,5", "bad_cell"),
        ("1,halo,yesterday,TRUE,7,5", "bad_time"),
        ("1,halo,,TRUE,7,5", "bad_time"),
        (",halo,2026-01-05 08:00:00,TRUE,7,5", "missing_field"),
        ("1,halo,2026-01-05 08:00:00,TRUE,,5", "missing_field"),
    ],
)
def test_refusals_have_a_reason_and_cost_one_row(tmp_path: Path, row: str, reason: str):
    good = "2,baik,2026-01-05 08:00:00,TRUE,7,5\n"
    found = read(tmp_path, "id,body,created,public,ticket_id,user_id\n" + good + row + "\n")
    assert reasons(found) == [reason]
    assert "halo" not in str(next(item for item in found if isinstance(item, RejectedInput)))
    assert len(of_kind(found, "turn")) == 1


def test_rows_are_bounded(tmp_path: Path):
    path = tmp_path / "table"
    path.write_text(COMMENTS)
    small = ZendeskConnector(limits=Limits(payload_bytes=40))
    assert set(reasons(read_file(small, path))) == {"too_large"}


def test_a_row_needs_its_header():
    from ingestion.connectors.base import Payload

    payload = Payload(b"1,2", "row 1", context='{"table":"x"}')
    assert reasons(list(CONNECTOR.parse(payload))) == ["no_header"]


@pytest.mark.parametrize(
    "header",
    ["id,name", "id,body,created_at", "ticket_id,tag", "crm_id,updated_at,email", "", "{", "id;id"],
)
def test_other_headers_are_left_alone(header: str):
    assert not CONNECTOR.recognises("zendesk/ticket_comment.csv", header.encode() + b"\n1,2\n")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared sample files are absent")
@pytest.mark.parametrize(
    ("name", "kinds", "refused"),
    [
        ("ticket_data", {"interaction": 10, "turn": 10, "handle": 18}, []),
        ("ticket_comment_data", {"turn": 20}, []),
        ("ticket_chat_data", {"handle": 10}, []),
        ("ticket_chat_event_data", {"turn": 12}, []),
        ("user_data", {"crm": 8, "handle": 2}, []),
        ("audit_log_data", {}, ["not_a_conversation"]),
        ("schedule_data", {}, ["not_a_conversation"]),
        ("schedule_holiday_data", {}, ["not_a_conversation"]),
    ],
)
def test_what_each_sample_becomes(name: str, kinds: dict[str, int], refused: list[str]):
    found = read_file(CONNECTOR, SHARED / "chat/zendesk_csv" / f"{name}.csv")
    counted: dict[str, int] = {}
    for record in found:
        if isinstance(record, Record):
            counted[record.kind] = counted.get(record.kind, 0) + 1
    assert (counted, reasons(found)) == (kinds, refused)
