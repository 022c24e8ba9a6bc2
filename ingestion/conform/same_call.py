"""One call that several sources tell: a call record, a transcript file, a vCon.

Ids of two sources have nothing in common, but both may name the recording. They are taken as one
call when each source has only one conversation for that name and their times do not object.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from ingestion.conform.components import Components
from ingestion.conform.facts import Fact

FARTHEST = timedelta(hours=24)
"""Sources may read the same clock in different zones; what lies further apart is another call."""

Call = list[Fact]


def joined(calls: Sequence[Call], keys_of: Callable[[Call], Iterable[str]]) -> list[Call]:
    """The calls, those of several sources in one; `keys_of` gives the recordings a call names."""
    naming: defaultdict[str, list[int]] = defaultdict(list)
    for number, call in enumerate(calls):
        for key in keys_of(call):
            naming[key].append(number)
    same: Components[int] = Components()
    for numbers in naming.values():
        if len(numbers) > 1 and _agree([calls[number] for number in numbers]):
            for number in numbers[1:]:
                same.join(numbers[0], number)
    groups = [
        sorted(members)
        for members in same.members().values()
        # A chain of names may lead from one call to another of the same source.
        if _agree([calls[number] for number in members])
    ]
    first = {members[0]: members for members in groups}
    later = {number for members in groups for number in members[1:]}
    found = []
    for number, call in enumerate(calls):
        if number in later:
            continue
        facts = [fact for member in first.get(number, [number]) for fact in calls[member]]
        found.append(sorted(facts, key=_order) if number in first else call)
    return found


def _order(fact: Fact) -> tuple[datetime, str]:
    return (fact.place, fact.record_id)


def _agree(calls: Sequence[Call]) -> bool:
    """One conversation of each source, begun within a day of each other as far as they say."""
    systems = Counter(call[0].source_system for call in calls)
    began = [at for call in calls if (at := _began(call)) is not None]
    return max(systems.values()) == 1 and (not began or max(began) - min(began) <= FARTHEST)


def _began(call: Call) -> datetime | None:
    times = [fact.time("started_at") for fact in call if fact.kind == "interaction"]
    return min((at for at in times if at is not None), default=None)


def one_transcript(facts: Sequence[Fact]) -> list[Fact]:
    """Without the turns of all sources but the one that has most words; nothing is said twice."""
    if len({fact.source_system for fact in facts if fact.kind == "turn"}) < 2:
        return list(facts)
    said: Counter[str] = Counter()
    for fact in facts:
        if fact.kind == "turn":
            said[fact.source_system] += 1 + len((fact.data.get("text") or "").split())
    best = min(said, key=lambda system: (-said[system], system))
    return [fact for fact in facts if fact.kind != "turn" or fact.source_system == best]


def telling(facts: Sequence[Fact]) -> Fact | None:
    """The interaction as the source states it that knows most; None with fewer than two sources.

    Where parts of a call have keys of their own, the one that names the whole call stands.
    """
    stated = [fact for fact in facts if fact.kind == "interaction"]
    if len({fact.source_system for fact in stated}) < 2:
        return None
    best = min(stated, key=lambda fact: (-_known(fact), fact.source_system))
    own = [fact for fact in stated if fact.source_system == best.source_system]
    return min(
        own, key=lambda fact: (not fact.data.get("names_call"), -_known(fact), fact.record_id)
    )


def _known(fact: Fact) -> int:
    return sum(value not in (None, [], {}) for value in fact.data.values())


def least_telling_first(facts: Sequence[Fact]) -> list[Fact]:
    """The facts in an order in which the source that knows most has the last word."""
    best = telling(facts)
    if best is None:
        return list(facts)
    return sorted(facts, key=lambda fact: fact.source_system == best.source_system)
