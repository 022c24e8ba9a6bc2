"""What analysts may ask, what they may not, and what an answer or a refusal may tell."""

import time

import duckdb
import pytest

from warehouse import query
from warehouse.publish import publish
from warehouse.query import QueryFailed, QueryRefused
from warehouse.snapshot import pin


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    from warehouse.delta import Lake

    folder = tmp_path_factory.mktemp("published")
    build = folder / "build.duckdb"
    with duckdb.connect(str(build)) as connection:
        connection.execute("CREATE SCHEMA marts")
        connection.execute(
            "CREATE TABLE marts.contacts AS SELECT range AS id, 'café ☕' AS note, "
            "TIMESTAMPTZ '2026-01-31 17:30:00+00' AS moment, 1 AS query FROM range(1000)"
        )
    (folder / "secret.csv").write_text("a,b\n1,2\n")
    publish(build, folder / "out", pin(Lake(folder / "lake")))
    return folder


ALLOWED = [
    ("SELECT count(*) AS n FROM marts.contacts", 1),
    ("select 1;", 1),
    ("  -- a comment\nselect 1 /* ; another */ ;", 1),
    ("WITH a AS (SELECT 1 AS x) SELECT x FROM a", 1),
    ("FROM marts.contacts LIMIT 3", 3),
    ("(SELECT 1) UNION ALL (SELECT 2)", 2),
    ("VALUES (1), (2)", 2),
    ("TABLE marts.contacts", 1000),
    ("DESCRIBE marts.contacts", 4),
    ("SUMMARIZE marts.contacts", 4),
    ("SHOW ALL TABLES", 3),
    ("EXPLAIN SELECT * FROM marts.contacts", 1),
    ("EXPLAIN ANALYZE SELECT 1", 1),
    ("SELECT query FROM marts.contacts LIMIT 1", 1),
    ("SELECT 'read_csv(''x''); DROP TABLE a' AS words", 1),
    ("SELECT note FROM marts.contacts WHERE note = 'café ☕' LIMIT 2", 2),
    ("SELECT table_name FROM information_schema.tables WHERE table_schema = 'marts'", 1),
    ("SELECT column_name FROM duckdb_columns() WHERE table_name = 'contacts'", 4),
    ("SELECT number FROM meta.snapshot", 1),
    ("SELECT column_name FROM meta.columns", 4),
]

REFUSED = [
    "",
    ";",
    "-- nothing",
    "SELECT 1; SELECT 2",
    "SELECT 1; DROP TABLE marts.contacts",
    "INSERT INTO marts.contacts VALUES (1, 'x', now(), 1)",
    "UPDATE marts.contacts SET note = 'x'",
    "DELETE FROM marts.contacts",
    "WITH a AS (SELECT 1) INSERT INTO marts.contacts SELECT 1, 'x', now(), 1",
    "CREATE TABLE t AS SELECT 1",
    "CREATE TEMP TABLE t AS SELECT 1",
    "CREATE MACRO f(x) AS x",
    "DROP TABLE marts.contacts",
    "ALTER TABLE marts.contacts ADD COLUMN x INT",
    "COPY marts.contacts TO 'out.csv'",
    "COPY (SELECT 1) TO '/tmp/out.parquet'",
    "COPY marts.contacts FROM 'secret.csv'",
    "EXPLAIN ANALYZE COPY marts.contacts TO 'out.csv'",
    "EXPLAIN WITH a AS (SELECT 1) INSERT INTO marts.contacts SELECT 1, 'x', now(), 1",
    "EXPLAIN ANALYZE WITH a AS (SELECT 1) DELETE FROM marts.contacts",
    "EXPLAIN INSERT INTO marts.contacts VALUES (1, 'x', now(), 1)",
    "EXPORT DATABASE 'dump'",
    "IMPORT DATABASE 'dump'",
    "ATTACH 'other.duckdb' AS other",
    "DETACH other",
    "USE marts",
    "INSTALL httpfs",
    "LOAD httpfs",
    "FORCE INSTALL httpfs FROM 'http://example.invalid'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "RESET memory_limit",
    "PRAGMA database_list",
    "PRAGMA enable_profiling",
    "CALL pragma_version()",
    "CALL enable_logging()",
    "CHECKPOINT",
    "VACUUM",
    "ANALYZE",
    "BEGIN",
    "PREPARE p AS SELECT 1",
    "EXECUTE p",
    "CREATE SECRET s (TYPE s3)",
    "SELECT * FROM read_csv('secret.csv')",
    "SELECT * FROM read_csv_auto('secret.csv')",
    "SELECT * FROM READ_TEXT('/etc/hostname')",
    "SELECT * FROM read_blob('/etc/hostname')",
    "SELECT * FROM read_json('x.json')",
    "SELECT * FROM read_parquet('x.parquet')",
    "SELECT * FROM parquet_metadata('x.parquet')",
    "SELECT * FROM parquet_scan('x.parquet')",
    "SELECT * FROM sniff_csv('secret.csv')",
    "SELECT * FROM glob('*')",
    "SELECT * FROM glob ('*')",
    "SELECT * FROM glob/* hidden */('*')",
    "SELECT * FROM \"glob\"('*')",
    "SELECT getenv('HOME')",
    "SELECT current_setting('temp_directory')",
    "SELECT * FROM duckdb_databases()",
    'SELECT * FROM "duckdb_databases"()',
    "SELECT * FROM main.duckdb_databases()",
    "SELECT * FROM duckdb_databases",
    "SELECT * FROM duckdb_settings()",
    "SELECT * FROM duckdb_secrets()",
    "SELECT * FROM duckdb_extensions()",
    "SELECT * FROM duckdb_external_file_cache()",
    "SELECT * FROM pragma_database_list",
    "SELECT * FROM pragma_database_size()",
    "SELECT * FROM pragma_storage_info('marts.contacts')",
    "SELECT (SELECT path FROM duckdb_databases() LIMIT 1)",
    "DESCRIBE duckdb_databases",
    "SELECT * FROM query('SELECT * FROM duckdb_databases()')",
    "SELECT * FROM query_table('duckdb_databases')",
    "SELECT * FROM json_execute_serialized_sql(json_serialize_sql('SELECT 1'))",
    "SELECT * FROM sqlite_scan('x', 'y')",
    "SELECT * FROM iceberg_scan('x')",
    "SELECT * FROM postgres_scan('x', 'y', 'z')",
    "SELECT which_secret('s3://x', 's3')",
]

