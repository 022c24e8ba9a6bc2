"""What is peculiar to one REST source: cursors, late changes, deletions, and how far back it goes."""

import itertools
from base64 import b64decode
from datetime import UTC, datetime, timedelta

import orjson
import pytest

from ingestion.connectors.registry import recognise
from ingestion.pull.base import lines_of
from ingestion.pull.x import XSource
from ingestion.pull.zendesk import ZendeskSource
from tests.ingestion.pull.api_server import QUICK, Reply, serving
from tests.ingestion.pull.pulled import SECRET, TOKEN, section
from tests.ingestion.pull.test_rest_sources import (
    BASE,
    chatwoot,
    ids_of_chatwoot,
    ids_of_intercom,
    ids_of_mastodon,
    ids_of_x,
    ids_of_zendesk,
    intercom,
    mastodon,
    whole_chatwoot,
    whole_mastodon,
    whole_zendesk,
    x,
    zendesk,
)
from tests.ingestion.pull.vendors import Chatwoot, Intercom, Mastodon, X, Zendesk

SINCE = datetime(2026, 11, 1, tzinfo=UTC)


def test_lines_keep_every_value_of_pretty_printed_documents():
    documents = [{"text": "dua\nbaris \u2028", "n": [1, 2]}, {"b": None}]
    raw = [orjson.dumps(document, option=orjson.OPT_INDENT_2) for document in documents]
    lines = lines_of([raw[0], raw[1].replace(b"\n", b"\r\n")])
    assert [orjson.loads(line) for line in lines.split(b"\n")[:-1]] == documents


def test_zendesk_goes_on_from_its_cursors(deployment):
    vendor = Zendesk(7)
    with serving(vendor) as api:
        deployment.pull(zendesk(api.url))
        before = len(api.calls)
        vendor.add(1)
        deployment.pull(zendesk(api.url))
        assert ids_of_zendesk(deployment) == whole_zendesk(vendor)
        asked = api.calls[before:]
    assert [call.params.get("cursor") for call in asked] == ["c7", None, "c7"]
    assert [call.params.get("start_time") for call in asked] == [None, "1007", None]


def test_zendesk_begins_at_since(deployment):
    with serving(Zendesk(1)) as api:
        deployment.pull(zendesk(api.url), since=SINCE)
        assert api.calls[0].params["start_time"] == str(int(SINCE.timestamp()))
        assert api.calls[0].headers["Authorization"].startswith("Bearer ")


@pytest.mark.parametrize(("scope", "sent"), [("agent", None), ("all", "all")])
def test_zendesk_tickets_of_ai_agents_are_a_choice(deployment, scope, sent):
    with serving(Zendesk(1)) as api:
        settings = section(url=api.url, token_env=TOKEN, support_type_scope=scope)
        deployment.pull(ZendeskSource(settings, QUICK))
        found = {call.path: call.params.get("support_type_scope") for call in api.calls}
    assert found.pop("/api/v2/incremental/users/cursor.json") is None
    assert set(found.values()) == {sent}


def test_zendesk_signs_with_user_and_api_token(deployment):
    with serving(Zendesk(1)) as api:
        settings = section(url=api.url, token_env=TOKEN, user="admin@toko.example")
        deployment.pull(ZendeskSource(settings, QUICK))
        signed = api.calls[0].headers["Authorization"].removeprefix("Basic ")
    assert b64decode(signed).decode() == f"admin@toko.example/token:{SECRET}"


def test_zendesk_pages_of_one_second_end(deployment):
    """More events in one second than fit into a page: the export would never move on."""

    def respond(call):
        body = {"ticket_events": [{"id": 1}], "end_time": 1000, "end_of_stream": False}
        return Reply(body | {"tickets": [], "users": [], "after_cursor": None})

    with serving(respond) as api:
        assert "repeats" in deployment.try_pull(zendesk(api.url)).problem
        assert len(api.calls) <= 4


