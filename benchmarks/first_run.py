"""From an empty folder to published marts, and again with nothing new."""

import json
from collections.abc import Iterator

from benchmarks.home import Home
from benchmarks.measure import Figure

_QUERIES = 5


def measure(home: Home) -> Iterator[Figure]:
    """Seconds of wall clock of whole processes, and memory of the first run."""
    yield Figure("lakehouse sample", home.sampled.seconds, "s")
    first = home.first_run
    yield Figure("first lakehouse run", first.seconds, "s")
    yield Figure("sample and first run", home.sampled.seconds + first.seconds, "s", 60)
    yield Figure("CPU time of the first run", first.cpu_seconds, "s")
    yield Figure("peak memory, largest process", first.largest / 2**30, "GiB", 2)
    yield Figure("peak memory, whole process tree", first.together / 2**30, "GiB", 2)
    again = home.call("run", "--json")
    if json.loads(again.output)["work"]:
        raise RuntimeError("the second run found work: the project's files changed meanwhile")
    yield Figure("lakehouse run, nothing new", again.seconds, "s", 15)
    yield Figure("nothing new : first run", again.seconds / first.seconds, "ratio")
    queries = [home.call("query", "select 1").seconds for _ in range(_QUERIES)]
    yield Figure(f'lakehouse query "select 1", best of {_QUERIES}', min(queries), "s", 1)
