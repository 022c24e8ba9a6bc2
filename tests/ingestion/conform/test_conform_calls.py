"""What several deliveries say about one call becomes one interaction, in any order."""

from itertools import permutations
from typing import Any

import orjson
import pytest
from facts_of import conformed, rows, turn

from ingestion.connectors.base import Connector, Payload, Record
from ingestion.identifiers import hash64, stable_id
from tests.ingestion.connectors import test_amazon_connect as connect
from tests.ingestion.connectors import test_transcribe as transcribe
from tests.ingestion.connectors import test_twilio as twilio


def read(connector: Connector, value: Any, name: str = "") -> list[Record]:
    context = orjson.dumps({"name": name}).decode() if name else ""
    found = list(connector.parse(Payload(orjson.dumps(value), "document", context=context)))
    assert all(isinstance(item, Record) for item in found)
    return [item for item in found if isinstance(item, Record)]


LIVE_NAME = "stream-1-2026-03-02-02-01-00-a"
REDACTED = connect.analysis(
    ContentMetadata={"Output": "Redacted"},
    Transcript=[
        connect.spoken("t1", "AGENT", "Halo, saya [PII]", 0),
        connect.spoken("t9", "CUSTOMER", "Internet saya mati", 2500),
    ],
)
CONTACT = {
    "record": read(connect.CONNECTOR, connect.record()),
    "analysis": read(connect.CONNECTOR, connect.analysis(), connect.NAME),
    "redacted": read(connect.CONNECTOR, REDACTED, connect.NAME),
    "live": read(
        connect.CONNECTOR, connect.segments(connect.live("x", "AGENT", "Halo", 0)), LIVE_NAME
    ),
}
CALL = {
    "call": read(twilio.CONNECTOR, twilio.call()),
    "recording": read(twilio.CONNECTOR, twilio.recording()),
    "plain": read(twilio.CONNECTOR, twilio.plain()),
    "transcript": read(
        twilio.CONNECTOR,
        twilio.transcript(twilio.sentence(1, "Halo"), twilio.sentence(2, "Mati", 3)),
    ),
    "page": read(
        twilio.CONNECTOR, twilio.page(twilio.sentence(1, "Halo"), twilio.sentence(2, "Mati", 3))
    ),
}
JOB = {
    "analysis": read(transcribe.CONNECTOR, transcribe.analysis(), transcribe.NAME),
    "parsed": read(transcribe.CONNECTOR, transcribe.parsed_call(), transcribe.NAME),
}


@pytest.mark.parametrize("parts", [CONTACT, CALL, JOB], ids=["connect", "twilio", "transcribe"])
def test_one_interaction_in_any_order(parts: dict[str, list[Record]]):
    results = [
        rows(conformed(*(record for name in order for record in parts[name])))
        for order in permutations(parts)
    ]
    assert all(result == results[0] for result in results)
    assert len(results[0]["silver.interactions"]) == 1


def test_the_contact_record_gives_the_facts_and_the_analysis_the_words():
    (row,) = conformed(*CONTACT["analysis"], *CONTACT["record"]).interactions
    assert row["started_at"].isoformat() == "2026-03-02T02:00:00+00:00"
    assert row["answered_at"].isoformat() == "2026-03-02T02:00:20+00:00"
    assert row["ended_at"].isoformat() == "2026-03-02T02:04:40+00:00"
    assert (row["queue"], row["wait_seconds"], row["talk_seconds"]) == ("billing", 15, 239)
    metadata = orjson.loads(row["source_metadata"])
    assert (metadata["silence_seconds"], metadata["holds"]) == (4.0, 2)


def test_what_the_vendor_hid_stays_hidden():
    found = conformed(*CONTACT["redacted"], *CONTACT["analysis"])
    texts = {item["redacted_text"] for item in found.turns}
    assert texts == {"Halo, saya [PII]", "Internet saya mati"}
    assert [item["state"] for item in found.turns] == ["sent", "sent"]


def test_live_words_count_until_the_analysis_comes():
    alone = conformed(*CONTACT["live"], *CONTACT["record"])
    assert [item["redacted_text"] for item in alone.turns] == ["Halo"]
    both = conformed(*CONTACT["live"], *CONTACT["analysis"])
    assert len(both.turns) == 2


def test_a_plain_transcription_gives_way_to_speakers():
    plain = conformed(*CALL["call"], *CALL["recording"], *CALL["plain"])
    assert [item["redacted_text"] for item in plain.turns] == ["Internet saya mati"]
    (row,) = plain.interactions
    assert (row["talk_seconds"], row["direction"]) == (90, "inbound")
    spoken = conformed(*CALL["call"], *CALL["recording"], *CALL["plain"], *CALL["transcript"])
    assert [item["role"] for item in spoken.turns] == ["agent", "customer"]


def test_sentences_that_come_with_and_without_their_transcript_are_said_once():
    for order in permutations(("call", "recording", "transcript", "page")):
        both = conformed(*(record for name in order for record in CALL[name]))
        alone = conformed(*(record for name in order[:3] for record in CALL[name]))
        assert len(both.interactions) == 1 and len(both.turns) == 2
        assert both.accounted == sum(len(CALL[name]) for name in order)
        if "page" not in order[:3]:
            assert [row["sent_at"] for row in both.turns] == [row["sent_at"] for row in alone.turns]
    sent = conformed(*CALL["call"], *CALL["page"], *CALL["recording"], *CALL["transcript"]).turns
    assert all(row["sent_at"] for row in sent)


def test_undated_live_words_are_dated_by_the_contact_record():
    live = read(connect.CONNECTOR, connect.segments(connect.live("x", "AGENT", "Halo", 1500)))
    assert conformed(*live).interactions == []
    for order in ((live, CONTACT["record"]), (CONTACT["record"], live)):
        (row,) = conformed(*order[0], *order[1]).turns
        assert row["sent_at"].isoformat() == "2026-03-02T02:00:01.500000+00:00"
    told = conformed(*live, *CONTACT["record"], *CONTACT["analysis"]).turns
    assert "x" not in {row["turn_id"] for row in told} and len(told) == 2


def test_the_call_names_the_interaction_whatever_its_parts_are_called():
    parts = [record for name in ("plain", "transcript", "recording") for record in CALL[name]]
    (row,) = conformed(*parts, *CALL["call"]).interactions
    assert row["interaction_id"] == stable_id("twilio", twilio.CALL)
    assert row["conversation_hash"] == hash64("twilio", twilio.CALL)
    (job,) = conformed(*JOB["analysis"], *JOB["parsed"]).interactions
    assert job["interaction_id"] == stable_id("transcribe", "guid-77")


def test_provisional_words_give_way_only_to_words():
    first = turn("A", 1, 0, "sementara", provisional=1)
    assert len(conformed(first, turn("A", 2, 1, None)).turns) == 2
    kept = conformed(first, turn("A", 2, 1, "tetap")).turns
    assert [item["redacted_text"] for item in kept] == ["tetap"]
    better = conformed(first, turn("A", 3, 2, "lebih sementara", provisional=2)).turns
    assert [item["redacted_text"] for item in better] == ["sementara"]
