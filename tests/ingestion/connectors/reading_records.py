"""How the connector tests read payloads: nothing here is a test."""

import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from ingestion.connectors.base import Connector, Payload, Record, RejectedInput

SHARED = Path(__file__).parents[3].parent / "shared" / "samples"


def parsed(connector: Connector, raw: bytes | dict | list, context: str = "") -> list[Any]:
    """Everything that one payload gives."""
    raw = raw if isinstance(raw, bytes) else orjson.dumps(raw)
    return list(connector.parse(Payload(raw, "document", context=context)))


def of_kind(found: list[Any], kind: str) -> list[Record]:
    return [item for item in found if isinstance(item, Record) and item.kind == kind]


def reasons(found: list[Any]) -> list[str]:
    return [item.reason for item in found if isinstance(item, RejectedInput)]


def read_file(connector: Connector, path: Path) -> list[Any]:
    """Everything that one file gives, fetched and parsed."""
    found: list[Any] = []
    for payload in connector.fetch(path):
        found += [payload] if isinstance(payload, RejectedInput) else connector.parse(payload)
    return found


def mutations(raw: bytes, seed: int, count: int) -> Iterator[bytes]:
    """Truncated, flipped, doubled, spliced copies of a payload, always the same ones."""
    chance = random.Random(seed)
    junk = (b"\x00", b"\xff\xfe", b"[" * 200, b'"', b"\\", b"{}", b"null", b"-1e999", b"\xf0\x9f")
    for number in range(count):
        at = chance.randrange(len(raw))
        to = min(len(raw), at + chance.randrange(1, 40))
        yield (
            raw[:at],
            raw[:at] + bytes([raw[at] ^ (1 << chance.randrange(8))]) + raw[at + 1 :],
            raw[:at] + chance.choice(junk) + raw[to:],
            raw[:at] + raw[to:],
            raw[:to] + raw[at:],
        )[number % 5]


def swapped_types(value: Any, seed: int, count: int) -> Iterator[Any]:
    """Copies of a JSON value in which one inner value has become another type."""
    chance = random.Random(seed)
    other = (None, True, -1, 3.5, "", "x" * 50, "\u0000", [], {}, [[]], {"id": {}}, 10**18)
    for _ in range(count):
        copy = orjson.loads(orjson.dumps(value))
        node = copy
        while True:
            keys = list(node) if isinstance(node, dict) else list(range(len(node)))
            key = chance.choice(keys)
            if not isinstance(node[key], dict | list) or not node[key] or chance.random() < 0.2:
                node[key] = chance.choice(other)
                break
            node = node[key]
        yield copy


def assert_sound(found: list[Any]) -> None:
    """Only records and rejections, complete and storable."""
    for item in found:
        if isinstance(item, RejectedInput):
            assert item.reason.replace("_", "").isalnum() and str(item)
            continue
        assert isinstance(item, Record)
        assert item.event_at.utcoffset() is not None
        assert item.conversation_key and item.native_id
        assert b"\\u0000" not in orjson.dumps(item.data.get("text"))
        orjson.dumps(item.data)
