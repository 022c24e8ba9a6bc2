"""A call that is delivered again, corrected or redacted: the lake shows it once, in any order."""

import json
from collections.abc import Sequence
from itertools import permutations
from pathlib import Path

import pytest
from deliveries import contents, deployment, put, run

SILVER = ("silver.interactions", "silver.turns", "silver.participants")


def vcon(uuid: str, made: str, words: str, **more: object) -> str:
    """A call of one turn."""
    dialog = {"type": "text", "start": "2025-10-06T03:00:00Z", "parties": [0], "body": words}
    parties = [{"tel": "+6281234567890", "role": "customer"}, {"name": "Rina", "role": "agent"}]
    call = {"vcon": "0.4.0", "uuid": uuid, "created_at": made, "parties": parties}
    return json.dumps(call | {"dialog": [dialog]} | more)


VERSIONS = {
    "a.json": vcon("uuid-a", "2025-10-06T03:10:00Z", "tagihan saya salah"),
    "b.json": vcon("uuid-b", "2025-10-08T03:10:00Z", "tagihan salah", amended={"uuid": "uuid-a"}),
    "c.json": vcon("uuid-c", "2025-10-09T03:10:00Z", "salah", redacted={"uuid": "uuid-b"}),
}


@pytest.mark.parametrize("order", list(permutations(VERSIONS)))
def test_versions_that_come_one_by_one_are_one_call(order: Sequence[str], tmp_path: Path) -> None:
    step, whole = deployment(tmp_path / "step"), deployment(tmp_path / "whole")
    for name in order:
        put(step, name, VERSIONS[name])
        run(step)
        put(whole, name, VERSIONS[name])
    run(whole)
    (turn,) = step.lake.read("silver.turns").to_pylist()
    assert (turn["redacted_text"], turn["turn_no"]) == ("salah", 1)
    assert step.lake.read("silver.interactions").num_rows == 1
    records = step.lake.read("bronze.records", where="record_kind = 'turn'")
    assert records.num_rows == len(VERSIONS)
    assert contents(step, SILVER) == contents(whole, SILVER)
