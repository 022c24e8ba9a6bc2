"""Which call a recording belongs to.

A recording and a call share keys (ingestion.audio.names): the file's content hash or its name.
A recording follows the one call that names it; it never joins two calls, because a name such as
`0001.wav` may be used again for another conversation.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from ingestion.audio.names import RECORDING_SYSTEM, tie_keys
from ingestion.conform.facts import Fact
from ingestion.identifiers import LinkOf

TiedBy = Literal["content_hash", "name"]


@dataclass(frozen=True, slots=True)
class Recorded:
    """One recording; `facts` are all that is known of it, `fact` states its measures.

    `tied_by` says how its call was found; None without a call, and `why` says why.
    """

    fact: Fact
    facts: list[Fact]
    tied_by: TiedBy | None
    why: str | None

    @property
    def turns(self) -> list[Fact]:
        """What a speech engine heard in it."""
        return [fact for fact in self.facts if fact.kind == "turn"]


def weak_links(link_of: LinkOf) -> Callable[[Fact], Collection[int]]:
    """The links of a fact that name recordings and do not join conversations by themselves."""

    def links(fact: Fact) -> Collection[int]:
        named = _named(fact)
        return {link_of(RECORDING_SYSTEM, key) for key in tie_keys(named)} if named else ()

    return links


def _named(fact: Fact) -> list[str]:
    return fact.data.get("recordings") or [] if fact.kind == "interaction" else []


def tied(groups: Iterable[list[Fact]]) -> list[tuple[list[Fact], list[Recorded]]]:
    """Each conversation with its recordings; a recording without one comes with an empty list."""
    calls: list[list[Fact]] = []
    recordings: list[list[Fact]] = []
    for group in groups:
        (recordings if _is_recording(group) else calls).append(group)
    if not recordings:
        return [(call, []) for call in calls]
    naming: defaultdict[str, set[int]] = defaultdict(set)
    for number, call in enumerate(calls):
        for fact in call:
            for key in tie_keys(_named(fact)):
                naming[key].add(number)
    names = Counter(name for group in recordings for name in {_stated(group).data["recordings"][0]})
    found: defaultdict[int, list[Recorded]] = defaultdict(list)
    alone: list[tuple[list[Fact], list[Recorded]]] = []
    for group in sorted(recordings, key=lambda group: group[0].conversation_key):
        fact = _stated(group)
        call_of, how, why = _call_of(fact, naming, names[fact.data["recordings"][0]] > 1)
        recorded = Recorded(fact, group, how, why)
        if call_of is None:
            alone.append(([], [recorded]))
        else:
            found[call_of].append(recorded)
    return [(call, found.get(number, [])) for number, call in enumerate(calls)] + alone


def _is_recording(group: list[Fact]) -> bool:
    return any(fact.kind == "interaction" and "recording" in fact.data for fact in group)


def _stated(group: list[Fact]) -> Fact:
    return next(fact for fact in reversed(group) if "recording" in fact.data)


def _call_of(
    fact: Fact, naming: dict[str, set[int]], shared_name: bool
) -> tuple[int | None, TiedBy | None, str | None]:
    """The number of the call, how it was found, and why not."""
    keys = tie_keys(fact.data["recordings"])
    by_hash = {n for key in keys if not key.startswith("name:") for n in naming.get(key, ())}
    if len(by_hash) == 1:
        return by_hash.pop(), "content_hash", None
    by_name = {n for key in keys if key.startswith("name:") for n in naming.get(key, ())}
    if len(by_hash | by_name) > 1 or (by_name and shared_name):
        return None, None, "ambiguous_name"
    if not by_name:
        return None, None, "no_call"
    return by_name.pop(), "name", None
