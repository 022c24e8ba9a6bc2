"""Mail files as payloads: one mail, or an mbox with one payload per message.

The separator line of an mbox stays outside the payload, and so do the length before and the
property list behind a mail that Apple Mail stores (`.emlx`): `raw` is the mail as sent.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from ingestion.connectors.base import Limits, Payload, RejectedInput
from ingestion.connectors.reading import too_large

LINE_BYTES = 64 * 1024
HEADERS = frozenset((
    b"from", b"to", b"date", b"subject", b"message-id", b"received", b"return-path", b"cc",
    b"mime-version", b"delivered-to", b"reply-to", b"content-type", b"in-reply-to",
    b"references", b"sender", b"x-original-to", b"authentication-results", b"dkim-signature",
))  # fmt: skip
SENDERS = frozenset((b"from", b"received", b"return-path", b"sender", b"delivered-to"))


def is_separator(line: bytes) -> bool:
    """The `From sender date` line between the messages of an mbox."""
    words = line.split()
    if not line.startswith(b"From ") or len(words) < 6:
        return False
    year = any(len(word) == 4 and word.isdigit() for word in words[-3:])
    return year and any(b":" in word for word in words[2:])


def looks_like_mail(head: bytes) -> bool:
    """At least two mail headers, one of them about the sender, from the very first line on."""
    first, _, rest = head.partition(b"\n")
    if is_separator(first) or _length(first) is not None:
        head = rest
    elif first.startswith(b"From "):
        return False
    found: set[bytes] = set()
    for number, line in enumerate(head.split(b"\n", 200)[:200]):
        line = line.rstrip(b"\r")
        if not line.strip():
            break
        name, colon, _ = line.partition(b":")
        if line[:1] in b" \t" and number:
            continue
        if not colon or not name.strip() or len(name) > 76 or b" " in name.strip():
            break
        found.add(name.strip().lower())
    return bool(found & SENDERS) and len(found & HEADERS) >= 2


def _length(line: bytes) -> int | None:
    """The number of bytes that the first line of an `.emlx` states."""
    text = line.strip()
    return int(text) if text.isdigit() and len(text) <= 10 else None


def mail_payloads(path: Path, limits: Limits) -> Iterator[Payload | RejectedInput]:
    """One payload per mail of the file. Raises OSError when the disk fails."""
    with path.open("rb") as stream:
        first = stream.readline(LINE_BYTES)
        if is_separator(first):
            yield from _messages(stream, len(first), limits)
            return
        length = _length(first)
        start = 0 if length is None else len(first)
        stream.seek(start)
        most = limits.payload_bytes + 1
        raw = stream.read(most if length is None else min(length, most))
    if len(raw) > limits.payload_bytes:
        yield too_large(limits, "document")
    elif not raw.strip():
        yield RejectedInput("empty", "the file holds nothing; deliver it again", "document")
    else:
        yield Payload(raw, "document", start, start + len(raw))


def _messages(stream: BinaryIO, start: int, limits: Limits) -> Iterator[Payload | RejectedInput]:
    lines: list[bytes] = []
    size, number, position, blank = 0, 1, start, False
    while line := stream.readline(LINE_BYTES):
        if blank and is_separator(line):
            yield _message(lines, size, number, start, limits)
            number, lines, size = number + 1, [], 0
            start = position + len(line)
        else:
            size += len(line)
            if size <= limits.payload_bytes:
                lines.append(line)
        blank = not line.strip()
        position += len(line)
    yield _message(lines, size, number, start, limits)


def _message(
    lines: list[bytes], size: int, number: int, start: int, limits: Limits
) -> Payload | RejectedInput:
    position = f"message {number}"
    if size > limits.payload_bytes:
        return too_large(limits, position)
    raw = b"".join(lines)
    if not raw.strip():
        return RejectedInput("empty", "the message holds nothing; deliver it again", position)
    return Payload(raw, position, start, start + len(raw), '{"container":"mbox"}')
