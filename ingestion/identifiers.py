"""Ids that depend on content and native ids only, so that every run gives the same ones."""

import hashlib
from collections.abc import Callable

LinkOf = Callable[[str, str], int]
"""(source system, native id of a conversation) -> keyed 64-bit hash.

Keyed, because the id of a chat may be a phone number, which a plain hash does not hide.
"""

_SEPARATOR = "\x1f"


def stable_id(*parts: str) -> str:
    """32 hex characters of SHA-256 over the parts; equal parts give equal ids everywhere."""
    return hashlib.sha256(_SEPARATOR.join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def hash64(*parts: str) -> int:
    """A signed 64-bit integer of the parts, cheap to store and join on."""
    digest = hashlib.sha256(_SEPARATOR.join(parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
