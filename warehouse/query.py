"""Analysts' SQL on the published file: one reading statement, bounded in time and memory.

SQL is code, and the engine has no inner walls, so three things stand between a statement and
the machine: the file is attached read-only, external access off and settings locked; only
reading statements pass; functions that show paths or run text as SQL are refused by name.
"""

import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from warehouse.pointer import current
from warehouse.sql import literal

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

MEMORY_LIMIT: Final = "1GB"
TIMEOUT_SECONDS: Final = 60.0
BATCH_ROWS: Final = 16_384
READING: Final = frozenset(
    {"select", "with", "from", "values", "table", "describe", "desc", "show", "summarize"}
)
# Catalogue functions without paths or settings; all others beginning so are refused.
_ALLOWED: Final = frozenset(
    {"duckdb_tables", "duckdb_columns", "duckdb_views", "duckdb_types", "duckdb_keywords"}
)
_REFUSED_NAMES: Final = re.compile(r"duckdb_\w+|pragma_\w+|sqlite_\w+|database_list")
_REFUSED_CALLS: Final = re.compile(
    r"read_\w+|write_\w+|sniff_\w+|parquet_\w+|json_execute_\w+|\w+_scan|\w*glob|query|query_table"
    r"|current_setting|getenv|which_secret|sql_auto_complete|enable_logging|from_substrait\w*"
    r"|st_\w+|iceberg_\w+|delta_\w+|http_\w+|force_checkpoint|checkpoint|test_all_types"
)
_PATHS: Final = re.compile(r"(?:file:)?(?:~|\.{0,2})/[^\s\"'`,;)]+")


class QueryRefused(ValueError):
    """The statement may not run; `reason` is a stable code, the message says what to do."""

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason


class QueryFailed(RuntimeError):
    """The statement is allowed but failed: a wrong name, too slow, too large."""


def open_published(published_dir: Path, *, timezone: str = "UTC") -> "duckdb.DuckDBPyConnection":
    """A locked-down connection to the published file; days are counted in `timezone`.

    The link is resolved first, so that each connection stays on one whole snapshot.
    Raises QueryFailed before the first publication.
    """
    import duckdb

    for _ in range(10):
        newest = current(published_dir)
        if newest is None:
            raise QueryFailed("nothing is published yet; run `lakehouse run` first")
        connection = _private_engine()
        try:
            connection.execute(f"ATTACH {literal(str(newest.path))} AS lakehouse (READ_ONLY)")
        except duckdb.IOException:
            connection.close()
            continue  # a newer publication removed the file in between
        _lock_down(connection, timezone)
        return connection
    raise QueryFailed("the published file cannot be opened; run `lakehouse verify`")


def _private_engine() -> "duckdb.DuckDBPyConnection":
    """An engine of its own: connections that open the same file would share all settings."""
    import duckdb

    options: dict[str, str | bool | int | float | list[str]] = {
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "memory_limit": MEMORY_LIMIT,
        "threads": 2,
        "temp_directory": str(Path(tempfile.gettempdir()) / "lakehouse-query"),
    }
    return duckdb.connect(":memory:", config=options)


def _lock_down(connection: "duckdb.DuckDBPyConnection", timezone: str) -> None:
    connection.execute("USE lakehouse")
    connection.execute(f"SET TimeZone = {literal(timezone)}")
    # Otherwise a FROM could name a variable of the calling program.
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET enable_external_access = false")
    connection.execute("SET lock_configuration = true")


def run(
    published_dir: Path,
    sql: str,
    *,
    timeout_seconds: float = TIMEOUT_SECONDS,
    max_rows: int | None = None,
    timezone: str = "UTC",
) -> "pa.Table":
    """The result of one reading statement, at most `max_rows` rows of it.

    Raises QueryRefused when the statement may not run, QueryFailed when it cannot.
    """
    import pyarrow as pa

    with stream(published_dir, sql, timeout_seconds=timeout_seconds, timezone=timezone) as reader:
        batches = []
        left = max_rows
        for batch in reader:
            batches.append(batch if left is None else batch.slice(0, left))
            if left is not None:
                left -= batches[-1].num_rows
                if left <= 0:
                    break
        return pa.Table.from_batches(batches, schema=reader.schema)


