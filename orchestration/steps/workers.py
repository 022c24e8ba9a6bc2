"""Pure work on several cores: a small pool of processes, started before it is needed.

What is computed belongs to the steps; here it is only handed out, a bounded number of pieces
at a time, and taken back in order. Small work is done in place, since a pool costs seconds.
"""

import multiprocessing
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from functools import cache
from typing import TypeVar

Given = TypeVar("Given")
Made = TypeVar("Made")


class WorkerLost(RuntimeError):
    """A worker process ended in the middle of its work, killed or out of memory."""


WORKERS = min(4, os.cpu_count() or 1)
_PRELOADED = ["enrichment.annotate", "ingestion.conform.conform", "ingestion.connectors.registry"]


def map_in_order(work: Callable[[Given], Made], items: Iterable[Given]) -> Iterator[Made]:
    """`work` of every item, in order; twice as many items as workers are in flight.

    `work` must be a function of a module, and items and results must be picklable. An error in
    a worker is raised here; WorkerLost when the worker itself is gone.
    """
    if WORKERS == 1:
        yield from map(work, items)
        return
    try:
        yield from _mapped(work, items)
    except BrokenProcessPool as error:
        _pool.cache_clear()  # the next one who asks gets new workers
        raise WorkerLost("a worker process ended early") from error


def _mapped(work: Callable[[Given], Made], items: Iterable[Given]) -> Iterator[Made]:
    waiting: deque[Future[Made]] = deque()
    for item in items:
        waiting.append(_pool().submit(work, item))
        if len(waiting) >= 2 * WORKERS:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def warm() -> None:
    """Start the workers now, so that they load while this process loads other things."""
    if WORKERS > 1:
        for _ in range(WORKERS):
            _pool().submit(_load)


@cache
def _pool() -> ProcessPoolExecutor:
    # Workers must not inherit the threads of the table library, so they are not plain forks.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return ProcessPoolExecutor(WORKERS, mp_context=context, initializer=_end_with_the_run)


def _end_with_the_run() -> None:
    """A run that is killed cannot tell its workers, so they look whether it is still there."""
    server = os.getppid()

    def watch() -> None:
        while os.getppid() == server:
            time.sleep(1)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _load() -> str:
    """Load the taggers; one second of work that may as well happen early."""
    from enrichment.engine import release

    return release()
