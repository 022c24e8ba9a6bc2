"""Every REST source against a server that pages and fails: all items arrive, however it goes.

What holds for all of them is stated here once; their own ways are tested beside this file.
"""

import itertools
from collections import Counter

import pytest

from ingestion.pull.chatwoot import ChatwootSource
from ingestion.pull.intercom import IntercomSource
from ingestion.pull.mastodon import MastodonSource
from ingestion.pull.x import XSource
from ingestion.pull.zendesk import ZendeskSource
from tests.ingestion.pull.api_server import FAULTS, QUICK, Reply, serving
from tests.ingestion.pull.pulled import SECRET, TOKEN, section
from tests.ingestion.pull.vendors import Chatwoot, Intercom, Mastodon, X, Zendesk

BASE = 1_700_000_000


def zendesk(url):
    return ZendeskSource(section(url=url, token_env=TOKEN, page_size=3), QUICK)


def intercom(url):
    return IntercomSource(section(url=url, token_env=TOKEN, page_size=3), QUICK)


def chatwoot(url):
    return ChatwootSource(section(url=url, token_env=TOKEN, account_id=7), QUICK)


def mastodon(url):
    return MastodonSource(section(url=url, token_env=TOKEN, account_id="9", page_size=3), QUICK)


def x(url):
    values = {"stream": "mentions", "user_id": "5", "page_size": 10}
    return XSource(section(url=url, token_env=TOKEN, **values), QUICK)


def ids_of_zendesk(deployment):
    return {
        (stream, item["id"])
        for stream in ("tickets", "users", "ticket_events")
        for page in deployment.documents(stream)
        for item in page[stream]
    }


def ids_of_intercom(deployment):
    return {(item["id"], item["updated_at"]) for item in deployment.documents("conversations")}


def ids_of_chatwoot(deployment):
    return {
        (message["conversation_id"], message["id"])
        for document in deployment.documents("conversations")
        if "payload" in document
        for message in document["payload"]
    }


def ids_of_mastodon(deployment):
    return {
        (stream, item["id"])
        for stream in ("mentions", "statuses")
        for page in deployment.documents(stream)
        for item in page
    }


def ids_of_x(deployment):
    return {int(item["id"]) for page in deployment.documents("mentions") for item in page["data"]}


def whole_zendesk(vendor):
    return {(stream, item["id"]) for stream, items in vendor.streams.items() for item in items}


def whole_chatwoot(vendor):
    return {(key, number) for key, numbers in vendor.messages.items() for number in numbers}


def whole_mastodon(vendor):
    return {(s, str(n)) for s in ("mentions", "statuses") for n in vendor.ids}


SOURCES = {
    "zendesk": (zendesk, lambda: Zendesk(8), ids_of_zendesk, whole_zendesk),
    "intercom": (
        intercom,
        lambda: Intercom({f"c{n}": BASE + n for n in range(8)}),
        ids_of_intercom,
        lambda vendor: set(vendor.times.items()),
    ),
    "chatwoot": (
        chatwoot,
        lambda: Chatwoot({n: BASE + n for n in range(1, 9)}),
        ids_of_chatwoot,
        whole_chatwoot,
    ),
    "mastodon": (mastodon, lambda: Mastodon(8), ids_of_mastodon, whole_mastodon),
    "x": (x, lambda: X(range(1, 66)), ids_of_x, lambda vendor: set(vendor.ids)),
}


@pytest.fixture(params=sorted(SOURCES))
def case(request):
    make, vendor, got, whole = SOURCES[request.param]
    vendor = vendor()
    with serving(vendor) as api:
        vendor.url = api.url
        assert len(whole(vendor)) >= 8
        yield make(api.url), api, got, whole(vendor)


def test_everything_arrives_and_a_second_pull_adds_nothing(case, deployment):
    source, _, got, whole = case
    first = deployment.pull(source)
    assert got(deployment) == whole
    assert first.files == len(deployment.files())
    before = deployment.files()
    assert deployment.pull(source).files == 0
    assert deployment.files() == before


