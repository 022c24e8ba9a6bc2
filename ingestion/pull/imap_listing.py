"""What lies in an opened IMAP folder: UIDs, sizes and times, and the mails in groups.

Everything goes by UID. Positions would shift when somebody else removes mails meanwhile.
"""

import imaplib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from imap_tools.mailbox import BaseMailBox

from ingestion.pull.base import PullProblem

_UID = re.compile(rb"\bUID (\d{1,10})\b")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d{1,15})\b")
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Listed:
    """A mail as listed: its UID, bytes, and when the server received it (aware)."""

    uid: int
    size_bytes: int
    received: datetime


def uids_after(box: BaseMailBox, uid: int) -> list[int]:
    """All greater UIDs of the folder, in order."""
    # A range that ends in * always holds the last mail, so the smaller ones are left out here.
    found = (int(item) for item in box.uids(f"UID {uid + 1}:*"))
    return sorted(item for item in found if item > uid)


def listed(box: BaseMailBox, uids: Sequence[int]) -> list[Listed]:
    """Sizes and times of mails, by UID; those that are gone meanwhile are left out."""
    status, parts = box.client.uid("FETCH", _set(uids), "(UID RFC822.SIZE INTERNALDATE)")
    _expect(status)
    found = []
    for line in (part for part in parts if isinstance(part, bytes)):
        uid, size = _UID.search(line), _SIZE.search(line)
        if uid is None or size is None:
            continue  # a change of flags, told in passing
        stamp = imaplib.Internaldate2tuple(line)
        seconds = datetime(*stamp[:6]).astimezone(UTC) if stamp else _LONG_AGO
        found.append(Listed(int(uid[1]), int(size[1]), seconds))
    return sorted(found, key=lambda mail: mail.uid)


def groups(mails: Sequence[Listed], most: int, most_bytes: int) -> Iterator[list[Listed]]:
    """Mails cut into groups that fit into memory; a large one stands alone."""
    group: list[Listed] = []
    size = 0
    for mail in mails:
        if group and (len(group) >= most or size + mail.size_bytes > most_bytes):
            yield group
            group, size = [], 0
        group.append(mail)
        size += mail.size_bytes
    if group:
        yield group


def raw_mails(box: BaseMailBox, mails: Sequence[Listed]) -> Iterator[bytes]:
    """The bytes of these mails; one that is gone meanwhile is left out."""
    uids = _set([mail.uid for mail in mails])
    status, parts = box.client.uid("FETCH", uids, "(UID BODY.PEEK[])")
    _expect(status)
    for part in parts:
        if isinstance(part, tuple) and len(part) == 2 and b"BODY[]" in part[0]:
            yield part[1]


def _set(uids: Sequence[int]) -> str:
    return ",".join(map(str, uids))


def _expect(status: str) -> None:
    if status != "OK":
        raise PullProblem("the mail server refuses to list or to read mails; pull again later")