def test_intercom_fetches_a_conversation_again_when_it_changes_and_no_other(deployment):
    vendor = Intercom({f"c{n}": BASE + n for n in range(5)})
    with serving(vendor) as api:
        deployment.pull(intercom(api.url))
        before = len(api.calls)
        vendor.times["c2"] = BASE + 60
        deployment.pull(intercom(api.url))
        fetched = [c.path for c in api.calls[before:] if c.method == "GET"]
    assert fetched == ["/conversations/c2"]
    assert ("c2", BASE + 60) in ids_of_intercom(deployment)


@pytest.mark.parametrize("point", [1, 2, 3])
def test_intercom_in_another_order_still_leaves_nothing_out(deployment, point):
    vendor = Intercom({f"c{n}": BASE + n * 1000 for n in range(8)})
    vendor.in_order = False
    with serving(vendor) as api:
        assert deployment.pull_killed(intercom(api.url), before_save=point)
        deployment.pull(intercom(api.url))
    assert ids_of_intercom(deployment) == set(vendor.times.items())


def test_intercom_a_change_with_an_earlier_time_is_found_within_the_look_back(deployment):
    vendor = Intercom({"c1": BASE})
    with serving(vendor) as api:
        deployment.pull(intercom(api.url))
        vendor.times["c2"] = BASE - 120
        deployment.pull(intercom(api.url))
    assert ids_of_intercom(deployment) == {("c1", BASE), ("c2", BASE - 120)}


@pytest.mark.parametrize(
    ("make", "vendor"),
    [
        (intercom, Intercom({f"c{n}": BASE + n for n in range(3)})),
        (chatwoot, Chatwoot({n: BASE + n for n in range(1, 4)})),
    ],
    ids=["intercom", "chatwoot"],
)
def test_a_conversation_that_is_deleted_meanwhile_is_told(deployment, make, vendor):
    gone = "/conversations/c1" if make is intercom else "/conversations/2/messages"

    def respond(call):
        return Reply({}, 404) if call.path.endswith(gone) else vendor(call)

    with serving(respond) as api:
        outcome = deployment.pull(make(api.url))
    assert outcome.notices == ["1 conversations were deleted before they could be fetched"]
    assert outcome.items > 0


def test_chatwoot_reads_only_down_to_what_it_knows(deployment):
    vendor = Chatwoot({n: BASE + n * 1000 for n in range(1, 20)})
    with serving(vendor) as api:
        deployment.pull(chatwoot(api.url))
        before = len(api.calls)
        vendor.activity[3] = BASE + 90_000
        vendor.messages[3].append(6)
        deployment.pull(chatwoot(api.url))
        asked = api.calls[before:]
    lists = [call for call in asked if call.path.endswith("/conversations")]
    assert len(lists) <= 2
    assert {call.path.split("/")[-2] for call in asked if "messages" in call.path} == {"3"}
    assert ids_of_chatwoot(deployment) == whole_chatwoot(vendor)


def test_chatwoot_goes_on_from_its_page_after_a_kill(deployment):
    vendor = Chatwoot({n: BASE + n * 1000 for n in range(1, 20)})
    with serving(vendor) as api:
        assert deployment.pull_killed(chatwoot(api.url), before_save=5)
        before = len(api.calls)
        vendor.activity[100] = BASE + 90_000
        vendor.messages[100] = [1]
        deployment.pull(chatwoot(api.url))
        pages = [c.params["page"] for c in api.calls[before:] if "page" in c.params]
        assert pages[0] == "4"
        deployment.pull(chatwoot(api.url))
    assert ids_of_chatwoot(deployment) == whole_chatwoot(vendor)


def test_chatwoot_cursor_stays_small(deployment):
    vendor = Chatwoot({n: BASE + n * 1000 for n in range(1, 40)}, messages=1)
    sizes, save = [], deployment.cursors.save

    def measure(name, identity, cursor):
        sizes.append(len(cursor["seen"]))
        save(name, identity, cursor)

    deployment.cursors.save = measure
    with serving(vendor) as api:
        deployment.pull(chatwoot(api.url))
    assert max(sizes) <= 2 * Chatwoot.PAGE


