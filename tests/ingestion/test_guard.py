"""A parser may hang, recurse, fill the memory or never end: it costs one reject."""

import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from ingestion.connectors.base import RejectedInput
from ingestion.guard import Guard

QUICK = 0.05


def reasons(found: list[Any]) -> list[str]:
    return [item.reason if isinstance(item, RejectedInput) else item for item in found]


def read(call: Callable[[], Any], *, files: bool = False, **bounds: Any) -> list[Any]:
    guard = Guard(**bounds)
    with guard.watching():
        return list(guard.each(call) if files else guard.all(call))


def endless() -> Iterator[str]:
    yield "first"
    while True:
        pass


def stubborn() -> Iterator[str]:
    """Catches whatever it can and goes on."""
    yield "first"
    while True:
        try:
            while True:
                pass
        except Exception:
            continue


def backtracking() -> Iterator[str]:
    """An expression that takes years for sixty letters; it runs outside Python's own loop."""
    yield "first"
    re.match(r"(a+)+$", "a" * 60 + "!")


def slow_from_the_start() -> Iterator[str]:
    while True:
        pass
    yield "never"


def recursive() -> Iterator[str]:
    yield "first"
    yield from recursive_inner()


def recursive_inner() -> Iterator[str]:
    yield from recursive_inner()


def hungry() -> Iterator[str]:
    yield "first"
    raise MemoryError


def no_generator() -> Iterator[str]:
    raise ValueError("rahasia")


@pytest.mark.parametrize("files", [False, True])
@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (endless, ["first", "too_slow"]),
        (stubborn, ["first", "too_slow"]),
        (backtracking, ["first", "too_slow"]),
        (slow_from_the_start, ["too_slow"]),
        (recursive, ["first", "parser_error"]),
        (hungry, ["first", "parser_error"]),
        (no_generator, ["parser_error"]),
        (lambda: iter("ab"), ["a", "b"]),
        (lambda: ["a", "b"], ["a", "b"]),
    ],
)
def test_whatever_a_parser_does_ends(call: Any, expected: list[str], files: bool) -> None:
    found = read(call, files=files, seconds=QUICK)
    assert reasons(found) == expected
    assert "rahasia" not in str(found[-1])


def test_all_items_of_a_payload_share_its_time() -> None:
    def steady() -> Iterator[int]:
        for number in range(1_000):
            until = time.process_time() + QUICK / 5
            while time.process_time() < until:
                pass
            yield number

    found = read(steady, seconds=QUICK)
    assert 0 < len(found) < 20
    assert reasons(found)[-1] == "too_slow"


def test_each_payload_of_a_file_has_its_own_time() -> None:
    def steady() -> Iterator[int]:
        for number in range(6):
            until = time.process_time() + QUICK / 2
            while time.process_time() < until:
                pass
            yield number

    assert read(steady, files=True, seconds=QUICK) == list(range(6))


def test_time_of_the_reader_between_items_is_not_the_parsers() -> None:
    guard = Guard(seconds=QUICK)
    found = []
    with guard.watching():
        for item in guard.all(lambda: range(4)):
            until = time.process_time() + 2 * QUICK
            while time.process_time() < until:
                pass
            found.append(item)
    assert found == [0, 1, 2, 3]


@pytest.mark.parametrize(("count", "expected"), [(3, 3), (4, 4), (5, 5), (100, 5)])
def test_items_of_a_payload_are_bounded(count: int, expected: int) -> None:
    found = read(lambda: ["a"] * count, items=4)
    assert len(found) == expected
    assert (reasons(found)[-1] == "too_many_items") is (count > 4)
    assert read(lambda: ["a"] * count, files=True, items=4) == ["a"] * count


def test_a_failing_disk_is_raised() -> None:
    def disk() -> Iterator[str]:
        yield "first"
        raise OSError(5, "Input/output error")

    with pytest.raises(OSError, match="Input/output"):
        read(disk)


def test_nothing_rings_afterwards_and_the_signal_is_given_back() -> None:
    before = signal.getsignal(signal.SIGPROF)
    read(endless, seconds=QUICK)
    until = time.process_time() + 3 * QUICK
    while time.process_time() < until:
        pass
    assert signal.getsignal(signal.SIGPROF) is before
    assert signal.getitimer(signal.ITIMER_PROF) == (0.0, 0.0)


def test_in_another_thread_items_and_errors_are_still_guarded() -> None:
    found: list[Any] = []
    thread = threading.Thread(target=lambda: found.extend(read(recursive, items=3)))
    thread.start()
    thread.join()
    assert reasons(found) == ["first", "parser_error"]
