"""From one YAML file to a checked mapping. Errors name file, line and remedy.

file -> nodes -> Mapping. Which fields may hang together is checked here; reading rows is not.
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from ingestion.mappings import globs
from ingestion.mappings.columns import Columns
from ingestion.mappings.mapping import Mapping
from ingestion.mappings.nodes import MappingError, Nodes, root_of
from ingestion.mappings.targets import FORMATS, KINDS
from ingestion.mappings.times import Clock, check_format
from warehouse.vocabulary import CHANNELS

COMPANY_ZONE: Final = "company"
_DELIMITERS: Final = {"tab": "\t", "\\t": "\t"}
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_FIELDS: Final = (
    "name", "match", "format", "kind", "columns", "values", "messages", "time", "channel",
    "source_system", "delimiter", "encoding", "decimal", "records", "session_hours",
)  # fmt: skip


def load(path: Path, zone: str) -> Mapping:
    """Read one mapping; `zone` is the company's. Raises MappingError."""
    try:
        content = path.read_bytes()
    except OSError as error:
        raise MappingError(f"{path.name}: cannot be read ({error.strerror})") from error
    return loaded(content, path.name, zone)


def loaded(content: bytes, file: str, zone: str) -> Mapping:
    """The mapping in these bytes. Raises MappingError."""
    return _Loader(file, zone, hashlib.sha256(content + zone.encode()).hexdigest()[:12]).mapping(
        root_of(content, file)
    )


class _Loader(Nodes):
    def __init__(self, file: str, zone: str, digest: str) -> None:
        super().__init__(file)
        self._zone = zone
        self._digest = digest

    def mapping(self, root: Any) -> Mapping:
        fields = self.fields(root, "the mapping", _FIELDS)
        name = self._word(self.needed(root, fields, "name", "name the mapping, say helpdesk"))
        kind = self._choice(root, fields, "kind", KINDS)
        form = self._choice(root, fields, "format", FORMATS)
        self._check_options(fields, form, kind)
        channel = fields.get("channel")
        columns = Columns(self, root, fields, kind, form)
        return Mapping(
            name=name,
            file=self.file,
            digest=self._digest,
            match=self._globs(root, fields),
            format=form,
            kind=kind,
            source_system=self._system(fields, name, kind),
            columns=columns.main(self.one_of(channel, "channel", CHANNELS) if channel else None),
            clock=self._clock(fields.get("time"), form),
            delimiter=self._delimiter(fields.get("delimiter")),
            encoding=self._encoding(fields.get("encoding")),
            records=self.text(fields["records"], "records") if "records" in fields else "",
            decimal_comma=self._decimal(fields.get("decimal")),
            session_gap=self._hours(fields.get("session_hours")),
            message_path=columns.message_path,
            message_columns=columns.of_messages,
            values=columns.values(),
        )

    def _check_options(self, fields: dict[str, Any], form: str, kind: str) -> None:
        """Options that would have no effect are mistakes."""
        effective = {
            "delimiter": (form == "csv", "only a csv has one"),
            "encoding": (form == "csv", "JSON is UTF-8, Parquet knows its own"),
            "records": (form == "json", "it is the path of the list within a json document"),
            "channel": (kind == "conversations", "only conversations have one"),
            "messages": (kind == "conversations", "only conversations have messages"),
            "session_hours": (kind == "conversations", "only conversations have sessions"),
        }
        for name, (allowed, why) in effective.items():
            if name in fields and not allowed:
                raise self.fail(fields[name], f"{name} does not go with this file; {why}")

    def _choice(self, root: Any, fields: dict[str, Any], name: str, known: tuple[str, ...]) -> str:
        node = self.needed(root, fields, name, f"write one of {', '.join(known)}")
        return self.one_of(node, name, known)

    def _word(self, node: Any) -> str:
        value = self.text(node, "name")
        if not _NAME.fullmatch(value):
            raise self.fail(node, "a name has small letters, digits, - and _, at most 40 of them")
        return value

    def _system(self, fields: dict[str, Any], name: str, kind: str) -> str:
        if "source_system" in fields:
            return self._word(fields["source_system"])
        # CRM rows of all sources are about the same customers, conversations are not.
        return name if kind == "conversations" else "crm"

    def _globs(self, root: Any, fields: dict[str, Any]) -> tuple[re.Pattern[str], ...]:
        node = self.needed(root, fields, "match", "say which files are meant, such as desk/*.csv")
        return tuple(
            self._tried(item, f"match {text!r}", globs.compiled, text)
            for text, item in self.texts(node, "match")
        )

    def _tried(self, node: Any, what: str, make: Callable[[str], Any], text: str) -> Any:
        try:
            return make(text)
        except ValueError as error:
            raise self.fail(node, f"{what}: {error}") from error

    def _clock(self, node: Any, form: str) -> Clock:
        if node is None:
            return Clock()
        fields = self.fields(node, "time", ("format", "zone", "day"))
        formats = self.texts(fields["format"], "time.format") if "format" in fields else []
        for text, item in formats:
            self._tried(item, "time.format", check_format, text)
        day = self.text(fields["day"], "time.day") if "day" in fields else "%Y-%m-%d"
        self._tried(fields.get("day"), "time.day", check_format, day)
        named = [text for text, _ in formats]
        if not named or form == "parquet":
            named.append("iso")  # how a time that Parquet knows as one arrives here
        return Clock(tuple(dict.fromkeys(named)), day, self._zone_of(fields.get("zone")))

    def _zone_of(self, node: Any) -> ZoneInfo | None:
        if node is None:
            return None
        name = self.text(node, "time.zone")
        try:
            return ZoneInfo(self._zone if name == COMPANY_ZONE else name)
        except (OSError, KeyError, ValueError) as error:
            raise self.fail(
                node, f"time.zone {name!r} is unknown; write Asia/Jakarta, or company"
            ) from error

    def _delimiter(self, node: Any) -> str | None:
        if node is None:
            return None
        text = str(getattr(node, "value", ""))
        text = _DELIMITERS.get(text, text)
        if len(text) != 1 or text in '"\r\n' or not text.isascii():
            raise self.fail(node, 'delimiter must be one character such as ";", or tab')
        return text

    def _encoding(self, node: Any) -> str | None:
        if node is None:
            return None
        name = self.text(node, "encoding")
        try:
            plain = '",;\n'.encode(name) == b'",;\n' and b"a".decode(name) == "a"
        except (LookupError, UnicodeError, ValueError) as error:
            raise self.fail(node, f"encoding {name!r} is unknown; write utf-8 or cp1252") from error
        if not plain:
            raise self.fail(node, f"encoding {name!r} cannot be read here; save the file as UTF-8")
        return name

    def _decimal(self, node: Any) -> bool:
        return node is not None and self.one_of(node, "decimal", (",", ".")) == ","

    def _hours(self, node: Any) -> timedelta | None:
        if node is None:
            return None
        text = self.text(node, "session_hours")
        if not text.isascii() or not text.isdigit() or not 0 < int(text) <= 24 * 366:
            raise self.fail(node, "session_hours must be a whole number of hours, say 24")
        return timedelta(hours=int(text))
