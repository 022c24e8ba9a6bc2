"""Messages per second from JSON lines to bronze and silver, beside dlt and the bare file formats.

All three read the same file. Ours ends with redacted turns, keyed people and counts that add up;
dlt ends with normalised tables, DuckDB with one table of the lines' own columns.
"""

import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.home import Home
from benchmarks.measure import Ended, Figure, run_command
from benchmarks.messages import write_messages

if TYPE_CHECKING:
    from orchestration.steps.deployment import Deployment

_MORE = 10_000
_LONGER = 4
"""How many times as long the history is when more messages come the second time."""


def measure(home: Home) -> Iterator[Figure]:
    """Rates as wall clock of whole processes; then what a longer history costs."""
    _ = home.sampled
    count, folder = home.messages, home.root / "ingest"
    (folder / "landing").mkdir(parents=True)
    lines = folder / "landing" / "messages.jsonl"
    write_messages(home.turns, lines, count)
    limit, compared = _child("limit", folder), _child("dlt", folder)
    bronze, silver = _child("bronze", folder), _child("silver", folder)
    ours = bronze.seconds + silver.seconds
    yield Figure("messages", count, "")
    yield Figure("size", lines.stat().st_size / 1e6, "MB")
    rates = {"DuckDB to Delta": limit.seconds, "dlt to Delta": compared.seconds}
    rates |= {"landing to bronze": bronze.seconds, "bronze to silver": silver.seconds}
    for name, seconds in (rates | {"ours, both": ours}).items():
        yield Figure(name, count / seconds, "messages/s")
    yield Figure("rate of landing to bronze : dlt", compared.seconds / bronze.seconds, "ratio")
    yield Figure("rate of ours : dlt", compared.seconds / ours, "ratio")
    yield Figure("rate of ours : DuckDB", limit.seconds / ours, "ratio")
    for name, ended in (("landing to bronze", bronze), ("bronze to silver", silver)):
        yield Figure(f"{name}, largest process", ended.largest / 2**30, "GiB", 2)
        yield Figure(f"{name}, process tree", ended.together / 2**30, "GiB", 2)
    yield from _longer_history(home, folder)


def _longer_history(home: Home, folder: Path) -> Iterator[Figure]:
    """The same number of new messages, on the same days, after a history and a longer one."""
    first, spent = home.messages, []
    for name, before in (("more", 0), ("late", (_LONGER - 1) * home.messages)):
        if before:
            write_messages(home.turns, folder / "landing" / "old.jsonl", before, first=first)
            _child("bronze", folder)
            first += before
        write_messages(home.turns, folder / "landing" / f"{name}.jsonl", _MORE, first=first)
        first += _MORE
        spent.append(float(_child("bronze", folder).output))
        yield Figure(f"{_MORE:,} more messages to bronze after {first - _MORE:,}", spent[-1], "s")
    yield Figure("after the longer history : before", spent[1] / spent[0], "ratio")
    yield Figure("all these to silver", _child("silver", folder).seconds, "s")


def _child(what: str, folder: Path) -> Ended:
    return run_command(
        [sys.executable, "-m", "benchmarks.ingest", what, str(folder)], _environment()
    )


def _environment() -> dict[str, str]:
    # dlt would report its use over the network.
    return {**os.environ, "RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}


def bronze(folder: Path) -> None:
    """Landing and bronze, as the first two assets do it; says how long the work itself took."""
    from orchestration.steps import intake, land

    deployment = _deployment(folder)
    started = time.perf_counter()
    land.land_new_files(deployment)
    intake.take_in(deployment)
    print(time.perf_counter() - started)


def silver(folder: Path) -> None:
    """Silver from what bronze holds, as the third asset does it."""
    from orchestration.steps import conform

    conform.conform_new_records(_deployment(folder))


def _deployment(folder: Path) -> "Deployment":
    from orchestration.steps.deployment import Deployment
    from warehouse.settings import Settings

    return Deployment(
        Settings(folder / "lake", folder / "landing", folder / "keys" / "handles.key")
    )


def dlt(folder: Path) -> None:
    """dlt's own reader of JSON lines and its file destination, as they come."""
    import dlt as library
    from dlt.sources.filesystem import filesystem, read_jsonl

    pipeline = library.pipeline(
        "messages",
        pipelines_dir=str(folder / "dlt"),
        destination=library.destinations.filesystem(bucket_url=(folder / "loaded").as_uri()),
        dataset_name="chat",
    )
    files = filesystem(bucket_url=(folder / "landing").as_uri(), file_glob="messages.jsonl")
    pipeline.run((files | read_jsonl()).with_name("messages"), table_format="delta")


def limit(folder: Path) -> None:
    """DuckDB reads, delta-rs writes: no identity, no redaction, no counts."""
    import duckdb
    from deltalake import write_deltalake

    lines = str(folder / "landing" / "messages.jsonl")
    with duckdb.connect() as connection:
        batches = connection.execute(
            "SELECT * FROM read_json(?, format = 'newline_delimited')", [lines]
        ).to_arrow_reader(100_000)
        write_deltalake(str(folder / "limit"), batches)


if __name__ == "__main__":
    {"bronze": bronze, "silver": silver, "dlt": dlt, "limit": limit}[sys.argv[1]](Path(sys.argv[2]))
