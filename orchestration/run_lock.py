"""One run at a time per lake: a lock that the kernel frees with the process that held it.

Whoever gets the lock first completes the commits of a holder that died. What Dagster's own books
say of a run belongs to `dead_runs`.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from warehouse.recovery import enter_late_commits

_held: set[Path] = set()


@contextmanager
def only_run(lake: Path, *, wait: bool = False) -> Iterator[bool]:
    """Hold the lake's run lock; yields False when another process has it and `wait` is not set.

    A process that holds the lock already passes at once, so that a run's resources do not wait
    for the command that started it.
    """
    lake = lake.resolve()
    if lake in _held:
        yield True
        return
    with _locked(lake, wait=wait) as alone:
        if alone:
            enter_late_commits(lake)
        yield alone


@contextmanager
def _locked(lake: Path, *, wait: bool) -> Iterator[bool]:
    folder = lake / "_locks"
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder / "run.lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
        except BlockingIOError:
            yield False
            return
        _held.add(lake)
        try:
            yield True
        finally:
            _held.discard(lake)
    finally:
        os.close(descriptor)


def is_working(lake: Path) -> bool:
    """Whether another process runs on this lake now."""
    lake = lake.resolve()
    if lake in _held or not (lake / "_locks").is_dir():
        return False
    with _locked(lake, wait=False) as free:
        return not free
