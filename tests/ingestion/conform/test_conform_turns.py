"""What became of each message: edits, deletions, sessions, roles, and words that must go."""

from datetime import timedelta

import pytest
from facts_of import (
    START,
    conformed,
    delete,
    edit,
    fact,
    stated,
    status,
    turn,
)

from ingestion.connectors.base import Record

DAY = 24 * 60


@pytest.mark.parametrize(
    ("later", "state", "text", "changed"),
    [
        ([], "sent", "halo", None),
        ([edit("a", 1, 5, "hai")], "edited", "hai", 5),
        ([edit("a", 1, 9, "apa kabar"), edit("a", 1, 5, "hai")], "edited", "apa kabar", 9),
        ([delete("a", 1, 7)], "deleted", None, 7),
        ([delete("a", 1, 7), edit("a", 1, 9, "hai")], "deleted", None, 7),
        ([delete("a", 1, 7), turn("a", 1, 0)], "deleted", None, 7),
    ],
)
def test_the_latest_state_of_a_message(
    later: list[Record], state: str, text: str | None, changed: float | None
) -> None:
    (row,) = conformed(turn("a", 1, 0), *later).turns
    assert (row["state"], row["redacted_text"]) == (state, text)
    moment = None if changed is None else START + timedelta(minutes=changed)
    assert row["changed_at"] == moment
    assert row["sent_at"] == START


@pytest.mark.parametrize(
    "records", [[delete("a", 1, 7)], [status("a", 1, 3, "read")], [delete("a", 1, 7)] * 2]
)
def test_an_effect_without_its_cause_waits(records: list[Record]) -> None:
    result = conformed(*records)
    assert (result.interactions, result.turns) == ([], [])


def test_an_edit_whose_first_wording_never_came_is_still_said() -> None:
    (row,) = conformed(edit("a", 1, 5, "hai")).turns
    assert (row["state"], row["redacted_text"], row["sent_at"]) == ("edited", "hai", None)


def test_a_deleted_message_takes_subject_and_caption_along() -> None:
    message = turn("a", 1, 0, metadata={"subject": "tagihan bu RT"})
    (kept,) = conformed(message).turns
    (gone,) = conformed(message, delete("a", 1, 1), status("a", 1, 0, "read")).turns
    assert "tagihan" in kept["source_metadata"]
    assert gone["source_metadata"] == '{"delivery":"read"}'


def test_turns_are_numbered_by_time_then_by_the_source_s_own_order() -> None:
    messages = [turn("a", 3, 5), turn("a", 2, 1, order=2), turn("a", 1, 1, order=1)]
    texts = [(row["turn_no"], row["record_id"]) for row in conformed(*messages).turns]
    again = [(row["turn_no"], row["record_id"]) for row in conformed(*messages[::-1]).turns]
    assert [number for number, _ in texts] == [1, 2, 3]
    assert texts == again


def test_a_transcript_without_times_keeps_its_order_after_the_call_began() -> None:
    said = [turn("c", n, 0, f"baris {n}", sent_at=None, order=n, system="voice") for n in (2, 0, 1)]
    result = conformed(stated("c", started_at=START + timedelta(minutes=3)), *said)
    assert [row["redacted_text"] for row in result.turns] == ["baris 0", "baris 1", "baris 2"]
    assert result.interactions[0]["started_at"] == START + timedelta(minutes=3)


# --- sessions -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "sessions"),
    [([0, DAY], 1), ([0, DAY + 1], 2), ([0, DAY + 1, DAY / 2], 1), ([0, 2 * DAY, 4 * DAY], 3)],
)
def test_a_chat_splits_where_nobody_wrote_for_longer_than_a_day(
    minutes: list[float], sessions: int
) -> None:
    messages = [turn("a", number, at) for number, at in enumerate(minutes)]
    result = conformed(*messages)
    assert len(result.interactions) == sessions
    assert len({row["conversation_hash"] for row in result.interactions}) == 1


def test_other_sources_never_split() -> None:
    mails = [turn("t", number, number * 10 * DAY, system="email") for number in range(3)]
    assert len(conformed(*mails).interactions) == 1


def test_a_session_keeps_its_id_when_later_ones_come() -> None:
    first = conformed(turn("a", 1, 0)).interactions[0]["interaction_id"]
    later = conformed(turn("a", 1, 0), turn("a", 2, 5), turn("a", 3, 5 * DAY)).interactions
    assert first == min(later, key=lambda row: row["started_at"])["interaction_id"]


# --- links --------------------------------------------------------------------------------


def test_a_late_link_joins_two_conversations_with_all_their_turns() -> None:
    apart = [turn("a", 1, 0, system="email"), turn("b", 2, 1, system="email")]
    bridge = fact("turn", "c", "m3", 2, {"action": "sent", "turn_id": "m3", "text": "ya"},
                  links=("a", "b"), system="email")  # fmt: skip
    assert len(conformed(*apart).interactions) == 2
    result = conformed(*apart, bridge)
    assert len(result.interactions) == 1
    assert [row["turn_no"] for row in result.turns] == [1, 2, 3]


def test_equal_keys_of_two_sources_stay_apart() -> None:
    result = conformed(turn("a", 1, 0, system="email"), turn("a", 1, 0, system="x"))
    assert len({row["interaction_id"] for row in result.interactions}) == 2


# --- statuses -----------------------------------------------------------------------------


def test_delivery_says_who_wrote_and_how_far_it_came() -> None:
    sent = turn("a", 1, 0, role="agent", sender_type=None, sender=None)
    told = [status("a", 1, 3, "read"), status("a", 1, 1, "sent", role="bot", queue="promo")]
    result = conformed(sent, *told)
    (row,) = result.turns
    assert (row["role"], row["source_metadata"]) == ("bot", '{"delivery":"read"}')
    assert (result.interactions[0]["queue"], result.interactions[0]["bot_turns"]) == ("promo", 1)


# --- personal data ------------------------------------------------------------------------


def test_names_known_to_any_record_are_hidden_in_every_turn() -> None:
    messages = [turn("a", 1, 0, "ini Sari", names=("Sari",)), turn("a", 2, 1, "Ibu Sari?")]
    texts = [row["redacted_text"] for row in conformed(*messages).turns]
    assert texts == ["ini [HIDDEN]", "Ibu [HIDDEN]?"]


def test_metadata_is_hidden_at_any_depth_and_numbers_too() -> None:
    metadata = {"subject": "dari Sari", "list": [{"cc": "Sari"}], "count": 3, "flag": True}
    message = turn("a", 1, 0, names=("Sari",), metadata=metadata | {"phone": 6281234567890})
    (row,) = conformed(message).turns
    assert "Sari" not in row["source_metadata"]
    assert '"count":3,"flag":true' in row["source_metadata"]


def test_free_words_of_agents_are_hidden() -> None:
    words = "hubungi Sari 081234567890"
    call = stated("c", disposition=words, campaign=words, queue=words)
    call.names = ("Sari",)
    (row,) = conformed(call).interactions
    for column in ("disposition", "campaign", "queue"):
        assert row[column] == "hubungi [HIDDEN] [HIDDEN]"
