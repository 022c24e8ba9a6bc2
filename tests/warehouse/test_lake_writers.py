"""Several writers at once, and writers killed at any moment: nothing lost, nothing twice."""

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from warehouse.delta import Lake
from warehouse.verify import verify

ROOT = Path(__file__).parents[2]
NAME = "bronze.records"
ROWS = 5

WRITER = f"""
import sys
from pathlib import Path
sys.path[:0] = [sys.argv[1], sys.argv[2]]
from lake_rows import records
from warehouse.delta import Lake

lake = Lake(Path(sys.argv[3]))
sys.stdin.readline()
for batch in range(1, int(sys.argv[4]) + 1):
    lake.append("{NAME}", records(batch, {ROWS}), app="land", sequence=batch)
    print(batch, flush=True)
"""


def start(lake, batches):
    arguments = [str(ROOT), str(Path(__file__).parent), str(lake.root), str(batches)]
    return subprocess.Popen(
        [sys.executable, "-c", WRITER, *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )


def stored(lake):
    return sorted(Lake(lake.root).read(NAME, columns=["record_id"])["record_id"].to_pylist())


def expected(batches):
    return sorted(f"{batch}-{row}" for batch in batches for row in range(ROWS))


def test_three_processes_racing_on_the_same_batches(lake):
    batches = 20
    writers = [start(lake, batches) for _ in range(3)]
    for writer in writers:
        writer.stdin.write("go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate()
        assert writer.returncode == 0
    assert stored(lake) == expected(range(1, batches + 1))
    assert lake.version(NAME) == batches
    assert verify(lake, full=True) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_killed_writer_loses_nothing_it_acknowledged(lake, seed):
    """What was acknowledged is there; a second run completes it without repeating anything."""
    batches = 25
    writer = start(lake, batches)
    writer.stdin.write("go\n")
    writer.stdin.flush()
    first = writer.stdout.readline()  # imports are done; now the moment is one of writing
    time.sleep(random.Random(seed).uniform(0, 0.5))
    writer.send_signal(signal.SIGKILL)
    rest, _ = writer.communicate()
    acknowledged = [int(line) for line in (first + rest).split()]

    done = stored(lake)
    assert len(done) == len(set(done))
    assert set(expected(acknowledged)) <= set(done)
    assert set(done) <= set(expected([*acknowledged, len(acknowledged) + 1]))

    again = start(lake, batches)
    again.communicate("go\n")
    assert again.returncode == 0
    assert stored(lake) == expected(range(1, batches + 1))
    assert verify(lake, full=True) == []
    chain = lake.ledger(NAME).chain.read_text().splitlines()
    assert sum(json.loads(line)["late"] for line in chain) <= 1
