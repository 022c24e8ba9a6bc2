"""The dialogs of a vCon, checked one by one: a bad dialog costs itself, not the conversation.

dialog -> Dialog (times as aware UTC, party indices that exist).
"""

import base64
import binascii
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from ingestion.connectors.base import RejectedInput
from ingestion.connectors.fields import (
    items,
    mapping,
    optional_mapping,
    optional_text,
    seconds,
    wrong_type,
)
from ingestion.connectors.vcon_parties import Parties
from ingestion.connectors.vcon_times import Clock

KINDS = ("recording", "text", "incomplete", "transfer", "video", "audio")


@dataclass(slots=True)
class Event:
    """One entry of the party history."""

    party: int
    at: datetime
    kind: str


@dataclass(slots=True)
class Dialog:
    """One dialog with the fields that matter here; `index` is its place in the vCon."""

    index: int
    kind: str
    start: datetime | None
    duration: float | None
    parties: list[int]
    originator: int | None
    media: str
    body: str | None
    direction: str | None
    disposition: str | None
    chosen: str | None
    application: str | None
    message_id: str | None
    history: list[Event] = field(default_factory=list)


def read_dialogs(
    value: dict[str, Any], parties: Parties, clock: Clock, pointer: str
) -> tuple[list[Dialog], list[RejectedInput]]:
    """The usable dialogs and a rejection for each other one."""
    dialogs: list[Dialog] = []
    rejections: list[RejectedInput] = []
    for index, item in enumerate(items(value, "dialog")):
        try:
            dialogs.append(_dialog(index, mapping(item, "dialog"), parties, clock))
        except RejectedInput as rejected:
            place = f"{pointer}/dialog/{index}"
            rejections.append(RejectedInput(rejected.reason, str(rejected), place))
    return dialogs, rejections


def _dialog(index: int, item: dict[str, Any], parties: Parties, clock: Clock) -> Dialog:
    kind = (optional_text(item, "type") or "").lower()
    if kind not in KINDS:
        raise RejectedInput("unknown_dialog_type", "dialog.type must be one of " + ", ".join(KINDS))
    meta = optional_mapping(item, "meta")
    return Dialog(
        index=index,
        kind=kind,
        start=clock.dialog_start(item.get("start")),
        duration=seconds(item, "duration"),
        parties=_indices(item.get("parties"), parties),
        originator=_originator(item, parties),
        media=(optional_text(item, "mediatype") or optional_text(item, "mimetype") or "").strip(),
        body=_body(item) if kind == "text" else None,
        direction=optional_text(meta, "direction") or optional_text(item, "direction"),
        disposition=optional_text(item, "disposition") or optional_text(meta, "disposition"),
        chosen=optional_text(meta, "agent_selected_disposition"),
        application=optional_text(item, "application"),
        message_id=optional_text(item, "message_id"),
        history=_history(item, parties, clock),
    )


def _indices(value: object, parties: Parties) -> list[int]:
    """Party references: an index, or a list of indices or of lists of them (per channel)."""
    if value is None:
        return []
    found: list[int] = []
    for item in value if isinstance(value, list) else [value]:
        for index in item if isinstance(item, list) else [item]:
            # Channels without a party are written as -1.
            if index != -1:
                found.append(_reference(index, parties))
    return list(dict.fromkeys(found))


def _reference(index: object, parties: Parties) -> int:
    if isinstance(index, bool) or not isinstance(index, int):
        raise wrong_type("dialog.parties", "an index into parties")
    if parties.at(index) is None:
        raise RejectedInput(
            "bad_party_reference", "dialog.parties names a party that the vCon does not list"
        )
    return index


def _originator(item: dict[str, Any], parties: Parties) -> int | None:
    value = item.get("originator")
    return None if value is None else _reference(value, parties)


def _body(item: dict[str, Any]) -> str | None:
    body = optional_text(item, "body")
    if body is None or optional_text(item, "encoding") != "base64url":
        return body
    return decoded_body(body)


def decoded_body(body: str) -> str:
    """A base64url body as text."""
    return base64url(body).decode("utf-8", "replace")


def base64url(text: str) -> bytes:
    """The bytes of a base64url text; foreign characters are refused, not skipped."""
    try:
        padded = text + "=" * (-len(text) % 4)
        return base64.b64decode(padded, altchars=b"-_", validate=True)
    except (binascii.Error, ValueError) as error:
        raise RejectedInput("bad_encoding", "a body says base64url but is not") from error


def _history(item: dict[str, Any], parties: Parties, clock: Clock) -> list[Event]:
    events = []
    for entry in items(item, "party_history"):
        entry = mapping(entry, "party_history")
        moment = clock.moment(entry.get("time"), "party_history.time")
        kind = optional_text(entry, "event")
        if moment is not None and kind is not None:
            events.append(Event(_reference(entry.get("party"), parties), moment, kind.lower()))
    return sorted(events, key=lambda event: event.at)
