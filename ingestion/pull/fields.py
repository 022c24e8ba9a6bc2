"""What a source reads in an answer to find its way: lists, ids and times; all else stays raw.

A shape that is not the vendor's stops the pull instead of passing for an empty page.
"""

from datetime import UTC, datetime
from typing import Any

from ingestion.pull.base import PullProblem


def listed(value: Any, *keys: str) -> list[dict[str, Any]]:
    """The list of objects under nested keys; raises PullProblem when it is not there."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise unexpected(*keys)
    return value


def whole(item: dict[str, Any], *keys: str) -> int:
    """The first of these keys that holds a whole number; raises PullProblem when none does."""
    for key in keys:
        value = item.get(key)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
    raise unexpected(*keys)


def native_id(item: dict[str, Any]) -> str:
    """The id of an item, safe within the path of a request."""
    value = item.get("id")
    found = str(value) if isinstance(value, str | int) else ""
    if not found or not all(sign.isalnum() or sign in "-_" for sign in found):
        raise unexpected("id")
    return found


def unix_seconds(moment: datetime | None) -> int:
    """Whole Unix seconds, 0 for the beginning. The moment must be aware."""
    return int(moment.timestamp()) if moment else 0


def iso_seconds(moment: datetime) -> str:
    """UTC as APIs write it: 2026-11-01T00:00:00Z."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def unexpected(*keys: str) -> PullProblem:
    """What to say of an answer that lacks these nested keys."""
    return PullProblem(
        f"an answer does not have the expected {'.'.join(keys) or 'list'}; check url, and whether"
        " the API's version is one that docs/pulling.md names"
    )
