"""Recordings of calls: measured here, tied to their call by what other sources name them.

audio file -> measures (and words, where a speech engine is set up) -> one interaction record
and its turns. The bytes stay in the landed file only.

Mapped: WAV, MP3, Ogg (Opus, Vorbis), FLAC, AIFF, AU, CAF and what else libsndfile decodes; with
the extra `recordings` also M4A, AMR, WMA, WebM and AAC.
Not mapped: tags inside the file, pictures of a film.
The time of a recording is what its name states: with an offset, as Unix time of a PBX, or by
the clock that LAKEHOUSE_RECORDING_ZONE names. Without it the time comes from the call that names
the recording; until one does, `started_at` is None and event_at is the first day of 1970.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

import orjson

from ingestion.audio.apart import decoder
from ingestion.audio.formats import container
from ingestion.audio.names import RECORDING_SYSTEM, base_name, time_in_name
from ingestion.audio.settings import RecordingSettings
from ingestion.connectors.base import Connector, Parsed, Payload, Record, RejectedInput
from ingestion.connectors.fields import clean_text, items, mapping, optional_mapping, required_text

UNKNOWN_TIME = datetime(1970, 1, 1, tzinfo=UTC)
_ROLES = ("customer", "agent")


@dataclass(frozen=True)
class RecordingConnector(Connector):
    """Reads recordings; decoding happens in a process of its own."""

    name: ClassVar[str] = "recording"
    version: ClassVar[str] = "1"
    source_system: ClassVar[str] = RECORDING_SYSTEM
    settings: RecordingSettings = field(default_factory=RecordingSettings)

    def recognises(self, name: str, head: bytes) -> bool:
        """Audio by its first bytes, also of kinds that cannot be decoded; names do not count."""
        return container(head) is not None

    def fetch(self, path: Path) -> Iterator[Payload | RejectedInput]:
        """One payload for the file."""
        return self.fetch_named(path, path.name)

    def fetch_named(self, path: Path, name: str) -> Iterator[Payload | RejectedInput]:
        """One payload for the file; its context holds the measures instead of the bytes."""
        try:
            found = decoder(self.settings).examine(path)
        except RejectedInput as rejected:
            yield rejected
            return
        context = {"whole_file": True, "name": name, **found}
        yield Payload(
            raw=b"",
            position="recording",
            byte_start=0,
            byte_end=path.stat().st_size,
            context=orjson.dumps(context).decode(),
            whole_file=True,
        )

    def parse(self, payload: Payload) -> Iterator[Parsed]:
        """The interaction that was recorded, and what was said in it."""
        try:
            context = mapping(orjson.loads(payload.context or "null"), "context")
            yield from self._records(context)
        except orjson.JSONDecodeError:
            yield RejectedInput("bad_json", "the measures of this recording cannot be read")
        except RejectedInput as rejected:
            yield rejected

    def _records(self, context: dict[str, Any]) -> list[Parsed]:
        name, sha256 = required_text(context, "name"), required_text(context, "sha256")
        measures = optional_mapping(context, "measures")
        started = time_in_name(name, self.settings.zone)
        roles = self._roles(measures)
        names = [base_name(name), f"sha256-{sha256}"]
        data = {
            "channel": "voice",
            "started_at": started,
            "ended_at": started and started + timedelta(seconds=measures["duration_seconds"]),
            "talk_seconds": measures["duration_seconds"],
            "recordings": [*names, f"sha512-{required_text(context, 'sha512')}"],
            "recording": measures | {"channel_roles": roles, "engine": context.get("engine")},
        }
        at = started or UNKNOWN_TIME
        found: list[Parsed] = [Record("interaction", RECORDING_SYSTEM, sha256, sha256, at, data)]
        for index, said in enumerate(items(context, "said")):
            found.append(self._turn(sha256, index, mapping(said, "said"), started, roles, context))
        return found

    def _roles(self, measures: dict[str, Any]) -> list[str] | None:
        """Who speaks on each channel; None when one channel holds several speakers."""
        if measures["channels"] != len(_ROLES) or measures["channel_talk_seconds"] is None:
            return None
        return list(_ROLES if self.settings.agent_channel == 1 else reversed(_ROLES))

    def _turn(
        self,
        sha256: str,
        index: int,
        said: dict[str, Any],
        started: datetime | None,
        roles: list[str] | None,
        context: dict[str, Any],
    ) -> Record:
        native_id = f"{sha256}#{index}"
        at = started and started + timedelta(seconds=said["start"])
        told = {"language": said["language"], "confidence": said["confidence"]}
        told["engine"] = context["engine"]
        data = {
            "action": "sent",
            "turn_id": native_id,
            # Who speaks on a shared channel is not known, and is not guessed.
            "role": roles[said["channel"]] if roles else "system",
            "text": clean_text(required_text(said, "text"), self.limits.text_characters),
            "sent_at": at,
            "start_seconds": said["start"],
            "end_seconds": said["end"],
            "order": index,
            "channel": "voice",
            "metadata": told if roles else told | {"speaker": "unknown"},
        }
        moment = at or UNKNOWN_TIME
        return Record("turn", RECORDING_SYSTEM, sha256, native_id, moment, data)
