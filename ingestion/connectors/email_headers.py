"""Headers of a mail, as sent by programs that read no standard: addresses, ids, dates, words.

Every function takes the raw header and gives a value or None; none of them raises.
"""

import codecs
from datetime import UTC, datetime
from email.header import decode_header
from email.message import Message
from email.utils import parsedate_to_datetime

import re2

from ingestion.connectors.fields import EARLIEST_YEAR, LATEST_YEAR

LONGEST_HEADER = 4000
BOUNCERS = ("mailer-daemon", "postmaster", "mail-daemon")
DRAFT_LABELS = frozenset(("draft", "drafts", "draf"))
_ID = re2.compile(r"<([^<>\s]{1,900})>")


def header(message: Message, name: str) -> str | None:
    """The decoded text of the first such header, None when absent or blank."""
    return decoded_words(raw_header(message, name))


def raw_header(message: Message, name: str) -> str | None:
    """The header as delivered, unfolded; None when absent."""
    value = message.get(name)
    if value is None:
        return None
    text = str(value)[:LONGEST_HEADER]
    # Eight-bit bytes arrive as surrogates; they are UTF-8 or, from old programs, Windows text.
    raw = text.encode("utf-8", "surrogateescape")
    for encoding in ("utf-8", "cp1252"):
        try:
            text = raw.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        text = raw.decode("latin-1")
    return " ".join(text.replace("\x00", "").split()) or None


def decoded_words(value: str | None) -> str | None:
    """RFC 2047 words as text; what cannot be decoded is left as it stands."""
    if value is None or "=?" not in value:
        return value
    try:
        parts = decode_header(value)
    except (ValueError, LookupError, AssertionError):
        return value
    found = []
    for part, charset in parts:
        found.append(part if isinstance(part, str) else _word(part, charset))
    return " ".join("".join(found).replace("\x00", "").split()) or None


def _word(part: bytes, charset: str | None) -> str:
    for encoding in (*codecs_of(charset or "ascii"), "utf-8", "cp1252"):
        try:
            return part.decode(encoding)
        except (UnicodeError, LookupError, ValueError):
            continue
    return part.decode("latin-1")


SLOW_CODECS = frozenset(
    ("idna", "punycode", "unicode_escape", "unicode-escape", "raw_unicode_escape", "undefined")
)
"""Codecs that are no charsets of mail and cost quadratic time or change meaning."""

_WIDER = {
    "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932", "euc_kr": "cp949",
    "big5": "big5hkscs", "tis_620": "cp874", "iso8859-1": "cp1252", "iso8859-9": "cp1254",
}  # fmt: skip


def codecs_of(charset: str) -> tuple[str, ...]:
    """Python's codecs for a declared charset, best first; empty when there is none.

    Mail programs name the older charset and use the letters of the wider one, as browsers know.
    """
    try:
        name = codecs.lookup(charset).name
    except (LookupError, ValueError, TypeError):
        return ()
    if name in SLOW_CODECS:
        return ()
    return (_WIDER[name], name) if name in _WIDER else (name,)


def address(message: Message, name: str) -> tuple[str | None, str | None]:
    """(mail address in lower case, display name) of the first person in a header."""
    value = raw_header(message, name)
    if value is None:
        return None, None
    before, bracket, rest = value.partition("<")
    if bracket and "@" in rest.partition(">")[0]:
        found = rest.partition(">")[0]
        shown = decoded_words(before.strip().strip('"').strip())
    else:
        found = next((word for word in value.split() if "@" in word), "").split(",")[0]
        shown = None
    found = found.strip(" <>,;\"'").lower()
    if "@" not in found or len(found) > 320:
        return None, shown
    # An address as its own display name is not a person's name.
    return found, None if shown and "@" in shown else shown or None


def message_ids(message: Message, name: str) -> list[str]:
    """All ids in a References, In-Reply-To or Message-ID header, without brackets."""
    value = " ".join(str(item) for item in message.get_all(name, [])[:5])
    value = value.encode("ascii", "replace").decode()[: 64 * 1024]
    return list(dict.fromkeys(_ID.findall(value)))


def sent_at(message: Message) -> tuple[datetime, str] | None:
    """When the mail was sent, in UTC, and from which header; None when no header says so."""
    for name in ("Date", "Received"):
        for value in message.get_all(name, [])[:20]:
            moment = _date(str(value)[:LONGEST_HEADER].rpartition(";")[2])
            if moment is not None:
                return moment, name
    return None


def _date(text: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(" ".join(text.split()))
        # -0000 says that the time is UTC and the sender's zone unknown.
        if moment.tzinfo is None:
            if not text.rstrip().endswith("-0000"):
                return None
            moment = moment.replace(tzinfo=UTC)
        moment = moment.astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError, AttributeError):
        return None
    return moment if EARLIEST_YEAR <= moment.year <= LATEST_YEAR else None


def is_bounce(message: Message, sender: str) -> bool:
    """A mail server's report that something could not be delivered: nobody's words."""
    if sender.partition("@")[0] in BOUNCERS:
        return True
    kind = (header(message, "Content-Type") or "").lower()
    return kind.startswith("multipart/report") and "delivery-status" in kind


def is_draft(message: Message) -> bool:
    """Whether a mail program marked it as unsent; folders of drafts look like any other."""
    labels = (header(message, "X-Gmail-Labels") or "").lower().split(",")
    unsent = (header(message, "X-Unsent") or "").strip() == "1"
    return unsent or not DRAFT_LABELS.isdisjoint(label.strip() for label in labels)
