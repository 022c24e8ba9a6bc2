"""The body of a mail: which parts are its text, in which charset, and what is attached.

message -> walk -> Body (plain text, attachments by type, size and hash)
"""

import hashlib
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import Message
from typing import Any

from ingestion.connectors.base import Limits, RejectedInput
from ingestion.connectors.email_headers import codecs_of
from ingestion.connectors.email_html import html_to_text
from ingestion.connectors.fields import clean_text

FALLBACKS = ("utf-8", "cp1252")
PARSER_STEPS = 10_000_000
DASHED_LINES = 10_000
HEADER_BYTES = 1024 * 1024
CONTENT_TYPE_BYTES = 16 * 1024
# A line of dashes and a name, under which the headers of a part follow.
_BOUNDARY = re.compile(r"^--([\w'()+,./:=?-]{1,70})[ \t]*\r?\nContent-", re.MULTILINE | re.ASCII)


@dataclass(slots=True)
class Body:
    """The text of a mail and what else it carries."""

    text: str = ""
    attachments: list[dict[str, Any]] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)
    parts: int = 0


def open_message(raw: bytes, limits: Limits) -> Message:
    """Parse a mail within the bounds; raises RejectedInput beyond them."""
    if len(raw) > limits.payload_bytes:
        raise RejectedInput("too_large", "the mail is too large; drop its attachments")
    if not raw.strip():
        raise RejectedInput("empty", "the mail holds nothing; deliver it again")
    lower = raw.lower()
    # Counted before parsing: the parser's work grows with parts times depth.
    nested = lower.count(b"boundary=") + lower.count(b"message/rfc822")
    too_much_work = nested * raw.count(b"\n") > PARSER_STEPS
    if nested > limits.mail_parts or too_much_work or raw.count(b"\n--") > DASHED_LINES:
        raise RejectedInput("too_many_parts", f"more than {limits.mail_parts} parts in one mail")
    _check_headers(raw, lower)
    try:
        return message_from_bytes(raw)
    except RecursionError as error:
        raise RejectedInput("too_deep", "the mail's parts are nested too deep") from error
    except (ValueError, LookupError, TypeError, AttributeError, IndexError) as error:
        raise RejectedInput("bad_mail", "the mail cannot be read; deliver it again") from error


def _check_headers(raw: bytes, lower: bytes) -> None:
    """Bound the header block, and every Content-Type: its parameters cost quadratic time."""
    ends = [end for end in (raw.find(b"\n\n"), raw.find(b"\n\r\n")) if end >= 0]
    too_long = min(ends, default=len(raw)) > HEADER_BYTES
    start = lower.find(b"content-type:")
    while start >= 0 and not too_long:
        end = _header_end(raw, start)
        too_long = end - start > CONTENT_TYPE_BYTES
        start = lower.find(b"content-type:", end)
    if too_long:
        raise RejectedInput("headers_too_long", "a header of this mail is too long to be one")


def _header_end(raw: bytes, start: int) -> int:
    """Where a header ends: at the first line end that no folded line follows."""
    end = raw.find(b"\n", start)
    while 0 <= end < start + CONTENT_TYPE_BYTES and raw[end + 1 : end + 2] in (b" ", b"\t"):
        end = raw.find(b"\n", end + 1)
    return len(raw) if end < 0 else end


def body_of(message: Message, limits: Limits) -> Body:
    """The body of a parsed mail; raises RejectedInput for too many or too deep parts."""
    body = Body()
    body.text = clean_text(_text(message, body, limits, 0), limits.text_characters)
    return body


def body_of_part(media: str, text: str, limits: Limits) -> str:
    """The text of a MIME body that stands outside a mail, such as in a vCon dialog."""
    raw = text.encode("utf-8", "replace")
    if not media.lower().startswith("message/"):
        plain = " ".join(media.replace("\x00", "").split())
        raw = b"Content-Type: " + plain.encode("utf-8", "replace") + b"\r\n\r\n" + raw
    return body_of(open_message(raw, limits), limits).text


def _text(part: Message, body: Body, limits: Limits, depth: int) -> str:
    body.parts += 1
    if body.parts > limits.mail_parts:
        raise RejectedInput("too_many_parts", f"more than {limits.mail_parts} parts in one mail")
    if depth > limits.mail_depth:
        raise RejectedInput("too_deep", f"mail parts nested deeper than {limits.mail_depth}")
    kind = part.get_content_type()
    if kind.startswith("multipart/") and not part.is_multipart():
        part = _reopened(part) or part
    children = part.get_payload() if part.is_multipart() else None
    if isinstance(children, list) and kind.startswith("multipart/"):
        texts = [
            (child.get_content_type(), _text(child, body, limits, depth + 1))
            for child in children
            if isinstance(child, Message)
        ]
        return _chosen(kind, texts)
    if isinstance(children, list):
        body.attachments.append({"type": kind})
        return ""
    if kind in ("text/plain", "text/html") and not _is_attachment(part):
        text = _decoded(part, body)
        return html_to_text(text) if kind == "text/html" else text
    _attach(part, kind, body)
    return ""


def _reopened(part: Message) -> Message | None:
    """A multipart whose declared boundary never comes, read by the one that does."""
    content = part.get_payload()
    found = _BOUNDARY.search(content) if isinstance(content, str) else None
    if found is None:
        return None
    head = f'Content-Type: {part.get_content_type()}; boundary="{found[1]}"\n\n'
    again = message_from_bytes((head + str(content)).encode("utf-8", "surrogateescape"))
    return again if again.is_multipart() else None


def _chosen(kind: str, texts: list[tuple[str, str]]) -> str:
    """Of alternatives the plain one, else the last; of other parts all, in order."""
    filled = [(child, text) for child, text in texts if text.strip()]
    if kind == "multipart/alternative" and filled:
        return next((text for child, text in filled if child == "text/plain"), filled[-1][1])
    return "\n\n".join(text for _, text in filled)


def _is_attachment(part: Message) -> bool:
    disposition = str(part.get("Content-Disposition", "")).strip().lower()
    return disposition.startswith("attachment")


def _attach(part: Message, kind: str, body: Body) -> None:
    """Type, size and hash; never the file name, which is personal and a path for attackers."""
    content = _bytes(part)
    digest = hashlib.sha256(content).hexdigest()
    body.attachments.append({"type": kind, "bytes": len(content), "sha256": digest})


def _bytes(part: Message) -> bytes:
    try:
        content = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        content = None
    return content if isinstance(content, bytes) else b""


def _decoded(part: Message, body: Body) -> str:
    content = _bytes(part)
    declared = _declared(part)
    for encoding in (*declared, *FALLBACKS):
        try:
            text = content.decode(encoding)
        except (UnicodeError, LookupError, ValueError):
            continue
        if encoding not in declared and not content.isascii():
            body.metadata["charset_fallback"] = encoding
        return text.replace("\ufeff", "")
    body.metadata["charset_fallback"] = "cp1252"
    return content.decode("cp1252", "replace")


def _declared(part: Message) -> tuple[str, ...]:
    try:
        charset = part.get_content_charset()
    except (LookupError, ValueError, TypeError):
        return ()
    return codecs_of(charset) if charset else ()
