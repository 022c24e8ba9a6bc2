"""Recordings -> rows of silver.recordings, with the call and the words that belong to them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from ingestion.audio.names import RECORDING_SYSTEM, tie_keys
from ingestion.conform.ties import Recorded
from ingestion.conform.turns import Turn
from ingestion.identifiers import LinkOf, stable_id

UNKNOWN_DAY = date(1970, 1, 1)
_NO_ENGINE = "no_transcript_engine"
_SIDES = ("customer", "agent")

Row = dict[str, Any]


def recording_rows(
    recorded: Sequence[Recorded],
    interaction: Mapping[str, Any] | None,
    turns: Sequence[Turn],
    link_of: LinkOf,
    zone: ZoneInfo,
) -> list[Row]:
    """One row per recording of one conversation; `interaction` None when there is none (yet)."""
    if not recorded:
        return []
    words = sum(len(turn.text.split()) for turn in turns if turn.text and _spoken(turn))
    talk = _talk(recorded, link_of)
    spoken = {
        "words": words or None,
        "words_per_minute": round(words / talk * 60, 1) if words and talk else None,
        "transcript_source": turns[0].fact.source_system if turns else None,
    }
    return [_row(item, interaction, spoken, link_of, zone) for item in recorded]


def _spoken(turn: Turn) -> bool:
    """Announcements are no talk; what an engine heard on a shared channel may be anybody's."""
    return turn.role != "system" or turn.fact.source_system == RECORDING_SYSTEM


def _talk(recorded: Sequence[Recorded], link_of: LinkOf) -> float:
    """Seconds of talk; one recording in two formats counts once."""
    longest: dict[int, float] = {}
    for item in recorded:
        name = _name_hash(item, link_of)
        seconds = item.fact.data["recording"]["talk_seconds"] or 0.0
        longest[name] = max(seconds, longest.get(name, 0.0))
    return sum(longest.values())


def _name_hash(item: Recorded, link_of: LinkOf) -> int:
    names = item.fact.data["recordings"]
    stems = sorted(key for key in tie_keys(names) if key.startswith("name:"))
    return link_of(RECORDING_SYSTEM, stems[0] if stems else f"file:{names[0]}")


def _row(
    item: Recorded,
    interaction: Mapping[str, Any] | None,
    spoken: Mapping[str, Any],
    link_of: LinkOf,
    zone: ZoneInfo,
) -> Row:
    measures, sha256 = item.fact.data["recording"], item.fact.conversation_key
    engine = measures["engine"] if spoken["transcript_source"] == RECORDING_SYSTEM else None
    own = item.fact.time("started_at")
    started: datetime | None = interaction["started_at"] if interaction else own
    return {
        "recording_id": stable_id(RECORDING_SYSTEM, sha256),
        "interaction_id": interaction["interaction_id"] if interaction else None,
        "conversation_hash": (
            interaction["conversation_hash"] if interaction else link_of(RECORDING_SYSTEM, sha256)
        ),
        "file_sha256": sha256,
        "name_hash": _name_hash(item, link_of),
        "tied_by": item.tied_by,
        "started_at": started,
        "format": measures["container"],
        **{name: measures[name] for name in _AS_MEASURED},
        **_sides(measures),
        "channel_loudness_dbfs": measures["loudness_dbfs"],
        "clipped_samples": sum(measures["clipped"]),
        **spoken,
        "transcript_engine": engine and f"{engine['name']} {engine['version']}",
        "not_analysed": _reasons(item, spoken, started),
        "measures_version": measures["version"],
        "record_id": item.fact.record_id,
        "payload_id": item.fact.payload_id,
        "event_date": started.astimezone(zone).date() if started else UNKNOWN_DAY,
    }


_AS_MEASURED = (
    "codec",
    "sample_rate",
    "channels",
    "duration_seconds",
    "talk_seconds",
    "non_talk_seconds",
    "longest_silence_seconds",
    "overlap_seconds",
    "channel_talk_seconds",
)


def _sides(measures: Mapping[str, Any]) -> Row:
    """Figures of customer and agent, where each has a channel of their own."""
    roles, talk, cuts = (
        measures[name] for name in ("channel_roles", "channel_talk_seconds", "interruptions")
    )
    row: Row = {"interruptions": None if cuts is None else sum(cuts)}
    for side in _SIDES:
        at = roles.index(side) if roles else None
        row[f"{side}_talk_seconds"] = None if at is None else talk[at]
        row[f"{side}_interruptions"] = None if at is None else cuts[at]
    return row


def _reasons(item: Recorded, spoken: Mapping[str, Any], started: datetime | None) -> list[str]:
    """What is missing and why, as it stands with all that is known now."""
    reasons = list(item.fact.data["recording"]["not_analysed"])
    if spoken["transcript_source"] and _NO_ENGINE in reasons:
        reasons.remove(_NO_ENGINE)
    if item.why:
        reasons.append(item.why)
    if started is None:
        reasons.append("unknown_time")
    return sorted(reasons)