def test_mastodon_goes_on_from_the_newest_id(deployment):
    vendor = Mastodon(5)
    with serving(vendor) as api:
        vendor.url = api.url
        deployment.pull(mastodon(api.url))
        vendor.ids += [6, 7]
        assert deployment.pull(mastodon(api.url)).items == 4
    assert ids_of_mastodon(deployment) == whole_mastodon(vendor)


def test_mastodon_begins_at_the_id_of_since(deployment):
    vendor = Mastodon(0)
    with serving(vendor) as api:
        deployment.pull(mastodon(api.url), since=SINCE)
        assert api.calls[0].params["min_id"] == str(int(SINCE.timestamp() * 1000) << 16)


def test_x_pages_are_those_that_the_connector_knows(deployment):
    with serving(X(range(1, 13))) as api:
        deployment.pull(x(api.url))
    assert {recognise(name, raw).name for name, raw in deployment.files().items()} == {"x"}


def test_x_goes_on_from_its_token_and_then_from_the_newest_post(deployment):
    vendor = X(range(1, 36))
    with serving(vendor) as api:
        assert deployment.pull_killed(x(api.url), before_save=3)
        before = len(api.calls)
        vendor.ids += [36, 37]
        deployment.pull(x(api.url))
        assert api.calls[before].params["pagination_token"] == "t20"
        deployment.pull(x(api.url))
        assert api.calls[-1].params["since_id"] == "35"
    assert ids_of_x(deployment) == set(vendor.ids)


def test_x_a_token_that_is_too_old_costs_only_the_pages_before_it(deployment):
    vendor = X(range(1, 36))
    with serving(vendor) as api:
        assert deployment.pull_killed(x(api.url), before_save=3)
        tokens = itertools.count()

        def respond(call):
            vendor.expired = next(tokens) == 0
            return vendor(call)

        api.respond = respond
        deployment.pull(x(api.url))
    assert ids_of_x(deployment) == set(vendor.ids)


def search(url):
    values = {"stream": "search", "query": "@toko", "page_size": 10}
    return XSource(section(url=url, token_env=TOKEN, **values), QUICK)


def test_x_a_search_reads_all_its_pages(deployment):
    with serving(X(range(1, 25))) as api:
        assert deployment.pull(search(api.url)).items == 24
        assert {call.params["query"] for call in api.calls} == {"@toko"}


def post_id(age):
    """The id of a post of this age."""
    epoch = datetime(2010, 11, 4, 1, 42, 54, 657000, UTC)
    return str(int((datetime.now(UTC) - age - epoch) / timedelta(milliseconds=1)) << 22)


@pytest.mark.parametrize(("age", "within"), [(timedelta(days=1), True), (timedelta(days=8), False)])
def test_x_a_search_begins_within_its_reach_and_says_what_that_leaves_out(deployment, age, within):
    cursor = {"since_id": post_id(age)}
    with serving(X([])) as api:
        source = search(api.url)
        deployment.cursors.save("source", source.identity, cursor)
        outcome = deployment.pull(source)
        (call,) = api.calls
    assert (call.params.get("since_id") == cursor["since_id"]) == within
    assert ("start_time" in call.params) != within
    assert bool(outcome.notices) != within


def test_x_keeps_its_place_when_nothing_is_new(deployment):
    with serving(X([7, 8])) as api:
        for _ in range(3):
            deployment.pull(x(api.url))
    assert [call.params.get("since_id") for call in api.calls] == [None, "8", "8"]


def test_x_since_is_the_start_time_of_a_user(deployment):
    with serving(X([])) as api:
        deployment.pull(x(api.url), since=SINCE)
        assert api.calls[0].params["start_time"] == "2026-11-01T00:00:00Z"
