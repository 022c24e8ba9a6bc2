"""Hostile variants of JSON documents: cut, bent, too deep, too large, in other alphabets."""

import json
import random
from collections.abc import Iterator
from typing import Any

import orjson

SECRET = "RAHASIA-7331"
DEPTH = 30_000
HUGE = "9" * 5_000
# What a leaf may become: text of the file, so that it need not be valid JSON.
LEAVES = {
    "huge_number": HUGE,
    "huge_exponent": "1e400",
    "not_a_number": "NaN",
    "infinity": "-Infinity",
    "lone_surrogate": f'"{SECRET} \\ud800"',
    "reversed_surrogates": f'"\\udc00\\ud800 {SECRET}"',
    "nul": f'"{SECRET}\\u0000"',
    "control": f'"\\u001b]0;{SECRET}\\u0007\\u202e"',
    "deep_list": "[" * DEPTH + "]" * DEPTH,
    "deep_object": '{"a":' * DEPTH + "1" + "}" * DEPTH,
    "open_list": "[" * DEPTH,
    "long_text": '"' + SECRET + "a" * 2_000_000 + '"',
    "many_items": "[" + "{}," * 200_000 + "{}]",
    "many_keys": "{" + ",".join(f'"k{n}":{n}' for n in range(50_000)) + "}",
    "naive_time": '"2026-10-01T09:00:00"',
    "impossible_time": '"2026-02-31T25:61:61Z"',
    "far_time": '"9999-12-31T23:59:59-14:00"',
    "ancient_time": '"0001-01-01T00:00:00+14:00"',
    "negative_second": "-62135596801",
    "late_second": "253402300800000000",
    "boolean": "true",
    "nothing": "null",
    "empty": '""',
    "list": f'["{SECRET}"]',
    "object": f'{{"{SECRET}": 1}}',
    "traversal": '"../../../../etc/passwd\\u0000.json"',
    "pattern": '"' + "a" * 50_000 + '!"',
    "spaces": '"' + " \\n" * 50_000 + '"',
    "html": '"' + "<div>" * 50_000 + '"',
    "digits": '"' + "+62 811 " * 20_000 + '"',
}
MARK = "\x01leaf\x01"
ENCODINGS = ("utf-16", "utf-16-be", "utf-32", "utf-8-sig", "utf-7", "cp1252")


def variants(document: bytes, seed: int) -> Iterator[tuple[str, bytes]]:
    """(what was done, bytes) for one honest document, always the same ones."""
    chance = random.Random(seed)
    yield from bent(document, seed)
    yield from _encoded(document)
    yield from _in_lines(document)
    leaves = list(_paths(orjson.loads(document)))
    for name, text in LEAVES.items():
        if leaves:
            yield name, _with_leaf(document, chance.choice(leaves), text)


def bent(document: bytes, seed: int) -> Iterator[tuple[str, bytes]]:
    """What befalls bytes of any kind: cut, doubled, quotes changed, rubbish before and behind."""
    chance = random.Random(seed)
    at = chance.randrange(1, len(document))
    yield "cut", document[:at]
    yield "cut in a letter", document[:at] + "é".encode()[:1]
    yield "nul between", document[:at] + b"\x00" + document[at:]
    yield "nul before", b"\x00" * 10 + document
    yield "overlong letter", document.replace(b'"', b'"\xc0\xaf', 3)
    yield "twice", document + document
    yield "rest behind", document + f" {SECRET}".encode()
    yield "one key twice", document.replace(b"{", b'{"id":1,"id":{"id":2},', 1)
    yield "each key twice", document.replace(b"{", b'{"text":"","text":[],', 50)
    yield "commented", b"// " + SECRET.encode() + b"\n" + document
    yield "single quotes", document.replace(b'"', b"'")
    yield "listed", b"[" + b",".join([document] * 30) + b"]"
    yield "spaced", b" \t\r\n" * 20_000 + document


def _encoded(document: bytes) -> Iterator[tuple[str, bytes]]:
    text = document.decode()
    for encoding in ENCODINGS:
        yield encoding, text.encode(encoding, "replace")


def _in_lines(document: bytes) -> Iterator[tuple[str, bytes]]:
    line = orjson.dumps(orjson.loads(document))
    cut = line[: len(line) // 2]
    yield "lines with a broken one", b"\n".join([line, cut, line, b"", SECRET.encode(), line])
    yield "mixed line ends", line + b"\r" + line + b"\r\n" + line + b"\n\r" + line
    yield "a line too long", line + b"\n" + cut + b"x" * 3_000_000 + b"\n" + line


def _paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        if isinstance(inner, dict | list) and inner:
            yield from _paths(inner, (*path, key))
        yield (*path, key)


def _with_leaf(document: bytes, path: tuple[Any, ...], text: str) -> bytes:
    value = orjson.loads(document)
    node = value
    for key in path[:-1]:
        node = node[key]
    node[path[-1]] = MARK
    return json.dumps(value).replace(json.dumps(MARK), text, 1).encode()
