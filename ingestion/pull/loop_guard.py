"""An end to pages that never end: whoever repeats himself, or leads away, is not followed."""

import hashlib
from typing import Any
from urllib.parse import urlsplit

import orjson

from ingestion.pull.base import PullProblem

MOST_PAGES = 1_000_000


class LoopGuard:
    """Remembers the pages of one walk and where each next one began."""

    def __init__(self, url: str) -> None:
        self._home = urlsplit(url)[:2]
        self._url = url
        self._seen: set[bytes] = set()
        self._pages = 0

    def next(self, raw: bytes, *position: Any) -> None:
        """Remember a page and where the next one begins. Raises PullProblem for a repeat."""
        if urlsplit(str(position[0]))[:2] != self._home:
            raise PullProblem(f"{self._url} names a next page at another place; nothing was sent")
        self._pages += 1
        marks = {hashlib.sha256(raw).digest(), hashlib.sha256(orjson.dumps(position)).digest()}
        if marks & self._seen or self._pages > MOST_PAGES:
            raise PullProblem(
                f"{self._url} repeats a page without end; pull again later, what came is kept"
            )
        self._seen |= marks
