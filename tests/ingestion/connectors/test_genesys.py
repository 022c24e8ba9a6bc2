"""Genesys Cloud conversation details: metrics, outcomes, handles, and unusable times."""

from typing import Any

import pytest

from ingestion.connectors.genesys import GenesysConnector
from tests.ingestion.connectors.reading_records import of_kind, parsed, reasons

CONNECTOR = GenesysConnector()
START, ANSWER, END = (f"2026-03-02T02:0{minute}:00.000Z" for minute in (0, 1, 5))


def segment(kind: str, start: str = START, end: str = END, **fields: Any) -> dict[str, Any]:
    base = {"segmentStart": start, "segmentEnd": end, "segmentType": kind, "queueId": "queue-1"}
    return base | fields


def session(*segments: Any, metrics: dict[str, float] | None = None, **fields: Any) -> Any:
    base = {
        "mediaType": "voice", "direction": "inbound", "segments": list(segments),
        "metrics": [
            {"name": name, "value": value, "emitDate": END}
            for name, value in (metrics or {}).items()
        ],
    }  # fmt: skip
    return base | fields


def person(purpose: str, *sessions: Any, **fields: Any) -> dict[str, Any]:
    return {"participantId": purpose, "purpose": purpose, "sessions": list(sessions)} | fields


CUSTOMER = person(
    "customer",
    session(
        segment("interact", disconnectType="client"), ani="tel:+628110000001", dnis="tel:+6221"
    ),
    participantName="Rahayu Contoh",
)
ACD = person("acd", session(segment("interact", end=ANSWER), metrics={"tWait": 60_000, "tAcd": 1}))
METRICS = {
    "tTalk": 100_000, "tTalkComplete": 180_000, "tHeldComplete": 60_000, "tAcw": 30_000,
    "tHandle": 270_000, "tAnswered": 60_000,
}  # fmt: skip
AGENT = person(
    "agent",
    session(
        segment("alert", end=ANSWER),
        segment("interact", start=ANSWER, disconnectType="peer"),
        segment("wrapup", wrapUpCode="resolved"),
        metrics=METRICS,
    ),
    userId="user-7",
    participantName="Dimas Uji",
)


def detail(*people: Any, **fields: Any) -> dict[str, Any]:
    base = {
        "conversationId": "conv-1", "conversationStart": START, "conversationEnd": END,
        "originatingDirection": "inbound", "participants": list(people or (CUSTOMER, ACD, AGENT)),
    }  # fmt: skip
    return {key: value for key, value in (base | fields).items() if value is not ...}


def facts(value: Any) -> dict[str, Any]:
    return of_kind(parsed(CONNECTOR, value), "interaction")[0].data


def test_metrics_become_seconds():
    told = facts(detail())
    seconds = ("wait_seconds", "hold_seconds", "talk_seconds", "after_work_seconds")
    assert [told[key] for key in seconds] == [60, 60, 180, 30]
    assert (told["queue"], told["agent_id"], told["disposition"]) == (
        "queue-1", "user-7", "resolved",
    )  # fmt: skip
    assert told["answered_at"].isoformat() == "2026-03-02T02:01:00+00:00"
    assert (told["direction"], told["disconnect_reason"]) == ("inbound", "answered")


@pytest.mark.parametrize(
    ("metrics", "hold", "wait"),
    [
        ({"tTalk": 1000, "tHandle": 1000, "tAnswered": 500}, 0.0, 0.5),
        ({"tTalk": 1000}, None, None),
        ({"tTalk": 1000, "tHeld": 250}, 0.25, None),
    ],
)
def test_what_no_metric_says(metrics: dict[str, float], hold: float | None, wait: float | None):
    agent = person("agent", session(segment("interact"), metrics=metrics), userId="u")
    told = facts(detail(CUSTOMER, agent))
    assert (told["hold_seconds"], told["wait_seconds"]) == (hold, wait)


def ended(how: str, **fields: Any) -> dict[str, Any]:
    return person("customer", session(segment("interact", disconnectType=how), **fields))


RANG = person("agent", session(segment("alert")), userId="u")
QUEUED = person("acd", session(segment("interact"), metrics={"tAcd": 5000}))
GAVE_UP = person("acd", session(segment("interact"), metrics={"tAbandon": 5000}))
VOICEMAIL = person("voicemail", session(segment("interact")))
DIALLED = person("customer", session(segment("dialing", disconnectType="noanswer")))


@pytest.mark.parametrize(
    ("people", "direction", "outcome"),
    [
        ((ended("client"), AGENT), "inbound", "answered"),
        ((ended("transportFailure"), AGENT), "inbound", "dropped"),
        ((ended("error"),), "inbound", "dropped"),
        ((ended("client"), GAVE_UP), "inbound", "abandoned"),
        ((ended("client"), QUEUED, RANG), "inbound", "abandoned"),
        ((ended("client"), RANG), "inbound", "missed"),
        ((ended("client"), QUEUED, VOICEMAIL), "inbound", "missed"),
        ((DIALLED, AGENT), "outbound", "missed"),
        ((ended("client"), AGENT), "outbound", "answered"),
        ((ended("client"),), "inbound", None),
    ],
)
def test_how_a_conversation_ended(people: tuple[Any, ...], direction: str, outcome: str | None):
    told = facts(detail(*people, originatingDirection=direction))
    assert told["disconnect_reason"] == outcome


