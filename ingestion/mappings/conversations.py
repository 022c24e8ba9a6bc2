"""Rows of a mapped conversation as records: messages, what is said of the whole, the customer.

row -> turns + interaction + handles. One row is a message, a conversation with a list of
messages, or a conversation of which no words are known (a call log).
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any, Final

import orjson

from ingestion.connectors.base import Limits, Parsed, Record, RejectedInput
from ingestion.connectors.fields import clean_text, missing
from ingestion.mappings.mapping import Mapping
from ingestion.mappings.rows import find
from ingestion.mappings.targets import CUSTOMER, STATED
from ingestion.mappings.values import Values, latest

MOST_MESSAGES: Final = 10_000
_ID_NUMBER = re.compile(r"[0-9]{1,18}")
_PASSED: Final = ("queue", "campaign")


def records_of(
    mapping: Mapping, row: dict[str, Any], number: int, pointer: str, limits: Limits
) -> Iterator[Parsed]:
    """The records of one row; raises RejectedInput when the row as a whole is unusable.

    `number` is the place of the row in its file.
    """
    values = Values(mapping, row)
    key = values.need("conversation")
    if mapping.one_row_per_message:
        said = _message(values, key, number if mapping.clock.coarse else None, pointer, limits)
        moment = said[0].event_at
        yield from said
    else:
        found = list(_listed(mapping, row, key, pointer, limits)) if mapping.message_path else []
        yield from found
        times = [item.event_at for item in found if isinstance(item, Record)]
        last = latest(values.get("started_at"), values.get("ended_at"), *times)
        if last is None:
            raise missing("started_at, or one message with its time,")
        moment = last
    if mapping.states_interactions:
        yield _record(mapping, "interaction", key, key, moment, _stated(values), pointer)
    yield from _customer(values, key, moment, pointer)


def _listed(
    mapping: Mapping, row: dict[str, Any], key: str, pointer: str, limits: Limits
) -> Iterator[Parsed]:
    """The messages of a conversation; one bad message costs itself only."""
    messages = _opened(find(row, mapping.message_path), mapping.message_path)
    for index, message in enumerate(messages):
        at = f"{pointer}/{mapping.message_path.replace('.', '/')}/{index}"
        try:
            if not isinstance(message, dict):
                raise RejectedInput("wrong_type", "a message must be an object; see messages.list")
            yield from _message(Values(mapping, row, message), key, index, at, limits)
        except RejectedInput as rejected:
            yield RejectedInput(rejected.reason, str(rejected), at)


def _opened(value: Any, path: str) -> list[Any]:
    """The list itself, or the JSON of one, as a CSV cell holds it."""
    if value is None or value == "":
        return []
    if isinstance(value, str):
        try:
            value = orjson.loads(value)
        except (ValueError, RecursionError) as error:
            raise RejectedInput("bad_json", f"column {path} holds no complete JSON") from error
    if not isinstance(value, list):
        raise RejectedInput("wrong_type", f"column {path} must hold a list; see messages.list")
    if len(value) > MOST_MESSAGES:
        raise RejectedInput("too_many_parts", f"more than {MOST_MESSAGES} messages in one row")
    return value


def _message(
    values: Values, key: str, place: int | None, pointer: str, limits: Limits
) -> list[Record]:
    """The message and its sender; `place` orders messages of one moment that have no numbers."""
    mapping = values.mapping
    sent_at, role, text = values.need("sent_at"), values.need("role"), values.get("text")
    kind, sender = _sender(values, role)
    name = values.get("sender_name")
    if role == "customer":
        name = name or values.get("customer_name")
    message = values.get("message")
    native_id = message or _own_id(values, key, place, sent_at, role, sender, text)
    edited_at, deleted_at = values.get("edited_at"), values.get("deleted_at")
    data = {
        "action": "edited" if edited_at else "sent",
        "turn_id": native_id,
        "role": role,
        "sender_type": kind,
        "sender": sender,
        "text": clean_text(text, limits.text_characters) if text else None,
        "sent_at": sent_at,
        "start_seconds": values.get("start_seconds"),
        "end_seconds": values.get("end_seconds"),
        "order": int(message) if message and _ID_NUMBER.fullmatch(message) else place,
        "reply_to": values.get("reply_to"),
        "channel": values.need("channel"),
        "direction": values.get("direction"),
        "agent_id": values.get("agent_id") if role != "customer" else None,
        **{field: values.get(field) for field in _PASSED},
    }
    names = tuple(dict.fromkeys(n for n in (name, values.get("customer_name")) if n))
    found = [_record(mapping, "turn", key, native_id, edited_at or sent_at, data, pointer, names)]
    if deleted_at:
        gone = {name: data[name] for name in ("turn_id", "role", "channel")}
        gone["action"] = "deleted"
        deletion_id = f"{native_id}#delete"
        found.append(_record(mapping, "turn", key, deletion_id, deleted_at, gone, pointer))
    if name and values.get("sender"):
        found.append(_handle(mapping, key, kind, str(sender), name, role, sent_at, pointer))
    return found


def _sender(values: Values, role: str) -> tuple[str | None, str | None]:
    """(handle type, handle) of who wrote; the customer is known from the conversation too."""
    sender = values.get("sender")
    if sender:
        return values.get("sender_type") or "other", sender
    if role == "customer":
        for field, (handle_type, _) in CUSTOMER.items():
            if handle := values.get(field):
                return handle_type, handle
    return None, None


def _own_id(values: Values, key: str, place: int | None, *content: Any) -> str:
    """The id of a message that has none: its place in the list, else what it says."""
    if values.message is not None:
        return f"{key}/{place}"
    told = orjson.dumps([key, *content])
    return f"sha256:{hashlib.sha256(told).hexdigest()}"


def _stated(values: Values) -> dict[str, Any]:
    told = {name: values.get(name) for name in (*STATED, *_PASSED, "direction")}
    # Without words nobody else tells who served the customer.
    agent = None if values.mapping.one_row_per_message else values.get("agent_id")
    return told | {"channel": values.need("channel"), "agent_id": agent}


def _customer(values: Values, key: str, moment: datetime | None, pointer: str) -> Iterator[Record]:
    name = values.get("customer_name")
    for field, (handle_type, _) in CUSTOMER.items():
        handle = values.get(field)
        if handle:
            yield _handle(
                values.mapping, key, handle_type, handle, name, "customer", moment, pointer
            )


def _handle(
    mapping: Mapping,
    key: str,
    kind: str | None,
    handle: str,
    name: str | None,
    role: str,
    moment: datetime | None,
    pointer: str,
) -> Record:
    data = {"role": role, "handle_type": kind, "handle": handle, "name": name}
    names = (name,) if name else ()
    native_id = f"{key}#{kind}:{handle}"
    return _record(mapping, "handle", key, native_id, moment, data, pointer, names)


def _record(
    mapping: Mapping,
    kind: Any,
    key: str,
    native_id: str,
    moment: datetime | None,
    data: dict[str, Any],
    pointer: str,
    names: tuple[str, ...] = (),
) -> Record:
    return Record(
        kind, mapping.source_system, key, native_id, moment, data, names=names, pointer=pointer
    )
