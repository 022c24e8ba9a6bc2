"""Who speaks, where messages and tickets come apart: found in the conversation, in any order."""

from itertools import permutations
from typing import Any

import pytest
from facts_of import conformed, edit, handle, stated, turn

from ingestion.connectors.base import Record

USER = "zendesk_user_id"


def comment(number: int, minutes: float, sender: str | None, **more: Any) -> Record:
    """A message that names its writer but no side."""
    told = {"role": None, "sender_type": USER if sender else None, "sender": sender}
    return turn("t", number, minutes, **(told | {"agent_id": sender} | more))


def roles(*records: Record) -> list[str]:
    return [row["role"] for row in conformed(*records).turns]


@pytest.mark.parametrize(
    ("handles", "expected"),
    [
        ([], ["customer", "agent"]),
        ([handle("t", USER, "9")], ["agent", "customer"]),
        ([handle("t", USER, "5", role="agent")], ["agent", "system"]),
        ([handle("t", USER, "5")], ["customer", "agent"]),
        ([handle("t", USER, "5"), handle("t", USER, "9", role="bot")], ["customer", "bot"]),
        ([handle("t", "email", "a@example.com")], ["customer", "agent"]),
        ([handle("t", USER, "5"), handle("t", USER, "5", role="agent")], ["customer", "agent"]),
    ],
)
def test_the_handles_tell_the_side(handles: list[Record], expected: list[str]) -> None:
    said = [comment(1, 0, "5"), comment(2, 1, "9")]
    for order in permutations([*said, *handles]):
        assert roles(*order) == expected


def test_a_stated_role_stands_and_nobody_is_the_system() -> None:
    known = handle("t", USER, "5")
    assert roles(known, comment(1, 0, "5", role="agent"), comment(2, 1, None)) == [
        "agent",
        "system",
    ]


def test_the_agent_of_a_conversation_is_never_its_customer() -> None:
    found = conformed(
        handle("t", USER, "5"), comment(1, 0, "5"), comment(2, 1, "5"), comment(3, 2, "9")
    )
    assert found.interactions[0]["agent_id"] == "9"
    assert [row["role"] for row in found.turns] == ["customer", "customer", "agent"]
    assert [row["handle_type"] for row in found.participants] == [USER]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([], ["isi tiket"]),
        ([comment(1, 0.5, "5", text="isi")], ["isi"]),
        ([comment(1, 60, "5", text="isi tiket")], ["isi tiket"]),
        ([comment(1, 60, "5", text="kabar?")], ["isi tiket", "kabar?"]),
        ([comment(1, 0, "5", role="system", text=None)], ["isi tiket", None]),
    ],
)
def test_a_description_counts_until_the_first_message_came(
    said: list[Record], expected: list[str]
) -> None:
    description = comment(0, 0, "5", text="isi tiket", stands_in=True)
    records = [handle("t", USER, "5"), description, *said]
    for order in permutations(records):
        texts = [row["redacted_text"] for row in conformed(*order).turns]
        assert texts == expected


def test_two_descriptions_do_not_cancel_each_other() -> None:
    pair = [comment(number, 0, "5", text="isi", stands_in=True) for number in (0, 1)]
    assert len(conformed(handle("t", USER, "5"), *pair).turns) == 2


@pytest.mark.parametrize(
    ("flags", "said", "expected"),
    [((None, None), None, None), ((True, None), None, 1), ((True, True), None, 2), ((True,), 0, 0)],
)
def test_hand_overs_are_counted_unless_the_source_counts(
    flags: tuple[Any, ...], said: int | None, expected: int | None
) -> None:
    turns = [turn("t", number, number, transfer=flag) for number, flag in enumerate(flags)]
    summary = stated("t", system="chat", channel="chat", transfers=said)
    assert conformed(summary, *turns, *turns).interactions[0]["transfers"] == expected


@pytest.mark.parametrize(("told", "expected"), [({}, 2), ({"reopens": 7}, 7)])
def test_reopenings_are_counted_unless_the_source_counts(told: Any, expected: int) -> None:
    event = {"role": "system", "metadata": {"event": "reopened"}}
    events = [turn("t", number, number, text=None, **event) for number in (1, 2)]
    other = turn("t", 3, 3, text=None, role="system", metadata={"event": "status_open"})
    summary = stated("t", system="chat", channel="chat", metadata=told)
    (row,) = conformed(summary, other, *events, *events).interactions
    assert row["source_metadata"] == f'{{"reopens":{expected}}}'


def test_an_edit_of_a_roleless_message_keeps_the_side() -> None:
    changed = edit("t", 1, 5, "baru")
    changed.data["role"] = None
    found = conformed(handle("t", USER, "5"), comment(1, 0, "5"), changed)
    assert [(row["role"], row["redacted_text"], row["state"]) for row in found.turns] == [
        ("customer", "baru", "edited")
    ]
