"""The settings file: what is accepted, and for each mistake its line and the remedy."""

import re
from pathlib import Path

import pytest

from ingestion.pull.configuration import known, read_sources
from ingestion.pull.mastodon import MastodonSource
from ingestion.pull.registry import KINDS
from ingestion.pull.sections import Section, SettingsProblem

GOOD = """\
sources:
  support_mail:
    kind: imap
    host: imap.toko.example
    user: cs@toko.example
    password_env: SUPPORT_MAIL_PASSWORD
    folders: [INBOX, Terkirim]
  desk:
    kind: zendesk
    url: https://toko.zendesk.com
    token_env: DESK_TOKEN
  workspace:
    kind: intercom
    token_env: WORKSPACE_TOKEN
  chat:
    kind: chatwoot
    url: https://chat.toko.example
    account_id: 7
    token_env: CHAT_TOKEN
  toots:
    kind: mastodon
    url: https://sosial.example
    account_id: "109"
    token_env: TOOTS_TOKEN
  mentions:
    kind: x
    stream: search
    query: "@toko -is:retweet"
    token_env: X_TOKEN
  crm:
    kind: postgres
    host: db.toko.example
    database: crm
    user: reader
    password_env: CRM_PASSWORD
    tables:
      - table: customers
        query: SELECT * FROM customers
"""


def read(tmp_path, text):
    path = tmp_path / "sources.yml"
    path.write_text(text, "utf-8")
    return read_sources(path)


def test_every_kind_is_read_without_its_secret(tmp_path):
    sources = read(tmp_path, GOOD)
    assert {source.kind for source in sources.values()} == set(KINDS)
    assert all(name == source.name for name, source in sources.items())


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        ("password_env: SUPPORT_MAIL_PASSWORD", "password: hunter2", 6, "environment variable"),
        ("token_env: DESK_TOKEN", "token: hunter2", 11, "token must not stand in this file"),
        ("token_env: DESK_TOKEN", "api_key: hunter2", 11, "api_key_env"),
        ("token_env: DESK_TOKEN", "token_env: hunter2", 11, "name of an environment variable"),
        ("token_env: DESK_TOKEN", "token_env: [A]", 11, "name of an environment variable"),
        ("    token_env: DESK_TOKEN\n", "", 8, "token_env is missing"),
        ("host: imap", "hots: imap", 2, "host is missing"),
        ("folders:", "folder:", 7, "did you mean folders?"),
        ("kind: imap", "kind: pop3", 3, "kind must be one of"),
        ("    kind: imap\n", "", 2, "kind is missing"),
        ("[INBOX, Terkirim]", "INBOX", 7, "a list of texts"),
        ("[INBOX, Terkirim]", "[]", 7, "a list of texts"),
        ("https://toko.zendesk.com", "http://toko.zendesk.com", 10, "https"),
        ("https://toko.zendesk.com", "toko.zendesk.com", 10, "an address such as"),
        ("https://toko.zendesk.com", "https://me:hunter2@toko.example", 10, "user or password"),
        ("https://toko.zendesk.com", "https://[toko", 10, "an address such as"),
        ("account_id: 7", "account_id: seven", 18, "a whole number from 1"),
        ("account_id: 7", "account_id: true", 18, "a whole number from 1"),
        ('account_id: "109"', "account_id: 109", 23, "in quotes"),
        ('account_id: "109"', 'account_id: "../1"', 23, "letters and digits"),
        ("stream: search", "stream: firehose", 27, "search, mentions, posts"),
        ('query: "@toko -is:retweet"', 'user_id: "5"', 25, "query is missing"),
        ("table: customers", "table: clients", 37, "table must be one of"),
        ("query: SELECT * FROM customers", "query: SELECT 1; DROP TABLE x", 38, "one SELECT"),
        ("user: reader", "user: reader\n    tls: none", 35, "for this machine only"),
        ("  desk:", "  support_mail:", 8, "given twice"),
        ("  desk:", "  Desk 1:", 8, "a source's name"),
        ("kind: zendesk", "kind: [zendesk", 10, "not valid YAML"),
        ("sources:", "source:", 1, "one key, sources"),
        ("user: cs@toko.example", "user: !!python/name:os.system x", 5, "not valid YAML"),
    ],
)
def test_mistakes_name_their_line_and_no_secret(tmp_path, old, new, line, words):
    assert old in GOOD
    with pytest.raises(SettingsProblem) as found:
        read(tmp_path, GOOD.replace(old, new, 1))
    message = str(found.value)
    assert words in message
    assert f"sources.yml line {line}:" in message
    assert "hunter2" not in message


@pytest.mark.parametrize("text", ["", "sources:", "- a", "sources: []", "sources: {}", "\x00"])
def test_files_without_sources(tmp_path, text):
    with pytest.raises(SettingsProblem, match=r"line 1|must hold"):
        read(tmp_path, text)


def test_a_missing_file_and_an_unknown_name(tmp_path):
    with pytest.raises(SettingsProblem, match="LAKEHOUSE_SOURCES"):
        read_sources(tmp_path / "nothing.yml")
    path = tmp_path / "sources.yml"
    with pytest.raises(SettingsProblem, match="chat, crm, desk"):
        known(read(tmp_path, GOOD), "des", path)
    path.write_bytes(b"sources: \xff")
    with pytest.raises(SettingsProblem, match="UTF-8"):
        read_sources(path)


def test_the_example_of_the_page_is_accepted_and_its_table_complete(tmp_path):
    page = Path(__file__).parents[3].joinpath("docs", "pulling.md").read_text("utf-8")
    (example,) = re.findall(r"^```yaml\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert {source.kind for source in read(tmp_path, example).values()} == set(KINDS)
    told = {
        (kind, key)
        for kind, cell in re.findall(r"^\| (\w+) \| (.*?) \|", page, re.MULTILINE)
        for key in re.findall(r"`(\w+)`", cell)
    }
    asked = {(kind, key) for kind, make in KINDS.items() for key in keys_of(make)}
    assert asked <= told


def keys_of(make):
    """The keys that a source asks for when all that it needs is there."""
    orders = {"table": ("orders", 1), "query": ("SELECT 1", 1)}
    values = {
        "url": "https://a.example", "host": "a.example", "user": "a", "database": "a",
        "password_env": "ABC", "token_env": "ABC", "stream": "search", "query": "a",
        "account_id": "7" if make is MastodonSource else 7, "tables": [orders],
    }  # fmt: skip
    section = Section("", "a", 1, {key: (value, 1) for key, value in values.items()})
    make(section)
    return section._asked
