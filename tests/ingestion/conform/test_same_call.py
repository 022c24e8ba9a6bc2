"""Sources that name one recording tell of one call, unless names or times object."""

import random
from datetime import timedelta
from typing import Any

import pytest
from facts_of import START, conformed, rows

from ingestion.connectors.base import Record
from tests.ingestion.conform.test_conform_recordings import recording


def told(
    system: str, key: str, name: str, words: str = "", *, hours: float = 0, **data: Any
) -> list[Record]:
    """A call as one source tells it, with one turn if it has words."""
    at = START + timedelta(hours=hours)
    facts = {"channel": "voice", "started_at": at, "recordings": [name]} | data
    found = [Record("interaction", system, key, key, at, facts)]
    if words:
        turn = {"action": "sent", "turn_id": f"{key}#0", "role": "customer", "text": words}
        turn |= {"channel": "voice", "sent_at": at}
        found.append(Record("turn", system, key, f"{key}#0", at, turn))
    return found


CALL = told("acd", "c-1", "rec-8812.wav", agent_id="a-7", queue="billing", wait_seconds=9.0)
TEXT = told("captions", "rec-8812", "rec-8812.vtt", "internet saya mati", hours=2)


def test_a_call_record_and_a_transcript_are_one_call():
    result = conformed(*CALL, *TEXT)
    (interaction,) = result.interactions
    # The id, and what both state, come from the source that knows most.
    assert (interaction["source_system"], interaction["started_at"]) == ("acd", START)
    assert (interaction["agent_id"], interaction["wait_seconds"]) == ("a-7", 9)
    assert [row["redacted_text"] for row in result.turns] == ["internet saya mati"]
    assert interaction["interaction_id"] == conformed(*CALL).interactions[0]["interaction_id"]


def test_their_recording_comes_along():
    result = conformed(*CALL, *TEXT, recording("a", "rec-8812.wav"))
    (interaction,) = result.interactions
    (row,) = result.recordings
    assert (row["interaction_id"], row["tied_by"]) == (interaction["interaction_id"], "name")
    assert (row["transcript_source"], row["words"]) == ("captions", 3)


def test_nothing_is_said_twice():
    fuller = told("vcon", "v-1", "rec-8812.wav", "halo kak internet saya mati")
    result = conformed(*CALL, *TEXT, *fuller)
    assert len(result.interactions) == 1
    assert [row["redacted_text"] for row in result.turns] == ["halo kak internet saya mati"]


@pytest.mark.parametrize(
    "others",
    [
        told("acd", "c-2", "rec-8812.wav"),
        told("captions", "x", "rec-8812.vtt", hours=30),
        told("captions", "x", "rec-8813.vtt"),
        [*told("captions", "x", "rec-8812.vtt"), *told("captions", "y", "rec-8812.srt")],
        [*told("captions", "x", "rec-8812.vtt", recordings=["rec-8812.vtt", "rec-9.zz"]),
         *told("acd", "c-2", "rec-9.zz")],
    ],
)  # fmt: skip
def test_calls_that_may_be_others_stay_apart(others: list[Record]):
    calls = {(record.source_system, record.conversation_key) for record in (*CALL, *others)}
    assert len(conformed(*CALL, *others).interactions) == len(calls)


def test_any_order_gives_the_same_rows():
    records = [
        *CALL,
        *TEXT,
        *told("vcon", "v-1", "rec-8812", "halo"),
        recording("a", "rec-8812.mp3"),
    ]
    expected = rows(conformed(*records))
    for seed in range(8):
        random.Random(seed).shuffle(records)
        assert rows(conformed(*records)) == expected
