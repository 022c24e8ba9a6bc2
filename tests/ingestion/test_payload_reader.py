"""Read in place, in parts or in other processes: the same rows in the same order."""

import gc
import pickle
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa
import pytest

from ingestion import intake as module
from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.registry import connectors
from ingestion.guard import Guard
from ingestion.identifiers import hash64
from ingestion.intake import Intake, LandedFile
from ingestion.payload_reader import Answer, Part, PayloadReader, read_part
from tests.ingestion.mappings.mapped_files import DESK, connector
from warehouse.contracts import PAYLOADS, RECORDS, REJECTS
from warehouse.settings import Settings

AT = datetime(2026, 11, 1, tzinfo=UTC)
NOTHING = pa.schema([("record_id", pa.string()), ("payload_id", pa.string())]).empty_table()
FILES = {
    "a": "one\ntwo\nrefused\ntwo\nbroken\nfive",
    "b": "\n".join(f"m{number}" for number in range(20)),
    "c": "nothing",
    "d": "two\nraises\nlost\none",
    "e": "endless\nlast",
}


class Lines(Connector):
    """One payload a line; some lines say what goes wrong."""

    name: ClassVar[str] = "lines"
    version: ClassVar[str] = "1"
    source_system: ClassVar[str] = "lines"

    def recognises(self, name: str, head: bytes) -> bool:
        return True

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        for number, line in enumerate(path.read_bytes().splitlines(), start=1):
            place = f"line {number}"
            refused = RejectedInput("too_large", "cut the file", place)
            yield refused if line == b"refused" else Payload(line, place, context="é")

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        text = payload.raw.decode()
        if text == "nothing":
            return
        links = ("\udcff",) if text == "broken" else ()
        count = 9 if text == "endless" else 1
        for number in range(count):
            data = {"action": "sent", "turn_id": text}
            yield Record("turn", "lines", "c", f"{text}{number}", AT, data, links=links)
        if text == "raises":
            raise RecursionError
        if text == "lost":
            yield RejectedInput("bad_cell", "not a number", "/x")


@pytest.fixture
def files(tmp_path: Path) -> list[LandedFile]:
    found = []
    for name, content in FILES.items():
        path = tmp_path / name
        path.write_text(content)
        found.append(LandedFile(name * 64, name, path, "lines", repeats=False))
    return [*found, LandedFile("f" * 64, "f", path, "nobody's", repeats=False)]


def elsewhere(parts: Iterable[Part]) -> Iterator[Answer]:
    """As processes of their own would answer: nothing is shared."""
    zone = Settings(Path(), Path(), Path()).zone
    for part in parts:
        answer = read_part(pickle.loads(pickle.dumps(part)), zone, hash64)
        yield pickle.loads(pickle.dumps(answer))


def taken(folder: Path, files: list[LandedFile], *, spread: bool) -> dict[str, Any]:
    settings = Settings(folder, folder, folder / "key")
    guard = Guard(items=5)
    with Intake(1, settings, {"lines": Lines()}, hash64, at=AT, guard=guard) as batch:
        if spread:
            batch.read_all(files, elsewhere)
        else:
            for file in files:
                batch.read(file)
        batch.count_known(NOTHING)
        rejects = pa.Table.from_batches(batch.rejects.batches(), REJECTS).to_pylist()
        return {
            "records": pa.Table.from_batches(batch.statements.records(), RECORDS).to_pylist(),
            "restated": batch.statements.restatements().to_pylist(),
            "payloads": pa.Table.from_batches(batch.payloads.batches(), PAYLOADS).to_pylist(),
            "rejects": sorted(rejects, key=lambda row: str(row["reject_id"])),
            "coverage": batch.coverage(),
            "readings": batch.readings(),
            "largest": batch.largest_payload,
        }


@pytest.mark.parametrize("at_once", [1, 3, 7, 4096])
def test_however_payloads_are_spread_the_rows_are_the_same(
    tmp_path: Path, files: list[LandedFile], monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr(module, "_PART_PAYLOADS", at_once)
    here = taken(tmp_path, files, spread=False)
    assert taken(tmp_path, files, spread=True) == here
    counted = [
        (row["received"], row["accepted"], row["duplicates"], row["rejected"])
        for row in here["coverage"]
    ]
    # d repeats two facts of a; e holds one item more than a payload may have.
    assert counted == [(6, 3, 1, 2), (20, 20, 0, 0), (1, 0, 0, 1), (6, 2, 2, 2), (7, 6, 0, 1),
                       (1, 0, 0, 1)]  # fmt: skip
    reasons = {row["reason"] for row in here["rejects"]}
    assert reasons == {"too_large", "unstorable_record", "no_records", "parser_error", "bad_cell",
                       "too_many_items", "unsupported_format"}  # fmt: skip


def test_large_payloads_make_small_parts(
    tmp_path: Path, files: list[LandedFile], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_PART_BYTES", 10)
    sizes = []

    def watched(parts: Iterable[Part]) -> Iterator[Answer]:
        for part in parts:
            sizes.append(part.size)
            yield from elsewhere([part])

    with Intake(1, Settings(tmp_path, tmp_path, tmp_path), {"lines": Lines()}, hash64) as batch:
        batch.read_all(files, watched)
    assert len(sizes) > 5 and max(sizes) < 20


def test_every_connector_can_be_sent_to_another_process() -> None:
    known = (*connectors(), connector(DESK))
    assert pickle.loads(pickle.dumps(known)) == known


def test_a_reader_that_hands_over_begins_anew() -> None:
    reader = PayloadReader(Settings(Path(), Path(), Path()).zone, hash64, Guard())
    assert (reader.take().records, reader.take().payloads, reader.full) == (None, None, False)


def test_the_collector_runs_again_after_a_part() -> None:
    read_part(Part(1.0, 1), Settings(Path(), Path(), Path()).zone, hash64)
    assert gc.isenabled()