def test_a_faulty_network_changes_nothing(case, deployment):
    source, api, got, whole = case
    api.faults.extend(itertools.chain.from_iterable((fault, None) for fault in FAULTS))
    deployment.pull(source)
    assert not api.faults
    assert got(deployment) == whole


def test_a_pull_that_is_killed_anywhere_repeats_but_never_leaves_out(case, deployment, tmp_path):
    source, _, got, whole = case
    killed = 0
    for point in itertools.count(1):
        here = type(deployment)(tmp_path / str(point))
        if not here.pull_killed(source, before_save=point):
            break
        killed += 1
        here.pull(source)
        assert got(here) == whole
    assert killed >= 3


def test_a_server_that_fails_for_good_is_left_after_bounded_tries(case, deployment):
    source, api, _, _ = case
    api.respond = lambda call: Reply({"error": SECRET}, 500)
    outcome = deployment.try_pull(source)
    assert "HTTP 500" in outcome.problem
    assert len(api.calls) == QUICK.attempts
    assert SECRET not in outcome.problem


@pytest.mark.parametrize(
    ("status", "words"),
    [(401, TOKEN), (403, "permission"), (404, "url"), (301, "another place")],
)
def test_refusals_are_said_at_once_with_a_remedy(case, deployment, status, words):
    source, api, _, _ = case
    api.respond = lambda call: Reply({"error": SECRET}, status, {"Location": "/elsewhere"})
    outcome = deployment.try_pull(source)
    assert words in outcome.problem and SECRET not in outcome.problem
    assert len(api.calls) == 1
    assert not deployment.landing.exists() or not deployment.files()


@pytest.mark.parametrize("body", [{}, [], {"data": "text"}, "text", [1], None])
def test_another_shape_stops_the_pull_instead_of_passing_for_nothing(case, deployment, body):
    source, api, _, _ = case
    api.respond = lambda call: Reply(body)
    outcome = deployment.try_pull(source)
    if source.kind == "mastodon" and body == []:
        assert outcome.problem == ""  # an account without mentions looks like this
    else:
        assert "expected" in outcome.problem
    assert outcome.files == 0


def test_what_came_before_a_problem_is_kept_and_not_asked_for_again(case, deployment):
    source, api, got, whole = case
    respond, count = api.respond, itertools.count(1)
    api.respond = lambda call: respond(call) if next(count) <= 6 else Reply({}, 403)
    assert deployment.try_pull(source).problem
    part = got(deployment)
    api.respond = respond
    deployment.pull(source)
    assert part <= got(deployment) == whole


def test_the_token_travels_in_a_header_and_nowhere_else(case, deployment, capfd):
    source, api, _, _ = case
    deployment.pull(source)
    for call in api.calls:
        assert sum(SECRET in value for value in call.headers.values()) == 1
        assert SECRET not in f"{call.path} {call.params} {call.body}"
    assert not [name for name, raw in deployment.files().items() if SECRET.encode() in raw]
    assert SECRET not in deployment.cursors.path("source").read_text("utf-8")
    assert SECRET not in "".join(capfd.readouterr())


def test_check_finds_all_well_and_what_is_not(case, monkeypatch):
    source, api, _, _ = case
    monkeypatch.setenv(TOKEN, SECRET)
    findings = list(source.check())
    assert findings and all(finding.ok and not finding.remedy for finding in findings)
    api.respond = lambda call: Reply({}, 401)
    assert all(TOKEN in finding.remedy and not finding.ok for finding in source.check())
    monkeypatch.delenv(TOKEN)
    assert all(f"{TOKEN} is not set" in finding.remedy for finding in source.check())


def test_a_dry_run_writes_nothing(case, deployment):
    source, _, _, _ = case
    outcome = deployment.pull(source, dry_run=True)
    assert outcome.items > 0
    assert not deployment.landing.exists()
    assert not deployment.cursors.path("source").exists()


def test_no_page_is_asked_for_twice_when_nothing_fails(case, deployment):
    source, api, _, _ = case
    deployment.pull(source)
    asked = Counter((c.path, str(sorted(c.params.items())), str(c.body)) for c in api.calls)
    assert max(asked.values()) == 1
