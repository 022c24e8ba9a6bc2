"""What one collector takes on at most: sizes, times, rates. No request is known here."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from time import monotonic


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a collector; what exceeds one is answered with an error and never cut short."""

    body_bytes: int = 4 << 20
    waiting_bytes: int = 64 << 20
    """Bodies in memory at one moment, of all requests together."""
    requests: int = 256
    """Requests in work at one moment."""
    connections: int = 1024
    header_bytes: int = 32 << 10
    header_seconds: float = 10
    body_seconds: float = 20
    idle_seconds: int = 15
    shutdown_seconds: int = 20
    rate: float = 500
    """Authentic requests of one source per second, in the long run."""
    burst: float = 1000
    """Authentic requests of one source at once."""
    replay_seconds: float = 300
    """How far a signed time may lie from our clock, before or after."""
    journal_bytes: int = 32 << 20
    """A journal of this size is handed over."""
    journal_seconds: float = 60
    """A journal whose first body is as old as this is handed over."""


class TokenBucket:
    """Allows `burst` at once and `rate` per second in the long run."""

    def __init__(self, rate: float, burst: float, clock: Callable[[], float] = monotonic) -> None:
        self._rate, self._burst, self._clock = rate, burst, clock
        self._tokens, self._seen = burst, clock()

    def take(self) -> float:
        """0 when one more is allowed now (and counted), else the seconds until one will be."""
        now = self._clock()
        self._tokens = min(self._burst, self._tokens + (now - self._seen) * self._rate)
        self._seen = now
        if self._tokens >= 1:
            self._tokens -= 1
            return 0
        return (1 - self._tokens) / self._rate


class Exhausted(RuntimeError):
    """A budget is spent at this moment; the sender may try again soon."""


class Budget:
    """A quantity that many requests share; each gives back what it took when it ends."""

    def __init__(self, most: int) -> None:
        self._most, self.taken = most, 0

    @contextmanager
    def share(self) -> Iterator[Callable[[int], None]]:
        """A function that takes more of the budget and raises Exhausted when nothing is left."""
        own = 0

        def take(count: int) -> None:
            nonlocal own
            if self.taken + count > self._most:
                raise Exhausted
            self.taken += count
            own += count

        try:
            yield take
        finally:
            self.taken -= own
