"""Ids that depend on content and native ids only, so that every run gives the same ones."""

import hashlib
from collections.abc import Callable

LinkOf = Callable[[str, str], int]
"""(source system, native id of a conversation) -> keyed 64-bit hash.

Keyed, because the id of a chat may be a phone number, which a plain hash does not hide.
"""

SEPARATOR = "\x1f"
"""Between the parts that an id is made of."""
ID_LETTERS = 32
"""Hex characters of an id, half a SHA-256."""


def stable_id(*parts: str) -> str:
    """32 hex characters of SHA-256 over the parts; equal parts give equal ids everywhere."""
    return hashlib.sha256(SEPARATOR.join(parts).encode("utf-8", "surrogatepass")).hexdigest()[
        :ID_LETTERS
    ]


def hash64(*parts: str) -> int:
    """A signed 64-bit integer of the parts, cheap to store and join on."""
    digest = hashlib.sha256(SEPARATOR.join(parts).encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big", signed=True)