BLOCKED = [
    "SELECT * FROM 'secret.csv'",
    "SELECT * FROM 'x.parquet'",
    "SELECT * FROM '/etc/passwd.csv'",
    "SELECT * FROM 'other.duckdb'",
    "SELECT * FROM 'http://127.0.0.1:9/x.csv'",
    "SELECT * FROM 's3://bucket/x.parquet'",
    'SELECT * FROM "secret.csv"',
    "SELECT * FROM marts.no_such_table",
    "SELECT no_such_column FROM marts.contacts",
    "SELECT 1 +",
    "SELECT * FROM local_variable_of_the_caller",
]


@pytest.mark.parametrize(("sql", "rows"), ALLOWED)
def test_reading_is_allowed(published, sql, rows):
    assert query.run(published / "out", sql).num_rows == rows


@pytest.mark.parametrize("sql", REFUSED)
def test_everything_else_is_refused_before_it_runs(published, sql):
    with pytest.raises(QueryRefused) as caught:
        query.run(published / "out", sql)
    assert caught.value.reason in {"not_one_statement", "not_reading", "refused_name"}
    assert str(published) not in str(caught.value)


@pytest.mark.parametrize("sql", BLOCKED)
def test_files_and_wrong_names_fail_without_showing_paths(published, sql, monkeypatch):
    monkeypatch.chdir(published)
    local_variable_of_the_caller = query.run(published / "out", "SELECT 1")
    assert local_variable_of_the_caller.num_rows == 1
    with pytest.raises((QueryFailed, QueryRefused)) as caught:
        query.run(published / "out", sql)
    assert str(published) not in str(caught.value)


@pytest.mark.parametrize(
    "sql", [sql for sql in REFUSED + BLOCKED if sql.strip("; ") and sql != "-- nothing"]
)
def test_the_engine_itself_reads_no_file_and_changes_nothing(published, sql, monkeypatch):
    """Even when the check of the statement is left out, nothing gets in or out."""
    monkeypatch.chdir(published)
    before = {path.name for path in published.iterdir()}
    with query.open_published(published / "out") as connection:
        try:
            found = str(connection.execute(sql).fetchall())
        except duckdb.Error:
            found = ""
    assert "root:" not in found
    assert "(1, 2)" not in found
    with query.open_published(published / "out") as connection:
        assert connection.execute("SELECT count(*) FROM marts.contacts").fetchone() == (1000,)
    dropped = {path for path in published.iterdir() if path.name not in before and path.is_file()}
    assert not dropped


def test_rows_are_limited(published):
    assert query.run(published / "out", "FROM marts.contacts", max_rows=7).num_rows == 7
    assert query.run(published / "out", "FROM marts.contacts", max_rows=0).num_rows == 0


def test_a_slow_statement_is_stopped(published):
    slow = "SELECT count(*) FROM range(100000000) a, range(1000) b WHERE hash(a.range + b.range) % 7 = 1"
    began = time.monotonic()
    with pytest.raises(QueryFailed, match=r"stopped after 0\.5 seconds"):
        query.run(published / "out", slow, timeout_seconds=0.5)
    assert time.monotonic() - began < 30


def test_a_statement_that_needs_too_much_memory_fails_cleanly(published, monkeypatch):
    monkeypatch.setattr(query, "MEMORY_LIMIT", "20MB")
    with pytest.raises(QueryFailed, match=r"(?i)memory"):
        query.run(
            published / "out",
            "SELECT length(list(range || 'xxxxxxxxxxxxxxxxxxxxxxxx')::VARCHAR) FROM range(3000000)",
        )


@pytest.mark.parametrize(("zone", "day"), [("UTC", "2026-01-31"), ("Asia/Jakarta", "2026-02-01")])
def test_days_follow_the_given_zone(published, zone, day):
    sql = "SELECT DISTINCT CAST(CAST(moment AS DATE) AS VARCHAR) AS day FROM marts.contacts"
    assert query.run(published / "out", sql, timezone=zone)["day"].to_pylist() == [day]


def test_before_the_first_publication_the_answer_says_what_to_do(tmp_path):
    with pytest.raises(QueryFailed, match="lakehouse run"):
        query.run(tmp_path, "SELECT 1")


def test_streams_give_batches_and_close(published):
    with query.stream(published / "out", "SELECT * FROM range(100000)") as reader:
        assert sum(batch.num_rows for batch in reader) == 100_000
