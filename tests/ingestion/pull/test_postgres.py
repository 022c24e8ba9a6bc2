"""A CRM in a real PostgreSQL: rows arrive with their types, changes come once, mistakes are named."""

import io
from datetime import UTC, date, datetime
from decimal import Decimal

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ingestion.connectors.base import Limits, Record
from ingestion.connectors.tabular import TabularConnector
from ingestion.connectors.tabular_reading import parquet_payloads
from ingestion.pull.postgres import PostgresSource
from ingestion.pull.sections import Section
from tests.ingestion.pull.pulled import SECRET
from tests.ingestion.pull.servers import PASSWORD, READER, postgres, postgres_binaries

VARIABLE = "LAKEHOUSE_TEST_PASSWORD"
pytestmark = [
    pytest.mark.skipif(postgres_binaries() is None, reason="PostgreSQL is not installed"),
    pytest.mark.xdist_group("postgres"),
]
CUSTOMERS = """
SELECT id::text AS crm_id, phone, email, full_name AS name, 'ritel 100%' AS segment,
       born AS birth_year, joined AS signed_up_on, agrees AS marketing_consent,
       spent AS lifetime_value, changed AS updated_at
FROM crm.people
"""
ORDERS = "SELECT no AS order_id, person::text AS crm_id, amount, at AS ordered_at FROM crm.orders"


@pytest.fixture(scope="module")
def running():
    with postgres() as server:
        yield server


@pytest.fixture
def server(running, monkeypatch):
    monkeypatch.setenv(VARIABLE, PASSWORD)
    running.run(
        "DROP SCHEMA IF EXISTS crm CASCADE",
        "CREATE SCHEMA crm",
        f"GRANT USAGE ON SCHEMA crm TO {READER}",
        "CREATE TABLE crm.people (id int PRIMARY KEY, phone text, email text, full_name text,"
        " born int, joined date, agrees boolean, spent numeric, changed timestamptz)",
        "CREATE TABLE crm.orders (no text, person int, amount float8, at timestamptz)",
        "CREATE TABLE crm.private (id int)",
        f"GRANT SELECT ON crm.people, crm.orders TO {READER}",
    )
    yield running


def people(server, *ids, changed="2026-11-01 09:00+07"):
    server.run(
        *(
            f"INSERT INTO crm.people VALUES ({number}, '+62811000{number:04}', null, 'Rina',"
            f" 1990, '2024-01-31', true, 12.50, '{changed}')"
            " ON CONFLICT (id) DO UPDATE SET changed = excluded.changed"
            for number in ids
        )
    )


def table(name="customers", query=CUSTOMERS, **more):
    return {key: (value, 1) for key, value in {"table": name, "query": query, **more}.items()}


def source(server, *tables, **changes):
    settings = {
        "host": "localhost", "port": server.port, "database": "postgres", "user": READER,
        "password_env": VARIABLE, "batch_rows": 3, "tables": list(tables) or [table()],
    }  # fmt: skip
    values = {key: (value, 1) for key, value in (settings | changes).items()}
    return PostgresSource(Section("sources.yml", "source", 1, values))


def tables(deployment, group="customers"):
    files = [raw for name, raw in deployment.files().items() if f"/{group}/" in name]
    return [pq.read_table(io.BytesIO(raw)) for raw in files]


def ids(deployment):
    return sorted(
        int(value) for t in tables(deployment) for value in t.column("crm_id").to_pylist()
    )


def test_rows_arrive_with_our_names_and_their_types(server, deployment):
    people(server, 1)
    deployment.pull(source(server))
    (found,) = tables(deployment)
    assert found.to_pylist() == [
        {
            "crm_id": "1", "phone": "+628110000001", "email": None, "name": "Rina",
            "segment": "ritel 100%", "birth_year": 1990, "signed_up_on": date(2024, 1, 31),
            "marketing_consent": True, "lifetime_value": Decimal("12.50"),
            "updated_at": datetime(2026, 11, 1, 2, tzinfo=UTC),
        }
    ]  # fmt: skip
    assert found.schema.field("lifetime_value").type == pa.decimal128(38, 2)


