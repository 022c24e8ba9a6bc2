"""Writes calls as vCons of three generations: unversioned, 0.0.1 and 0.4.0."""

from datetime import timedelta
from random import Random
from typing import Any, Final

import orjson

from ingestion.sample import company
from ingestion.sample.model import Conversation
from ingestion.sample.sink import Sink, rfc3339
from ingestion.sample.voice_parts import CallParts

UNANSWERED: Final = {
    "missed": ("no-answer", "no-answer", "busy"),
    "abandoned": ("hung-up", "hung-up", "voicemail-no-message"),
    "dropped": ("failed", "congestion"),
}


def write_call(conversation: Conversation, rng: Random, sink: Sink, late: int = 0) -> None:
    """Add one call's file to the sink and give the conversation its id and timing."""
    spec = conversation.spec
    eight = rng.random() < 0.45 or spec.transfer
    call = _uuid(rng, 8 if eight else 4)
    conversation.natives = [call]
    zone = rng.choices([z for z, _ in company.ZONES], [w for _, w in company.ZONES])[0]
    builder = _Call(conversation, rng, call, zone)
    if not conversation.turns:
        body = builder.unanswered("0.4.0" if eight else "0.0.1")
    elif eight:
        body = builder.current()
    else:
        body = builder.texts() if rng.random() < 0.45 else builder.unversioned()
    folder = spec.start.date() + timedelta(days=late)
    note = {"payloads": 1, "story": "late"} if late else {"payloads": 1}
    sink.add(f"voice/{folder}/{call}.vcon.json", orjson.dumps(body), **note)


def _uuid(rng: Random, version: int) -> str:
    digits = f"{rng.getrandbits(128):032x}"
    digits = f"{digits[:12]}{version}{digits[13:16]}{'89ab'[rng.randrange(4)]}{digits[17:]}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


