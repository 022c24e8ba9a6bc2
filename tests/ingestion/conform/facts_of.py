"""Records as bronze holds them, written by hand, and the rules under which they are conformed."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa

from ingestion.conform.conform import Rules, conform
from ingestion.conform.conformed import Conformed
from ingestion.conform.facts import HandleKey, Hidden
from ingestion.connectors.base import Record
from ingestion.identifiers import hash64, stable_id
from ingestion.record_rows import record_row
from warehouse.contracts import RECORDS

START = datetime(2026, 11, 2, 3, tzinfo=UTC)
JAKARTA = ZoneInfo("Asia/Jakarta")


def key_of(handle_type: str, handle: str) -> HandleKey | None:
    """Like the real one, a handle of blanks is none."""
    plain = handle.strip().casefold()
    return HandleKey(stable_id(handle_type, plain), plain) if plain else None


def hide(text: str, names: Sequence[str]) -> Hidden:
    """Hides the given names and one number; that is enough to see where hiding is called."""
    for secret in (*names, "081234567890"):
        text = text.replace(secret, "[HIDDEN]")
    return Hidden(text, [])


RULES = Rules(JAKARTA, key_of, hash64, hide, "redaction-1", {"chat": timedelta(hours=24)})


def fact(
    kind: Any,
    key: str,
    native: str,
    minutes: float,
    data: dict[str, Any],
    *,
    links: Iterable[str] = (),
    names: Iterable[str] = (),
    system: str = "chat",
) -> Record:
    """A record of any kind, `minutes` after START."""
    at = START + timedelta(minutes=minutes)
    return Record(kind, system, key, native, at, data, tuple(links), tuple(names))


def turn(key: str, number: int, minutes: float, text: str | None = "halo", **more: Any) -> Record:
    """A message as it was sent; `links`, `names` and `system` are the record's own."""
    own = {name: more.pop(name) for name in ("links", "names", "system") if name in more}
    sent_at = START + timedelta(minutes=minutes)
    data = {"action": "sent", "turn_id": f"m{number}", "role": "customer", "channel": "chat"}
    data |= {"text": text, "sent_at": sent_at, "sender_type": "phone", "sender": f"08{key}"}
    return fact("turn", key, f"m{number}", minutes, data | more, **own)


def edit(key: str, number: int, minutes: float, text: str) -> Record:
    """A later wording of message `number`."""
    data = {"action": "edited", "turn_id": f"m{number}", "role": "customer", "text": text}
    return fact("turn", key, f"m{number}-e{minutes}", minutes, data)


def delete(key: str, number: int, minutes: float) -> Record:
    """The deletion of message `number`."""
    return fact(
        "turn", key, f"m{number}-d", minutes, {"action": "deleted", "turn_id": f"m{number}"}
    )


def status(key: str, number: int, minutes: float, state: str, **more: Any) -> Record:
    """A delivery status of message `number`."""
    data = {"turn_id": f"m{number}", "status": state} | more
    return fact("status", key, f"m{number}#{state}", minutes, data)


def stated(key: str, minutes: float = 0, *, system: str = "voice", **data: Any) -> Record:
    """What a source says about a whole interaction."""
    data = {"channel": "voice"} | data
    return fact("interaction", key, f"{key}@{minutes}", minutes, data, system=system)


def handle(key: str, handle_type: str, value: str, name: str | None = None, **more: Any) -> Record:
    """A handle of the customer."""
    data = {"role": "customer", "handle_type": handle_type, "handle": value, "name": name} | more
    return fact("handle", key, f"{key}#{handle_type}:{value}", 0, data)


def table(records: Iterable[Record]) -> pa.Table:
    """Records as they lie in bronze."""
    rows = [
        record_row(record, JAKARTA, hash64)
        | {"payload_id": stable_id(record.native_id), "file_sha256": "f", "batch": 1}
        for record in records
    ]
    return pa.Table.from_pylist(rows, schema=RECORDS)


def conformed(*records: Record) -> Conformed:
    """The rows that these records give."""
    return conform(table(records), RULES)


def rows(result: Conformed) -> dict[str, list[str]]:
    """Rows per table in an order that does not depend on the order of records."""
    return {name: sorted(map(repr, t.to_pylist())) for name, t in result.tables().items()}