def test_the_connector_reads_every_row(server, deployment):
    people(server, *range(1, 8))
    deployment.pull(source(server))
    records = [
        record
        for name in deployment.files()
        for payload in parquet_payloads(deployment.landing / name, Limits())
        for record in TabularConnector().parse(payload)
    ]
    assert len(records) == 7 and all(isinstance(record, Record) for record in records)


def test_rows_of_one_moment_are_all_there_and_come_once(server, deployment):
    people(server, *range(1, 11))
    assert deployment.pull(source(server)).items == 10
    assert ids(deployment) == list(range(1, 11))
    assert deployment.pull(source(server)).files == 0


def test_changed_rows_come_again_and_only_they(server, deployment):
    people(server, 1, changed="2026-11-01 09:00+07")
    people(server, 2, changed="2026-11-02 09:00+07")
    deployment.pull(source(server))
    people(server, 2, changed="2026-11-03 09:00+07")
    people(server, 3, changed="2026-11-04 09:00+07")
    deployment.pull(source(server))
    assert ids(deployment) == [1, 2, 2, 3]


def test_a_row_that_is_committed_late_is_not_left_out(server, deployment):
    people(server, 1, changed="2026-11-01 09:00+07")
    with server.connect() as late:
        late.autocommit = False
        late.execute("INSERT INTO crm.people (id, changed) VALUES (2, '2026-11-01 09:05+07')")
        people(server, 3, changed="2026-11-01 09:10+07")
        deployment.pull(source(server))
        assert ids(deployment) == [1, 3]
        late.commit()
    deployment.pull(source(server))
    assert 2 in ids(deployment)


def test_a_late_row_is_not_left_out_after_a_pull_that_was_killed(server, deployment):
    people(server, *range(1, 8), changed="2026-11-01 09:00+07")
    assert deployment.pull_killed(source(server), before_save=2)
    people(server, 0, changed="2026-11-01 08:59+07")
    people(server, 9, changed="2026-11-09 09:00+07")
    deployment.pull(source(server))
    assert 0 not in ids(deployment)
    deployment.pull(source(server))
    assert set(ids(deployment)) == {0, *range(1, 8), 9}


def test_a_pull_that_is_killed_anywhere_repeats_but_never_leaves_out(server, deployment, tmp_path):
    people(server, *range(1, 9))
    for point in (1, 2, 3, 4):
        here = type(deployment)(tmp_path / str(point))
        assert here.pull_killed(source(server), before_save=point)
        here.pull(source(server))
        assert set(ids(here)) == set(range(1, 9))


def test_several_tables_each_with_a_place_of_its_own(server, deployment):
    people(server, 1)
    server.run("INSERT INTO crm.orders VALUES ('A-1', 1, 10.5, '2026-11-01 09:00+07')")
    both = source(server, table(), table("orders", ORDERS))
    deployment.pull(both)
    server.run("INSERT INTO crm.orders VALUES ('A-2', 1, 1, '2026-12-01 09:00+07')")
    assert deployment.pull(both).files == 1
    found = {no for t in tables(deployment, "orders") for no in t.column("order_id").to_pylist()}
    assert found == {"A-1", "A-2"}


def test_a_query_that_changes_starts_over(server, deployment):
    people(server, 1, 2)
    deployment.pull(source(server))
    other = CUSTOMERS.replace("'ritel 100%'", "'grosir'")
    assert deployment.pull(source(server, table(query=other))).files == 1


def test_rows_without_a_time_are_told(server, deployment):
    people(server, 1)
    server.run("INSERT INTO crm.people (id) VALUES (2)")
    outcome = deployment.pull(source(server))
    assert outcome.items == 1
    assert outcome.notices == ["customers: 1 rows without updated_at are left out; fill it"]


def test_since(server, deployment):
    people(server, 1, changed="2026-01-01 09:00+07")
    people(server, 2, changed="2026-06-01 09:00+07")
    deployment.pull(source(server), since=datetime(2026, 5, 1, tzinfo=UTC))
    assert ids(deployment) == [2]