class _Call(CallParts):
    """Arranges one call as the generations of the format do."""

    # --- generations --------------------------------------------------------------------

    def unversioned(self) -> dict[str, Any]:
        """One recording, transcript by role word or party name, roles in `meta`."""
        end = self._clock(0.0)
        self.talk.hold = None
        body = self._base(None)
        parties = self._parties(meta=True)
        direction = "in" if self.spec.direction == "inbound" else "out"
        body["parties"] = parties
        body["dialog"] = [{
            "type": "recording", "start": rfc3339(self.start), "parties": [0, 1],
            "duration": end, "mimetype": "audio/mp3", **self._recording(),
            "meta": {"direction": direction, "disposition": "ANSWERED"},
        }]  # fmt: skip
        named = self.rng.random() < 0.3 and all("name" in party for party in parties)
        words = {"customer": "Customer", "agent": "Agent", "bot": "Bot"}
        said = [
            {
                "speaker": parties[self._index(turn)]["name"] if named else words[turn.role],
                "message": turn.text,
            }
            for turn in self.talk.turns
        ]
        body["analysis"] = [{
            "type": "transcript", "dialog": 0, "vendor": "suaratext", "encoding": "none",
            "body": said,
        }]  # fmt: skip
        body["attachments"] = [self._attachment("type")]
        return body

    def texts(self) -> dict[str, Any]:
        """0.0.1: one text dialog per utterance."""
        self._clock(0.0)
        self.talk.hold = None
        body = self._base("0.0.1")
        body |= {"redacted": {}, "group": [], "parties": self._parties(meta=False)}
        body["dialog"] = [
            {
                "type": "text", "start": rfc3339(self.start + timedelta(seconds=int(turn.at))),
                "parties": [self._index(turn)], "originator": self._index(turn),
                "mimetype": "text/plain", "body": turn.text,
            }
            for turn in self.talk.turns
        ]  # fmt: skip
        body |= {"attachments": [self._attachment("type")], "analysis": []}
        return body

    def current(self) -> dict[str, Any]:
        """0.4.0: recording with party history, transcript in segments, transfers."""
        wait = round(self.rng.expovariate(1 / 45) + 3, 0)
        if self.spec.direction == "outbound":
            wait = float(self.rng.randrange(4, 20))
        end = self._clock(wait)
        bot = self.talk.turns[0]
        if bot.role == "bot":
            wait = float(int(max(wait, bot.length + 1)))
        body = self._base("0.4.0")
        body["parties"] = self._parties(meta=False)
        cut = next((t.at for t in self.talk.turns if "transfer" in t.marks), None)
        first_end = end if cut is None else round(cut - 2, 1)
        held = self.talk.hold or 0.0
        self.talk.wait, self.talk.talk = wait, round(end - wait - held, 1)
        body["dialog"] = [self._dialog(0.0, first_end, 1, wait)]
        if cut is not None:
            body["dialog"].append({
                "type": "transfer", "start": self._time(first_end), "transferee": 0,
                "transferor": 1, "transfer_target": 2, "original": 0, "target_dialog": 2,
            })  # fmt: skip
            body["dialog"].append(self._dialog(cut - 1, end, 2, 0.0))
        body["analysis"] = self._transcripts(cut)
        body["attachments"] = [self._attachment("purpose")]
        return body

    def _time(self, seconds: float) -> str:
        return (self.start + timedelta(seconds=seconds)).isoformat(timespec="milliseconds")

    def _dialog(self, begin: float, end: float, agent: int, wait: float) -> dict[str, Any]:
        events = [{"party": 0, "event": "join", "time": self._time(begin)}]
        events.append({"party": agent, "event": "join", "time": self._time(begin + wait)})
        for turn in self.talk.turns:
            if "hold" in turn.marks and begin <= turn.at < end:
                stop = turn.at + turn.length
                back = stop + (self.talk.hold or 0.0)
                events.append({"party": 0, "event": "hold", "time": self._time(stop)})
                events.append({"party": 0, "event": "unhold", "time": self._time(back)})
        events.append({"party": 0, "event": "drop", "time": self._time(end)})
        return {
            "type": "recording", "start": self._time(begin), "duration": round(end - begin, 1),
            "parties": [0, agent], "originator": 0 if self.spec.direction == "inbound" else agent,
            "mediatype": "audio/mpeg", **self._recording(), "party_history": events,
        }  # fmt: skip

    def _transcripts(self, cut: float | None) -> list[dict[str, Any]]:
        parts = [(0, 0.0, [t for t in self.talk.turns if cut is None or t.at < cut])]
        if cut is not None:
            parts.append((2, cut - 1, [t for t in self.talk.turns if t.at >= cut]))
        wrapped = self.rng.random() < 0.6
        rows = []
        for dialog, base, turns in parts:
            said = [
                {
                    "start": round(turn.at - base, 1), "party": self._index(turn),
                    "end": round(turn.at - base + turn.length, 1), "text": turn.text,
                }
                for turn in turns
            ]  # fmt: skip
            rows.append({
                "type": "transcript", "dialog": dialog, "vendor": "suaratext",
                "mediatype": "application/json", "encoding": "json",
                "body": {"segments": said} if wrapped else said,
            })  # fmt: skip
        return rows

    def unanswered(self, version: str) -> dict[str, Any]:
        """A call that nobody answered: an incomplete dialog with its disposition."""
        spec = self.spec
        disposition = spec.disposition or self.rng.choice(UNANSWERED[spec.disconnect])
        spec.disposition = disposition
        body = self._base(version)
        body["parties"] = [
            {**self._customer(), "role": "customer"},
            {"tel": company.COMPANY_PHONE, "name": company.BRAND, "role": "agent"},
        ]
        waited = float(self.rng.randrange(8, 400))
        self.talk.wait = waited if spec.disconnect == "abandoned" else None
        body["dialog"] = [{
            "type": "incomplete", "start": rfc3339(self.start), "duration": waited,
            "parties": [0, 1], "disposition": disposition,
        }]  # fmt: skip
        body["analysis"] = []
        body["attachments"] = [self._attachment("purpose" if version == "0.4.0" else "type")]
        return body
