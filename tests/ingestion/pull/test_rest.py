"""One REST walk against a misbehaving server: bounded tries, no loops, no leads to other places."""

import time

import pytest
from dlt.sources.helpers.rest_client.paginators import (
    HeaderLinkPaginator,
    JSONResponseCursorPaginator,
    PageNumberPaginator,
)

from ingestion.pull.base import PullProblem
from ingestion.pull.rest import ANSWER_BYTES, Rest
from ingestion.pull.rest_auth import bearer
from ingestion.pull.secrets import Secret
from ingestion.pull.waiting import Waits
from tests.ingestion.pull.api_server import FAULTS, QUICK, Reply, serving
from tests.ingestion.pull.pulled import SECRET, TOKEN


@pytest.fixture
def walk(monkeypatch):
    """All pages of a server that answers as told, and the server."""
    monkeypatch.setenv(TOKEN, SECRET)
    servers = []

    def run(respond, paginator, faults=(), waits=QUICK, shape=dict):
        with serving(respond) as api:
            servers.append(api)
            api.faults.extend(faults)
            rest = Rest(
                api.url, bearer(Secret(TOKEN, "here")), variable=TOKEN, permission="", waits=waits
            )
            return [page.value for page in rest.pages("items", {}, paginator, shape=shape)]

    run.servers = servers
    return run


def cursors():
    return JSONResponseCursorPaginator(cursor_path="next", cursor_param="after")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_tried_again(walk, fault):
    assert walk(lambda call: Reply({"next": None}), cursors(), [fault] * 3) == [{"next": None}]
    assert len(walk.servers[0].calls) == 4


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        ("throttle", "limit of requests"),
        ("busy", "server fails"),
        ("break", "connection breaks"),
        ("cut", "no complete JSON"),
        ("reset", "connection breaks"),
        ("garbage", "no complete JSON"),
    ],
)
def test_tries_are_bounded(walk, fault, words):
    with pytest.raises(PullProblem, match=words):
        walk(lambda call: Reply({}), cursors(), [fault] * 9)
    assert len(walk.servers[0].calls) == QUICK.attempts


def test_a_wait_that_is_asked_for_is_kept(walk):
    answers = [Reply({}, 429, {"Retry-After": "1"}), Reply({"next": None})]
    began = time.monotonic()
    walk(lambda call: answers.pop(0), cursors())
    assert 1.0 <= time.monotonic() - began < 5


def test_a_wait_that_is_too_long_is_not_begun(walk):
    began = time.monotonic()
    with pytest.raises(PullProblem, match="limit of requests"):
        walk(lambda call: Reply({}, 429, {"Retry-After": "3600"}), cursors())
    assert time.monotonic() - began < 1
    assert len(walk.servers[0].calls) == 1


@pytest.mark.parametrize(
    ("respond", "paginator"),
    [
        (lambda call: Reply({"next": "same", "n": len(call.params)}), cursors),
        (lambda call: Reply({"next": "a" if call.params.get("after") == "b" else "b"}), cursors),
        (
            lambda call: Reply({"page": 1}),
            lambda: PageNumberPaginator(
                total_path=None, maximum_page=10**9, stop_after_empty_page=False
            ),
        ),
    ],
    ids=["same cursor", "two cursors in turn", "page number ignored"],
)
def test_a_server_that_repeats_itself_is_left(walk, respond, paginator):
    with pytest.raises(PullProblem, match="repeats a page"):
        walk(respond, paginator())
    assert len(walk.servers[0].calls) <= 4


@pytest.mark.parametrize("link", ["http://127.0.0.2:1/items", "https://elsewhere.example/items"])
def test_the_token_does_not_follow_a_link_to_another_place(walk, link):
    headers = {"Link": f'<{link}>; rel="next"'}
    with pytest.raises(PullProblem, match="another place"):
        walk(lambda call: Reply([1], headers=headers), HeaderLinkPaginator(), shape=list)


def test_an_answer_that_is_too_large_is_refused_before_it_is_read(walk):
    def respond(call):
        return Reply({}, headers={"Content-Length": str(ANSWER_BYTES + 1)})

    with pytest.raises(PullProblem, match="lower page_size"):
        walk(respond, cursors())


@pytest.mark.parametrize("value", ["dua\nbaris", "sandi-é"])
def test_a_token_that_fits_no_header_is_named_not_shown(walk, monkeypatch, value):
    monkeypatch.setenv(TOKEN, value)
    with pytest.raises(PullProblem, match=TOKEN) as found:
        walk(lambda call: Reply({}), cursors())
    assert value not in str(found.value)


def test_nobody_there(monkeypatch):
    monkeypatch.setenv(TOKEN, SECRET)
    secret = bearer(Secret(TOKEN, "here"))
    for url, words in (
        ("http://127.0.0.1:9", "refused"),
        ("https://nobody.invalid", "host is not known"),
    ):
        rest = Rest(url, secret, variable=TOKEN, permission="", waits=Waits(1, 0.01, 0.1))
        with pytest.raises(PullProblem, match=words):
            rest.one("items")
