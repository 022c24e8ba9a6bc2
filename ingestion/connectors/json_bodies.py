"""The single bodies in a JSON document: itself, the items of an array, or named cases.

Companies collect webhook bodies and API answers in all of these ways. What a body is, the
connector says; everything else is handed on too, so that it can be refused by its place.
"""

from collections.abc import Callable, Iterator
from typing import Any

CASE_DEPTH = 3


def json_bodies(
    value: Any, is_body: Callable[[dict[str, Any]], bool], pointer: str = "", depth: int = 0
) -> Iterator[tuple[Any, str]]:
    """(body or foreign value, JSON pointer), each exactly once, in document order."""
    if isinstance(value, list) and depth < CASE_DEPTH:
        for index, item in enumerate(value):
            yield from json_bodies(item, is_body, f"{pointer}/{index}", depth + 1)
    elif isinstance(value, dict) and not is_body(value) and _holds_cases(value, depth):
        for name, item in value.items():
            place = name.replace("~", "~0").replace("/", "~1")
            yield from json_bodies(item, is_body, f"{pointer}/{place}", depth + 1)
    else:
        yield value, pointer


def _holds_cases(value: dict[str, Any], depth: int) -> bool:
    return depth < CASE_DEPTH and bool(value) and all(isinstance(v, dict) for v in value.values())
