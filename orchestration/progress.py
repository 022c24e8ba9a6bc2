"""One line of plain words per piece of work, to the terminal or to Dagster's log."""

import os
import sys
import time
from collections.abc import Callable

TERMINAL = "LAKEHOUSE_PROGRESS"
"""Environment variable set by `lakehouse run`: lines go to the standard error stream."""

_started = time.monotonic()


def say_with(log: Callable[[str], None]) -> Callable[[str], None]:
    """The terminal when a command runs in one, else the given log."""
    return _to_terminal if os.environ.get(TERMINAL) else log


def _to_terminal(line: str) -> None:
    elapsed = time.monotonic() - _started
    sys.stderr.write(f"  {elapsed:6.1f} s  {line}\n")
    sys.stderr.flush()
