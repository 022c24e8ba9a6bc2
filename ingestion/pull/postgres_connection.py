"""Opening a PostgreSQL database for reading: TLS, login, one read-only state; errors in words."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import certifi
import psycopg
from psycopg import IsolationLevel, errors

from ingestion.pull.base import PullProblem
from ingestion.pull.secrets import Secret
from ingestion.pull.sections import Section, on_this_machine

TLS = ("verify-full", "require", "none")
_TIMEOUT_SECONDS = 15


@dataclass(frozen=True, slots=True)
class PostgresAccount:
    """Where a database is and who reads it."""

    host: str
    port: int
    database: str
    user: str
    secret: Secret
    tls: str
    ca_file: str

    @classmethod
    def of(cls, section: Section) -> "PostgresAccount":
        """From the settings; raises SettingsProblem."""
        host = section.text("host")
        near = on_this_machine(host)
        tls = section.choice("tls", TLS, "none" if near else "verify-full")
        if tls == "none" and not near:
            raise section.problem(
                "tls: none is for this machine only; use verify-full or require", "tls"
            )
        return cls(
            host=host,
            port=section.whole("port", 5432, 1, 65535),
            database=section.text("database"),
            user=section.text("user"),
            secret=section.secret("password"),
            tls=tls,
            ca_file=section.text("ca_file", "system"),
        )

    @property
    def place(self) -> str:
        """Host, port and database, for messages."""
        return f"{self.host}:{self.port}/{self.database}"

    @contextmanager
    def opened(self) -> Iterator[psycopg.Connection[Any]]:
        """One read-only transaction that sees one state. Raises PullProblem."""
        password = self.secret.reveal()
        try:
            connection = psycopg.connect(
                host=self.host,
                port=self.port,
                dbname=self.database,
                user=self.user,
                password=password,
                sslmode="disable" if self.tls == "none" else self.tls,
                sslrootcert=self._authorities(),
                connect_timeout=_TIMEOUT_SECONDS,
                application_name="interaction-lakehouse",
                options="-c timezone=UTC -c datestyle=ISO",
            )
        except psycopg.Error as error:
            raise in_words(error, self) from None
        with connection:
            connection.read_only = True
            connection.isolation_level = IsolationLevel.REPEATABLE_READ
            yield connection

    def _authorities(self) -> str:
        if self.tls != "verify-full":
            return ""
        if self.ca_file != "system":
            return self.ca_file
        return ssl.get_default_verify_paths().cafile or certifi.where()


def in_words(error: Exception, account: PostgresAccount, table: str = "") -> PullProblem:
    """What is wrong; the server's own words may quote values, so only its codes are used."""
    where = f"{account.place}, {table}" if table else account.place
    for kind, words in (
        (errors.InvalidPassword, f"the password is refused; check {account.secret.variable}"),
        (errors.InvalidAuthorizationSpecification, "the user is refused; check user"),
        (errors.InvalidCatalogName, "there is no such database; check database"),
        (errors.UndefinedTable, "a table of the query does not exist; check its name and schema"),
        (errors.UndefinedColumn, "a column does not exist; check query, updated_at and key"),
        (errors.InsufficientPrivilege, f"grant {account.user} SELECT on the tables of the query"),
        (errors.SyntaxError, "the query is no valid SELECT; try it in psql"),
        (errors.ReadOnlySqlTransaction, "the query writes; only SELECT is allowed"),
        (errors.QueryCanceled, "the query takes longer than the server allows; add an index"),
        (psycopg.DataError, "a value cannot be read or compared; cast its column in the query"),
    ):
        if isinstance(error, kind):
            return PullProblem(f"{where}: {words}")
    if isinstance(error, psycopg.OperationalError):
        return PullProblem(f"{where}: {_connecting(str(error).lower(), account)}")
    if isinstance(error, KeyError):
        return PullProblem(f"{where}: the query gives no column updated_at or key of this name")
    return PullProblem(f"{where}: the query fails ({type(error).__name__}); try it in psql")


def _connecting(text: str, account: PostgresAccount) -> str:
    """A failed connection carries no code, only text, of which none is repeated."""
    for part, words in (
        ("password", f"the password is refused; check {account.secret.variable}"),
        ("no pg_hba.conf entry", "the server lets this user not in from here; see pg_hba.conf"),
        ("does not exist", "there is no such user or database; check user and database"),
        ("certificate", "its certificate is not trusted; name the authority's file with ca_file"),
        ("ssl", "TLS fails; the server may not offer it"),
        ("could not translate host", "the host is not known; check its spelling"),
        ("resolve host", "the host is not known; check its spelling"),
        ("refused", "the connection is refused; check host and port"),
        ("timeout", "it does not answer in time; check host, port and firewall"),
    ):
        if part in text:
            return words
    return "the connection breaks; pull again, what came is kept"
