"""Parsers under guard: whatever one does with hostile bytes costs one reject, never the batch.

An exception, endless recursion, exhausted memory, too many items or too much computing ends the
reading of one payload; what it had given before is kept.
"""

import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from ingestion.connectors.base import RejectedInput

SECONDS = 60.0
"""Processor time for one payload; an honest one takes less than a second."""
ITEMS = 250_000
"""Items of one payload; smaller than what 32 MiB of brackets would make."""
_TICKS = 20
"""How finely that time is measured: one tick is a twentieth of it."""


class _OutOfTime(BaseException):
    """Not an Exception, so that no broad handler of a parser swallows it."""


class Guard:
    """Iterates over what parsers give. Time counts only in the main thread, where signals arrive.

    Processor time is measured, not the clock: a busy machine rejects nothing that an idle one
    accepts. Landed files are plain files, so that reading them cannot wait for anybody.
    One timer ticks for the whole batch and each tick is charged to the parser it meets: setting
    a timer for every item would cost more than reading most of them.
    """

    def __init__(self, seconds: float = SECONDS, items: int = ITEMS) -> None:
        self.seconds = seconds
        self.items = items
        self._armed = False
        self._ticks = 0

    @contextmanager
    def watching(self) -> Iterator[None]:
        """Take the signal of the processor clock while a batch is read."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        before = signal.signal(signal.SIGPROF, self._ring)
        tick = self.seconds / _TICKS
        signal.setitimer(signal.ITIMER_PROF, tick, tick)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
            signal.signal(signal.SIGPROF, before)

    def _ring(self, number: int, frame: FrameType | None) -> None:
        if self._armed:
            self._ticks += 1
            # Rings at each tick from here on, should a parser's own cleaning up swallow it.
            if self._ticks > _TICKS:
                raise _OutOfTime

    def each(self, call: Callable[[], Iterable[Any]]) -> Iterator[Any]:
        """Items of a file, each within the time of one payload."""
        return self._items(call, fresh_time=True, most=None)

    def all(self, call: Callable[[], Iterable[Any]]) -> Iterator[Any]:
        """Items of one payload, all of them within its time and number."""
        return self._items(call, fresh_time=False, most=self.items)

    def _items(
        self, call: Callable[[], Iterable[Any]], *, fresh_time: bool, most: int | None
    ) -> Iterator[Any]:
        spent, count, iterator = 0, 0, None
        while True:
            self._ticks = spent  # others are read between two items of a file
            try:
                self._armed = True
                if iterator is None:
                    iterator = iter(call())
                item = next(iterator)
            except StopIteration:
                return
            except _OutOfTime:
                self._armed = False
                yield RejectedInput("too_slow", _SLOW.format(int(self.seconds)))
                return
            except Exception as error:
                self._armed = False
                if isinstance(error, OSError) and error.errno is not None:
                    raise  # the disk failed, not the content: the batch is read again later
                yield _stopped(error)
                return
            finally:
                self._armed = False
            if not fresh_time:
                spent = self._ticks
            count += 1
            if most is not None and count > most:
                yield RejectedInput("too_many_items", _MANY.format(most))
                return
            yield item


_SLOW = (
    "reading stopped after {} seconds of computing; what came before is kept."
    " Split the payload, or report its format"
)
_MANY = "more than {} items in one payload; what came before is kept. Split the export"


def _stopped(error: Exception) -> RejectedInput:
    rejected = RejectedInput(
        "parser_error",
        f"the parser stopped here with {type(error).__name__}; what came before is kept."
        " Please report the format of this file",
    )
    rejected.__cause__ = error
    return rejected
