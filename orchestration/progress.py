"""One line of plain words per piece of work, to the terminal or to Dagster's log."""

import io
import os
import re
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


class DbtProgress(io.TextIOBase):
    """Stands in for the standard output while dbt talks: one line in twenty, on the error stream.

    Standard output belongs to the command's own answer; dbt keeps its full log in its target.
    """

    _DONE = re.compile(r"(\d+) of (\d+) (?:OK|PASS|WARN|ERROR|FAIL)")
    _EVERY = 20

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._shown = 0

    def write(self, text: str) -> int:
        """Take dbt's words; report progress and whatever went wrong."""
        for line in text.splitlines():
            done = self._DONE.search(line)
            if done and int(done[1]) >= self._shown + self._EVERY:
                self._shown = int(done[1])
                self._say(f"gold      {done[1]} of {done[2]} models and tests")
            if "ERROR" in line or "FAIL" in line:
                self._say(f"gold      {line.strip()}")
        return len(text)


def dbt_progress() -> DbtProgress:
    """Progress of dbt on the terminal."""
    return DbtProgress(_to_terminal)
