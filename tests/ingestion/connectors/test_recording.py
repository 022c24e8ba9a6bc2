"""Recordings as records: one interaction a file, its measures, its words, and what is refused."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest

from ingestion.audio.settings import RecordingSettings
from ingestion.connectors.base import Payload, RejectedInput
from ingestion.connectors.recording import UNKNOWN_TIME, RecordingConnector
from tests.ingestion.audio.sounds import by_numpy, wav
from tests.ingestion.connectors.reading_records import assert_sound, of_kind, reasons

CONNECTOR = RecordingConnector()
NAME = "voice/RE77_20260302T08:00_UTC.wav"
SHA256, SHA512 = "ab" * 32, "cd" * 64


def context(**changes: Any) -> dict[str, Any]:
    """What is known of a stereo recording of 30 seconds."""
    measures = {
        "container": "wav", "codec": "PCM_16", "sample_rate": 8000, "channels": 2,
        "duration_seconds": 30.0, "talk_seconds": 22.0, "non_talk_seconds": 8.0,
        "longest_silence_seconds": 5.0, "channel_talk_seconds": [12.0, 12.0],
        "overlap_seconds": 2.0, "interruptions": [0, 1], "loudness_dbfs": [-20.0, None],
        "clipped": [0, 0], "not_analysed": ["no_transcript_engine"], "version": "1",
    }  # fmt: skip
    measures |= changes.pop("measures", {})
    base = {"whole_file": True, "name": NAME, "measures": measures, "said": [], "engine": None}
    return base | {"sha256": SHA256, "sha512": SHA512} | changes


def parsed(value: Any, connector: RecordingConnector = CONNECTOR) -> list[Any]:
    text = value if isinstance(value, str) else orjson.dumps(value).decode()
    found = list(connector.parse(Payload(b"", "recording", 0, 9, text, whole_file=True)))
    assert_sound(found)
    return found


def said(channel: int = 0, **changes: Any) -> dict[str, Any]:
    base = {"start": 1.5, "end": 3.0, "text": "internet mati", "language": "id", "confidence": 0.9}
    return base | {"channel": channel} | changes


def test_a_file_is_one_payload_without_its_bytes(tmp_path: Path):
    path = by_numpy(tmp_path / "a.wav", 10, [[(1, 3)], [(4, 6)]])
    (payload,) = CONNECTOR.fetch_named(path, NAME)
    assert isinstance(payload, Payload)
    assert (payload.raw, payload.byte_start, payload.byte_end) == (b"", 0, path.stat().st_size)
    assert payload.whole_file and orjson.loads(payload.context)["whole_file"]
    assert list(CONNECTOR.fetch_named(path, NAME)) == [payload]
    (record,) = CONNECTOR.parse(payload)
    assert record.data["recording"]["channel_talk_seconds"] == pytest.approx([2, 2], abs=0.05)
    assert record.data["ended_at"] == datetime(2026, 3, 2, 8, 0, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "reason"),
    [(wav(rate=0), "broken_audio"), (wav(b""), "no_sound"), (b"#!AMR\n", "no_sound")],
)
def test_what_cannot_be_decoded_is_rejected(content: bytes, reason: str, tmp_path: Path):
    (tmp_path / "a").write_bytes(content)
    assert CONNECTOR.recognises("a", content)
    (rejected,) = CONNECTOR.fetch(tmp_path / "a")
    assert isinstance(rejected, RejectedInput) and rejected.reason == reason


def test_the_interaction_of_a_recording():
    (record,) = parsed(context())
    assert (record.kind, record.source_system, record.conversation_key) == (
        "interaction", "recording", SHA256,
    )  # fmt: skip
    assert record.event_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert record.data["recordings"] == [
        "re77_20260302t08:00_utc.wav", f"sha256-{SHA256}", f"sha512-{SHA512}",
    ]  # fmt: skip
    assert record.data["talk_seconds"] == 30


@pytest.mark.parametrize(
    ("name", "zone", "known"),
    [(NAME, None, True), ("20260302-150000.wav", "Asia/Jakarta", True),
     ("20260302-150000.wav", None, False), ("call.wav", "Asia/Jakarta", False)],
)  # fmt: skip
def test_time_comes_from_the_name_or_stays_unknown(name: str, zone: str | None, known: bool):
    connector = RecordingConnector(settings=RecordingSettings(zone=zone))
    (record,) = parsed(context(name=name), connector)
    began = datetime(2026, 3, 2, 8, tzinfo=UTC)
    assert record.event_at == (began if known else UNKNOWN_TIME)
    assert record.data["started_at"] == (began if known else None)


@pytest.mark.parametrize(
    ("agent_channel", "changes", "roles"),
    [
        (1, {}, ["customer", "agent"]),
        (0, {}, ["agent", "customer"]),
        (1, {"channels": 1, "channel_talk_seconds": None}, None),
        (1, {"channel_talk_seconds": None}, None),
        (1, {"channels": 3, "channel_talk_seconds": [1.0, 2.0, 3.0]}, None),
    ],
)
def test_who_speaks_on_a_channel(agent_channel: int, changes: dict, roles: list[str] | None):
    connector = RecordingConnector(settings=RecordingSettings(agent_channel=agent_channel))
    value = context(measures=changes, said=[said(0)], engine={"name": "e", "version": "1"})
    found = parsed(value, connector)
    assert found[0].data["recording"]["channel_roles"] == roles
    (turn,) = of_kind(found, "turn")
    assert turn.data["role"] == (roles[0] if roles else "system")
    assert ("speaker" in turn.data["metadata"]) == (roles is None)


def test_words_that_an_engine_heard():
    engine = {"name": "listener", "version": "7"}
    found = parsed(context(said=[said(0), said(1, start=4.0, text="baik")], engine=engine))
    first, second = of_kind(found, "turn")
    assert (first.data["text"], first.data["start_seconds"]) == ("internet mati", 1.5)
    assert first.data["sent_at"] == datetime(2026, 3, 2, 8, 0, 1, 500_000, tzinfo=UTC)
    assert first.data["metadata"] == {"language": "id", "confidence": 0.9, "engine": engine}
    assert (second.data["order"], second.native_id) == (1, f"{SHA256}#1")


@pytest.mark.parametrize(
    ("value", "reason"),
    [("", "wrong_type"), ("{", "bad_json"), ("[]", "wrong_type"), ({}, "missing_field"),
     (context(sha256=None), "missing_field"), (context(said="x"), "wrong_type"),
     (context(said=[said(text="x" * 300_000)], engine={}), "text_too_long")],
)  # fmt: skip
def test_a_context_that_was_not_written_here(value: Any, reason: str):
    assert reasons(parsed(value)) == [reason]
