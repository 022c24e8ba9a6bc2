"""Messages per second from JSON lines to silver, beside dlt and beside the bare file formats.

All three read the same file. Ours ends with redacted turns, keyed people and counts that add up;
dlt ends with normalised tables, DuckDB with one table of the lines' own columns.
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.home import Home
from benchmarks.measure import Ended, Figure, run_command
from benchmarks.messages import write_messages

MESSAGES = 100_000
_MORE = 10_000


def measure(home: Home) -> Iterator[Figure]:
    """Rates as wall clock of whole processes; then the price of some more messages."""
    _ = home.sampled
    folder = home.root / "ingest"
    (folder / "landing").mkdir(parents=True)
    lines = folder / "landing" / "messages.jsonl"
    write_messages(home.turns, lines, MESSAGES)
    limit = _child("limit", folder)
    compared = _child("dlt", folder)
    ours = _child("ours", folder)
    yield Figure("messages", MESSAGES, "")
    yield Figure("size", lines.stat().st_size / 1e6, "MB")
    for name, ended in (("DuckDB to Delta", limit), ("dlt to Delta", compared), ("ours", ours)):
        yield Figure(name, MESSAGES / ended.seconds, "messages/s")
    yield Figure("rate of ours : dlt", compared.seconds / ours.seconds, "ratio")
    yield Figure("rate of ours : DuckDB", limit.seconds / ours.seconds, "ratio")
    yield Figure("peak memory of ours, process tree", ours.together / 2**30, "GiB", 2)
    write_messages(home.turns, lines.with_name("more.jsonl"), _MORE, first=MESSAGES)
    more = _child("ours", folder)
    yield Figure(f"{_MORE:,} more messages", more.seconds, "s")


def _child(what: str, folder: Path) -> Ended:
    return run_command(
        [sys.executable, "-m", "benchmarks.ingest", what, str(folder)], _environment()
    )


def _environment() -> dict[str, str]:
    # dlt would report its use over the network.
    return {**os.environ, "RUNTIME__DLTHUB_TELEMETRY": "false", "RUNTIME__LOG_LEVEL": "ERROR"}


def ours(folder: Path) -> None:
    """Landing, bronze and silver, as the first three assets do it."""
    from orchestration.steps import conform, intake, land
    from orchestration.steps.deployment import Deployment
    from warehouse.settings import Settings

    settings = Settings(folder / "lake", folder / "landing", folder / "keys" / "handles.key")
    deployment = Deployment(settings)
    land.land_new_files(deployment)
    intake.take_in(deployment)
    conform.conform_new_records(deployment)


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
    {"ours": ours, "dlt": dlt, "limit": limit}[sys.argv[1]](Path(sys.argv[2]))
