"""JSON as vendors really deliver it: documents in a row without a line break, and documents
with comments, surplus commas or surplus closing brackets, as printed in manuals.

Both are read exactly or not at all: nothing inside a string is touched and no value is changed.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from ingestion.connectors.base import Limits, Payload, RejectedInput
from ingestion.connectors.reading import decode_json, json_payloads

MOST_BYTES_TO_REPAIR = 4 * 1024 * 1024
_MARK = re.compile(rb'\\.|["\n]|//', re.DOTALL)
_BRACKET = re.compile(rb'\\.|["{}]', re.DOTALL)
_JOINT = re.compile(rb"\}\s*\{")
_SURPLUS_COMMA = re.compile(rb",(?=\s*[\]}])")


def document_payloads(path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    """As `json_payloads`, and objects that follow each other directly are payloads of their own.

    Raises OSError: a disk that fails says nothing about the content.
    """
    for payload in json_payloads(path, limits):
        if isinstance(payload, Payload) and _JOINT.search(payload.raw):
            yield from _objects(payload)
        else:
            yield payload


def _objects(payload: Payload) -> Iterator[Payload]:
    raw, start = payload.raw, payload.byte_start or 0
    spans = list(_top_level(raw))
    if len(spans) < 2:
        yield payload
        return
    for number, (begin, end) in enumerate(spans, start=1):
        place = f"object {number}"
        if payload.position != "document":
            place = f"{payload.position}, {place}"
        yield Payload(raw[begin:end], place, start + begin, start + end, payload.context)


def _top_level(raw: bytes) -> Iterator[tuple[int, int]]:
    """The places of the outermost objects; what is left over at the end is one more."""
    depth, begin, inside = 0, 0, False
    for mark in _BRACKET.finditer(raw):
        token = mark.group()
        if token == b'"':
            inside = not inside
        elif inside or token[:1] == b"\\":
            continue
        elif token == b"{":
            if depth == 0 and not raw[begin : mark.start()].strip(b", \t\r\n"):
                begin = mark.start()
            depth += 1
        elif depth == 1:
            yield begin, mark.end()
            depth, begin = 0, mark.end()
        else:
            depth -= 1
    if raw[begin:].strip():
        yield begin, len(raw)


def decode_tolerant(raw: bytes, limits: Limits) -> tuple[Any, tuple[str, ...]]:
    """The JSON value in `raw` and what had to be overlooked to read it.

    Raises RejectedInput as `decode_json` does, also when the text cannot be read exactly.
    """
    try:
        return decode_json(raw, limits), ()
    except RejectedInput as rejected:
        if rejected.reason != "bad_json" or len(raw) > MOST_BYTES_TO_REPAIR:
            raise
        repaired = _repaired(raw, limits)
        if repaired is None:
            raise
        return repaired


def _repaired(raw: bytes, limits: Limits) -> tuple[Any, tuple[str, ...]] | None:
    notes = []
    code = b"".join(part for is_comment, part in _parts(raw) if not is_comment)
    if code != raw:
        notes.append("comments")
    trimmed = _without_surplus_commas(code)
    if trimmed != code:
        notes.append("surplus_commas")
    try:
        text = trimmed.decode("utf-8-sig").lstrip()
        _, end = json.JSONDecoder(parse_constant=_refuse).raw_decode(text)
    except (ValueError, RecursionError):
        return None
    rest = text[end:].strip()
    if rest:
        if rest.strip("]} \t\r\n"):
            return None
        notes.append("surplus_brackets")
    # Once more under the usual rules: a repaired text obeys the same bounds as any other.
    try:
        return decode_json(text[:end].encode(), limits), tuple(notes)
    except RejectedInput:
        return None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _parts(raw: bytes) -> Iterator[tuple[bool, bytes]]:
    """`raw` cut into comments (from // to the end of the line) and everything else."""
    start, state = 0, "code"
    for mark in _MARK.finditer(raw):
        token = mark.group()
        if state == "code" and token == b'"':
            state = "string"
        elif state == "string" and token == b'"':
            state = "code"
        elif state == "code" and token == b"//":
            yield False, raw[start : mark.start()]
            start, state = mark.start(), "comment"
        elif state == "comment" and token.endswith(b"\n"):
            yield True, raw[start : mark.start()]
            start, state = mark.start(), "code"
    yield state == "comment", raw[start:]


def _without_surplus_commas(raw: bytes) -> bytes:
    kept, start, inside = [], 0, False
    for mark in _MARK.finditer(raw):
        if mark.group() != b'"':
            continue
        end = mark.start() + inside
        part = raw[start:end]
        kept.append(part if inside else _SURPLUS_COMMA.sub(b"", part))
        start, inside = end, not inside
    kept.append(raw[start:] if inside else _SURPLUS_COMMA.sub(b"", raw[start:]))
    return b"".join(kept)
