"""From a landed file to payloads of JSON: whole documents or lines, and their safe decoding.

file -> json_payloads -> Payload -> decode_json -> values. Streams: at most one payload is in
memory. Formats that are not JSON (mail, tables) read their own files.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import orjson

from ingestion.connectors.base import Limits, Payload, RejectedInput

BOM = b"\xef\xbb\xbf"
_NOT_BRACKETS = bytes(set(range(256)) - set(b"[]{}"))


def json_payloads(path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    """One payload per line of a JSONL file, else one for the whole document.

    Raises OSError: a disk that fails says nothing about the content.
    """
    with path.open("rb") as stream:
        if _holds_lines(stream, path.name.lower(), limits):
            yield from _lines(stream, limits)
        else:
            yield _document(stream, limits)


def json_lines(path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    """One payload per filled line. Raises OSError when the disk fails."""
    with path.open("rb") as stream:
        yield from _lines(stream, limits)


def json_document(path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    """One payload for the whole file. Raises OSError when the disk fails."""
    with path.open("rb") as stream:
        yield _document(stream, limits)


def _holds_lines(stream: BinaryIO, name: str, limits: Limits) -> bool:
    if name.endswith((".jsonl", ".ndjson")):
        return True
    # Landed files may carry a hash for a name, so the content decides: one of the first two
    # filled lines is a complete JSON object and another filled line follows.
    stream.seek(0)
    filled: list[bytes] = []
    while len(filled) < 3 and (line := stream.readline(limits.payload_bytes + 1)):
        if line.strip():
            filled.append(line)
    if filled and filled[0].removeprefix(BOM).strip() == b"[":
        return False  # an array with one item a line
    return len(filled) > 1 and any(_is_object(line, limits) for line in filled[:2])


def _is_object(line: bytes, limits: Limits) -> bool:
    try:
        return isinstance(decode_json(line, limits), dict)
    except RejectedInput:
        return False


def _lines(stream: BinaryIO, limits: Limits) -> Iterator[Payload | RejectedInput]:
    stream.seek(0)
    start, number = 0, 0
    while line := stream.readline(limits.payload_bytes + 1):
        number += 1
        end = start + len(line)
        position = f"line {number}"
        if len(line) > limits.payload_bytes:
            end += _skip_line(stream, line, limits)
            yield too_large(limits, position)
        elif line.strip() and line.strip() != BOM:
            body = line.rstrip(b"\r\n")
            yield Payload(body, position, start, start + len(body))
        start = end


def _skip_line(stream: BinaryIO, line: bytes, limits: Limits) -> int:
    skipped = 0
    while line and not line.endswith(b"\n"):
        line = stream.readline(limits.payload_bytes)
        skipped += len(line)
    return skipped


def _document(stream: BinaryIO, limits: Limits) -> Payload | RejectedInput:
    stream.seek(0)
    raw = stream.read(limits.payload_bytes + 1)
    if len(raw) > limits.payload_bytes:
        return too_large(limits, "document")
    if not raw.strip():
        return RejectedInput("empty", "the file holds nothing; deliver it again", "document")
    return Payload(raw, "document", 0, len(raw))


def too_large(limits: Limits, position: str) -> RejectedInput:
    """The rejection of a payload beyond the byte bound."""
    return RejectedInput(
        "too_large",
        f"more than {limits.payload_bytes} bytes in one payload; split the export",
        position,
    )


def decode_json(raw: bytes, limits: Limits) -> Any:
    """The JSON value in `raw`; raises RejectedInput for size, depth and syntax."""
    if len(raw) > limits.payload_bytes:
        raise too_large(limits, "")
    raw = raw.removeprefix(BOM)
    if not raw.strip():
        raise RejectedInput("empty", "the payload holds nothing; deliver it again")
    # As many brackets as that, before any deeper look: few payloads have more.
    brackets = raw.count(b"[") + raw.count(b"{")
    if brackets > limits.json_depth and nesting(raw) > limits.json_depth:
        raise RejectedInput(
            "too_deep", f"JSON is nested deeper than {limits.json_depth}; flatten the export"
        )
    try:
        return orjson.loads(raw)
    except (ValueError, RecursionError) as error:
        raise RejectedInput(
            "bad_json", "this is not complete JSON in UTF-8; deliver the payload again"
        ) from error


def each_item(value: Any) -> list[tuple[Any, str]]:
    """(item, JSON pointer) of each item of an array, or of a value that is none.

    Raises RejectedInput for an empty array.
    """
    if not isinstance(value, list):
        return [(value, "")]
    if not value:
        raise RejectedInput("no_records", "the array is empty")
    return [(item, f"/{index}") for index, item in enumerate(value)]


def nesting(raw: bytes) -> int:
    """The deepest nesting of brackets outside strings, in linear time without parsing."""
    if raw.count(b"[") + raw.count(b"{") < 16:
        return 0
    structure = structural_parts(raw)[::2]
    brackets = np.frombuffer(b"".join(structure).translate(None, _NOT_BRACKETS), dtype=np.uint8)
    if not brackets.size:
        return 0
    opens = (brackets == ord("[")) | (brackets == ord("{"))
    return int(np.cumsum(np.where(opens, 1, -1)).max())


def structural_parts(raw: bytes) -> list[bytes]:
    """`raw` cut at its string quotes: even items are structure, odd items are strings."""
    return raw.replace(b"\\\\", b"__").replace(b'\\"', b"__").split(b'"')