@contextmanager
def stream(
    published_dir: Path,
    sql: str,
    *,
    timeout_seconds: float = TIMEOUT_SECONDS,
    timezone: str = "UTC",
) -> Iterator["pa.RecordBatchReader"]:
    """As `run`, batch by batch; the time limit covers the whole block."""
    import duckdb

    check(sql)
    connection = open_published(published_dir, timezone=timezone)
    late = threading.Event()

    def interrupt() -> None:
        late.set()
        connection.interrupt()

    timer = threading.Timer(timeout_seconds, interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield connection.sql(sql).to_arrow_reader(BATCH_ROWS)
    except (duckdb.Error, OSError, RuntimeError) as error:
        if late.is_set():
            raise QueryFailed(f"stopped after {timeout_seconds:g} seconds") from None
        raise QueryFailed(_without_paths(str(error))) from None
    finally:
        timer.cancel()
        connection.close()


def check(sql: str) -> None:
    """Raise QueryRefused unless `sql` is exactly one reading statement without refused names."""
    words = list(_words(sql))
    _check_kind(sql, words)
    for word in words:
        named = _REFUSED_NAMES.fullmatch(word.text) and word.text not in _ALLOWED
        if named or (word.called and _REFUSED_CALLS.fullmatch(word.text)):
            raise QueryRefused("refused_name", f"{word.text} is not available here")


def _check_kind(sql: str, words: list["_Word"]) -> None:
    """One statement that only reads; what EXPLAIN explains must be one itself."""
    import duckdb

    kind = duckdb.StatementType
    found = _statement_type(sql)
    texts = [word.text for word in words]
    if found == kind.EXPLAIN:
        skipped = 2 if texts[1:2] == ["analyze"] else 1
        texts, inner = texts[skipped:], words[skipped:]
        found = _statement_type(sql.encode()[inner[0].offset :].decode()) if inner else found
    if found != kind.SELECT or not texts or texts[0] not in READING:
        known = "SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN of these"
        raise QueryRefused("not_reading", f"only reading statements may run: {known}")


def _statement_type(sql: str) -> "duckdb.StatementType":
    import duckdb

    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryFailed(_without_paths(str(error))) from None
    if len(statements) != 1:
        found = f"give exactly one statement, not {len(statements)}"
        raise QueryRefused("not_one_statement", found)
    return statements[0].type


@dataclass(frozen=True)
class _Word:
    """A keyword or name in lower case; `called` when a parenthesis follows it."""

    text: str
    called: bool
    offset: int


def _words(sql: str) -> Iterator[_Word]:
    """Keywords and names, without comments and text constants; offsets count bytes.

    A quoted name counts as what it names.
    """
    import duckdb

    kinds = duckdb.token_type
    raw = sql.encode()
    tokens = [*duckdb.tokenize(sql), (len(raw), None)]
    for index, (offset, kind) in enumerate(tokens):
        if kind in (kinds.keyword, kinds.identifier):
            end = tokens[index + 1][0]
            after = next(at for at, other in tokens[index + 1 :] if other != kinds.comment)
            called = raw[after : after + 1] == b"("
            yield _Word(_name(raw[offset:end].decode(errors="replace")), called, offset)


def _name(text: str) -> str:
    quoted = re.match(r'"((?:[^"]|"")*)"', text)
    if quoted:
        return quoted.group(1).replace('""', '"').strip().casefold()
    word = re.match(r"[^\s()\[\],;.]+", text)
    return word.group(0).casefold() if word else text.casefold()


def _without_paths(message: str) -> str:
    """An error of the engine without file paths; they are nobody's business here."""
    return _PATHS.sub("<file>", message)
