"""Mail boxes over IMAP: new mails of some folders, byte for byte, without marking them read.

EXAMINE folder -> UIDs after the cursor -> sizes -> BODY.PEEK[] in bounded groups -> one .eml each

UIDs only grow as long as a folder keeps its UIDVALIDITY; when that changes, the folder is read
from the start. A mail that was moved or deleted before it could be read is not there any more.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import quote

from imap_tools.errors import ImapToolsError
from imap_tools.mailbox import BaseMailBox

from ingestion.pull.base import Answer, Batch, Cursor, Finding, PullProblem, Source
from ingestion.pull.imap_connection import ERRORS, ImapAccount, in_words
from ingestion.pull.imap_listing import groups, listed, raw_mails, uids_after
from ingestion.pull.sections import Section

_LISTED_AT_ONCE = 500
_LONGEST_NAME = 80


class ImapSource(Source):
    """Some folders of one mail box."""

    kind: ClassVar[str] = "imap"

    def __init__(self, section: Section) -> None:
        self.name = section.name
        self._account = ImapAccount.of(section)
        self._folders = section.texts("folders", ["INBOX"])
        self._batch_mails = section.whole("batch_mails", 200, 1, 5000)
        self._batch_bytes = section.whole("batch_bytes", 64 * 1024 * 1024, 1024, 2**30)

    @property
    def identity(self) -> dict[str, Any]:
        """The mail box."""
        return {"kind": self.kind, "host": self._account.host, "user": self._account.user}

    def batches(self, cursor: Cursor, since: datetime | None) -> Iterator[Batch]:
        """New mails, folder after folder, oldest first."""
        places: Cursor = dict(cursor.get("folders", {}))
        with self._opened() as box:
            for folder in self._folders:
                for mails, place in self._folder(box, folder, places.get(folder, {}), since):
                    places = places | {folder: place}
                    yield Batch(mails, {"folders": places})

    def check(self) -> Iterator[Finding]:
        """Login, then every folder."""
        try:
            with self._opened() as box:
                yield Finding(f"{self.name} login", True, f"{self._account.place} accepts the user")
                present = [info.name for info in box.folder.list()]
                for folder in self._folders:
                    if folder in present:
                        count = box.folder.status(folder, ["MESSAGES"]).get("MESSAGES", 0)
                        yield Finding(f"{self.name} {folder}", True, f"{count:,} mails")
                    else:
                        remedy = "write one of: " + ", ".join(present[:40])
                        yield Finding(f"{self.name} {folder}", False, "no such folder", remedy)
        except PullProblem as problem:
            yield Finding(f"{self.name} login", False, "no", str(problem))

    @contextmanager
    def _opened(self) -> Iterator[BaseMailBox]:
        """A connection that is closed on every way out; errors of the library in words."""
        box = self._account.login()
        try:
            yield box
        except ERRORS as error:
            raise in_words(error, self._account) from None
        finally:
            try:
                box.logout()
            except (*ERRORS, ImapToolsError):
                pass  # the work is done or has failed already

    def _folder(
        self, box: BaseMailBox, folder: str, place: Cursor, since: datetime | None
    ) -> Iterator[tuple[tuple[Answer, ...], Cursor]]:
        validity = _examine(box, folder)
        after = place["uid"] if place.get("uidvalidity") == validity else 0
        group = _group(folder)
        uids = uids_after(box, after)
        for start in range(0, len(uids), _LISTED_AT_ONCE):
            window = uids[start : start + _LISTED_AT_ONCE]
            found = [m for m in listed(box, window) if since is None or m.received >= since]
            for part in groups(found, self._batch_mails, self._batch_bytes):
                mails = tuple(Answer(group, "eml", raw, 1) for raw in raw_mails(box, part))
                yield mails, {"uidvalidity": validity, "uid": part[-1].uid}
            yield (), {"uidvalidity": validity, "uid": window[-1]}


def _group(folder: str) -> str:
    """The folder's name as one that a landing folder can have: no path, not hidden, not long."""
    name = quote(folder, safe=" ").replace(" ", "_")
    if name.startswith("."):
        name = f"%2E{name[1:]}"
    if len(name) > _LONGEST_NAME:
        name = f"{name[:_LONGEST_NAME]}-{hashlib.sha256(folder.encode()).hexdigest()[:8]}"
    return name


def _examine(box: BaseMailBox, folder: str) -> int:
    """UIDVALIDITY of a folder, opened for reading only."""
    try:
        box.folder.set(folder, readonly=True)
    except ImapToolsError:
        raise PullProblem(
            f"folder {folder} cannot be opened; `lakehouse doctor SOURCE` lists the folders"
        ) from None
    _, validity = box.client.response("UIDVALIDITY")
    if not validity or not validity[0]:
        raise PullProblem(f"folder {folder}: the server gives no UIDVALIDITY; use another server")
    return int(validity[0])
