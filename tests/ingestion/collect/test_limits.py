"""Rates and budgets, on a clock that the test sets."""

import pytest

from ingestion.collect.limits import Budget, Exhausted, TokenBucket


class Clock:
    now = 100.0

    def __call__(self):
        return self.now


def test_a_burst_then_the_rate():
    clock = Clock()
    bucket = TokenBucket(rate=2, burst=3, clock=clock)
    assert [bucket.take() for _ in range(3)] == [0, 0, 0]
    assert bucket.take() == 0.5
    clock.now += 0.25
    assert bucket.take() == 0.25
    clock.now += 0.25
    assert bucket.take() == 0
    assert bucket.take() > 0


def test_a_pause_does_not_save_up_more_than_a_burst():
    clock = Clock()
    bucket = TokenBucket(rate=100, burst=2, clock=clock)
    clock.now += 3600
    assert [bool(bucket.take()) for _ in range(3)] == [False, False, True]


def test_a_budget_is_shared_and_given_back():
    budget = Budget(10)
    with budget.share() as one:
        one(6)
        with budget.share() as other:
            other(4)
            with pytest.raises(Exhausted):
                other(1)
        one(4)
    assert budget.taken == 0


def test_a_budget_is_given_back_after_an_error():
    budget = Budget(10)
    with pytest.raises(ZeroDivisionError), budget.share() as take:
        take(10)
        _ = 1 / 0
    assert budget.taken == 0