@pytest.mark.parametrize(
    ("spent", "kept"),
    [
        ("0", Decimal(0)),
        ("1e20", Decimal(10) ** 20),
        ("-0.000001", Decimal("-0.000001")),
        ("'NaN'", "NaN"),
        ("1e60", "1" + "0" * 60),
    ],
)
def test_decimals_keep_their_digits(server, deployment, spent, kept):
    people(server, 1)
    server.run(f"UPDATE crm.people SET spent = {spent}")
    deployment.pull(source(server))
    assert tables(deployment)[0].column("lifetime_value").to_pylist() == [kept]


def test_nothing_can_be_written(server, deployment):
    server.run("CREATE SEQUENCE crm.counter", f"GRANT ALL ON SEQUENCE crm.counter TO {READER}")
    writing = CUSTOMERS.replace("'ritel 100%'", "nextval('crm.counter')::text")
    people(server, 1)
    assert "only SELECT" in deployment.try_pull(source(server, table(query=writing))).problem


@pytest.mark.parametrize(
    ("changes", "query", "words"),
    [
        ({"port": 9}, CUSTOMERS, "refused"),
        ({"host": "nobody.invalid", "tls": "require"}, CUSTOMERS, "host is not known"),
        ({"database": "toko"}, CUSTOMERS, "check user and database"),
        ({"user": "kasir"}, CUSTOMERS, "password is refused"),
        ({"tls": "verify-full"}, CUSTOMERS, "certificate is not trusted"),
        ({}, "SELECT * FROM crm.persons", "table of the query does not exist"),
        ({}, CUSTOMERS.replace("phone", "phones"), "column does not exist"),
        (
            {},
            "SELECT id::text AS crm_id, now() AS updated_at FROM crm.private",
            "SELECT on the tables",
        ),
        ({}, "SELEKT 1", "no valid SELECT"),
        ({}, CUSTOMERS.replace("changed AS", "'infinity'::timestamptz AS"), "cast its column"),
    ],
)
def test_problems_say_what_to_do(server, deployment, changes, query, words):
    people(server, 1)
    wrong = source(server, table(query=query), **changes)
    problem = deployment.try_pull(wrong).problem
    assert words in problem and "Rina" not in problem
    assert any(words in finding.remedy for finding in wrong.check() if not finding.ok)


def test_a_wrong_password_is_not_repeated(server, deployment, monkeypatch):
    monkeypatch.setenv(VARIABLE, SECRET)
    problem = deployment.try_pull(source(server)).problem
    assert VARIABLE in problem and SECRET not in problem


def test_tls_is_checked_against_the_named_authority(server, deployment):
    people(server, 1)
    trusting = source(server, tls="verify-full", ca_file=str(server.certificate))
    assert deployment.pull(trusting).items == 1


def test_check_finds_all_well(server):
    people(server, 1, 2)
    findings = list(source(server).check())
    assert [finding.ok for finding in findings] == [True] * 4
    assert findings[2].found == "2 of 2 rows read"


@pytest.mark.parametrize(
    ("query", "remedy"),
    [
        ("SELECT id::text AS crm_id FROM crm.people", "add to the query, with AS: updated_at"),
        (CUSTOMERS.replace("id::text", "id"), "column crm_id must be text"),
        (CUSTOMERS.replace("changed AS", "changed::timestamp AS"), "column updated_at"),
        (CUSTOMERS.replace("AS crm_id", "AS customer"), "add to the query, with AS: crm_id"),
        (CUSTOMERS.replace("joined AS", "'31/01/2024' AS"), "column signed_up_on must be a date"),
        ("SELECT id::text AS crm_id, changed AS updated_at FROM crm.people", "give columns"),
    ],
)
def test_check_tries_the_mapping(server, query, remedy):
    people(server, 1)
    bad = [finding for finding in source(server, table(query=query)).check() if not finding.ok]
    assert len(bad) == 1 and remedy in bad[0].remedy
