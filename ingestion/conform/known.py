"""Texts that were redacted in earlier runs, so that a long conversation is not redacted again.

Redaction is a function of the words and of the names known to the conversation. What was redacted
is used again for a turn of which nothing new was stated, in a conversation that consisted of the
same facts then, told no new name since, and whose instances are the same.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ingestion.conform.facts import Fact, Hidden


@dataclass(frozen=True)
class Known:
    """`words` are those of silver by turn id; `batch` is the last one that silver knows."""

    batch: int
    words: Mapping[str, Hidden]

    def of(self, facts: Iterable[Fact]) -> list[Fact]:
        """Those facts that silver knows."""
        return [fact for fact in facts if fact.batch <= self.batch]

    def hidden(self, turn_id: str, batch: int) -> Hidden | None:
        """The text of a turn as it was redacted, when nothing was stated of it after that."""
        return self.words.get(turn_id) if batch <= self.batch else None


class Earlier:
    """The conversations as they were when only the known facts had come."""

    def __init__(self, known: Known, groups: Iterable[Sequence[Fact]]) -> None:
        self._known = known
        self._group_of: dict[str, int] = {}
        self._sizes: list[int] = []
        for number, group in enumerate(groups):
            self._sizes.append(len(group))
            self._group_of.update((fact.record_id, number) for fact in group)

    def known(self, group: Sequence[Fact]) -> Known | None:
        """What was hidden then, if all of it is hidden in the same way in this conversation."""
        old = self._known.of(group)
        numbers = {self._group_of.get(fact.record_id) for fact in old}
        number = numbers.pop() if len(numbers) == 1 else None
        if number is None or self._sizes[number] != len(old):
            return None  # it has grown together, or apart, since
        new = [fact for fact in group if fact.batch > self._known.batch]
        if any(fact.kind == "interaction" for fact in new):
            return None
        told = {name for fact in new for name in fact.names}
        same = told <= {name for fact in old for name in fact.names} if told else True
        return self._known if same else None
