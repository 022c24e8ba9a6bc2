"""Analysts' SQL on the published file: one reading statement, no files, no network, no limits
on time or memory exceeded.

SQL is code, and the engine has no inner walls, so three things stand between a statement and
the machine: the file is opened read-only with external access off and settings locked; only
reading statements pass; functions that show paths or run text as SQL are refused by name.
"""

import re
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from warehouse.publish import current

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

    options: dict[str, str | bool | int | float | list[str]] = {
        "enable_external_access": False,
        "autoinstall_known_extensions": False,
        "autoload_known_extensions": False,
        "allow_community_extensions": False,
        "memory_limit": MEMORY_LIMIT,
        "threads": 2,
        "temp_directory": str(Path(tempfile.gettempdir()) / "lakehouse-query"),
    }
    for _ in range(10):
        newest = current(published_dir)
        if newest is None:
            raise QueryFailed("nothing is published yet; run `lakehouse run` first")
        try:
            connection = duckdb.connect(str(newest.path), read_only=True, config=options)
            break
        except duckdb.IOException:
            continue  # a newer publication removed the file in between
    else:
        raise QueryFailed("the published file cannot be opened; run `lakehouse verify`")
    # Otherwise a FROM could name a variable of the calling program.
    connection.execute("SET python_enable_replacements = false")
    connection.execute("SET TimeZone = $zone", {"zone": timezone})
    connection.execute("SET lock_configuration = true")
    return connection


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
    import duckdb

    try:
        statements = duckdb.extract_statements(sql)
    except duckdb.Error as error:
        raise QueryFailed(_without_paths(str(error))) from None
    if len(statements) != 1:
        raise QueryRefused(
            "not_one_statement", f"give exactly one statement, not {len(statements)}"
        )
    words = list(_words(sql))
    _check_beginning([word for word, _ in words])
    for word, called in words:
        named = _REFUSED_NAMES.fullmatch(word) and word not in _ALLOWED
        if named or (called and _REFUSED_CALLS.fullmatch(word)):
            raise QueryRefused("refused_name", f"{word} is not available here")


def _check_beginning(words: list[str]) -> None:
    rest = list(words)
    if rest[:1] == ["explain"]:
        rest = rest[2:] if rest[1:2] == ["analyze"] else rest[1:]
    if not rest or rest[0] not in READING:
        known = "SELECT, WITH, FROM, VALUES, DESCRIBE, SHOW, SUMMARIZE or EXPLAIN of these"
        raise QueryRefused("not_reading", f"only reading statements may run: {known}")


def _words(sql: str) -> Iterator[tuple[str, bool]]:
    """Keywords and names in lower case, each with whether it is called as a function.

    Comments and text constants are left out; a quoted name counts as what it names.
    """
    import duckdb

    kinds = duckdb.token_type
    raw = sql.encode()
    tokens = [token for token in duckdb.tokenize(sql) if token[1] != kinds.comment]
    following = [*(offset for offset, _ in tokens[1:]), len(raw)]
    for (offset, kind), after in zip(tokens, following, strict=True):
        if kind in (kinds.keyword, kinds.identifier):
            called = raw[after : after + 1] == b"("
            yield _name(raw[offset:after].decode(errors="replace")), called


def _name(text: str) -> str:
    quoted = re.match(r'"((?:[^"]|"")*)"', text)
    if quoted:
        return quoted.group(1).replace('""', '"').strip().casefold()
    word = re.match(r"[^\s()\[\],;.]+", text)
    return word.group(0).casefold() if word else text.casefold()


def _without_paths(message: str) -> str:
    """An error of the engine without file paths; they are nobody's business here."""
    return _PATHS.sub("<file>", message)
