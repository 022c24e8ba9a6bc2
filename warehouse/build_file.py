"""Reading the private DuckDB file that a run builds, without ever changing it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from warehouse import sql

if TYPE_CHECKING:
    import duckdb


@contextmanager
def build_attached(build_file: Path, main: Path | None) -> Iterator["duckdb.DuckDBPyConnection"]:
    """A connection to `main` (None: memory) with the build file attached read-only."""
    import duckdb

    if not build_file.exists():
        raise FileNotFoundError("the build file does not exist; build the marts first")
    options: dict[str, str | bool | int | float | list[str]] = {
        "threads": 2,
        "memory_limit": "1GB",
        "autoinstall_known_extensions": False,
    }
    with duckdb.connect(str(main) if main else ":memory:", config=options) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"ATTACH {sql.literal(str(build_file))} AS build (READ_ONLY)")
        yield connection
