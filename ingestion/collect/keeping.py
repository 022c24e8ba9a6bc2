"""Two threads behind the requests: one makes batches durable, one hands journals over.

request -> keep() -> next batch -> journal + fsync -> the request is answered
                                   journal full or old -> landing files

All requests that arrive while one fsync runs share the next one.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from ingestion.collect.counters import Counters
from ingestion.collect.handover import Handed, hand_over
from ingestion.collect.journal import Journal
from ingestion.collect.limits import Limits
from ingestion.collect.records import Entry

_TICK_SECONDS = 0.5
_RETRY_SECONDS = 5
_log = logging.getLogger("lakehouse.collect")

Waiting = tuple[Entry, "asyncio.Future[None]"]


class Stopped(RuntimeError):
    """The collector is shutting down and takes nothing more."""


class Keeper:
    """Keeps entries in a journal folder and hands them to a landing folder."""

    def __init__(self, folder: Path, landing: Path, limits: Limits, counters: Counters) -> None:
        self._journal, self._landing = Journal(folder), landing
        self._limits, self._counters = limits, counters
        self._condition = threading.Condition()
        self._pending: list[Waiting] = []
        self._stopping = False
        self._due = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self.failing = ""
        self._threads = [
            threading.Thread(target=self._commit_all, name="commit", daemon=True),
            threading.Thread(target=self._hand_over_all, name="hand-over", daemon=True),
        ]

    def start(self) -> None:
        """Begin; to be called on the event loop whose requests are served."""
        self._loop = asyncio.get_running_loop()
        self._due.set()  # a killed collector may have left journals
        for thread in self._threads:
            thread.start()

    async def keep(self, entry: Entry) -> None:
        """Return when the entry is on disk; raises OSError or Stopped when it is not."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        with self._condition:
            if self._stopping:
                raise Stopped
            self._pending.append((entry, done))
            self._condition.notify()
        await done

    def stop(self) -> None:
        """Keep what is pending, then hand over all journals; blocks until that is done."""
        with self._condition:
            self._stopping = True
            self._condition.notify()
        self._threads[0].join()
        self._due.set()
        self._threads[1].join()

    def _commit_all(self) -> None:
        while True:
            with self._condition:
                if not self._pending and not self._stopping:
                    self._condition.wait(_TICK_SECONDS)
                batch, self._pending = self._pending, []
                last = self._stopping and not batch
            if batch:
                self._commit(batch)
            elif self.failing:
                self._look_again()
            if self._full() or last:
                self._seal()
            if last:
                return

    def _commit(self, batch: Sequence[Waiting]) -> None:
        error: Exception | None = None
        try:
            self._journal.append([entry for entry, _ in batch])
        except Exception as problem:  # whatever it is, nobody may be told that all is well
            error = problem
        if error is None:
            self.failing = ""
            self._counters.totals["fsyncs"] += 1
            for entry, _ in batch:
                self._counters.bytes[entry.source] += len(entry.body)
        else:
            self._failed(error)
        assert self._loop is not None
        self._loop.call_soon_threadsafe(_answer, batch, error)

    def _failed(self, error: Exception) -> None:
        self._counters.totals["journal_errors"] += 1
        reason = _reason(error)
        if not self.failing:
            _log.error("the journal cannot be written: %s; answering 503", reason)
        self.failing = reason

    def _look_again(self) -> None:
        # Who watches /healthz may send nothing more until it is well again.
        try:
            self._journal.probe()
        except OSError:
            return
        self.failing = ""
        _log.warning("the journal can be written again")

    def _seal(self) -> None:
        try:
            self._journal.seal()
        except OSError as error:  # its bytes were synced, so nothing is lost by it
            _log.error("a journal was not closed well: %s", error.strerror)
        self._due.set()

    def _full(self) -> bool:
        journal, limits = self._journal, self._limits
        if journal.active is None:
            return False
        age = time.monotonic() - journal.opened_at
        return journal.size >= limits.journal_bytes or age >= limits.journal_seconds

    def _hand_over_all(self) -> None:
        again: float | None = None
        while True:
            self._due.wait(again)
            self._due.clear()
            last = not self._threads[0].is_alive()
            again = _RETRY_SECONDS if self._hand_over() else None
            if last:
                return

    def _hand_over(self) -> bool:
        """Hand over all that is sealed; whether something is left to be tried again."""
        done = Handed()
        left = False
        for path in self._journal.sealed():
            try:
                hand_over(path, self._landing, done)
            except Exception as error:  # one journal may not keep the others from going on
                left = True
                _log.error("cannot hand over %s: %s; trying again", path.name, _reason(error))
        self._counters.totals.update(
            landing_files=done.files, landing_bodies=done.bodies, damaged_journals=done.damaged
        )
        self._counters.levels["journals_waiting"] = len(self._journal.sealed())
        return left


def _reason(error: Exception) -> str:
    """The system's words or the kind of the error: neither holds content."""
    return (error.strerror if isinstance(error, OSError) else None) or type(error).__name__


def _answer(batch: Sequence[Waiting], error: Exception | None) -> None:
    for _, done in batch:
        if done.done():
            continue  # its request was cancelled
        if error is None:
            done.set_result(None)
        else:
            done.set_exception(error)
