"""Hundreds of hostile files in one batch: good neighbours survive, the law holds, nothing leaks."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import orjson
import pytest

from ingestion.connectors.registry import connectors
from tests.ingestion.audio.sounds import wav
from tests.ingestion.connectors.reading_records import mutations
from tests.ingestion.connectors.test_hostile import HEADER, PAYLOADS, ROW
from tests.ingestion.connectors.test_registry import KNOWN
from tests.ingestion.poison import hostile_json, hostile_other

ROOT = Path(__file__).parents[3]
SECONDS = 5.0  # of the processor for one file, on the slowest machine
BYTES = 1 << 30
MUTATIONS = 10


def honest() -> dict[str, tuple[str, bytes]]:
    """{file name: (connector, content)}: sound files of every connector, more where shapes differ."""
    files = {
        f"{name}-{number}": (name, value if isinstance(value, bytes) else orjson.dumps(value))
        for number, (name, value) in enumerate(KNOWN)
    }
    for name, raw in PAYLOADS.items():
        whole = HEADER + b"\n" + raw + b"\n" if name == "tabular" else raw
        files[f"{name}-whole"] = (name, whole)
    return files | {"recording-whole": ("recording", wav())}


def is_json(raw: bytes) -> bool:
    try:
        return isinstance(orjson.loads(raw), dict | list)
    except orjson.JSONDecodeError:
        return False


def hostile() -> Iterator[tuple[str, bytes]]:
    """(name, bytes) of all hostile files."""
    number = count()
    for seed, (name, raw) in enumerate(_richest().items()):
        variants = hostile_json.variants if is_json(raw) else hostile_json.bent
        for what, content in variants(raw, seed):
            if content != raw:
                yield f"{next(number):04d} {what} {name}", content
    for seed, (name, (_, raw)) in enumerate(honest().items()):
        for content in mutations(raw, seed, MUTATIONS):
            if content != raw:
                yield f"{next(number):04d} mutated {name}", content
    families = (
        hostile_other.mails(PAYLOADS["email"]),
        hostile_other.tables(HEADER, ROW),
        hostile_other.archives(PAYLOADS["vcon"]),
        hostile_other.nonsense(),
    )
    for ending, family in zip((".eml", ".csv", ".zip", ".bin"), families, strict=True):
        for what, content in family:
            yield f"{next(number):04d} {what.replace('/', '_')}{ending}", content


def _richest() -> dict[str, bytes]:
    """The fullest sound file of each connector; mail and tables are attacked in their own ways."""
    chosen: dict[str, tuple[str, bytes]] = {}
    for name, (connector, raw) in honest().items():
        if connector not in chosen or len(raw) > len(chosen[connector][1]):
            chosen[connector] = (name, raw)
    return {
        name: raw
        for connector, (name, raw) in chosen.items()
        if connector not in ("email", "tabular")
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    landing = tmp_path_factory.mktemp("poison") / "landing"
    landing.mkdir()
    for name, content in hostile():
        (landing / name).write_bytes(content)
    odd_entries(landing)
    return landing


def odd_entries(landing: Path) -> None:
    """What a folder may hold beside files: links, pipes, names of any bytes."""
    (landing / "passwd.json").symlink_to("/etc/passwd")
    (landing / "zero.json").symlink_to("/dev/zero")
    (landing / "loop.json").symlink_to("loop.json")
    (landing / "gone.json").symlink_to("gone/gone.json")
    (landing / "up").symlink_to("..", target_is_directory=True)
    os.mkfifo(landing / "pipe.eml")
    _, whole = honest()["vcon-whole"]
    for number, raw in enumerate((b"\xff\xfe.json", b"a\nb.json", b"\x1b[2J.json", b" .json",
                                  b"CON.json", b"a" * 250, "\u202egnp.json".encode())):  # fmt: skip
        path = Path(os.fsdecode(os.fsencode(landing) + b"/" + raw))
        path.write_bytes(whole + b" " * number)


def read(landing: Path, store: Path) -> tuple[dict[str, Any], str]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.ingestion.poison.reader", str(landing), str(store)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return json.loads(done.stdout), done.stderr


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the honest files give when nothing hostile is near."""
    root = tmp_path_factory.mktemp("honest")
    (root / "landing").mkdir()
    for name, (_, content) in honest().items():
        (root / "landing" / name).write_bytes(content)
    return read(root / "landing", root / "store")[0]


@pytest.fixture(scope="module")
def taken(folder: Path, alone: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """What one batch of hostile and honest files gives, and what it wrote to its error stream."""
    # Behind the numbered ones, and under their own names: recordings are called by them.
    for name, (_, content) in honest().items():
        (folder / name).write_bytes(content)
    return read(folder, folder.parent / "store")


def test_every_connector_is_attacked_by_enough_files_always_the_same(folder: Path) -> None:
    attacked = {connector for connector, _ in honest().values()}
    assert {connector.name for connector in connectors()} <= attacked
    made = 0
    for name, content in hostile():
        assert (folder / name).read_bytes() == content
        made += 1
    assert made >= 500


def test_good_records_beside_hostile_ones_all_survive(taken, alone) -> None:
    found, _ = taken
    assert len(alone["records"]) >= 15
    wanted = {row["record_id"] for row in alone["records"]}
    assert wanted <= {row["record_id"] for row in found["records"]}


def test_the_law_holds_for_every_file(taken, folder: Path) -> None:
    found, _ = taken
    for row in found["coverage"]:
        assert row["received"] == row["accepted"] + row["duplicates"] + row["rejected"], row
        assert row["received"] >= 1 and min(row["accepted"], row["duplicates"]) >= 0, row
    assert sum(row["accepted"] for row in found["coverage"]) == len(found["records"])
    assert sum(row["rejected"] for row in found["coverage"]) == len(found["rejects"])
    regular = [p for p in folder.iterdir() if p.is_file() and not p.is_symlink()]
    assert len(found["seconds"]) == len(regular)
    assert found["passed_over"]["links that lead out of the folder"] == 2
    assert found["passed_over"]["links that lead nowhere"] == 2
    assert found["passed_over"]["pipes, sockets and devices"] == 1


def test_no_file_takes_long_or_fills_the_memory(taken) -> None:
    found, _ = taken
    slow = {name: spent for name, spent in found["seconds"].items() if spent > SECONDS}
    assert slow == {}
    assert found["peak_bytes"] < BYTES


def test_no_parser_breaks_and_every_reject_says_why(taken) -> None:
    found, _ = taken
    broken = [row for row in found["rejects"] if row["reason"] == "parser_error"]
    assert broken == []
    for row in found["rejects"]:
        assert row["reason"].replace("_", "").isalnum() and len(row["message"]) >= 15, row


def test_no_content_reaches_messages_or_logs(taken) -> None:
    found, errors = taken
    said = "\n".join(
        f"{row['reason']} {row['error_class']} {row['message']} {row['position']}"
        for row in found["rejects"]
    )
    assert len(found["rejects"]) > 300
    assert hostile_json.SECRET not in said + errors
    assert "root:" not in said + errors
