"""Mappings that can be used, and every mistake with its line and its remedy."""

import pytest

from ingestion.mappings.load import load, loaded
from ingestion.mappings.nodes import MappingError
from tests.ingestion.mappings.mapped_files import DESK, ZONE, connector

CALLS = """\
name: calls
match: ["calls/*.csv", "pabx_*.csv"]
format: csv
kind: conversations
channel: voice
columns:
  conversation: uid
  started_at: start
"""
ORDERS = """\
name: orders
match: orders.csv
format: csv
kind: orders
columns:
  order_id: no
  crm_id: pelanggan
  ordered_at: {value: "2026-11-01T00:00:00+07:00"}
"""
LISTED = """\
name: listed
match: "*.json"
format: json
records: data.items
kind: conversations
channel: chat
columns:
  conversation: id
messages:
  list: messages
  columns: {sent_at: at, role: by, text: body}
"""


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new, 1)


@pytest.mark.parametrize("text", [DESK, CALLS, ORDERS, LISTED])
def test_good_mappings(text: str):
    found = connector(text)
    assert found.name == f"mapped:{found.mapping.name}"


def test_what_a_mapping_says_reaches_the_connector():
    found = connector(DESK + "source_system: helpdesk\nsession_hours: 12\n")
    assert found.source_system == "helpdesk"
    assert found.session_gap is not None and found.session_gap.total_seconds() == 12 * 3600
    assert connector(DESK).source_system == "desk"
    assert connector(ORDERS).source_system == "crm"
    assert connector(DESK).session_gap is None


def test_the_version_follows_every_byte_and_the_zone():
    versions = {
        connector(DESK).version,
        connector(DESK + "# more\n").version,
        connector(DESK, "Asia/Makassar").version,
    }
    assert len(versions) == 3
    assert connector(DESK).version == connector(DESK).version


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "empty"),
        ("- a\n", 1, "name: value"),
        ("name: [\n", 2, "not valid YAML"),
        ("name: a: b\n", 1, "not valid YAML"),
        (replaced(DESK, "columns:", "colums:"), 7, "did you mean 'columns'"),
        (replaced(DESK, "name: desk\n", ""), 1, "field 'name' is missing"),
        (replaced(DESK, "name: desk", "name: My Desk"), 1, "small letters"),
        (replaced(DESK, "match: desk/*.csv\n", ""), 1, "field 'match' is missing"),
        (replaced(DESK, "desk/*.csv", "/desk/*.csv"), 2, "relative to the landing folder"),
        (replaced(DESK, "desk/*.csv", "desk/[ab.csv"), 2, "no ] after it"),
        (replaced(DESK, "match: desk/*.csv", "match: []"), 2, "must not be empty"),
        (replaced(DESK, "format: csv", "format: xlsx"), 3, "none of csv, jsonl, json, parquet"),
        (replaced(DESK, "kind: conversations", "kind: chats"), 4, "none of conversations"),
        (replaced(DESK, "channel: chat\n", ""), 1, "field 'channel' is missing"),
        (replaced(DESK, "channel: chat", "channel: telegram"), 5, "voice, chat, email, social"),
        (replaced(DESK, "%d/%m/%Y", "%d/%m"), 6, "names no whole day"),
        (replaced(DESK, "%H:%M:%S", "%H:%Q"), 6, "cannot be read back"),
        (replaced(DESK, "zone: company", "zone: Jakarta"), 6, "unknown; write Asia/Jakarta"),
        (replaced(DESK, "  conversation: No Tiket\n", ""), 8, "'conversation' is missing"),
        (replaced(DESK, "  sent_at: tanggal\n", ""), 8, "'sent_at' is missing"),
        (replaced(DESK, "  role: pengirim\n", ""), 8, "'role' is missing"),
        (replaced(DESK, "  text: pesan\n", ""), 8, "name its text column"),
        (replaced(DESK, "sent_at: tanggal", "send_at: tanggal"), 10, "did you mean 'sent_at'"),
        (replaced(DESK, "message: id_pesan", "text: id_pesan"), 12, "given twice"),
        (replaced(DESK, "tanggal", "[[a]]"), 10, "one text"),
        (replaced(DESK, "tanggal", "[]"), 10, "must not be empty"),
        (replaced(DESK, "role: pengirim", "role: [a, b]"), 11, "only texts can be joined"),
        (replaced(DESK, "{value: billing}", "{const: billing}"), 16, "unknown field 'const'"),
        (replaced(DESK, "{value: billing}", "{}"), 16, "{value: ...}"),
        (replaced(DESK, "role: pengirim", "role: {value: boss}"), 11, "customer, agent, bot"),
        (replaced(DESK, '"CS": agent', '"CS": staff'), 18, "none of customer, agent"),
        (replaced(DESK, '"CS": agent', "pelanggan: agent"), 18, "case does not count"),
        (replaced(DESK, "  role: {Pel", "  direction: {Pel"), 18, "none of inbound"),
        (DESK + "  queue2: {a: b}\n", 19, "unknown field 'queue2'"),
        (DESK + "  campaign: {a: b}\n", 19, "maps nothing"),
        (DESK + 'delimiter: ";;"\n', 19, "one character"),
        (DESK + "encoding: utf-16\n", 19, "save the file as UTF-8"),
        (DESK + "encoding: klingon\n", 19, "unknown"),
        (DESK + "decimal: x\n", 19, "none of"),
        (DESK + "session_hours: soon\n", 19, "whole number of hours"),
        (DESK + "records: data\n", 19, "json document"),
        (replaced(CALLS, "  started_at: start\n", ""), 7, "'started_at' is missing"),
        (replaced(ORDERS, "  crm_id: pelanggan\n", ""), 6, "'crm_id' is missing"),
        (ORDERS + "channel: chat\n", 9, "only conversations"),
        (replaced(ORDERS, "T00:00:00+07:00", ""), 8, "must be a time such as"),
        (replaced(LISTED, ", text: body", ""), 11, "'text' is missing"),
        (replaced(LISTED, "sent_at: at, ", ""), 8, "'sent_at' is missing"),
        (replaced(LISTED, "  list: messages\n", ""), 10, "field 'list' is missing"),
        (LISTED + 'delimiter: ";"\n', 12, "only a csv"),
    ],
)
def test_mistakes_are_named_with_file_and_line(text: str, line: int, words: str):
    with pytest.raises(MappingError) as caught:
        loaded(text.encode(), "own.yml", ZONE)
    assert str(caught.value).startswith(f"own.yml:{line}: "), caught.value
    assert words in str(caught.value)


def test_files_that_are_no_text(tmp_path):
    with pytest.raises(MappingError, match="UTF-8"):
        loaded(b"name: \xff\xfe", "own.yml", ZONE)
    with pytest.raises(MappingError, match="no mapping"):
        loaded(b"#" * 300_000, "own.yml", ZONE)
    with pytest.raises(MappingError, match=r"gone\.yml: cannot be read"):
        load(tmp_path / "gone.yml", ZONE)
