"""How long to wait: the server's wish in every form it comes in, and bounds on all of it."""

import pytest
from requests import HTTPError, Response
from tenacity import Future, RetryCallState, Retrying

from ingestion.pull.waiting import Waits, asked_seconds

NOW = 1_800_000_000.0  # 2027-01-15 08:00:00 UTC


@pytest.mark.parametrize(
    ("headers", "limited", "seconds"),
    [
        ({"Retry-After": "7"}, True, 7),
        ({"Retry-After": "7"}, False, 7),
        ({"Retry-After": "0.5"}, True, 0.5),
        ({"Retry-After": "Fri, 15 Jan 2027 08:01:30 GMT"}, True, 90),
        ({"Retry-After": "Fri, 15 Jan 2027 07:00:00 GMT"}, True, 0),
        ({"Retry-After": "soon"}, True, None),
        ({"Retry-After": "-5"}, True, None),
        ({"x-rate-limit-reset": "1800000060"}, True, 60),
        ({"x-rate-limit-reset": "1800000060"}, False, None),
        ({"x-ratelimit-reset": "2027-01-15T08:05:00.000Z"}, True, 300),
        ({"x-ratelimit-reset": "1799999999"}, True, 0),
        ({"x-rate-limit-reset": ""}, True, None),
        ({}, True, None),
    ],
)
def test_the_servers_wish(headers, limited, seconds):
    assert asked_seconds(headers, limited=limited, now=NOW) == seconds


def state(attempt, headers=None, status=429):
    response = Response()
    response.status_code = status
    response.headers.update(headers or {})
    made = RetryCallState(Retrying(), None, (), {})
    made.attempt_number = attempt
    made.outcome = Future.construct(attempt, None, has_exception=False)
    made.outcome = Future(attempt)
    made.outcome.set_exception(HTTPError(response=response))
    return made


@pytest.mark.parametrize(("attempt", "longest"), [(1, 1), (2, 2), (3, 4), (4, 8), (40, 20)])
def test_waits_double_with_chance_up_to_a_bound(attempt, longest):
    waits = Waits(attempts=50, first_seconds=1.0, longest_seconds=20.0)
    found = {waits.seconds(state(attempt)) for _ in range(200)}
    assert len(found) > 100
    assert longest / 2 <= min(found) and max(found) <= longest


def test_a_wish_is_followed_but_not_by_all_in_one_instant():
    found = {Waits().seconds(state(1, {"Retry-After": "3"})) for _ in range(100)}
    assert len(found) > 50 and min(found) >= 3 and max(found) <= 4


def test_a_wish_beyond_the_bound_ends_the_pull():
    waits = Waits(longest_seconds=60)
    assert waits.bearable(state(1, {"Retry-After": "60"}))
    assert not waits.bearable(state(1, {"Retry-After": "61"}))
    assert waits.bearable(state(1))


def test_a_long_wait_is_said(capfd):
    Waits().seconds(state(1, {"Retry-After": "300"}))
    assert "going on in 30" in capfd.readouterr().err
