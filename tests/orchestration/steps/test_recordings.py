"""Recordings and vCons delivered in any order: the lake is the one of a single delivery."""

import io
import json
from itertools import permutations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile
from deliveries import contents, deployment, put, run

from warehouse.origins import origins_of
from warehouse.verify import verify

SILVER = ("silver.interactions", "silver.turns", "silver.participants", "silver.recordings")
RATE = 8000


def sound(seed: int) -> bytes:
    """Five seconds; each channel talks for one of them."""
    chance, target = np.random.default_rng(seed), io.BytesIO()
    samples = chance.normal(0, 0.0005, (5 * RATE, 2))
    for channel in range(2):
        begin = (1 + 2 * channel) * RATE
        samples[begin : begin + RATE, channel] += chance.normal(0, 0.2, RATE)
    soundfile.write(target, samples, RATE, format="FLAC")
    return target.getvalue()


def vcon(name: str, words: str = "internet saya mati") -> str:
    """A call that names its recording."""
    start = "2025-10-06T03:00:00Z"
    parties = [{"tel": "+628110000001", "role": "customer"}, {"name": "Rina", "role": "agent"}]
    dialog = [{"type": "recording", "start": start, "parties": [0, 1], "filename": name}]
    body = [{"speaker": "Customer", "message": words}, {"speaker": "Agent", "message": "baik"}]
    analysis = [{"type": "transcript", "dialog": 0, "body": body}]
    call = {"vcon": "0.0.1", "uuid": f"uuid-{name}", "created_at": start, "parties": parties}
    return json.dumps(call | {"dialog": dialog, "analysis": analysis})


FILES: dict[str, Any] = {
    "a/call-8812.flac": sound(1),
    "call.json": vcon("call-8812.flac"),
    "b/lone-20251006T040000Z.flac": sound(2),
}


@pytest.mark.parametrize("order", list(permutations(FILES)))
def test_one_by_one_is_as_at_once(order: tuple[str, ...], tmp_path: Path) -> None:
    step, whole = deployment(tmp_path / "step"), deployment(tmp_path / "whole")
    for name in order:
        put(step, name, FILES[name])
        run(step)
        put(whole, name, FILES[name])
    run(whole)
    assert contents(step, SILVER) == contents(whole, SILVER)
    rows = {row["tied_by"]: row for row in step.lake.read("silver.recordings").to_pylist()}
    calls = step.lake.read("silver.interactions").to_pylist()
    assert rows.keys() == {"name", None}
    assert {row["interaction_id"] for row in rows.values()} == {c["interaction_id"] for c in calls}
    assert rows["name"]["words_per_minute"] == pytest.approx(120, abs=5)
    assert rows["name"]["channel_talk_seconds"] == pytest.approx([1, 1], abs=0.05)


def test_a_second_call_of_the_same_name_takes_the_tie_away(tmp_path: Path) -> None:
    at = deployment(tmp_path)
    put(at, "a.flac", sound(1)), put(at, "call-77810.flac", sound(3))
    put(at, "one.json", vcon("call-77810.flac"))
    run(at)
    assert "name" in at.lake.read("silver.recordings")["tied_by"].to_pylist()
    put(at, "two.json", vcon("call-77810.flac").replace("uuid-", "other-"))
    run(at)
    assert at.lake.read("silver.recordings")["tied_by"].to_pylist() == [None, None]
    assert at.lake.read("silver.interactions").num_rows == 2


def test_every_file_is_counted_and_none_is_copied(tmp_path: Path) -> None:
    at = deployment(tmp_path)
    for name, content in FILES.items():
        put(at, name, content)
    put(at, "again.flac", FILES["a/call-8812.flac"])
    put(at, "memo.m4a", b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00")
    run(at)
    counted = at.lake.read("bronze.coverage", where="connector = 'recording'").to_pylist()
    law = [
        (row["received"], row["accepted"], row["duplicates"], row["rejected"]) for row in counted
    ]
    assert sorted(law) == [(1, 0, 0, 1), (1, 0, 1, 0), (1, 1, 0, 0), (1, 1, 0, 0)]
    payloads = at.lake.read("bronze.payloads", where="connector = 'recording'").to_pylist()
    assert {row["raw"] for row in payloads} == {b""}
    (reject,) = at.lake.read("bronze.rejects").to_pylist()
    assert reject["reason"] == "broken_audio"
    assert (at.store / reject["file_sha256"][:2] / reject["file_sha256"]).exists()


def test_a_recording_is_traced_to_its_bytes(tmp_path: Path) -> None:
    at = deployment(tmp_path)
    put(at, "a/call-8812.flac", FILES["a/call-8812.flac"])
    run(at)
    (row,) = at.lake.read("silver.recordings").to_pylist()
    (origin,) = origins_of(at.lake, [row], raw=True)
    assert (origin.files, origin.bytes_match, origin.raw) == (["a/call-8812.flac"], True, None)
    assert list(verify(at.lake, full=True)) == []
    landed = at.store / row["file_sha256"][:2] / row["file_sha256"]
    landed.chmod(0o600)
    landed.write_bytes(landed.read_bytes()[:-1] + b"\x00")
    (origin,) = origins_of(at.lake, [row], raw=False)
    assert origin.bytes_match is False
