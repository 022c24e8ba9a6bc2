"""How far a message came: its own status, marks up to a time, never a step back."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from facts_of import START, conformed, fact, status, turn

from ingestion.connectors.base import Record


def mark(state: str, minutes: float) -> Record:
    """Everything that the company sent until then came that far."""
    until = START + timedelta(minutes=minutes)
    data = {"turn_id": None, "status": state, "until": until}
    return fact("status", "t", f"mark:{state}:{minutes}", minutes, data)


@pytest.mark.parametrize(
    ("role", "told", "expected"),
    [
        ("agent", [mark("read", 5)], '"delivery":"read"'),
        ("bot", [mark("delivered", 5)], '"delivery":"delivered"'),
        ("agent", [mark("delivered", 9), mark("read", 1)], '"delivery":"delivered"'),
        ("agent", [mark("read", 5), status("t", 1, 6, "delivered")], '"delivery":"read"'),
        ("agent", [mark("read", 5), status("t", 1, 1, "failed")], '"delivery":"failed"'),
        ("agent", [mark("read", 1)], None),
        ("customer", [mark("read", 5)], None),
    ],
)
def test_marks_reach_what_the_company_sent(role: str, told: list[Record], expected: Any) -> None:
    said = turn("t", 1, 2, role=role)
    for order in permutations([said, *told]):
        (row,) = conformed(*order).turns
        assert row["source_metadata"] == ("{" + expected + "}" if expected else "{}")


def test_a_mark_alone_is_no_conversation() -> None:
    assert conformed(mark("read", 1)).interactions == []