def test_transfers_are_counted_once():
    first = person(
        "agent",
        session(segment("interact", disconnectType="transfer"), metrics={"tTalk": 1000}),
        userId="u1",
    )
    assert facts(detail(CUSTOMER, first, AGENT))["transfers"] == 1
    counted = person(
        "agent",
        session(
            segment("interact", disconnectType="transfer"),
            metrics={"tTalk": 1000, "nTransferred": 1},
        ),
        userId="u1",
    )
    told = facts(detail(CUSTOMER, counted, AGENT))
    assert told["transfers"] == 1
    # Whoever talked longest stands for the conversation; the others are kept beside.
    assert (told["agent_id"], told["metadata"]["agents"]) == ("user-7", ["user-7", "u1"])


@pytest.mark.parametrize(
    ("fields", "direction", "handle"),
    [
        ({"ani": "tel:+628110000001", "dnis": "tel:+6221"}, "inbound", ("phone", "+628110000001")),
        ({"ani": "tel:+6221", "dnis": "tel:+628110000002"}, "outbound", ("phone", "+628110000002")),
        ({"ani": "sip:+628110000003@pbx.example"}, "inbound", ("phone", "+628110000003")),
        ({"ani": "sip:meja@pbx.example"}, "inbound", ("other", "sip:meja@pbx.example")),
        ({"addressFrom": "Rahayu@example.com"}, "inbound", ("email", "rahayu@example.com")),
    ],
)
def test_handles_of_the_customer(fields: Any, direction: str, handle: tuple[str, str]):
    customer = person("customer", session(segment("interact"), **fields))
    found = parsed(CONNECTOR, detail(customer, AGENT, originatingDirection=direction))
    told = [(h.data["handle_type"], h.data["handle"]) for h in of_kind(found, "handle")]
    assert told == [handle]


@pytest.mark.parametrize(
    ("media", "channel"),
    [("voice", "voice"), ("callback", "voice"), ("chat", "chat"), ("message", "chat"),
     ("email", "email")],
)  # fmt: skip
def test_channels(media: str, channel: str):
    customer = person("customer", session(segment("interact"), mediaType=media))
    assert facts(detail(customer))["channel"] == channel


def test_an_unusable_time_costs_only_itself():
    bad = segment("interact", start="2026-03-2T02:01:00.000Z", wrapUpCode="resolved")
    agent = person("agent", session(bad, metrics=METRICS), userId="user-7")
    found = parsed(CONNECTOR, detail(CUSTOMER, agent, conversationEnd="soon"))
    assert [(item.reason, item.position) for item in found if not hasattr(item, "kind")] == [
        ("bad_time", "/participants/1/sessions/0/segments/0/segmentStart"),
        ("bad_time", "/conversationEnd"),
    ]
    told = of_kind(found, "interaction")[0].data
    assert (told["talk_seconds"], told["answered_at"], told["ended_at"]) == (180, None, None)
    assert told["disposition"] == "resolved"


def test_pages_and_arrays():
    other = detail(conversationId="conv-2")
    for value in ({"conversations": [detail(), other], "totalHits": 2}, [detail(), other]):
        found = of_kind(parsed(CONNECTOR, value), "interaction")
        assert [item.conversation_key for item in found] == ["conv-1", "conv-2"]
    broken = {"conversations": [detail(), {"conversationId": 5}]}
    assert parsed(CONNECTOR, broken)[-1].position == "/conversations/1"


def test_what_knows_more_was_stated_later():
    early = parsed(CONNECTOR, detail(CUSTOMER, conversationEnd=...))[0]
    late = parsed(CONNECTOR, detail())[0]
    assert early.event_at <= late.event_at


def test_surveys_give_the_promoter_score():
    assert facts(detail(surveys=[{"surveyPromoterScore": 9}]))["nps"] == 9
    assert facts(detail(surveys=[{"surveyPromoterScore": 99}, 5]))["nps"] is None


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (detail(conversationId=...), "missing_field"),
        (detail(conversationStart="2026-03-2T02:00:00Z"), "bad_time"),
        (detail(conversationStart="2026-03-02T02:00:00"), "naive_time"),
        (detail(participants="x"), "wrong_type"),
        (detail(person("customer", session(segment("interact"), mediaType="fax"))), "unsupported_channel"),
        (detail(person("agent", session(metrics={"tTalk": -1}))), "negative_duration"),
        ({"conversations": []}, "no_records"),
        ("x", "wrong_type"),
    ],
)  # fmt: skip
def test_refusals_have_a_reason(value: Any, reason: str):
    assert reasons(parsed(CONNECTOR, value if not isinstance(value, str) else b'"x"')) == [reason]
