"""The uniform shape of every pulled source, and what it hands over.

source.batches(cursor) -> Batch -> delivery (files in the landing folder) -> cursor store

A new source is one file beside this one with a subclass of `Source`, and one line in
`registry.py`. What an answer means does not belong here: the file connectors read it later.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

Cursor = dict[str, Any]
"""Where to go on, as plain JSON values; each source has its own keys. Empty at the start."""


class PullProblem(Exception):
    """What stopped a pull: what is wrong and what to do, without any content or secret.

    `status` is the HTTP status that the problem came with, 0 when there was none.
    """

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Answer:
    """One file for the landing folder: bytes as received, a kind, and how many items it holds."""

    group: str
    suffix: str
    content: bytes
    items: int


@dataclass(frozen=True, slots=True)
class Batch:
    """Answers that are delivered together, and the cursor that is true once they are on disk.

    `notice` says what the source did not give and why.
    """

    answers: tuple[Answer, ...]
    cursor: Cursor
    notice: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that `lakehouse doctor SOURCE` looked at; `remedy` is empty when all is well."""

    name: str
    ok: bool
    found: str
    remedy: str = ""


class Source(ABC):
    """One source of one deployment, with its settings."""

    kind: ClassVar[str]
    name: str

    @property
    @abstractmethod
    def identity(self) -> dict[str, Any]:
        """The account that a cursor belongs to: with another one, pulling starts over."""

    @abstractmethod
    def batches(self, cursor: Cursor, since: datetime | None) -> Iterator[Batch]:
        """What is new after `cursor`, in bounded batches; the cursor itself is not changed.

        `since` (aware) is where a source begins that has no cursor. Raises PullProblem.
        """

    @abstractmethod
    def check(self) -> Iterator[Finding]:
        """Whether credentials, reachability, permissions and mapping are right; never raises."""


def lines_of(documents: list[bytes]) -> bytes:
    """Whole JSON documents as JSON lines: their values and lengths stay as they are.

    JSON allows line breaks only between its tokens, so a space in their place changes nothing.
    """
    breaks = bytes.maketrans(b"\r\n", b"  ")
    return b"".join(document.translate(breaks) + b"\n" for document in documents)
