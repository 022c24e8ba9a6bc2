"""The parts `columns`, `values` and `messages` of a mapping, and what each layout needs.

Three layouts of conversations: `text` among the columns is one row per message; `messages` is
one row per conversation with a list; neither is one row per conversation without words.
"""

from typing import Any, Final

import yaml

from ingestion.mappings.mapping import MESSAGE_ONLY, Source
from ingestion.mappings.nodes import Nodes
from ingestion.mappings.targets import MESSAGE, needed_by, targets_of
from ingestion.mappings.times import Clock
from warehouse.vocabulary import CHANNELS

_WORDS: Final = {
    "conversation": "the id that all messages of a conversation share",
    "sent_at": "when a message was written",
    "role": "who wrote it; map its values to customer, agent, bot or system under values.role",
    "started_at": "when it began; or name a text column, or a messages list",
}
_JOINED: Final = ("id", "text", "time")


class Columns:
    """Reads the three parts; `form` decides how their column names are compared."""

    def __init__(
        self, nodes: Nodes, root: Any, fields: dict[str, Any], kind: str, form: str
    ) -> None:
        self._nodes, self._root, self._fields, self._kind = nodes, root, fields, kind
        self._folded = form == "csv"
        self.message_path, self.of_messages = self._messages()

    def main(self, channel: str | None) -> dict[str, Source]:
        """The sources by field; `channel` is the constant given beside them."""
        why = "say which of their columns fills which of our fields"
        node = self._nodes.needed(self._root, self._fields, "columns", why)
        columns = self._sources(node, "columns", targets_of(self._kind))
        if channel is not None:
            if "channel" in columns:
                raise self._nodes.fail(self._fields["channel"], "channel is given twice; keep one")
            columns["channel"] = Source(value=channel)
        if self._kind == "conversations":
            self._check_conversation(node, columns)
        else:
            for name in needed_by(self._kind):
                self._need(node, columns, name, f"{self._kind} cannot be kept without it")
        return columns

    def _check_conversation(self, node: Any, columns: dict[str, Source]) -> None:
        if "channel" not in columns:
            words = f"add `channel:` with one of {', '.join(CHANNELS)}"
            raise self._nodes.fail(self._root, f"field 'channel' is missing; {words}")
        self._need(node, columns, "conversation", _WORDS["conversation"])
        if self.message_path:
            for name in ("sent_at", "role"):
                self._need(node, {**columns, **self.of_messages}, name, _WORDS[name])
        elif "text" in columns:
            for name in ("sent_at", "role"):
                self._need(node, columns, name, _WORDS[name])
        else:
            stray = sorted(MESSAGE_ONLY & columns.keys())
            if stray:
                raise self._nodes.fail(
                    node, f"{stray[0]} belongs to a message; name its text column as `text` too"
                )
            self._need(node, columns, "started_at", _WORDS["started_at"])

    def _need(self, node: Any, columns: dict[str, Source], name: str, why: str) -> None:
        if name not in columns:
            raise self._nodes.fail(node, f"field {name!r} is missing under columns: {why}")

    def _messages(self) -> tuple[str, dict[str, Source]]:
        node = self._fields.get("messages")
        if node is None:
            return "", {}
        fields = self._nodes.fields(node, "messages", ("list", "columns"))
        why = "the column or path that holds the list of messages"
        path = self._nodes.text(self._nodes.needed(node, fields, "list", why), "messages.list")
        why = "say where sent_at, role and text stand within a message"
        inner = self._nodes.needed(node, fields, "columns", why)
        columns = self._sources(inner, "messages.columns", MESSAGE, inner=True)
        self._need(inner, columns, "text", "the words of a message")
        return self._path(path), columns

    def _sources(
        self, node: Any, what: str, targets: dict[str, Any] | Any, *, inner: bool = False
    ) -> dict[str, Source]:
        found = self._nodes.fields(node, what, targets)
        return {
            name: self._source(value, f"{what}.{name}", targets[name], inner=inner)
            for name, value in found.items()
        }

    def _source(self, node: Any, what: str, target: Any, *, inner: bool) -> Source:
        if not isinstance(node, yaml.MappingNode):
            texts = self._nodes.texts(node, f"{what} (their column, a list, or {{value: ...}})")
            if len(texts) > 1 and target.reader not in _JOINED:
                raise self._nodes.fail(node, f"{what} takes one column; only texts can be joined")
            return Source(tuple(t.strip() if inner else self._path(t) for t, _ in texts))
        fields = self._nodes.fields(node, what, ("value",))
        constant = self._nodes.needed(node, fields, "value", "write {value: ...} for a constant")
        value = self._nodes.text(constant, what)
        if target.words:
            self._nodes.one_of(constant, what, target.words)
        if target.reader == "time":
            self._check_time(constant, what, value)
        return Source(value=value)

    def _check_time(self, node: Any, what: str, value: str) -> None:
        """A constant time is written in ISO, whatever the export does."""
        try:
            Clock().moment(value, what)
        except ValueError as error:
            words = f"{what} must be a time such as 2026-11-01T00:00:00+07:00"
            raise self._nodes.fail(node, words) from error

    def _path(self, text: str) -> str:
        # Spreadsheets change the case and the blanks of a header as they like.
        return fold(text) if self._folded else text.strip()

    def values(self) -> dict[str, dict[str, str]]:
        """{our field: {their value in lower case: our value}}."""
        node = self._fields.get("values")
        if node is None:
            return {}
        known = targets_of(self._kind)
        found: dict[str, dict[str, str]] = {}
        for name, inner in self._nodes.fields(node, "values", known).items():
            table: dict[str, str] = {}
            for theirs, key, value in self._nodes.pairs(inner, f"values.{name}"):
                if fold(theirs) in table:
                    raise self._nodes.fail(key, f"{theirs!r} is given twice; case does not count")
                if known[name].words:
                    self._nodes.one_of(value, f"values.{name}", known[name].words)
                table[fold(theirs)] = self._nodes.text(value, f"values.{name}")
            found[name] = table
            self._check_mapped(inner, name)
        return found

    def _check_mapped(self, node: Any, name: str) -> None:
        columns = self._fields.get("columns")
        inner = self._fields.get("messages")
        named = {key.value for key, _ in getattr(columns, "value", [])} | set(self.of_messages)
        if name not in named:
            where = " or messages.columns" if inner is not None else ""
            raise self._nodes.fail(
                node, f"values.{name} maps nothing; add {name} to columns{where}"
            )


def fold(text: str) -> str:
    """One spelling for names that differ in case and blanks only."""
    return " ".join(text.split()).casefold()
