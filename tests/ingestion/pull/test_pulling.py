"""One pull: files before their cursor, and whatever breaks off leaves no gap behind."""

from contextlib import suppress
from datetime import UTC, datetime

import pytest

from ingestion.pull.base import Answer, Batch, Finding, PullProblem, Source
from ingestion.pull.delivery import Delivery
from tests.ingestion.pull.pulled import Killed

SINCE = datetime(2026, 11, 1, tzinfo=UTC)


class Counting(Source):
    """Gives the numbers after its cursor, two a batch, up to `last`; may fail before one."""

    kind = "counting"

    def __init__(self, last, fails_at=None, account="a"):
        self.name, self.last, self.fails_at, self.account = "source", last, fails_at, account
        self.asked = []

    @property
    def identity(self):
        return {"account": self.account}

    def batches(self, cursor, since):
        self.asked.append((dict(cursor), since))
        for number in range(cursor.get("n", 0), self.last, 2):
            if self.fails_at is not None and number >= self.fails_at:
                raise PullProblem("the source is closed")
            numbers = range(number, min(number + 2, self.last))
            answers = tuple(Answer("numbers", "json", str(n).encode(), 1) for n in numbers)
            yield Batch(answers, {"n": numbers[-1] + 1}, "two left out" if number == 2 else "")

    def check(self):
        yield Finding("counting", True, "yes")


def numbers(deployment):
    return sorted(int(raw) for name, raw in deployment.files().items() if ".unfinished" not in name)


def test_all_batches_and_then_only_new_ones(deployment):
    source = Counting(7)
    first = deployment.pull(source)
    assert (first.files, first.items, first.size_bytes) == (7, 7, 7)
    assert first.notices == ["two left out"]
    source.last = 9
    assert deployment.pull(source).files == 2
    assert numbers(deployment) == list(range(9))
    assert source.asked == [({}, None), ({"n": 7}, None)]


@pytest.mark.parametrize("step", ["before deliver", "after deliver", "before save", "after save"])
@pytest.mark.parametrize("point", [1, 2, 3, 4])
def test_a_kill_at_every_step_leaves_no_gap(deployment, monkeypatch, step, point):
    when, name = step.split()
    owner = Delivery if name == "deliver" else deployment.cursors
    real, count = getattr(owner, name), 0

    def killing(*arguments):
        nonlocal count
        count += 1
        if when == "before" and count == point:
            raise Killed
        result = real(*arguments)
        if when == "after" and count == point:
            raise Killed
        return result

    with monkeypatch.context() as patched:
        patched.setattr(owner, name, killing)
        with pytest.raises(Killed):
            deployment.pull(Counting(8))
    assert numbers(deployment) == list(range(len(numbers(deployment))))
    deployment.pull(Counting(8))
    assert numbers(deployment) == list(range(8))


def test_a_problem_keeps_what_came_and_the_next_pull_goes_on(deployment):
    outcome = deployment.try_pull(Counting(8, fails_at=4))
    assert (outcome.problem, outcome.files) == ("the source is closed", 4)
    source = Counting(8)
    deployment.pull(source)
    assert source.asked == [({"n": 4}, None)]
    assert numbers(deployment) == list(range(8))


def test_a_full_disk_moves_no_cursor(deployment, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(Delivery, "_write", full)
        with suppress(OSError):
            deployment.pull(Counting(4))
    assert not deployment.cursors.path("source").exists()
    deployment.pull(Counting(4))
    assert numbers(deployment) == [0, 1, 2, 3]


def test_since_starts_over_and_another_account_too(deployment):
    deployment.pull(Counting(4))
    again = Counting(4)
    assert deployment.pull(again, since=SINCE).repeats == 4
    assert again.asked == [({}, SINCE)]
    other = Counting(4, account="b")
    deployment.pull(other)
    assert other.asked == [({}, None)]


def test_a_damaged_cursor_is_a_problem_not_a_fresh_start(deployment):
    deployment.pull(Counting(4))
    deployment.cursors.path("source").write_bytes(b"{")
    assert "damaged" in deployment.try_pull(Counting(4)).problem


def test_progress_is_told_after_each_batch(deployment):
    told = []
    deployment.pull(Counting(5), progress=lambda outcome: told.append(outcome.items))
    assert told == [2, 4, 5]
