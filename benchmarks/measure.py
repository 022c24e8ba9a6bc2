"""How things are measured: figures, child processes with their memory, the state of the machine."""

import os
import platform
import subprocess
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

BUSY = 1.5
"""Load average above which figures are not valid."""
_SAMPLE_SECONDS = 0.1
_PAGE = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Figure:
    """One measured value with its unit; `budget` is what it must not exceed, if anything."""

    name: str
    value: float
    unit: str
    budget: float | None = None

    @property
    def within(self) -> bool | None:
        """Whether the budget is kept; None without one."""
        return None if self.budget is None else self.value <= self.budget


@dataclass(frozen=True)
class Ended:
    """A child process that ended well. Memory counts in bytes, with all its descendants.

    `largest` is the peak of the largest single process; `together` the greatest sum over the
    process tree seen at one moment, in which shared pages count once for each process.
    """

    seconds: float
    cpu_seconds: float
    largest: int
    together: int
    output: str


def run_command(arguments: Sequence[str], environment: dict[str, str]) -> Ended:
    """Run to the end and measure; RuntimeError with the last lines when the command fails."""
    started = time.perf_counter()
    with subprocess.Popen(
        arguments, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        peaks, stop = [0], threading.Event()
        texts: dict[str, bytes] = {}
        threads = [
            threading.Thread(target=_watch, args=(process.pid, peaks, stop)),
            threading.Thread(target=lambda: texts.update(out=process.stdout.read())),
            threading.Thread(target=lambda: texts.update(err=process.stderr.read())),
        ]
        for thread in threads:
            thread.start()
        # Unlike getrusage(RUSAGE_CHILDREN) this counts one child and its own children only.
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        stop.set()
        for thread in threads:
            thread.join()
    if process.returncode:
        raise RuntimeError(f"{' '.join(arguments)} failed:\n{texts['err'].decode()[-3000:]}")
    cpu = usage.ru_utime + usage.ru_stime
    largest = usage.ru_maxrss * 1024
    return Ended(seconds, cpu, largest, max(peaks[0], largest), texts["out"].decode())


def _watch(root: int, peaks: list[int], stop: threading.Event) -> None:
    while not stop.wait(_SAMPLE_SECONDS):
        peaks[0] = max(peaks[0], sum(_resident(pid) for pid in _tree(root)))


def _tree(root: int) -> list[int]:
    """The process and its living descendants."""
    found = [root]
    for pid in found:
        try:
            for task in Path(f"/proc/{pid}/task").iterdir():
                found += map(int, (task / "children").read_text().split())
        except OSError:
            continue  # it has just ended
    return found


def _resident(pid: int) -> int:
    try:
        return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * _PAGE
    except (OSError, IndexError):
        return 0


def best_of(times: int, work: Callable[[], object]) -> float:
    """Least seconds of wall clock over some repetitions."""
    seconds = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return min(seconds)


def machine() -> dict[str, str | int | float]:
    """What the figures were measured on, without its name."""
    models = [
        line.partition(":")[2].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    memory = os.sysconf("SC_PHYS_PAGES") * _PAGE
    return {
        "cores": len(os.sched_getaffinity(0)),
        "processor": models[0] if models else platform.machine(),
        "memory_gib": round(memory / 2**30, 1),
        "python": platform.python_version(),
        "load_average": round(os.getloadavg()[0], 2),
    }
