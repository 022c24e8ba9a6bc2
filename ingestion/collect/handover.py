"""From finished journals to landing files: one JSON line a body, a file of its own for the rest.

journal -> `webhooks/<source>/<journal><kind>.jsonl`, by rename, then the journal is removed.

The names and bytes of the landing files follow from the journal alone, so a hand-over that was
cut short is simply done again. JSON is read here to decide how a body is kept, never in a request:
* a JSON object becomes a line, byte for byte where it holds no line break. Line breaks of valid
  JSON stand outside strings, where a blank says the same;
* the body of a form becomes a line of a file of forms;
* anything else (an array, broken JSON) becomes a file of its own, byte for byte, so that it cannot
  hide the kind of the file from those who read its first line.
"""

import base64
import filecmp
import logging
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import orjson

from ingestion.collect.journal import InUse, journal_folder, journals, owned, sync_folder
from ingestion.collect.records import Entry, NotAJournal, Reading

FOLDER = "webhooks"
MOST_KINDS = 64
DAMAGED = ".damaged"
_BREAKS = bytes.maketrans(b"\r\n", b"  ")
_META_OBJECTS = {
    "whatsapp": "whatsapp_business_account",
    "messenger": "page",
    "instagram": "instagram",
}
_log = logging.getLogger("lakehouse.collect")


@dataclass(slots=True)
class Handed:
    """What came of journals: landing files, bodies in them, journals set aside as damaged."""

    files: int = 0
    bodies: int = 0
    damaged: int = 0


def hand_over_left(landing: Path) -> Handed:
    """Hand over what a killed collector left, unless one is at work. Raises OSError."""
    folder = journal_folder(landing)
    done = Handed()
    if not folder.is_dir():
        return done
    try:
        with owned(folder):
            for journal in journals(folder):
                hand_over(journal, landing, done)
    except InUse:
        pass  # the collector that holds them hands them over itself
    return done


def hand_over(journal: Path, landing: Path, done: Handed) -> None:
    """Write the landing files of one journal, durably, and remove it; counts go to `done`.

    Raises OSError; the journal then stays and can be handed over again.
    """
    reading = Reading(journal)
    parts = _Parts(landing / FOLDER, journal.stem)
    try:
        for entry in reading:
            parts.put(entry)
        done.files += parts.publish()
        done.bodies += parts.bodies
    except NotAJournal as error:
        _log.error("%s; it is kept as %s", error, journal.name + DAMAGED)
        reading.damaged = 1
    finally:
        parts.abandon()
    if reading.damaged:
        _log.error("damaged records in %s: %d bytes", journal.name, reading.damaged)
        journal.replace(journal.with_name(journal.name + DAMAGED))
        done.damaged += 1
    else:
        journal.unlink()
    sync_folder(journal.parent)


class _Parts:
    """The landing files of one journal while they are written under hidden names."""

    def __init__(self, folder: Path, stem: str) -> None:
        self._folder, self._stem = folder, stem
        self._open: dict[tuple[str, str], BinaryIO] = {}
        self._written: list[Path] = []
        self._alone = self.bodies = 0

    def put(self, entry: Entry) -> None:
        """Add one body to the file that takes it."""
        self.bodies += 1
        kind, line = _line(entry)
        if line is None:
            self._alone += 1
            with self._create(entry.source, f"-{self._alone:05d}.body") as file:
                file.write(entry.body)
                _sync(file)
            return
        key = (entry.source, kind)
        if kind.startswith("-") and key not in self._open and len(self._open) >= MOST_KINDS:
            key = (entry.source, "-other.jsonl")  # senders may name any number of types
        if key not in self._open:
            self._open[key] = self._create(*key)
        self._open[key].write(line + b"\n")

    def publish(self) -> int:
        """Give the files their names once all their bytes are on disk."""
        for file in self._open.values():
            _sync(file)
        for hidden in self._written:
            final = hidden.with_name(hidden.name.removeprefix(".").removesuffix(".part"))
            if final.exists() and filecmp.cmp(hidden, final, shallow=False):
                hidden.unlink()  # a hand-over that was cut short came this far
            else:
                hidden.replace(final)
        for folder in {path.parent for path in self._written}:
            sync_folder(folder)
        return len(self._written)

    def abandon(self) -> None:
        """Close everything; after `publish` nothing else is left to do."""
        for file in self._open.values():
            file.close()
        for hidden in self._written:
            hidden.unlink(missing_ok=True)

    def _create(self, source: str, ending: str) -> BinaryIO:
        folder = self._folder / source
        if not folder.is_dir():
            folder.mkdir(parents=True, exist_ok=True)
            for above in (folder.parent, folder.parent.parent):
                sync_folder(above)
        hidden = folder / f".{self._stem}{ending}.part"
        self._written.append(hidden)
        # Clear personal data: readable for the group at most.
        return os.fdopen(os.open(hidden, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o640), "wb")


def _sync(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _line(entry: Entry) -> tuple[str, bytes | None]:
    """The ending of the file that takes this body, and its line there; None for a file alone."""
    if entry.context == b"form" and b"\n" not in entry.body:
        return ".forms", entry.body
    raw = _event(entry) if entry.context.startswith(b"{") else entry.body
    value = _json(raw)
    if not isinstance(value, dict):
        return "", None
    return f"{_kind(entry.source, value)}.jsonl", raw.translate(_BREAKS)


def _event(entry: Entry) -> bytes:
    """A binary CloudEvent as a structured one; its data is not re-written where it is JSON."""
    if not entry.body:
        return entry.context
    attributes = entry.context.removesuffix(b"}")
    media = orjson.loads(entry.context).get("datacontenttype", "json").partition(";")[0].strip()
    if media.lower().endswith("json") and _is_json(entry.body):
        return b'%s,"data":%s}' % (attributes, entry.body)
    return b'%s,"data_base64":"%s"}' % (attributes, base64.b64encode(entry.body))


def _kind(source: str, value: dict[str, Any]) -> str:
    """What tells apart bodies of one source that are read by different rules; "" is the usual."""
    if source in _META_OBJECTS:
        told = value.get("object")
        if told == _META_OBJECTS[source]:
            return ""
        return f"-{told}" if told in _META_OBJECTS.values() else "-other"
    if source == "cloudevents":
        told = value.get("type")
        words = re.findall(r"[a-z0-9]+", told.lower()) if isinstance(told, str) else []
        return "-" + ("-".join(words)[:80] or "other")
    return ""


def _is_json(raw: bytes) -> bool:
    return raw.strip() == b"null" or _json(raw) is not None


def _json(raw: bytes) -> Any:
    try:
        return orjson.loads(raw)
    except ValueError:
        return None
