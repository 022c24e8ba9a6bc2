"""Calls and recordings of Twilio: times, numbers, direction and how the call went.

resource -> interaction and handles. Durations are whole seconds in text, queue time milliseconds
in text, by the vendor's definition; times are RFC 2822 or ISO 8601 with an offset.
"""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from ingestion.connectors.base import Parsed, RejectedInput
from ingestion.connectors.call_records import Call, known
from ingestion.connectors.fields import (
    aware_time,
    bad_time,
    in_range,
    missing,
    optional_text,
    required_text,
    wrong_type,
)

SYSTEM = "twilio"
OUTCOMES = {
    "completed": "answered",
    "busy": "missed",
    "no-answer": "missed",
    "canceled": "abandoned",
    "failed": "dropped",
}
MACHINES = ("machine", "fax")
UNFINISHED = ("queued", "initiated", "ringing", "in-progress")
LONGEST_DIGITS = 12


def call_records(resource: dict[str, Any], pointer: str) -> list[Parsed]:
    """The records of one call; raises RejectedInput when it is still running or has no time."""
    key = required_text(resource, "sid")
    status = required_text(resource, "status").lower()
    if status in UNFINISHED:
        raise RejectedInput(
            "not_finished", "the call was still going on; its final state comes with a later event"
        )
    seconds = whole_seconds(resource, "duration")
    started, ended = _span(resource, seconds)
    direction = (optional_text(resource, "direction") or "").lower()
    inbound = direction in ("inbound", "trunking-originating")
    outbound = direction.startswith("outbound")
    machine = outbound and (optional_text(resource, "answered_by") or "").startswith(MACHINES)
    answered = status == "completed" and not machine
    queue = whole_seconds(resource, "queue_time")
    facts = {
        "channel": "voice",
        "names_call": True,
        "direction": "inbound" if inbound else "outbound" if outbound else None,
        "started_at": started,
        "answered_at": None,
        "ended_at": ended,
        "talk_seconds": seconds if answered else None,
        "disconnect_reason": "missed" if machine else OUTCOMES.get(status),
        "metadata": known(
            {
                "vendor_status": status,
                "dial_queue_seconds": None if queue is None or not outbound else queue / 1000,
                "answered_by": optional_text(resource, "answered_by"),
                "parent_call": optional_text(resource, "parent_call_sid"),
            }
        ),
    }
    parent = optional_text(resource, "parent_call_sid")
    name = optional_text(resource, "caller_name")
    call = Call(
        SYSTEM, key, max(started, ended or started), names=(name,) if name else (), pointer=pointer
    )
    found: list[Parsed] = [call.interaction(facts, "call")]
    # On a leg that was dialled out of another call both numbers may be the company's.
    if not (parent and outbound):
        number = optional_text(resource, "from" if inbound else "to")
        if number:
            found.append(_handle(call, number, name if inbound else None, inbound))
    return found


def _handle(call: Call, number: str, name: str | None, inbound: bool) -> Parsed:
    plain = number.removeprefix("client:")
    kind = "phone" if plain.lstrip("+").isdigit() else "other"
    return call.handle("customer", kind, plain, name, "/from" if inbound else "/to")


def recording_records(resource: dict[str, Any], pointer: str) -> list[Parsed]:
    """The interaction of the recorded call, as far as the recording tells about it.

    The record links the recording to its call, which a transcription does not name.
    """
    sid = required_text(resource, "sid")
    key = required_text(resource, "call_sid")
    if optional_text(resource, "status") in ("absent", "failed"):
        raise RejectedInput("no_recording", "the recording failed or was never made; nothing to do")
    started = first_time(resource, "start_time", "date_created")
    seconds = whole_seconds(resource, "duration")
    facts = {
        "channel": "voice",
        "media_started_at": optional_time(resource, "start_time"),
        "recordings": [sid],
        "metadata": known(
            {
                "recording": sid,
                "recording_seconds": seconds,
                "recording_channels": whole_seconds(resource, "channels"),
            }
        ),
    }
    call = Call(SYSTEM, key, started, links=(sid,), pointer=pointer)
    return [call.interaction(facts, sid)]


def _span(resource: dict[str, Any], seconds: float | None) -> tuple[datetime, datetime | None]:
    """Start and end; a webhook gives the moment of the end and the duration only."""
    started = optional_time(resource, "start_time")
    ended = optional_time(resource, "end_time")
    posted = optional_time(resource, "timestamp")
    ended = ended or posted
    if started is None and posted is not None:
        started = posted - timedelta(seconds=seconds or 0.0)
    # A call that nobody took has no start, only the moment when it was made.
    started = started or optional_time(resource, "date_created") or ended
    if started is None:
        raise missing("start_time")
    return started, ended


def first_time(resource: dict[str, Any], *keys: str) -> datetime:
    """The first of these times that is present; raises RejectedInput when none is."""
    for key in keys:
        found = optional_time(resource, key)
        if found is not None:
            return found
    raise RejectedInput(
        "missing_date",
        f"none of {', '.join(keys)} is present; deliver the resource with one of them",
    )


def optional_time(resource: dict[str, Any], key: str) -> datetime | None:
    """An RFC 2822 or ISO 8601 time with its offset, aware UTC; None when absent."""
    value = resource.get(key)
    if value in (None, ""):
        return None
    if isinstance(value, str) and value[:1].isalpha() and len(value) <= 64:
        try:
            moment = parsedate_to_datetime(value)
        except (ValueError, TypeError, IndexError, OverflowError) as error:
            raise bad_time(key) from error
        if moment.tzinfo is None:
            # RFC 2822 writes -0000 for UTC without knowledge of a zone; Python reads it naive.
            if not value.rstrip().endswith("-0000"):
                raise RejectedInput("naive_time", f"{key} has no UTC offset; deliver it as posted")
            moment = moment.replace(tzinfo=UTC)
        return in_range(moment, key)
    return aware_time(value, key)


def whole_seconds(resource: dict[str, Any], key: str) -> float | None:
    """A count of seconds or milliseconds that Twilio writes as digits, in text or as a number."""
    value = resource.get(key)
    if value in (None, ""):
        return None
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return float(value)
    if isinstance(value, str) and value.isascii() and value.isdigit():
        if len(value) <= LONGEST_DIGITS:
            return float(value)
        raise RejectedInput("bad_duration", f"{key} is longer than any call")
    if value in ("-1", -1):
        return None  # Twilio's way to say that it is not known
    raise wrong_type(key, "whole seconds in digits")
