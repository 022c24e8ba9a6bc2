"""How long to wait before an HTTP request is tried again, and when not to try again at all.

A server's own wish (Retry-After, or when its limit is renewed) is followed, plus a little chance
so that many clients do not return in the same instant. Without one the wait doubles, half of it
by chance. Tries are bounded; a wish beyond the bound ends the pull, which goes on another time.
"""

import math
import random
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime

from requests import HTTPError, Response
from tenacity import RetryCallState

_RENEWALS = ("x-rate-limit-reset", "x-ratelimit-reset")
_WORTH_SAYING = 5.0


@dataclass(frozen=True, slots=True)
class Waits:
    """Bounds of trying again: attempts in all, seconds before the second, longest wait."""

    attempts: int = 6
    first_seconds: float = 1.0
    longest_seconds: float = 960.0

    def seconds(self, state: RetryCallState) -> float:
        """The wait after a failed try."""
        doubled = self.first_seconds * 2.0 ** (state.attempt_number - 1)
        wait = min(doubled, self.longest_seconds) * random.uniform(0.5, 1.0)
        asked = _asked(state)
        if asked is not None:
            wait = asked + random.uniform(0.0, min(self.first_seconds, 1.0))
        if wait > _WORTH_SAYING:
            sys.stderr.write(f"the source asks to wait; going on in {math.ceil(wait)} s\n")
        return wait

    def bearable(self, state: RetryCallState) -> bool:
        """Whether the server's wish lies within the bound."""
        asked = _asked(state)
        return asked is None or asked <= self.longest_seconds


def asked_seconds(headers: Mapping[str, str], *, limited: bool, now: float) -> float | None:
    """Seconds that a server asks to wait; None when it does not say. `now` is Unix time.

    Moments of renewal come with every answer, so they count only when the limit is reached.
    """
    after = headers.get("Retry-After", "").strip()
    if after:
        moment = _number(after)
        return max(moment, 0.0) if moment is not None else _until(after, now)
    if limited:
        for name in _RENEWALS:
            if value := headers.get(name, "").strip():
                number = _number(value)
                return max(number - now, 0.0) if number is not None else _until(value, now)
    return None


def _asked(state: RetryCallState) -> float | None:
    outcome = state.outcome
    error = outcome.exception() if outcome else None
    response = error.response if isinstance(error, HTTPError) else None
    if not isinstance(response, Response):
        return None
    limited = response.status_code == 429
    return asked_seconds(response.headers, limited=limited, now=time.time())


def _number(text: str) -> float | None:
    return float(text) if text.isascii() and text.replace(".", "", 1).isdigit() else None


def _until(text: str, now: float) -> float | None:
    for read in (parsedate_to_datetime, datetime.fromisoformat):
        try:
            return max(read(text).timestamp() - now, 0.0)
        except (ValueError, TypeError, OverflowError):
            continue
    return None
